"""The lesson on the gradient check: two ways to the slope of the loss over a weight of a real convolution agree."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cnnviz.cli import main
from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Link, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.plots import Check
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.scene.scenes import texts

NAME = "gradient-check"


def lesson() -> Timeline:
    return make_timeline(shipped_lesson(NAME))


def loss_by_hand(weights: np.ndarray) -> float:
    """``Σ (tanh(x ⋆ w) − y)²``, written down again."""
    track = shipped_lesson(NAME).tracks[0]
    x = np.asarray(track.source.array, dtype=np.float64)[0]
    assert track.recipe is not None
    target = track.recipe.examples[0].target[0]
    out = [[np.tanh((x[i : i + 3, j : j + 3] * weights).sum()) for j in range(2)] for i in range(2)]
    return float(((np.array(out) - target) ** 2).sum())


def start() -> np.ndarray:
    params = shipped_lesson(NAME).tracks[0].params[0]
    assert params is not None
    kernel: np.ndarray = params.weight[0, 0]
    return kernel


def checks(timeline: Timeline) -> dict[tuple[int, ...], Check]:
    """The check of each weight in the first iteration, from the steps in which its gradient is written."""
    section = next(s for s in timeline.sections[0] if s.kind == "weight")
    found = {}
    for index in range(section.start, section.stop):
        (plot,) = timeline.frame(index).lead.plots
        assert isinstance(plot, Check)
        found[plot.index[2:]] = plot
    return found


def test_each_of_the_nine_weights_is_checked_and_agrees() -> None:
    found = checks(lesson())
    assert sorted(found) == [(m, n) for m in range(3) for n in range(3)]
    assert max(check.relative for check in found.values()) < 1e-8
    assert len({round(check.analytic, 6) for check in found.values()}) == 9


def test_both_slopes_are_those_of_the_loss_computed_again() -> None:
    for (m, n), check in checks(lesson()).items():
        one = np.zeros((3, 3))
        one[m, n] = 1.0
        for slope in (check.drawn, check.fine):
            above, below = (loss_by_hand(start() + sign * slope.h * one) for sign in (1, -1))
            assert (slope.above, slope.below) == pytest.approx((above, below), abs=1e-12)
        assert check.analytic == pytest.approx(
            (loss_by_hand(start() + 1e-6 * one) - loss_by_hand(start() - 1e-6 * one)) / 2e-6, abs=1e-8
        )
        # tanh makes the loss a curve: the wide secant is seen to differ from the tangent.
        assert check.drawn.value != pytest.approx(check.analytic, rel=1e-3)


def drawn(timeline: Timeline, index: int) -> Scene:
    return build_scene(timeline, index, Viewpoint(), (1280, 800), LIGHT)


def test_tangent_and_secant_stand_on_every_step() -> None:
    timeline = lesson()
    for index in range(0, timeline.count, 7):
        links = {p.key for p in drawn(timeline, index).primitives() if isinstance(p, Link)}
        assert {"plot0/tangent", "plot0/secant", "plot0/curve"} <= links


def test_the_numbers_stand_beside_the_curve() -> None:
    timeline = lesson()
    section = next(s for s in timeline.sections[0] if s.kind == "weight")
    said = texts(drawn(timeline, section.start))
    assert said["plot0/title"] == "Gradient check of W[0, 0]"
    assert said["plot0/line0/value"] == said["plot0/line2/value"]  # eight decimals agree
    assert said["plot0/line1/value"] != said["plot0/line0/value"]


def test_the_loss_falls() -> None:
    timeline = lesson()
    losses = timeline.frame(timeline.count - 1).lead.learning
    assert losses is not None
    assert list(losses.losses) == sorted(losses.losses, reverse=True)


def test_the_trace_holds_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", NAME, "--step", "20", "--json"], lambda *_: 1) == 0
    plots = json.loads(capsys.readouterr().out)["plots"]
    (check,) = [plot for plot in plots if plot["kind"] == "check"]
    assert check["relative"] < 1e-8
    assert check["secant"]["slope"] == pytest.approx(
        (check["secant"]["above"] - check["secant"]["below"]) / (2 * check["secant"]["h"])
    )

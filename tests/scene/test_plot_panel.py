"""The plot on the stage: the one of its step, in its place, without touching anything else at any size."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz.lesson.lesson import Lesson, Plots, View
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.plot_panel import loss_plot, plot_panel
from cnnviz.scene.primitives import Box, Link, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.plots import LossCurve
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import dump
from tests.lesson.learning import scores, two_weights
from tests.scene.ink import problems
from tests.scene.scenes import SIZES


def scene(lesson: Lesson, kind: str, asked: Plots = "auto", offset: int = 0, **other: Any) -> Scene:
    timeline = make_timeline(replace(lesson, view=View(plots=asked)))
    section = next(s for s in timeline.sections[0] if s.kind == kind)
    size, view = other.pop("size", (1280, 720)), other.pop("viewpoint", Viewpoint())
    return build_scene(timeline, section.start + offset, view, size, other.pop("theme", LIGHT), **other)


def said(found: Scene) -> list[str]:
    panel = next((p for p in found.panels if p.key == "plot"), None)
    return [] if panel is None else [p.text for p in panel.primitives if isinstance(p, Text)]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("forward", "Loss"),
        ("loss", "Loss over the prediction"),
        ("error", "Chain rule"),
        ("weight", "Chain rule"),
        ("update", "Loss over w₁ and w₂"),
    ],
)
def test_each_phase_of_the_tiny_network_has_its_plot(kind: str, title: str) -> None:
    assert said(scene(two_weights(), kind))[0] == title


def test_a_lesson_can_do_without() -> None:
    assert not said(scene(two_weights(), "weight", "none"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("asked", ["auto", "loss", "chain", "surface", "check"])
@pytest.mark.parametrize("kind", ["forward", "loss", "error", "weight", "update"])
def test_nothing_touches_at_any_size(size: tuple[int, int], asked: Plots, kind: str) -> None:
    for lesson in (two_weights(), scores()):
        assert not list(problems(scene(lesson, kind, asked, size=size)))


def test_tracks_side_by_side_have_their_losses_in_one_plot() -> None:
    tracks = tuple(
        replace(two_weights(rate=rate, iterations=20).tracks[0], name=f"η = {rate}")
        for rate in (0.01, 0.1, 0.21)
    )
    timeline = make_timeline(Lesson("Rates", tracks))
    found = build_scene(timeline, timeline.index_at(3), Viewpoint(), (1280, 720), LIGHT)
    panel = next(p for p in found.panels if p.key == "plot")
    curves = [p for p in panel.primitives if isinstance(p, Link) and "/curve" in p.key]
    assert len(curves) == 3
    assert len({curve.stroke for curve in curves}) == 3
    assert [text for text in said(found) if text.startswith("η")] == ["η = 0.01", "η = 0.1", "η = 0.21"]
    assert not list(problems(found))


def test_a_pointed_weight_is_checked() -> None:
    at = scene(scores(), "weight", "check")
    assert said(at)[0].startswith("Gradient check of W[0, 0]")  # the last layer's gradient comes first
    ref = CellRef(0, "linear1.weight", 0, 1, 3)
    assert said(scene(scores(), "weight", "check", hover=ref))[0].startswith("Gradient check of W[1, 3]")
    pinned = Viewpoint(pinned=ref)
    assert said(scene(scores(), "weight", "check", viewpoint=pinned))[0].startswith(
        "Gradient check of W[1, 3]"
    )


def test_answers_can_be_hidden_and_the_theme_is_followed() -> None:
    timeline = make_timeline(two_weights())
    view = Viewpoint(hidden=frozenset({"total"}))
    hidden = build_scene(timeline, timeline.index_at(2), view, (1280, 720), DARK)
    assert "L = ?" in said(hidden)
    panel = next(p for p in hidden.panels if p.key == "plot")
    assert DARK.text in {p.stroke for p in panel.primitives if isinstance(p, Link)}


def test_a_rewound_stage_is_the_same_however_far_it_was_computed() -> None:
    for lesson in (two_weights(iterations=50), scores(iterations=50)):
        fresh, walked = make_timeline(lesson), make_timeline(lesson)
        walked.frame(walked.count - 1)
        for section in walked.sections[0]:
            index = walked.index_at(4, section.start)
            scenes = [build_scene(t, index, Viewpoint(), (1280, 720), LIGHT) for t in (fresh, walked)]
            assert dump(scenes[0]) == dump(scenes[1])


def test_the_axis_of_iterations_stays_while_they_are_computed() -> None:
    timeline = make_timeline(two_weights(iterations=50))
    ticks = []
    for iteration in (0, 3, 40):
        found = build_scene(timeline, timeline.index_at(iteration), Viewpoint(), (1280, 720), LIGHT)
        panel = next(p for p in found.panels if p.key == "plot")
        ticks.append([p.text for p in panel.primitives if isinstance(p, Text) and "/tick/x" in p.key])
    assert ticks[0] == ticks[1] == ticks[2]
    assert len(ticks[0]) > 2


def plot_texts(lesson: Lesson, iteration: int) -> dict[str, str]:
    timeline = make_timeline(replace(lesson, view=View(plots="loss")))
    found = build_scene(timeline, timeline.index_at(iteration), Viewpoint(), (1280, 720), LIGHT)
    panel = next(p for p in found.panels if p.key == "plot")
    return {p.key: p.text for p in panel.primitives if isinstance(p, Text)}


def test_the_axis_of_losses_stays_while_it_is_played_and_says_that_it_is_logarithmic() -> None:
    # Each loss is 0.81 of the one before: after 22 updates they are below a hundredth of the first.
    for iterations, title in ((20, "Loss"), (40, "Loss, log scale")):
        told = [plot_texts(two_weights(iterations=iterations), n) for n in (0, 1, iterations - 1)]
        ticks = [{k: t for k, t in one.items() if "/tick/y" in k} for one in told]
        assert ticks[0] == ticks[1] == ticks[2]
        assert len(ticks[0]) > 1
        assert {one["plot0/title"] for one in told} == {title}


@pytest.mark.parametrize(("examples", "title"), [(2, "Loss"), (1, "Loss, log scale")])
def test_of_several_examples_the_mean_chooses_the_axis(examples: int, title: str) -> None:
    # One of two examples is learned, the other is not: their mean stays near a half.
    ahead = np.array([1.0, 1.0, 1e-4, 1.0, 1e-5, 1.0])
    plot = LossCurve(np.array([1.0]), 0, 1.0, 6, examples, np.empty(0), ahead=ahead)
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), two_weights())
    parts = loss_plot("p", Box(0, 0, 300, 300), plot, look)
    assert {p.key: p.text for p in parts if isinstance(p, Text)}["p/title"] == title


@pytest.mark.parametrize(("height", "where"), [(100.0, "plot0/label/x"), (300.0, "plot0/title")])
def test_a_low_plot_of_tracks_says_below_what_its_axis_is(height: float, where: str) -> None:
    rates = (0.01, 0.1, 0.21)
    tracks = (replace(two_weights(rate=rate, iterations=20).tracks[0], name=f"η = {rate}") for rate in rates)
    timeline = make_timeline(Lesson("Rates", tuple(tracks)))
    frame = timeline.frame(timeline.index_at(3))
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), timeline.lesson, frame.tracks)
    parts = plot_panel(timeline, frame.tracks[0], Box(0, 0, 500, height), look)
    texts = {p.key: p.text for p in parts if isinstance(p, Text)}
    assert "log scale" in texts[where]
    assert {f"η = {rate}" for rate in rates} <= set(texts.values())


def test_of_several_examples_the_mean_is_drawn_over_the_losses() -> None:
    timeline = make_timeline(scores(iterations=20))
    found = build_scene(timeline, timeline.index_at(10), Viewpoint(), (1280, 720), LIGHT)
    panel = next(p for p in found.panels if p.key == "plot")
    lines = {p.key.rsplit("/", 1)[1]: p for p in panel.primitives if isinstance(p, Link)}
    assert lines["curve"].stroke == LIGHT.line
    assert lines["mean"].stroke == LIGHT.text
    assert len(lines["mean"].points) == len(lines["curve"].points) - 1

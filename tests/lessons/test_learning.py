"""What lessons that learn promise: kernels found from random, rates that behave as they are called."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.cli import main
from cnnviz.engine.layers import Params
from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.lesson.kernels import named_kernel
from cnnviz.timeline.depth import is_deep
from cnnviz.timeline.descent import Descent
from tests.helpers.learning_twin import LearningTwin


def descent_of(name: str, track: int = 0, seed: int | None = None) -> Descent:
    chain = shipped_lesson(name).tracks[track]
    assert chain.recipe is not None
    if seed is not None:
        chain = replace(chain, recipe=replace(chain.recipe, seed=seed))
    descent = Descent(chain)
    descent.reach(10**9)
    return descent


def kernel_at(descent: Descent, iteration: int) -> NDArray[np.float64]:
    params = descent.state(iteration).params[0]
    assert isinstance(params, Params)
    kernel: NDArray[np.float64] = params.weight[0, 0]
    return kernel


def traced(capsys: pytest.CaptureFixture[str], lesson: str, *arguments: str) -> dict[str, Any]:
    def no_window(*_: object) -> int:
        raise AssertionError("a trace opens no window")

    assert main(["trace", lesson, "--json", *arguments], no_window) == 0
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    return facts


WANTED = {
    "learn-sobel": named_kernel("sobel-x").weights,
    "learn-blur": named_kernel("gaussian-3").weights,
    "learn-sharpen": named_kernel("sharpen").weights,
    "learn-own": np.array([[2.0, 0, -1], [0, 1, 0], [-1, 0, 2]]),
}


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("name", WANTED)
def test_the_kernel_is_found_from_random(name: str, seed: int) -> None:
    descent = descent_of(name, seed=seed)
    assert np.abs(kernel_at(descent, 0) - WANTED[name]).max() > 0.1
    np.testing.assert_allclose(kernel_at(descent, descent.filled - 1), WANTED[name], rtol=0, atol=1e-3)
    assert descent.losses()[-1] < 1e-6 * descent.losses()[0]


def test_labels_alone_make_an_edge_detector() -> None:
    descent = descent_of("learn-edge-labels")
    before, after = kernel_at(descent, 0), kernel_at(descent, descent.filled - 1)
    assert np.abs(before).max() < 1 / 3 + 1e-9
    # Bright to dark gives a large answer, whichever row it is in; flat ground hardly any.
    assert (after[:, 0] > 0.5).all()
    assert (after[:, 2] < -0.5).all()
    assert abs(after.sum()) < 0.2 * np.abs(after).sum()
    losses = descent.losses()
    assert losses[-8:].mean() < 0.15 * losses[:8].mean()
    probabilities = np.exp(-losses[-8:])
    assert (probabilities > 0.8).all()


def test_descents_that_were_said_to_end_well_do() -> None:
    kernel = kernel_at(descent_of("backward-map"), 39)
    np.testing.assert_allclose(kernel[:, 0], -1, atol=0.1)
    np.testing.assert_allclose(kernel[:, 2], 1, atol=0.15)
    for name in ("backward-input", "backward-convolution"):
        losses = descent_of(name).losses()
        assert (np.diff(losses) < 0).all()


def test_four_rates_are_slow_exact_cycling_and_diverging() -> None:
    ends = [descent_of("learning-rates", n).losses() for n in range(4)]
    assert (np.diff(ends[0]) < 0).all()
    assert ends[0][-1] > 0.001
    np.testing.assert_allclose(ends[1][1:], 0, atol=1e-25)
    np.testing.assert_allclose(ends[2], 1, rtol=1e-9)
    assert (np.diff(ends[3]) > 0).all()
    assert ends[3][-1] > 100


def test_a_trace_of_the_tiny_network_prints_its_terms(capsys: pytest.CaptureFixture[str]) -> None:
    facts = traced(capsys, "tiny-network", "--step", "4")
    section = facts["section"]
    assert (section["phase"], section["op"]) == ("BACKWARD", "conv2d_backward_weight")
    assert facts["cell"] == [0, 0, 1]
    assert facts["terms"]["x"] == [2]
    assert facts["terms"]["w"] == [-2]
    assert facts["terms"]["total"] == -4
    update = traced(capsys, "tiny-network", "--step", "6")
    assert (update["section"]["phase"], update["section"]["op"]) == ("UPDATE", "sgd")
    assert update["terms"]["total"] == pytest.approx(1.04)


@pytest.mark.parametrize(
    ("rate", "prediction", "loss"), [("0.01", 5.1, 0.81), ("0.1", 6, 0), ("0.21", 7.1, 1.21)]
)
def test_the_rate_is_set_on_the_command_line(
    capsys: pytest.CaptureFixture[str], rate: str, prediction: float, loss: float
) -> None:
    again = traced(capsys, "tiny-network", "--step", "7", "--set", f"rate={rate}")
    assert again["iteration"] == 1
    assert again["terms"]["total"] == pytest.approx(prediction)
    then = traced(capsys, "tiny-network", "--step", "8", "--set", f"rate={rate}")
    assert then["terms"]["total"] == pytest.approx(loss, abs=1e-12)


def test_no_other_lesson_is_called_tiny_and_all_learn_as_their_twins() -> None:
    assert [lesson.id for lesson in shipped() if "tiny" in lesson.id] == ["tiny-network"]
    for lesson in shipped():
        for track in shipped_lesson(lesson.id).tracks:
            if track.recipe is None or lesson.group == "Trained networks":  # see test_trained.py
                continue
            if is_deep(
                track
            ):  # plain loops would need days; tests/engine holds such a network against PyTorch
                continue
            descent = Descent(track)
            descent.reach(9)
            twin = LearningTwin(track)
            wanted = [twin.turn(n).loss for n in range(min(10, descent.filled))]
            np.testing.assert_allclose(descent.losses()[: len(wanted)], wanted, rtol=1e-10, atol=1e-20)

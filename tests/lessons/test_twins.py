"""What the lesson of recorded twins says: each sentence holds of the numbers that ship."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.initialisation import initial_parameters
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import Run, recording
from cnnviz.lesson.runs import layers_of

SHIPPED = recording("twins")
WORDS = shipped_lesson("twins").words[0]
NAMES = [f"{kind}-{depth}" for kind in ("plain", "residual") for depth in (18, 34)]


def run_of(name: str, norm: bool) -> Run:
    return next(run for run in SHIPPED.runs if (run.twin.name, run.twin.norm) == (name, norm))


@pytest.mark.parametrize("norm", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_the_errors_told_are_those_recorded(name: str, norm: bool) -> None:
    run, part = run_of(name, norm), WORDS.notes.split(" Without: ")[0 if norm else 1]
    called = name.replace("-", " ")
    if run.stopped:
        assert f"{called} diverged at iteration {run.done + 1}" in part
    else:
        train, test = 100 * float(run.train_errors[-1]), 100 * float(run.test_errors[-1])
        assert f"{called} {train:.1f} % and {test:.1f} %" in part
        assert norm is False or f"{train:.1f}" in WORDS.caption


def test_without_normalisation_residual_responses_grow_and_plain_ones_fade() -> None:
    for depth in (18, 34):
        grows, fades = (run_of(f"{kind}-{depth}", False) for kind in ("residual", "plain"))
        assert grows.spreads[0, -2] > 4 * grows.spreads[0, 0]
        assert fades.spreads[0, -2] < fades.spreads[0, 0] / 4
        assert grows.gradients[0].min() > 10 * fades.gradients[0].max()


def test_with_normalisation_responses_have_spread_1_and_the_first_gradients_are_large() -> None:
    for name in NAMES:
        np.testing.assert_allclose(run_of(name, True).spreads[0, :-1], 1.0, atol=0.01)
    gradients = run_of("plain-34", True).gradients[0]
    assert gradients.argmax() < 4
    assert gradients[:4].min() > 10 * gradients[-4:].max()


def test_twins_begin_with_the_same_weights() -> None:
    recipe, data = SHIPPED.recipe, shipped_set(SHIPPED.recipe.data)
    for norm in (True, False):
        plain, residual = (
            initial_parameters(
                layers_of(recipe, run_of(name, norm).twin, len(data.entry.classes)), data.shape
            )
            for name in ("plain-34", "residual-34")
        )
        assert plain.keys() == residual.keys()
        assert all(np.array_equal(plain[name], residual[name]) for name in plain)

"""Residual blocks of one picture, forward and backward, against PyTorch (packaging/build_block_fixture.py)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.apply_backward import Grads
from cnnviz.engine.run import run_chain
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline.fold import backward
from tests.helpers.block_cases import CASES, FILE, drawn


def kept(name: str) -> dict[str, np.ndarray]:
    with np.load(Path(FILE), allow_pickle=False) as stored:
        return {key.partition(".")[2]: stored[key] for key in stored.files if key.startswith(f"{name}.")}


def gradients(name: str) -> tuple[np.ndarray, tuple[Grads, ...]]:
    """By the loss Σ (ŷ − y)² whose gradient of the output is the one that was drawn: y = ŷ − dout/2."""
    x, params, dout = drawn(name)
    arrays = run_chain(CASES[name], params, x)
    target = arrays[-1] - dout / 2
    track = Track(Source(x), CASES[name], params)
    back = backward(track.layers, track.params, arrays, Recipe((Example(target),)), target)
    return back.maps[0], back.layers


@pytest.mark.parametrize("name", CASES)
def test_what_comes_out(name: str) -> None:
    x, params, _ = drawn(name)
    np.testing.assert_allclose(
        run_chain(CASES[name], params, x)[-1], kept(name)["out"], rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("name", CASES)
def test_gradients_come_by_all_ways(name: str) -> None:
    wanted = kept(name)
    dx, layers = gradients(name)
    np.testing.assert_allclose(dx, wanted["dx"][0], rtol=1e-9, atol=1e-10)
    checked = 0
    for number, own in enumerate(layers):
        if own.dw is not None:
            assert own.db is not None
            np.testing.assert_allclose(own.dw, wanted[f"dweight{number}"], rtol=1e-9, atol=1e-10)
            np.testing.assert_allclose(own.db, wanted[f"dbias{number}"], rtol=1e-9, atol=1e-10)
            checked += 1
    assert checked == sum(params is not None for params in drawn(name)[1])

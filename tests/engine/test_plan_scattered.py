"""The gradient of a convolution's input by scattered kernel columns: against loops, and where it is taken."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.convolution import CorrelatedGradient, input_gradient
from cnnviz.engine.plan.scattered import ScatteredGradient
from cnnviz.engine.plan.unrolled import Geometry

WINDOWS = {
    "a kernel of five": ((12, 12), (5, 5), (8, 8), (1, 1), (1, 1), (0, 0)),
    "rows and columns apart": ((7, 9), (3, 2), (5, 8), (1, 1), (1, 1), (0, 0)),
    "padding": ((8, 8), (3, 3), (8, 8), (1, 1), (1, 1), (1, 1)),
    "more padding than kernel": ((4, 4), (2, 2), (9, 9), (1, 1), (1, 1), (3, 3)),
    "a stride": ((8, 8), (3, 3), (4, 4), (2, 2), (1, 1), (1, 1)),
    "two kernel rows a stride apart": ((8, 8), (4, 4), (3, 3), (2, 2), (1, 1), (0, 0)),
    "a large stride": ((9, 11), (4, 3), (3, 3), (3, 4), (1, 1), (1, 0)),
    "dilated columns": ((6, 9), (2, 3), (5, 5), (1, 1), (1, 2), (0, 0)),
    "a stride on dilated columns": ((6, 9), (2, 3), (5, 3), (1, 2), (1, 2), (0, 0)),
    "a kernel as large as the input": ((5, 5), (5, 5), (1, 1), (1, 1), (1, 1), (0, 0)),
}


def geometry(window: tuple[tuple[int, int], ...], channels: int, batch: int, groups: int = 1) -> Geometry:
    (rows, columns), kernel, out, stride, dilation, lead = window
    return Geometry(rows, columns, channels, batch, kernel, out, stride, dilation, lead, (1, 1), groups)


def by_loops(g: Geometry, weight: NDArray[np.float64], dout: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every cell of the output gives its gradient to the cells of its window."""
    dx = np.zeros((g.rows, g.channels, g.columns, g.batch))
    for i, j in np.ndindex(*g.out):
        for m, n in np.ndindex(*g.kernel):
            row, column = i * g.stride[0] + m - g.lead[0], j * g.stride[1] + n * g.dilation[1] - g.lead[1]
            if 0 <= row < g.rows and 0 <= column < g.columns:
                dx[row, :, column] += weight[m, n] @ dout[i, :, j]
    return dx


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize("name", WINDOWS)
def test_against_loops(name: str, batch: int) -> None:
    g, random, arena = (
        geometry(WINDOWS[name], 3, batch),
        np.random.default_rng(7),
        Arena(np.dtype(np.float64)),
    )
    weight = random.standard_normal((*g.kernel, 3, 5))
    dout = random.standard_normal((g.out[0], 5, g.out[1], batch))
    dx = np.full((g.rows, 3, g.columns, batch), np.nan)
    gradient = ScatteredGradient(g, weight, dout, dx, arena)
    for _ in range(2):  # the second time on what the first left, with other numbers
        weight *= 2
        gradient.run()
        np.testing.assert_allclose(dx, by_loops(g, weight, dout), rtol=1e-12, atol=1e-12)


def test_rows_cut_into_blocks() -> None:
    g, random = (
        geometry(((40, 60), (3, 3), (38, 58), (1, 1), (1, 1), (0, 0)), 2, 128),
        np.random.default_rng(8),
    )
    weight, dout = random.standard_normal((3, 3, 2, 3)), random.standard_normal((38, 3, 58, 128))
    dx = np.full((40, 2, 60, 128), np.nan)
    ScatteredGradient(g, weight, dout, dx, Arena(np.dtype(np.float64))).run()
    np.testing.assert_allclose(dx, by_loops(g, weight, dout), rtol=1e-12, atol=1e-12)


def test_an_infinite_weight_is_not_multiplied_with_padding() -> None:
    g, dx = geometry(WINDOWS["a kernel of five"], 1, 8), np.zeros((12, 1, 12, 8))
    weight = np.zeros((5, 5, 1, 1))
    weight[0, 0] = np.inf  # reaches rows and columns 0 to 7
    ScatteredGradient(g, weight, np.ones((8, 1, 8, 8)), dx, Arena(np.dtype(np.float64))).run()
    assert np.isposinf(dx[:8, :, :8]).all()
    assert not dx[8:].any()
    assert not dx[:, :, 8:].any()


CHOSEN = {
    "a kernel of five, more channels out": (geometry(WINDOWS["a kernel of five"], 16, 64), 32, True),
    "a stride of two, more channels out": (geometry(WINDOWS["a stride"], 16, 64), 32, True),
    "padding, as many channels out": (geometry(WINDOWS["padding"], 32, 64), 32, False),
    "one short line": (geometry(WINDOWS["a kernel of five"], 16, 1), 32, False),
    "groups": (geometry(WINDOWS["a kernel of five"], 16, 64, 2), 32, False),
    "rows that nothing reaches": (
        geometry(((8, 8), (3, 3), (3, 3), (2, 2), (1, 1), (0, 0)), 16, 64), 32, False
    ),
    "a stride longer than the kernel": (
        geometry(((8, 8), (1, 1), (4, 4), (2, 2), (1, 1), (0, 0)), 16, 64), 32, False
    ),
    "dilated rows": (geometry(((12, 12), (3, 3), (8, 8), (1, 1), (2, 2), (0, 0)), 16, 64), 32, False),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOSEN)
def test_where_it_is_taken(name: str) -> None:
    g, out_channels, scattered = CHOSEN[name]
    arena, random = Arena(np.dtype(np.float64)), np.random.default_rng(9)
    weight = random.standard_normal((*g.kernel, g.channels // g.groups, out_channels))
    dout = random.standard_normal((g.out[0], out_channels, g.out[1], g.batch))
    dx = np.full((g.rows, g.channels, g.columns, g.batch), np.nan)
    gradient = input_gradient(g, weight, dout, dx, arena)
    gradient.run()
    assert isinstance(gradient, ScatteredGradient if scattered else CorrelatedGradient)
    if g.groups == 1 and g.dilation[0] == 1:
        np.testing.assert_allclose(dx, by_loops(g, weight, dout), rtol=1e-11, atol=1e-11)

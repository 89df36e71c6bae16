"""Small pictures, one matrix each, and many of them side by side: against plain loops."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz.engine import conv2d, naive
from cnnviz.engine.flat import correlate_flat, numbers_each
from cnnviz.engine.strips import windows


def whole(seed: int, *shape: int) -> npt.NDArray[Any]:
    """Whole numbers, so that every sum is exact whatever its order."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float32)


HOW: list[dict[str, Any]] = [
    {},
    {"padding": 2},
    {"padding": (1, 0, 3, 2), "dilation": (2, 1)},
    {"padding": 2, "dilation": (1, 3)},
    {"padding": (2, 3), "padding_mode": "reflect"},
    {"padding": (2, 3), "padding_mode": "circular"},
]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("together", [1, 2, 5])
def test_samples_taken_together_equal_the_loops(how: dict[str, Any], together: int) -> None:
    x, weight = whole(0, 5, 2, 6, 7), whole(1, 3, 2, 3, 2)
    walk = windows((6, 7), (3, 2), 1, how.get("padding", 0), how.get("dilation", 1), "test")
    out = np.full((5, 3, *walk.out), np.nan, np.float32)
    most = numbers_each(weight, walk) * together
    correlate_flat(x, weight, walk, how.get("padding_mode", "zeros"), out, most)
    np.testing.assert_array_equal(out, naive.conv2d(x, weight, **how))


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("samples", [7, 8, 37])
def test_many_samples_of_many_channels_equal_the_loops(how: dict[str, Any], samples: int) -> None:
    x, weight = whole(2, samples, 30, 5, 5), whole(3, 2, 30, 3, 2)
    got = conv2d(x, weight, **how)
    some = [0, 6, samples - 1]  # the loops are slow
    np.testing.assert_array_equal(got[some], naive.conv2d(x[some], weight, **how))


def test_nothing_runs_over_from_the_end_of_a_row() -> None:
    x = np.zeros((1, 1, 3, 4))
    x[0, 0, 1, 0] = np.inf
    out = conv2d(x, np.ones((1, 1, 1, 2)))
    assert np.argwhere(np.isnan(out) | np.isinf(out)).tolist() == [[0, 0, 1, 0]]

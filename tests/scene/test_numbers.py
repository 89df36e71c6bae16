"""Numbers as they are printed, worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.scene.numbers import MINUS, adds_up, decimals_needed, multiplies, number, short
from tests.helpers.dump import cell_texts


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([], 0), ([10, 0, -30], 0), ([2.5, 1], 1), ([10, 0.25, -3], 2), ([0.125], 3), ([1 / 3], 3),
        ([0.1 + 0.2], 1), ([1e6 + 0.5], 1), ([math.nan, 2], 0), ([math.inf, 0.5], 1), ([1e9, 1e-3], 0),
    ],
)  # fmt: skip
def test_decimals_needed(values: list[float], decimals: int) -> None:
    assert decimals_needed(values) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-30, 0, "−30"), (0, 0, "0"), (-0.0, 0, "0"), (-0.004, 2, "0.00"), (-0.006, 2, "−0.01"), (7.5, 1, "7.5"),
        (1e6, 0, "1000000"), (math.nan, 2, "NaN"), (math.inf, 0, "∞"), (-math.inf, 3, "−∞"),
    ],
)  # fmt: skip
def test_number(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_short_drops_what_is_not_needed() -> None:
    assert [short(v) for v in (3.0, 2.50, -0.125, 1 / 3, -1e-9)] == ["3", "2.5", "−0.125", "0.333", "0"]


def test_cells_go_row_by_row_with_common_decimals() -> None:
    assert cell_texts(np.array([[1.0, -2.5], [0, -0.0]]), 1) == ["1.0", "−2.5", "0.0", "0.0"]


@given(st.floats(-1e7, 1e7), st.integers(0, 3))
def test_a_printed_number_is_within_half_a_digit_and_never_minus_zero(value: float, decimals: int) -> None:
    text = number(value, decimals)
    assert "-" not in text
    read = float(text.replace(MINUS, "-"))
    assert abs(read - value) <= 0.5 * 10.0**-decimals * (1 + 1e-9) + 1e-9
    assert read != 0 or not text.startswith(MINUS)


@pytest.mark.parametrize(
    ("parts", "total", "decimals", "exact"),
    [
        ([10, 10, 10], 30, 0, True),
        ([1 / 3] * 3, 1.0, 3, False),  # 0.333 + 0.333 + 0.333 = 0.999
        ([0.25, 0.25], 0.5, 2, True),
        ([0.25, 0.25], 0.5, 1, False),  # 0.2 + 0.2 is not 0.5
        ([1 / 3, 2 / 3], 1.0, 3, True),  # 0.333 + 0.667
        ([2.675, 2.675], 5.35, 2, False),  # 2.67 + 2.67: in binary 2.675 is a little less
        ([0.1] * 10, 1.0, 1, True),
        ([], 0, 0, True),
        ([math.inf], math.inf, 0, False),
    ],
)
def test_adds_up(parts: list[float], total: float, decimals: int, exact: bool) -> None:
    assert adds_up(parts, total, decimals) is exact


def test_a_bias_is_added_as_it_is_printed() -> None:
    assert adds_up([1, 2], 3.5, 0, bias=0.5)
    assert adds_up([1, 2], 3.1234, 0, bias=0.1234)  # 3 + 0.123 = 3.123
    assert not adds_up([1.2344], 1.3688, 3, bias=0.1344)  # 1.234 + 0.134 is not 1.369


def test_multiplies() -> None:
    x, w = np.array([85.0, 9.0]), np.array([1 / 9, 1 / 3])
    assert not multiplies(x, w, x * w, (0, 3, 3))  # 85 · 0.111 = 9.435, not 9.444
    assert multiplies(x[:1] * 0, w[:1], x[:1] * 0, (0, 3, 0))
    assert multiplies(np.array([0.5]), np.array([-0.25]), np.array([-0.125]), (1, 2, 3))
    assert not multiplies(np.array([0.5]), np.array([-0.25]), np.array([-0.125]), (1, 2, 2))

"""What windows leave over, counted window by window."""

from itertools import product

import pytest

from cnnviz.engine.layers import AvgPool, Conv, MaxPool
from cnnviz.engine.specs import ConvTranspose, Softmax
from cnnviz.timeline.remainder import NOTHING, Remainder, of_picture, skips, uncovered


def left_over(n: int, before: int, after: int, reach: int, stride: int) -> int:
    """Rows after the last window, by sliding it."""
    start = 0
    while start + stride + reach <= n + before + after:
        start += stride
    return n + before + after - (start + reach)


@pytest.mark.parametrize(
    ("n", "f", "s", "d", "p"), list(product((5, 6, 9), (1, 2, 3), (1, 2, 3, 4), (1, 2), (0, 1)))
)
def test_the_remainder_is_what_lies_after_the_last_window(n: int, f: int, s: int, d: int, p: int) -> None:
    spec = Conv(1, (f, 1), (s, 1), (p, 0), (d, 1))
    rows = left_over(n, p, p, d * (f - 1) + 1, s)
    assert uncovered(spec, (1, n, 4)) == (rows, 0)
    assert rows == (n + 2 * p - d * (f - 1) - 1) % s
    assert of_picture(spec, (1, n, 4)) == (max(rows - p, 0), 0)


def test_pooling_leaves_the_last_row_and_column_of_an_odd_picture() -> None:
    assert uncovered(AvgPool((2, 2), (2, 2)), (3, 5, 7)) == Remainder(1, 1)
    assert uncovered(MaxPool((2, 2), (2, 2), (0, 0), True), (3, 5, 7)) == NOTHING


def test_what_slides_no_window_leaves_nothing() -> None:
    assert (
        uncovered(Softmax(), (3, 1, 1)) == uncovered(ConvTranspose(1, (3, 3), (2, 2)), (1, 4, 4)) == NOTHING
    )
    assert of_picture(Softmax(), (3, 1, 1)) == NOTHING


def test_steps_wider_than_the_window_and_wide_dilations_skip_rows() -> None:
    # Windows of 2 at 0, 3, 6: rows 2 and 5 are skipped. Taps 0, 2 at 0, 2, 4, 6: the odd rows are.
    assert skips(MaxPool((2, 2), (3, 3)), (1, 8, 8))
    assert skips(Conv(1, (2, 2), (2, 2), 0, (2, 2)), (1, 9, 9))
    assert not skips(Conv(1, (2, 2), (1, 1), 0, (2, 2)), (1, 9, 9))
    assert not skips(Conv(1, (3, 3), (3, 3)), (1, 8, 8))

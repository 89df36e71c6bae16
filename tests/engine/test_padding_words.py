"""The rules behind "same": where the odd row goes as TensorFlow, ONNX and the symmetric half have it, by hand."""

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.geometry import Pads, conv_out_size, resolve_padding
from cnnviz.engine.layers import Conv, Params


@pytest.mark.parametrize(
    ("n", "f", "s", "d", "upper", "lower"),
    [
        # Rows that must come in for ceil(n/s) cells: (ceil(n/s) − 1)·s + d(f−1) + 1 − n.
        (6, 3, 1, 1, (1, 1), (1, 1)),  # 5 + 3 − 6 = 2, even: no difference
        (6, 2, 1, 1, (0, 1), (1, 0)),  # 5 + 2 − 6 = 1
        (6, 4, 1, 1, (1, 2), (2, 1)),  # 5 + 4 − 6 = 3
        (6, 3, 2, 1, (0, 1), (1, 0)),  # 4 + 3 − 6 = 1
        (5, 3, 2, 1, (1, 1), (1, 1)),  # 4 + 3 − 5 = 2
        (7, 4, 3, 1, (1, 2), (2, 1)),  # 6 + 4 − 7 = 3
        (224, 7, 2, 1, (2, 3), (3, 2)),  # 222 + 7 − 224 = 5
        (6, 2, 1, 3, (1, 2), (2, 1)),  # dilated: 5 + 4 − 6 = 3
        (6, 1, 3, 1, (0, 0), (0, 0)),  # 3 + 1 − 6 = −2: nothing
    ],
)  # fmt: skip
def test_the_odd_row_is_at_the_end_or_at_the_start(
    n: int, f: int, s: int, d: int, upper: tuple[int, int], lower: tuple[int, int]
) -> None:
    assert resolve_padding("same", (n, n), f, s, d) == upper * 2
    assert resolve_padding("same-lower", (n, n), f, s, d) == lower * 2
    for word in ("same", "same-lower"):
        assert conv_out_size((n, n), f, s, word, d) == (-(-n // s),) * 2


@pytest.mark.parametrize(
    ("n", "f", "s", "d", "each", "out"),
    [
        (6, 3, 1, 1, 1, 6),
        (6, 5, 1, 1, 2, 6),
        (6, 2, 1, 1, 1, 7),  # 6 + 2 − 2 + 1: an even kernel makes the map grow
        (6, 4, 1, 1, 2, 7),
        (6, 3, 2, 1, 1, 3),  # floor((6 + 2 − 3) / 2) + 1
        (7, 3, 2, 1, 1, 4),
        (6, 1, 1, 1, 0, 6),
        (6, 3, 1, 2, 2, 6),  # dilated to 5
        (6, 2, 1, 2, 1, 6),  # dilated to 3
    ],
)
def test_half_the_kernel_on_both_sides(n: int, f: int, s: int, d: int, each: int, out: int) -> None:
    assert resolve_padding("half", (n, n), f, s, d) == (each,) * 4
    assert conv_out_size((n, n), f, s, "half", d) == (out, out)


def test_rows_and_columns_are_ruled_apart() -> None:
    assert resolve_padding("same-lower", (6, 5), (2, 3), (1, 2)) == Pads(1, 0, 1, 1)
    assert resolve_padding("half", (6, 5), (2, 5)) == Pads(1, 1, 2, 2)


@pytest.mark.parametrize(
    ("word", "rows"),
    [("same", [3, 5, 3]), ("same-lower", [1, 3, 5]), ("half", [1, 3, 5, 3])],
)
def test_an_even_kernel_on_one_column(word: str, rows: list[int]) -> None:
    # Sums of two over 1 2 3: with 0 behind them 3 5 3, with 0 before them 1 3 5, with both 1 3 5 3.
    x = np.array([[[1.0], [2.0], [3.0]]])
    spec = Conv(1, (2, 1), padding=word)  # type: ignore[arg-type]  # a plain word
    assert apply_layer(spec, Params(np.ones((1, 1, 2, 1))), x).ravel().tolist() == rows


@pytest.mark.parametrize(("word", "rows"), [("same", [6, 12, 11]), ("same-lower", [3, 9, 15])])
def test_stride_2_over_an_even_column(word: str, rows: list[int]) -> None:
    # Sums of three over 1 … 6 at stride 2: the odd row at the end gives 1+2+3, 3+4+5, 5+6+0 …
    # … at the start 0+1+2, 2+3+4, 4+5+6.
    x = np.arange(1.0, 7).reshape(1, 6, 1)
    spec = Conv(1, (3, 1), (2, 1), padding=word)  # type: ignore[arg-type]  # a plain word
    found = apply_layer(spec, Params(np.ones((1, 1, 3, 1))), x).ravel().tolist()
    assert found == rows

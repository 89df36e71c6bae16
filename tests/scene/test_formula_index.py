"""Index expressions mean the places that windows read."""

from itertools import product

import pytest

from cnnviz.scene.formula_index import PLAIN, transposed_index, turned_index, window_index
from tests.helpers.arithmetic import value_of


@pytest.mark.parametrize(("s", "d", "p", "base"), list(product((1, 2, 3), (1, 2), (0, 1, 2), (0, 1))))
def test_a_tap_of_a_window_lies_where_the_index_says(s: int, d: int, p: int, base: int) -> None:
    for i, m in product(range(4), range(3)):
        text = window_index(
            str(i + base),
            "m",
            str(s) if s > 1 else "",
            str(d) if d > 1 else "",
            str(p) if p else "",
            base,
            PLAIN,
        )
        assert value_of(text, {"m": m + base}) == s * i + d * m - p + base, text


@pytest.mark.parametrize(("s", "d", "p", "base"), list(product((1, 2), (1, 2), (0, 1), (0, 1))))
def test_a_cell_lays_the_weight_that_the_index_says(s: int, d: int, p: int, base: int) -> None:
    # Input i lays weight m onto output u = s·i + d·m − p, which is solved for m.
    for i, m in product(range(4), range(3)):
        u = s * i + d * m - p
        text = transposed_index(
            str(u + base) if u + base >= 0 else f"({u + base})", "i",
            str(s) if s > 1 else "", str(d) if d > 1 else "", str(p) if p else "", base, PLAIN,
        )  # fmt: skip
        assert value_of(text, {"i": i + base}) == m + base, text


@pytest.mark.parametrize("base", [0, 1])
def test_a_turned_kernel_runs_backwards(base: int) -> None:
    taps = [value_of(turned_index("m", "3", base, PLAIN), {"m": m + base}) - base for m in range(3)]
    assert taps == [2, 1, 0]


def test_what_is_trivial_is_not_written() -> None:
    assert window_index("i", "m", "", "", "", 0, PLAIN) == "i+m"
    assert window_index("i", "m", "", "", "", 1, PLAIN) == "i+m−1"
    assert window_index("i", "m", "s", "", "", 1, PLAIN) == "s·(i−1)+m"
    assert transposed_index("u", "i", "", "", "", 0, PLAIN) == "u−i"

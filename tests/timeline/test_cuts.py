"""Cuts: every cell is written once and in order, and a step can be found from its cell and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.layers import Shape
from cnnviz.lesson.lesson import Pace
from cnnviz.timeline.cuts import AUTO_STEPS, Beat, Cut, auto_budgets, cut, cut_auto

shapes = st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 9))


def walk(made: Cut, shape: Shape) -> None:
    """Go through all steps as a player does, and check what has to hold at each."""
    written = 0
    shown: dict[int, int] = {}
    for offset in range(made.steps):
        moment = made.moment(offset)
        if moment.beat is Beat.WRITE:
            assert moment.first == written
            assert moment.written == moment.cell + 1 > written
            assert moment.products == made.terms
        else:
            assert moment.cell == moment.first == moment.written == written
            assert shown.get(moment.cell, 0) <= moment.products <= made.terms
            shown[moment.cell] = moment.products
        written = moment.written
        assert made.offset_of(moment.cell, moment.beat, moment.products) == offset
    assert written == math.prod(shape)


@given(
    shape=shapes,
    terms=st.integers(1, 30),
    pace=st.sampled_from(["multiply", "cell", "row", "channel", "layer"]),
    products=st.booleans(),
)
def test_every_pace_writes_every_cell_once_and_in_order(
    shape: Shape, terms: int, pace: Pace, products: bool
) -> None:
    walk(cut(pace, shape, terms, products), shape)


@given(shape=shapes, terms=st.integers(1, 60), products=st.booleans(), budget=st.integers(1, 90))
def test_auto_does_too_and_stays_about_its_budget(
    shape: Shape, terms: int, products: bool, budget: int
) -> None:
    made = cut_auto(shape, terms, products, budget)
    walk(made, shape)
    assert made.steps <= budget + 2


@pytest.mark.parametrize(
    ("pace", "steps"),
    [("multiply", 16 * 12), ("cell", 16), ("row", 4), ("channel", 1), ("layer", 1)],
)
def test_the_steps_of_one_convolution_of_4x4_by_nine_products(pace: Pace, steps: int) -> None:
    assert cut(pace, (1, 4, 4), 9, products=True).steps == steps


def test_a_maximum_is_placed_and_written() -> None:
    made = cut("multiply", (1, 1, 2), 4, products=False)
    assert [made.moment(i).beat for i in range(made.steps)] == [Beat.PLACE, Beat.WRITE] * 2


def test_the_beats_of_a_cell() -> None:
    made = cut("multiply", (1, 1, 2), 3, products=True)
    beats = [made.moment(i) for i in range(6, 12)]
    assert [m.beat.value for m in beats] == ["place", "multiply", "multiply", "multiply", "sum", "write"]
    assert [m.products for m in beats] == [0, 1, 2, 3, 3, 3]
    assert [m.written for m in beats] == [1, 1, 1, 1, 1, 2]


def test_auto_opens_three_cells_then_the_first_row_then_rows() -> None:
    made = cut_auto((1, 6, 6), 9, products=True, budget=84)
    moments = [made.moment(i) for i in range(made.steps)]
    assert [m.cell for m in moments if m.beat is Beat.PLACE] == [0, 1, 2]
    assert [m.written for m in moments[36:]] == [4, 5, 6, 12, 18, 24, 30, 36]


def test_auto_shows_many_products_in_groups() -> None:
    made = cut_auto((1, 9, 9), 27, products=True, budget=84)
    assert [made.moment(i).products for i in range(1, 10)] == [3, 6, 9, 12, 15, 18, 21, 24, 27]


def test_a_small_budget_goes_by_channels() -> None:
    made = cut_auto((10, 5, 5), 9, products=True, budget=4)
    assert [made.moment(i).written for i in range(made.steps)] == [75, 150, 225, 250]


def test_a_4k_map_is_cut_by_arithmetic() -> None:
    made = cut("multiply", (64, 2160, 3840), 9, products=True)
    assert made.steps == 64 * 2160 * 3840 * 12
    assert made.steps > 2**31
    last = made.moment(made.steps - 1)
    assert (last.cell, last.beat) == (64 * 2160 * 3840 - 1, Beat.WRITE)
    assert made.offset_of(last.cell, Beat.SUM) == made.steps - 2


def test_the_budgets_share_out_what_auto_takes() -> None:
    assert auto_budgets([True, False, False]) == [56, 14, 14]
    assert sum(auto_budgets([True] * 34)) <= AUTO_STEPS
    assert min(auto_budgets([False] * 200)) == 1

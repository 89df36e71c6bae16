"""The clock of iterations, against a list of all its steps."""

from hypothesis import given
from hypothesis import strategies as st

from cnnviz.timeline.repeats import Repeats


@given(iterations=st.integers(1, 9), fine=st.integers(0, 9), length=st.integers(1, 6))
def test_every_step_has_its_place_and_every_place_its_step(iterations: int, fine: int, length: int) -> None:
    repeats = Repeats(iterations, min(fine, iterations))
    # An iteration that is told in one step stands at its end.
    places = [
        (number, offset)
        for number in range(iterations)
        for offset in (range(length) if number < repeats.fine else [length - 1])
    ]
    assert repeats.steps(length) == len(places)
    assert [repeats.place(index, length) for index in range(len(places))] == places
    assert [repeats.index_at(*place, length) for place in places] == list(range(len(places)))
    assert repeats.place(len(places) + 5, length) == places[-1]
    assert repeats.index_at(iterations + 5, 0, length) == len(places) - 1


def test_millions_of_millions_are_exact() -> None:
    repeats = Repeats(10**6, 10**6)
    assert repeats.place(10**20 * 999_999 + 7, 10**20) == (999_999, 7)

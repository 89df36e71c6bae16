"""Forms: what the window shows of a lesson, in texts that give the same numbers back."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.lesson import edits
from cnnviz.lesson.forms import exact, input_form, noise_unit, written
from cnnviz.lesson.source import Grey, Noise, Shift, Source
from tests.lesson.examples import vertical_edge


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (3.0, "3"),
        (-2.5, "-2.5"),
        (1 / 9, "1/9"),
        (-2 / 3, "-2/3"),
        (1 / 16, "0.0625"),
    ],
)
def test_numbers_are_shown_by_the_shortest_text(value: float, text: str) -> None:
    assert exact(value) == text


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_text_gives_its_number_back(value: float) -> None:
    text = exact(value)
    back = float(Fraction(text)) if "/" in text else float(text)
    assert back == value


def test_the_form_of_an_input() -> None:
    form = input_form(vertical_edge())
    assert (form.original, form.shape, form.grey, form.picture, form.span) == (
        (1, 6, 6),
        (1, 6, 6),
        False,
        False,
        (0, 10),
    )
    photo = edits.set_source(
        vertical_edge(), Source(np.ones((3, 9, 9), dtype=np.uint8), "cat", (Grey(),), credit="me")
    )
    form = input_form(photo)
    assert (form.original, form.shape, form.grey, form.picture) == ((3, 9, 9), (1, 9, 9), True, True)
    assert (form.span, form.name, form.credit) == ((0, 255), "cat", "me")


def test_noise_is_shown_in_hundredths_of_the_span() -> None:
    deep = Source(np.full((1, 4, 4), 40_000, dtype=np.uint16))
    small = vertical_edge().tracks[0].source
    assert (noise_unit(Source(np.zeros((1, 2, 2), dtype=np.uint8))), noise_unit(deep)) == (1.0, 257.0)
    assert noise_unit(small) == 0.1  # of 0 to 10
    noisy = edits.set_transforms(vertical_edge(), (Shift(1, -2), Noise(2.5, 7)))
    form = input_form(noisy)
    assert (form.noise, form.seed, form.shift) == (25, 7, (1, -2))


def test_a_decimal_comma_is_written_where_it_is_in_use() -> None:
    assert [written(v, True) for v in (0.25, 3.0, 1 / 9)] == ["0,25", "3", "1/9"]
    assert written(0.25) == "0.25"

"""Forms: what the window shows of a lesson, in texts that give the same numbers back."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.lesson import edits
from cnnviz.lesson.forms import exact, input_form, kernel_form, layer_form
from cnnviz.lesson.source import Grey, Source
from tests.lesson.examples import lesson, vertical_edge


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


def test_the_form_of_a_kernel() -> None:
    form = kernel_form(vertical_edge())
    assert form.cells == (("1", "0", "-1"),) * 3
    assert (form.kernels, form.channels, form.kernel, form.channel) == (1, 1, 0, 0)
    assert (form.bias, form.name, form.alike) == ("0", "Vertical edge", True)


def test_a_kernel_beyond_the_last_is_the_last() -> None:
    weight = np.arange(16.0).reshape(2, 2, 2, 2)
    form = kernel_form(lesson(np.zeros((2, 4, 4)), weight, [0.5, 1 / 3]), 5, 5)
    assert (form.kernel, form.channel) == (1, 1)
    assert form.cells == (("12", "13"), ("14", "15"))
    assert form.bias == "1/3"
    assert not form.alike


def test_the_form_of_the_layers() -> None:
    form = layer_form(vertical_edge())
    assert (form.padding, form.pads, form.padding_mode) == ("valid", (0, 0, 0, 0), "zeros")
    assert (form.kernel_size, form.stride, form.dilation) == ((3, 3), (1, 1), (1, 1))
    assert (form.activation, form.pool, form.pool_size, form.pool_stride) == ("relu", "max", (2, 2), (2, 2))
    assert form.shapes == ((1, 6, 6), (1, 4, 4), (1, 4, 4), (1, 2, 2))
    assert form.pace is None


@pytest.mark.parametrize(
    ("padding", "word", "pads"),
    [
        (0, "valid", (0, 0, 0, 0)),
        ((0, 0), "valid", (0, 0, 0, 0)),
        ("same", "same", (1, 1, 1, 1)),
        ("full", "full", (2, 2, 2, 2)),
        (1, "", (1, 1, 1, 1)),
        ((1, 2), "", (1, 1, 2, 2)),
        ((1, 2, 3, 0), "", (1, 2, 3, 0)),
    ],
)
def test_every_padding_shows_its_word_and_its_amounts(
    padding: object, word: str, pads: tuple[int, ...]
) -> None:
    form = layer_form(vertical_edge(padding=padding))
    assert (form.padding, form.pads) == (word, pads)


def test_what_is_not_there_shows_as_none() -> None:
    form = layer_form(edits.set_pooling(edits.set_activation(vertical_edge(), "none"), "none"))
    assert (form.activation, form.pool, form.pool_size) == ("none", "none", (2, 2))
    average = layer_form(edits.set_pooling(edits.set_activation(vertical_edge(), "none"), "avg", (3, 3)))
    assert (average.activation, average.pool, average.pool_size, average.pool_stride) == (
        "none",
        "avg",
        (3, 3),
        (3, 3),
    )


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

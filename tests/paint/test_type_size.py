"""The smallest type of a scene."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from cnnviz.paint.type_size import smallest_type
from cnnviz.scene.primitives import Box, Grid, Panel, Primitive, Run, Scene, Text


@pytest.fixture(autouse=True)
def _application(qapp: QCoreApplication) -> None:
    """Text is measured, which needs an application."""


def _scene(*primitives: Primitive) -> Scene:
    box = Box(0, 0, 400, 300)
    return Scene((400.0, 300.0), "#ffffff", (Panel("p", box, "", primitives),), (), "", "")


def _text(words: str, size: float, width: float = 400.0) -> Text:
    return Text(words, Box(0, 0, width, 30), (Run(words, "#000000"),), size)


def _grid(cell: float, text_size: float, written: int = -1) -> Grid:
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    side = 2 * cell
    colors = np.full((2, 2, 3), 200, np.uint8)
    return Grid(
        "g", Box(0, 0, side, side), (0, 0), cell, colors, ("t/x", 0, 0, 0), values, 0, text_size, written
    )


def test_the_smaller_of_two_texts_counts_times_the_scale() -> None:
    found = smallest_type(_scene(_text("large", 20), _text("small", 12)), 2.0)
    assert found == (24.0, "small")


def test_a_line_too_long_for_its_box_counts_as_it_is_fitted() -> None:
    found = smallest_type(_scene(_text("a caption that is much too long for this box", 20, 100)))
    assert found is not None
    assert found.size == pytest.approx(14.0)  # the least that a text is fitted to: 0.7 of its size


def test_numbers_of_cells_count_where_they_are_seen() -> None:
    assert smallest_type(_scene(_text("title", 20), _grid(30, 11))) == (11.0, "1")
    assert smallest_type(_scene(_text("title", 20), _grid(30, 11, written=0))) == (20.0, "title")
    assert smallest_type(_scene(_text("title", 20), _grid(30, 0))) == (20.0, "title")


def test_a_picture_without_words_has_no_type() -> None:
    assert smallest_type(_scene(_text(" ", 5))) is None

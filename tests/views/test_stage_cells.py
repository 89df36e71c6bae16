"""The painted maps and cells of the stage as a screen reader finds them."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from cnnviz.scene.primitives import Box, Grid, Panel, Scene
from cnnviz.views import accessible
from cnnviz.views.scene_view import SceneView
from tests.views.scenes import grid

NAME = QAccessible.Text.Name
VALUES = np.arange(20.0).reshape(4, 5)
MAP = replace(grid(), values=VALUES, text_size=12.0)
"""0 to 19 in cells of 40 pixels at (100, 60); its first row is padding."""


def scene_of(*grids: Grid) -> Scene:
    panels = tuple(Panel(f"panel{n}", g.box, "Input", (g,)) for n, g in enumerate(grids))
    return Scene((400, 300), "#ffffff", panels, (), "", "step one")


@pytest.fixture
def view(qtbot: QtBot) -> SceneView:
    accessible.install()
    view = SceneView()
    view.setAccessibleName("Stage")
    qtbot.addWidget(view)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    view.show_scene(scene_of(MAP))
    return view


def access(view: SceneView) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(view)


def test_the_stage_has_its_maps_and_these_their_cells(view: SceneView) -> None:
    stage = access(view)
    first = stage.child(0)
    assert (stage.text(NAME), first.text(NAME)) == ("Stage", "Input: 4×5, from 0 to 19")
    assert first.childCount() == 20
    cell = first.child(7)
    assert cell.text(NAME) == "row 0, column 2: 7"
    assert (stage.indexOfChild(first), first.indexOfChild(cell)) == (0, 7)
    assert (cell.parent(), first.parent()) == (first, stage)


def test_rows_and_columns_are_counted_as_on_the_stage(view: SceneView) -> None:
    view.first_index = 1
    assert access(view).child(0).child(7).text(NAME) == "row 1, column 3: 7"


def test_a_cell_lies_where_it_is_painted(view: SceneView) -> None:
    cell = access(view).child(0).child(7)
    corner = view.viewport().mapToGlobal(QPoint(0, 0))
    assert (cell.rect().topLeft() - corner).toTuple() == (180, 100)
    assert cell.rect().size().toTuple() == (40, 40)
    middle = cell.rect().center()
    found = access(view).childAt(middle.x(), middle.y()).childAt(middle.x(), middle.y())
    assert found.text(NAME) == "row 0, column 2: 7"


def test_what_the_zoom_leaves_out_is_off_the_screen(view: SceneView) -> None:
    view.show_scene(scene_of(replace(MAP, box=Box(100, 60, 120, 160))))  # three columns
    first = access(view).child(0)
    assert [first.child(n).state().offscreen for n in (2, 3)] == [False, True]


def test_the_same_places_tell_what_stands_there_by_now(view: SceneView) -> None:
    cell = access(view).child(0).child(7)
    view.show_scene(scene_of(replace(MAP, values=VALUES + 1, written=8)))
    assert cell.text(NAME) == "row 0, column 2: 8"
    assert access(view).child(0).child(8).text(NAME) == "row 0, column 3: not written yet"


def test_places_that_are_gone_are_no_more_valid(view: SceneView) -> None:
    view.show_scene(scene_of(MAP, MAP))
    second = access(view).child(1)
    cell = second.child(19)
    assert (second.isValid(), cell.isValid()) == (True, True)
    view.show_scene(scene_of(MAP))
    assert (second.isValid(), cell.isValid()) == (False, False)
    assert (second.childCount(), second.text(NAME), cell.text(NAME), cell.rect().isEmpty()) == (
        0,
        "",
        "",
        True,
    )


def test_cells_too_many_to_read_are_told_as_one_map(view: SceneView) -> None:
    view.show_scene(scene_of(replace(MAP, text_size=0.0)))
    assert access(view).child(0).childCount() == 0


def test_fields_on_the_stage_come_behind_its_maps(view: SceneView) -> None:
    stage = access(view)
    before = stage.childCount()
    field = QLineEdit(view)
    field.setAccessibleName("Value of the cell")
    field.show()
    assert stage.childCount() == before + 1
    names = [stage.child(n).text(NAME) for n in range(stage.childCount())]
    assert (
        names.index("Value of the cell")
        == stage.indexOfChild(QAccessible.queryAccessibleInterface(field))
        > 0
    )


def test_nothing_is_asked_of_a_stage_that_is_gone(qtbot: QtBot) -> None:
    accessible.install()
    view = SceneView()
    view.show_scene(scene_of(MAP))
    first = access(view).child(0)
    cell = first.child(7)
    delete(view)
    gc.collect()
    assert (first.isValid(), first.childCount(), cell.text(NAME), cell.isValid()) == (False, 0, "", False)

"""What the pointer and the keys say on the stage."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QKeySequence,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Box, Ring
from cnnviz.timeline.frame import CellRef
from cnnviz.views.cell_edit import CellEdit
from cnnviz.views.stage import StageView
from tests.views.scenes import scene
from tests.views.signals import heard

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PLAIN, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
CELL = QPoint(150, 130)
"""Row 0, column 1 of the input: the grid begins at (100, 60) with one row of padding, cells are 40 pixels."""
REF = CellRef(0, "input", 0, 0, 1)


@pytest.fixture
def stage(qtbot: QtBot) -> StageView:
    view = StageView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    view.show_scene(scene())
    return view


def wheel(stage: StageView, notches: int, held: Qt.KeyboardModifier) -> None:
    spot = QPointF(CELL)
    event = QWheelEvent(
        spot,
        spot,
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stage.viewport(), event)


def test_what_is_shown_equals_the_exported_picture(stage: StageView, qtbot: QtBot) -> None:
    shown = stage.viewport().grab().toImage().convertToFormat(scene_image(scene()).format())
    assert bytes(shown.constBits()) == bytes(scene_image(scene()).constBits())


def test_a_step_repaints_to_the_same_picture_as_a_fresh_stage(stage: StageView, qtbot: QtBot) -> None:
    later = scene(Ring("now", Box(140, 100, 40, 40), "#ff0000"), written=7)
    stage.show_scene(scene(written=3))
    stage.show_scene(later)
    shown = stage.viewport().grab().toImage().convertToFormat(scene_image(later).format())
    assert bytes(shown.constBits()) == bytes(scene_image(later).constBits())


def test_hover_says_the_cell_once_and_none_when_the_pointer_leaves(stage: StageView, qtbot: QtBot) -> None:
    said = heard(stage.hover_changed)
    qtbot.mouseMove(stage.viewport(), CELL)
    qtbot.mouseMove(stage.viewport(), CELL + QPoint(3, 3))
    QApplication.sendEvent(stage, QEvent(QEvent.Type.Leave))
    assert said == [(REF,), (None,)]


def test_hover_follows_when_the_cells_move_under_a_resting_pointer(stage: StageView, qtbot: QtBot) -> None:
    qtbot.mouseMove(stage.viewport(), QPoint(150, 130))
    moved = scene()
    wider = Box(0, 60, 400, 160)
    primitive = moved.panels[0].primitives[0]
    from dataclasses import replace

    from cnnviz.scene.primitives import Grid

    assert isinstance(primitive, Grid)
    shifted = replace(primitive, box=wider, origin=(60, 60))
    with qtbot.waitSignal(stage.hover_changed) as said:
        stage.show_scene(replace(moved, panels=(replace(moved.panels[0], primitives=(shifted,)),)))
    assert said.args == [CellRef(0, "input", 0, 0, 2)]


def test_click_and_double_click_say_the_cell(stage: StageView, qtbot: QtBot) -> None:
    clicked, twice = heard(stage.cell_clicked), heard(stage.cell_double_clicked)
    qtbot.mouseClick(stage.viewport(), LEFT, pos=CELL)
    assert (clicked, twice) == ([(REF,)], [])
    qtbot.mouseDClick(stage.viewport(), LEFT, pos=CELL)
    assert twice == [(REF,)]
    qtbot.mouseClick(stage.viewport(), LEFT, pos=QPoint(20, 20))
    assert len(clicked) <= 2  # the release of the double click may count, the empty place may not
    assert all(args == (REF,) for args in clicked)


def test_a_drag_is_no_click(stage: StageView, qtbot: QtBot) -> None:
    clicked = heard(stage.cell_clicked)
    qtbot.mousePress(stage.viewport(), LEFT, pos=CELL)
    qtbot.mouseRelease(stage.viewport(), LEFT, pos=CELL + QPoint(60, 0))
    assert clicked == []


def test_the_brush_leaves_no_gap_in_a_fast_stroke(stage: StageView, qtbot: QtBot) -> None:
    stage.set_paint_mode(True)
    painted, ended, clicked = (
        heard(stage.paint_requested),
        heard(stage.paint_finished),
        heard(stage.cell_clicked),
    )
    qtbot.mousePress(stage.viewport(), LEFT, pos=QPoint(110, 130))
    drag(stage, QPoint(110, 130), QPoint(290, 130), LEFT)
    qtbot.mouseRelease(stage.viewport(), LEFT, pos=QPoint(290, 130))
    columns = [ref.column for (ref,) in painted if isinstance(ref, CellRef)]
    assert sorted(set(columns)) == [0, 1, 2, 3, 4]
    assert (len(ended), clicked) == (1, [])


def drag(stage: StageView, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    from PySide6.QtGui import QMouseEvent

    for spot in (start, end):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(spot),
            QPointF(stage.viewport().mapToGlobal(spot)),
            button,
            button,
            PLAIN,
        )
        QApplication.sendEvent(stage.viewport(), event)


def test_ctrl_and_wheel_zoom_about_the_pointer_and_the_plain_wheel_does_nothing(stage: StageView) -> None:
    zoomed = heard(stage.zoom_requested)
    wheel(stage, 1, PLAIN)
    assert zoomed == []
    wheel(stage, 2, CTRL)
    assert zoomed == [(pytest.approx(1.5625), 150.0, 130.0)]  # 1.25²


def test_the_middle_button_pans(stage: StageView, qtbot: QtBot) -> None:
    panned = heard(stage.pan_requested)
    qtbot.mousePress(stage.viewport(), MIDDLE, pos=CELL)
    drag(stage, CELL, CELL + QPoint(30, -10), MIDDLE)
    qtbot.mouseRelease(stage.viewport(), MIDDLE, pos=CELL + QPoint(30, -10))
    assert panned[-1] == (30.0, -10.0)


def test_space_with_a_drag_pans_and_does_not_play(stage: StageView, qtbot: QtBot) -> None:
    stage.setFocus()
    panned, played, clicked = (
        heard(stage.pan_requested),
        heard(stage.play_requested),
        heard(stage.cell_clicked),
    )
    qtbot.keyPress(stage, Qt.Key.Key_Space)
    qtbot.mousePress(stage.viewport(), LEFT, pos=CELL)
    drag(stage, CELL, CELL + QPoint(25, 5), LEFT)
    qtbot.mouseRelease(stage.viewport(), LEFT, pos=CELL + QPoint(25, 5))
    qtbot.keyRelease(stage, Qt.Key.Key_Space)
    assert panned[-1] == (25.0, 5.0)
    assert (played, clicked) == ([], [])


def test_space_alone_plays_once_and_the_shortcut_of_the_window_does_not_fire_too(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    stage = StageView()
    window.setCentralWidget(stage)
    action = QAction("play", window)
    action.setShortcut(QKeySequence("Space"))
    window.addAction(action)
    with qtbot.waitExposed(window):
        window.show()
    stage.setFocus()
    by_stage, by_action = heard(stage.play_requested), heard(action.triggered)
    qtbot.keyClick(stage, Qt.Key.Key_Space)
    assert (len(by_stage), len(by_action)) == (1, 0)


def test_other_keys_of_the_window_pass_the_stage(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    stage = StageView()
    window.setCentralWidget(stage)
    action = QAction("step", window)
    action.setShortcut(QKeySequence("Right"))
    window.addAction(action)
    with qtbot.waitExposed(window):
        window.show()
    stage.setFocus()
    with qtbot.waitSignal(action.triggered):
        qtbot.keyClick(stage, Qt.Key.Key_Right)


def test_files_hover_with_a_hint_and_drop_as_paths(stage: StageView) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/a/b c.png"), QUrl("https://example.org/x.png")])
    dropped = heard(stage.files_dropped)
    copy, spot = Qt.DropAction.CopyAction, QPoint(50, 50)
    QApplication.sendEvent(stage.viewport(), QDragEnterEvent(spot, copy, mime, LEFT, PLAIN))
    assert stage.hint.isVisible()
    QApplication.sendEvent(stage.viewport(), QDragLeaveEvent())
    assert not stage.hint.isVisible()
    QApplication.sendEvent(stage.viewport(), QDragEnterEvent(spot, copy, mime, LEFT, PLAIN))
    QApplication.sendEvent(stage.viewport(), QDropEvent(QPointF(spot), copy, mime, LEFT, PLAIN))
    assert dropped == [(["/a/b c.png"],)]
    assert not stage.hint.isVisible()


def test_a_drag_without_local_files_is_refused(stage: StageView) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/x.png")])
    event = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, LEFT, PLAIN)
    QApplication.sendEvent(stage.viewport(), event)
    assert not event.isAccepted()
    assert not stage.hint.isVisible()


def test_the_size_is_said_and_the_step_is_spoken(stage: StageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.size_changed) as said:
        stage.resize(500, 320)
    assert said.args == [500.0, 320.0]
    assert (stage.accessibleName(), stage.accessibleDescription()) == ("Stage", "step one")


def test_what_is_read_out_follows_the_focus_and_not_every_scene(stage: StageView) -> None:
    stage.show_scene(scene(spoken="Row 2 is written"))
    assert stage.accessibleDescription() == "step one"
    QApplication.sendEvent(stage, QFocusEvent(QEvent.Type.FocusIn))
    assert stage.accessibleDescription() == "Row 2 is written"


def test_a_value_is_typed_over_its_cell(stage: StageView, qtbot: QtBot) -> None:
    said = heard(stage.value_edited)
    stage.ask_value(REF, "3")
    field = stage.findChild(QLineEdit)
    assert field is not None
    assert field.geometry().contains(QPoint(160, 120))  # the middle of row 0, column 1
    qtbot.keyClicks(field, "1/4")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said == [(REF, 0.25)]
    assert not field.isVisible()
    assert stage.hasFocus()


def test_esc_leaves_the_value_and_letters_are_refused(stage: StageView, qtbot: QtBot) -> None:
    said = heard(stage.value_edited)
    field = stage.findChild(CellEdit)
    assert field is not None
    stage.ask_value(REF, "3")
    qtbot.keyClicks(field, "5")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (said, field.isVisible()) == ([], False)
    stage.ask_value(REF, "3")
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said == []
    assert "abc" in field.error.text()
    assert (field.text(), field.selectedText(), field.error.isVisible()) == ("3", "3", True)
    assert not field.error.geometry().intersects(field.geometry())
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.isVisible(), field.error.isVisible()) == (False, False)


def test_a_cell_that_is_not_shown_opens_no_field(stage: StageView) -> None:
    stage.ask_value(CellRef(0, "input", 0, 99, 1), "3")
    stage.ask_value(CellRef(0, "conv1", 0, 0, 1), "3")
    field = stage.findChild(QLineEdit)
    assert field is not None
    assert not field.isVisible()


def test_the_picture_of_a_cell_is_its_own_colour(stage: StageView) -> None:
    color = stage.viewport().grab().toImage().pixelColor(160, 120)
    assert np.allclose([color.red(), color.green(), color.blue()], 200)

"""The canvas to draw on."""

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from cnnviz.lesson.strokes import SIDE
from cnnviz.views.drawing import DrawingPanel
from tests.views.signals import heard


def panel_of(qtbot: QtBot) -> DrawingPanel:
    panel = DrawingPanel()
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_a_drag_draws_and_ends_one_stroke(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    canvas = panel.canvas
    finished = heard(canvas.stroke_finished)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    at = round(60 * SIDE / canvas.height()) * SIDE + round(50 * SIDE / canvas.width())
    assert canvas.ink[at] == 255
    assert canvas.ink[0] == 0
    assert len(finished) == 1


def test_keys_draw_a_line_and_clear_it(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    canvas = panel.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert not any(canvas.ink)
    for key in (Qt.Key.Key_Space, *[Qt.Key.Key_Right] * 5, Qt.Key.Key_Space):
        qtbot.keyClick(canvas, key)
    row = canvas.ink[SIDE // 2 * SIDE : (SIDE // 2 + 1) * SIDE]
    assert row[SIDE // 2 + 40] == 255
    assert row[SIDE // 2 - 40] == 0
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert not any(canvas.ink)


def test_the_most_likely_classes_stand_first(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    panel.show_answer([("7", 0.9), ("1", 0.06), ("9", 0.03), ("4", 0.01)])
    assert panel.answer.text() == "7   90.0%\n1   6.0%\n9   3.0%"
    panel.show_answer(None)
    assert panel.answer.text() == "Hidden while the quiz is on."


def test_many_moves_of_a_turn_are_told_once_and_the_last_before_the_end(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    canvas = panel.canvas
    drawn, finished = heard(canvas.drawn), heard(canvas.stroke_finished)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    for x in range(60, 120, 10):
        qtbot.mouseMove(canvas, QPoint(x, 60))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 60))
    assert len(finished) == 1
    assert 1 <= len(drawn) < 7
    assert drawn[-1] == (canvas.ink,)


def test_the_eraser_takes_away_and_an_empty_canvas_says_so(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    canvas = panel.canvas
    assert panel.note.isVisible()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    assert not panel.note.isVisible()
    drawn = heard(canvas.drawn)
    panel.eraser.click()
    panel.brush.setValue(60)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    assert not any(canvas.ink)
    assert not drawn
    assert panel.note.text() == "Nothing is drawn: the input stays until you draw."
    assert panel.note.isVisible()


def test_what_was_drawn_before_is_shown_without_a_word(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    drawn, ink = heard(panel.canvas.drawn), bytes(range(256)) * (SIDE * SIDE // 256)
    panel.canvas.show_ink(ink)
    assert panel.canvas.ink == ink
    assert not panel.note.isVisible()
    panel.canvas.show_ink(b"")
    assert not any(panel.canvas.ink)
    qtbot.wait(1)
    assert not drawn


def test_the_right_answer_is_chosen_by_its_name(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    edited = heard(panel.label_edited)
    panel.show_label((), None)
    assert not panel.label.isVisible()
    panel.show_label(("bag", "coat"), 1)
    assert panel.label.isVisible()
    assert panel.label.currentText() == "coat"
    panel.show_label(("cat", "dog"), None)
    assert [panel.label.itemText(n) for n in range(3)] == ["not said", "cat", "dog"]
    assert panel.label.currentIndex() == 0
    panel.label.setFocus()
    qtbot.keyClick(panel.label, Qt.Key.Key_Down)
    qtbot.keyClick(panel.label, Qt.Key.Key_Home)
    assert edited == [(0,), (None,)]

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

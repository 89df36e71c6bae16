"""How long it takes from a move of the mouse on the canvas until the stage has painted the network's answer."""

from __future__ import annotations

import math
from time import perf_counter

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.controllers.opening import start_with
from tests.benchmarks.measuring import Report

pytestmark = pytest.mark.bench

FRAME = 16.7
TIMES = 150
WARM = 20


class Painted(QObject):
    """Counts the pictures of a widget; the turn in which one is painted has ended before it is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # Qt's name
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.mark.parametrize("lesson", ["mnist-network", "learn-mnist"])
def test_a_stroke_is_painted_with_its_answer(lesson: str, report: Report, qtbot: QtBot) -> None:
    app.make_application()
    desk = app.build(*start_with((lesson,)))
    window, stage = desk.window, desk.window.stage
    window.resize(1280, 800)
    window.show()
    window.show_panel("input")
    qtbot.waitUntil(lambda: desk.staging.scene is not None)
    canvas = window.panels.drawing.canvas
    qtbot.waitUntil(canvas.isVisible)
    counter = Painted()
    stage.viewport().installEventFilter(counter)

    def send(kind: QEvent.Type, at: QPointF, held: bool) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        moves = kind == QEvent.Type.MouseMove
        event = QMouseEvent(kind, at, canvas.mapToGlobal(at), none if moves else left, left if held else none,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
        QApplication.sendEvent(canvas, event)

    times, at = [], QPointF(104, 44)
    send(QEvent.Type.MouseButtonPress, at, True)
    for n in range(WARM + TIMES):
        angle = 2 * math.pi * n / 40
        at = QPointF(104 + 50 * math.sin(angle) * (1 + n / 300), 104 - 60 * math.cos(angle))
        before, began = counter.count, perf_counter()
        send(QEvent.Type.MouseMove, at, True)
        while counter.count == before:
            QApplication.processEvents()
        times.append(1000 * (perf_counter() - began))
    send(QEvent.Type.MouseButtonRelease, at, False)
    # Of a stroke nothing is left out: all of them were answered, by who has learned it with the digit they show.
    answer = window.panels.drawing.answer.text()
    assert answer.startswith("0 ") if lesson == "mnist-network" else answer
    what = "a stroke on the canvas until the stage has painted 8 layers and the answer, 1280×800"
    report.add(what if lesson == "mnist-network" else f"{what}, while it learns", times[WARM:], "ms", FRAME)
    desk.editing.stack.blockSignals(True)
    desk.training.close()
    window.deleteLater()

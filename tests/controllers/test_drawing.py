"""Drawing: strokes as entries of the history, the answer on the stage, the canvas that follows undo."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.drawing import Drawing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.strokes import SIDE
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline


class Desk:
    """A session with what draws in it, and all it says."""

    def __init__(self, name: str, level: str) -> None:
        self.session = Session(Moment(make_timeline(shipped_lesson(name)), 0, Viewpoint(level=level)))  # type: ignore[arg-type]  # a level
        self.editing = Editing(self.session)
        self.choosing = Choosing(self.editing, self.session)
        self.drawing = Drawing(self.editing, self.choosing, self.session)
        self.answers: list[list[tuple[str, float]]] = []
        self.asked: list[bool] = []
        self.labels: list[tuple[tuple[str, ...], int | None]] = []
        self.inks: list[bytes] = []
        self.told = 0
        self.drawing.answer_changed.connect(lambda answer: self.answers.append(answer or []))
        self.drawing.answer_changed.connect(lambda answer: self.asked.append(answer is None))
        self.drawing.label_changed.connect(lambda names, label: self.labels.append((names, label)))
        self.drawing.ink_changed.connect(self.inks.append)
        self.editing.lesson_changed.connect(self._count)

    def _count(self, _lesson: object) -> None:
        self.told += 1


def ink(*columns: int) -> bytes:
    """Upright strokes."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    for column in columns:
        canvas[30:190, column : column + 22] = 255
    return canvas.tobytes()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    yield Desk("digits-network", "network")
    QCoreApplication.processEvents()


def test_a_stroke_is_one_entry_and_forms_hear_of_it_at_its_end(desk: Desk) -> None:
    for column in (60, 80, 100):
        desk.drawing.draw(ink(column, 120))
    assert desk.editing.stack.count() == 1
    assert desk.told == 0
    desk.drawing.end_stroke()
    assert desk.told == 1
    desk.drawing.draw(ink(40))
    desk.drawing.end_stroke()
    assert desk.editing.stack.count() == 2


def test_forms_hear_of_a_stroke_that_rests(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.editing.lesson_changed, timeout=5000):
        desk.drawing.draw(ink(60))
    assert desk.told == 1


def test_the_playhead_goes_to_the_answer_in_the_overview_only(desk: Desk, qtbot: QtBot) -> None:
    desk.drawing.draw(ink(100))
    moment = desk.session.moment
    assert moment.index == moment.timeline.count - 1
    assert moment.timeline.step(moment.index).section.kind == "forward"
    near = Desk("digits-network", "cell")
    near.drawing.draw(ink(100))
    assert near.session.moment.index == 0


def test_the_answer_is_told_while_drawing_and_sums_to_one(desk: Desk) -> None:
    desk.drawing.draw(ink(100))
    first = desk.answers[-1]
    assert len(first) == 10
    assert abs(sum(p for _, p in first) - 1) < 1e-9
    assert [p for _, p in first] == sorted((p for _, p in first), reverse=True)
    desk.drawing.draw(ink(60, 150))
    assert desk.answers[-1] != first


def test_a_drawing_has_no_label_until_one_is_said(desk: Desk) -> None:
    desk.drawing.refresh()
    assert desk.labels[-1][1] is not None
    desk.drawing.draw(ink(100))
    assert desk.labels[-1] == (tuple("0123456789"), None)
    desk.drawing.end_stroke()
    desk.drawing.set_label(1)
    assert desk.labels[-1][1] == 1
    assert desk.editing.lesson.tracks[0].recipe is not None
    desk.editing.stack.undo()
    assert desk.labels[-1][1] is None


def test_the_canvas_follows_the_history(desk: Desk) -> None:
    desk.drawing.refresh()
    desk.drawing.draw(ink(100))
    desk.drawing.end_stroke()
    desk.drawing.draw(ink(100, 40))
    desk.drawing.end_stroke()
    said = len(desk.inks)
    desk.editing.stack.undo()
    assert desk.inks[-1] == ink(100)
    desk.editing.stack.undo()
    assert desk.inks[-1] == b""
    desk.editing.stack.redo()
    assert desk.inks[-1] == ink(100)
    assert len(desk.inks) == said + 3


def test_nothing_drawn_changes_nothing(desk: Desk) -> None:
    lines: list[str] = []
    desk.editing.refused.connect(lines.append)
    before = desk.editing.lesson
    desk.drawing.draw(bytes(SIDE * SIDE))
    assert desk.editing.lesson is before
    assert lines == ["drawing: there is nothing in it: draw with the brush first"]


def test_while_it_learns_the_answer_is_that_of_the_iteration_shown(qtbot: QtBot) -> None:
    desk = Desk("learn-digits", "network")
    desk.session.moment.timeline.descents[0].advance(3)  # type: ignore[union-attr]  # it learns
    desk.drawing.draw(ink(100))
    first = desk.answers[-1]
    descent = desk.session.moment.timeline.descents[0]
    assert descent is not None
    descent.advance(40)
    desk.session.show(index=40)
    assert desk.answers[-1] != first
    assert desk.labels[-1] == ((), None)


def test_while_an_audience_is_asked_neither_answer_is_told(desk: Desk) -> None:
    desk.drawing.draw(ink(100))
    desk.drawing.end_stroke()
    desk.drawing.set_label(7)
    assert desk.answers[-1]
    assert desk.labels[-1] == (tuple("0123456789"), 7)
    view, before = desk.session.moment.viewpoint, list(desk.asked)
    assert not any(before)
    desk.session.show(viewpoint=replace(view, hidden=frozenset({"total"})))
    assert desk.asked == [*before, True]
    assert desk.labels[-1][0] == ()
    desk.session.show(viewpoint=view)
    assert desk.answers[-1]
    assert desk.labels[-1] == (tuple("0123456789"), 7)

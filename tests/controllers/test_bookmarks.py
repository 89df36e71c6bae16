"""Bookmarks of the open lesson: edits that can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.controllers.bookmarks import Bookmarks
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.edits import set_pace
from cnnviz.timeline.bookmark import Marked
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import learning


class Desk:
    """Bookmarks of a lesson of twenty iterations, and what they said."""

    def __init__(self) -> None:
        self.session = Session(Moment(make_timeline(learning(iterations=20, pace="iteration")), 9))
        self.editing = Editing(self.session)
        self.marks = Bookmarks(self.editing, self.session)
        self.said: list[tuple[Marked, ...]] = []
        self.here: list[bool] = []
        self.marks.bookmarks_changed.connect(self.said.append)
        self.marks.here_changed.connect(self.here.append)

    def last(self) -> tuple[Marked, ...]:
        return self.said[-1]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_they_are_added_in_order_and_undone(desk: Desk) -> None:
    desk.marks.add("late")
    desk.session.show(index=3)
    desk.marks.add("  ")
    early = f"{desk.session.moment.timeline.step(3).section.name}, iteration 4"
    assert desk.last() == (Marked(3, early), Marked(9, "late"))
    assert desk.editing.stack.undoText() == "Add bookmark"
    desk.editing.stack.undo()
    assert desk.last() == (Marked(9, "late"),)
    desk.editing.stack.redo()
    desk.marks.clear()
    assert desk.last() == ()
    desk.editing.stack.undo()
    assert len(desk.marks.bookmarks) == 2


def test_a_step_that_is_marked_is_renamed_or_removed(desk: Desk) -> None:
    desk.marks.add("late")
    assert desk.marks.suggested() == "late"
    desk.marks.add("later")
    assert (desk.last(), desk.editing.stack.undoText()) == ((Marked(9, "later"),), "Rename bookmark")
    desk.session.show(index=4)
    desk.marks.remove()
    assert desk.editing.stack.count() == 2
    desk.session.show(index=9)
    desk.marks.remove()
    assert (desk.last(), desk.editing.stack.undoText()) == ((), "Remove bookmark")
    assert desk.here == [True, False, True, False]


def test_they_move_with_the_pace_and_go_with_the_document(desk: Desk) -> None:
    desk.marks.add("late")
    desk.editing.apply("Pace", lambda lesson: set_pace(lesson, "cell"))
    timeline = desk.session.moment.timeline
    assert desk.last() == (Marked(timeline.index_at(10) - 1, "late"),)
    desk.editing.start(make_timeline(replace(learning(iterations=5), title="Another")))
    assert desk.last() == ()

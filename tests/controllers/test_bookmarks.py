"""Bookmarks of the open lesson."""

from cnnviz.controllers.bookmarks import Bookmarks
from cnnviz.controllers.session import Moment, Session
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import learning


def test_bookmarks_are_added_in_order_and_forgotten() -> None:
    session = Session(Moment(make_timeline(learning(iterations=20, pace="iteration")), 9))
    marks = Bookmarks(session)
    said: list[tuple[str, ...]] = []
    marks.bookmarks_changed.connect(lambda all_of: said.append(tuple(b.name for b in all_of)))
    marks.add("late")
    session.show(index=3)
    marks.add("  ")
    assert said[-1] == (f"{session.moment.timeline.step(3).section.name}, iteration 3", "late")
    assert [b.index for b in marks.bookmarks] == [3, 9]
    marks.clear()
    assert said.pop() == ()

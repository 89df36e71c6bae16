"""Bookmarks: in the order of their steps, one for each."""

from cnnviz.timeline.bookmark import LONGEST, Bookmark, suggested_name, with_bookmark
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import learning


def test_a_bookmark_at_the_same_step_is_replaced() -> None:
    marks = with_bookmark(with_bookmark((), 7, "late"), 2, "early")
    assert [(b.index, b.name) for b in marks] == [(2, "early"), (7, "late")]
    assert with_bookmark(marks, 7, "again") == (Bookmark(2, "early"), Bookmark(7, "again"))


def test_names_are_one_line_of_a_bearable_length() -> None:
    (mark,) = with_bookmark((), 0, " two\n lines " + "x" * 100)
    assert mark.name.startswith("two lines x")
    assert len(mark.name) == LONGEST


def test_the_suggestion_tells_the_iteration_of_what_learns() -> None:
    timeline = make_timeline(learning(iterations=5, pace="iteration"))
    assert suggested_name(timeline, 3).endswith(", iteration 3")

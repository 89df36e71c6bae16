"""Bookmarks as edits of a lesson."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.bookmark_edits import clear_bookmarks, keep_bookmark, remove_bookmark
from cnnviz.lesson.bookmarks import LONGEST, MOST_BOOKMARKS, Bookmark, Place
from cnnviz.lesson.lesson import BadInput, Lesson

HERE, THERE = Place(0, "conv1", (0, 1, 2)), Place(3, "conv1", (0, 0, 0), "multiply", 4)


@pytest.fixture
def lesson() -> Lesson:
    return shipped_lesson("vertical-edge")


def names(lesson: Lesson) -> list[str]:
    return [mark.name for mark in lesson.bookmarks]


def test_places_are_kept_renamed_and_removed(lesson: Lesson) -> None:
    marked = keep_bookmark(keep_bookmark(lesson, HERE, "a"), THERE, " b  c\n")
    assert marked.bookmarks == (Bookmark("a", HERE), Bookmark("b c", THERE))
    assert names(keep_bookmark(marked, HERE, "other")) == ["other", "b c"]
    assert names(remove_bookmark(marked, HERE)) == ["b c"]
    assert clear_bookmarks(marked) == lesson


def test_a_long_name_is_cut_and_an_empty_one_refused(lesson: Lesson) -> None:
    assert names(keep_bookmark(lesson, HERE, "x" * 100)) == ["x" * LONGEST]
    with pytest.raises(BadInput, match="0 characters: give 1 to 60"):
        keep_bookmark(lesson, HERE, "  ")
    with pytest.raises(BadInput, match="cannot be shown"):
        Bookmark("a\x07", HERE)


def test_there_is_an_end_to_them(lesson: Lesson) -> None:
    full = replace(
        lesson,
        bookmarks=tuple(Bookmark("x", Place(n, "conv1", (0, 0, 0))) for n in range(1, MOST_BOOKMARKS + 1)),
    )
    with pytest.raises(BadInput, match="1000 bookmarks already"):
        keep_bookmark(full, HERE, "one more")
    assert names(keep_bookmark(full, Place(5, "conv1", (0, 0, 0)), "five"))[4] == "five"

"""Bookmarks as pure edits of a lesson: kept, renamed, removed."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.bookmarks import LONGEST, MOST_BOOKMARKS, Bookmark, Place
from cnnviz.lesson.lesson import Lesson


def named(name: str) -> str:
    """A name in one line, cut where it is too long."""
    return " ".join(name.split())[:LONGEST].rstrip()


def keep_bookmark(lesson: Lesson, place: Place, name: str) -> Lesson:
    """Mark a place; one that is marked already gets the new name.

    Raises
    ------
    BadInput
        The name is empty, or there are too many bookmarks.
    """
    made = Bookmark(named(name), place)
    marks = list(lesson.bookmarks)
    at = next((n for n, mark in enumerate(marks) if mark.place == place), None)
    if at is not None:
        marks[at] = made
    elif len(marks) >= MOST_BOOKMARKS:
        raise BadInput(f"the lesson has {MOST_BOOKMARKS} bookmarks already: remove one first")
    else:
        marks.append(made)
    return replace(lesson, bookmarks=tuple(marks))


def remove_bookmark(lesson: Lesson, place: Place) -> Lesson:
    """Take the mark of a place away."""
    return replace(lesson, bookmarks=tuple(mark for mark in lesson.bookmarks if mark.place != place))


def clear_bookmarks(lesson: Lesson) -> Lesson:
    """Take all marks away."""
    return replace(lesson, bookmarks=())

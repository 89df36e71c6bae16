"""The bookmarks of the lesson as named edits: saved, undone and exported with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Session
from cnnviz.lesson.bookmark_edits import clear_bookmarks, keep_bookmark, remove_bookmark
from cnnviz.timeline.bookmark import Marked, marked, place_marked, place_of, suggested_name


class Bookmarks(QObject):
    """Keeps steps by name.

    Signals
    -------
    bookmarks_changed : tuple of Marked
    here_changed : bool
        Whether the step that is shown is marked.
    """

    bookmarks_changed = Signal(object)
    here_changed = Signal(bool)

    def __init__(self, editing: Editing, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._session = session
        self._shown: tuple[Marked, ...] = ()
        self._here = False
        session.moment_changed.connect(lambda _moment: self._look())
        editing.lesson_changed.connect(lambda _lesson: self._list())

    @property
    def bookmarks(self) -> tuple[Marked, ...]:
        """In the order of their steps."""
        return marked(self._session.moment.timeline)

    def suggested(self) -> str:
        """A name for the step that is shown: the one it has, or what happens there."""
        moment = self._session.moment
        return suggested_name(moment.timeline, moment.index)

    def add(self, name: str) -> None:
        """Mark the step that is shown, or rename its mark; without a name by the suggested one."""
        moment = self._session.moment
        there = place_marked(moment.timeline, moment.index)
        place = there or place_of(moment.timeline, moment.index)
        edit = partial(keep_bookmark, place=place, name=name.strip() or self.suggested())
        self._editing.apply("Add bookmark" if there is None else "Rename bookmark", edit)

    def remove(self) -> None:
        """Take away the mark of the step that is shown."""
        moment = self._session.moment
        place = place_marked(moment.timeline, moment.index)
        if place is not None:
            self._editing.apply("Remove bookmark", partial(remove_bookmark, place=place))

    def clear(self) -> None:
        """Take all of them away."""
        self._editing.apply("Clear bookmarks", clear_bookmarks)

    def _list(self) -> None:
        found = self.bookmarks
        if found != self._shown:
            self._shown = found
            self.bookmarks_changed.emit(found)
        self._look()

    def _look(self) -> None:
        here = any(mark.index == self._session.moment.index for mark in self._shown)
        if here != self._here:
            self._here = here
            self.here_changed.emit(here)

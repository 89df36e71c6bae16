"""The bookmarks of the lesson that is open, for as long as it is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.session import Session
from cnnviz.timeline.bookmark import Bookmark, suggested_name, with_bookmark


class Bookmarks(QObject):
    """Keeps steps by name; forgotten with the document."""

    bookmarks_changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._bookmarks: tuple[Bookmark, ...] = ()

    @property
    def bookmarks(self) -> tuple[Bookmark, ...]:
        """In the order of their steps."""
        return self._bookmarks

    def suggested(self) -> str:
        """A name for the step that is shown."""
        moment = self._session.moment
        return suggested_name(moment.timeline, moment.index)

    def add(self, name: str) -> None:
        """Mark the step that is shown; without a name by the suggested one."""
        self._set(
            with_bookmark(self._bookmarks, self._session.moment.index, name.strip() or self.suggested())
        )

    def clear(self) -> None:
        """Forget them all."""
        self._set(())

    def _set(self, bookmarks: tuple[Bookmark, ...]) -> None:
        self._bookmarks = bookmarks
        self.bookmarks_changed.emit(bookmarks)

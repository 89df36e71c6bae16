"""Play ▸ Bookmarks: the steps that were marked, each with its name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from cnnviz.timeline.bookmark import Bookmark


class BookmarksMenu(QMenu):
    """A submenu filled by `show_bookmarks`.

    Signals
    -------
    seek_requested : int
    clear_requested
    """

    seek_requested = Signal(object)
    clear_requested = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.show_bookmarks(())

    def show_bookmarks(self, bookmarks: Sequence[Bookmark]) -> None:
        """List the steps with their names; the first nine have a digit as their access key."""
        self.clear()
        for number, bookmark in enumerate(bookmarks, start=1):
            key = f"&{number}  " if number < 10 else ""
            text = f"{key}{bookmark.name.replace('&', '&&')}\t{bookmark.index + 1}"
            self.addAction(text, partial(self.seek_requested.emit, bookmark.index))
        self.addSeparator()
        self.addAction(self.tr("&Clear list"), self.clear_requested.emit)
        self.setEnabled(bool(bookmarks))

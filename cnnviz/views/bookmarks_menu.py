"""Play ▸ Bookmarks: the steps that were marked, each with its name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from cnnviz.timeline.bookmark import Marked


class BookmarksMenu(QMenu):
    """A submenu filled by `show_bookmarks`.

    Signals
    -------
    seek_requested : int
    rename_requested, remove_requested
        Of the mark at the step that is shown.
    clear_requested
    """

    seek_requested = Signal(object)
    rename_requested = Signal()
    remove_requested = Signal()
    clear_requested = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._here = False
        self._of_here: tuple[QAction, ...] = ()
        self.show_bookmarks(())

    def show_bookmarks(self, bookmarks: Sequence[Marked]) -> None:
        """List the steps with their names; the first nine have a digit as their access key."""
        self.clear()
        for number, bookmark in enumerate(bookmarks, start=1):
            key = f"&{number}  " if number < 10 else ""
            text = f"{key}{bookmark.name.replace('&', '&&')}\t{bookmark.index + 1}"
            self.addAction(text, partial(self.seek_requested.emit, bookmark.index))
        self.addSeparator()
        self._of_here = (
            self.addAction(self.tr("Re&name this one…"), self.rename_requested.emit),
            self.addAction(self.tr("&Remove this one"), self.remove_requested.emit),
        )
        self.addAction(self.tr("&Clear list"), self.clear_requested.emit)
        self.setEnabled(bool(bookmarks))
        self.show_here(self._here)

    def show_here(self, here: bool) -> None:
        """Offer renaming and removing where the step that is shown is marked."""
        self._here = here
        for action in self._of_here:
            action.setEnabled(here)

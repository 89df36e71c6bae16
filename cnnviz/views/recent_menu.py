"""Open Recent: the last files, missing ones greyed, and Clear."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

MOST = 10


class RecentMenu(QMenu):
    """A submenu filled by `show_entries`.

    Signals
    -------
    path_requested : str
    clear_requested
    """

    path_requested = Signal(str)
    clear_requested = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setToolTipsVisible(True)
        self.show_entries(())

    def show_entries(self, entries: Sequence[tuple[str, bool]]) -> None:
        """List up to ten paths with whether they exist."""
        self.clear()
        for number, (path, exists) in enumerate(entries[:MOST], start=1):
            self._add(number, path, exists)
        self.addSeparator()
        self.addAction(self.tr("&Clear list"), self.clear_requested.emit)
        self.setEnabled(bool(entries))

    def _add(self, number: int, path: str, exists: bool) -> None:
        key = f"&{number % 10}  "
        name = PurePath(path).name.replace("&", "&&")
        action = self.addAction(key + name, lambda: self.path_requested.emit(path))
        action.setToolTip(path if exists else self.tr("Missing: {path}").format(path=path))
        action.setEnabled(exists)

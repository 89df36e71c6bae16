"""File ▸ Lessons: the lessons that ship, under the headings of their groups."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget


class LessonsMenu(QMenu):
    """A submenu that is filled when it is first opened.

    Signals
    -------
    lesson_requested : str
        The id of a lesson that ships.
    """

    lesson_requested = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        if not self.isEmpty():
            return
        # Imported here because the list is not needed before the first paint.
        from cnnviz.files.lessons import shipped

        group = None
        for lesson in shipped():
            if lesson.group != group:
                group = lesson.group
                self.addSection(group)
            action = self.addAction(lesson.title.replace("&", "&&"))
            # The signal also tells whether the action is checked, which is dropped.
            action.triggered.connect(lambda _checked, name=lesson.id: self.lesson_requested.emit(name))

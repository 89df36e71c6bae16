"""The document as a file: its name, whether it is saved, and the question before it is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing
from cnnviz.lesson.lesson import BadInput
from cnnviz.timeline.timeline import Timeline

Answer: TypeAlias = Literal["save", "discard", "cancel"]

ENDING = ".cnnviz"


class Document(QObject):
    """Where the lesson is kept.

    Leaving a changed lesson goes: `leave_for` something → ``save_question_requested`` → `answer` → perhaps
    ``path_requested`` → `save_to` → the something. A "cancel", no path or a failed write ends it without.
    """

    title_changed = Signal(str, bool)
    save_question_requested = Signal(str)
    path_requested = Signal(str)
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, editing: Editing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._path = ""
        self._then: Callable[[], None] | None = None
        # Kept, not asked for: the stack says so once more while it is being deleted.
        self._clean = editing.stack.isClean()
        editing.stack.cleanChanged.connect(self._on_clean)
        editing.lesson_changed.connect(lambda _lesson: self.refresh())

    @property
    def path(self) -> str:
        """The file, or "" while it has none."""
        return self._path

    @property
    def name(self) -> str:
        """What the title bar calls it: the file, else the title of the lesson."""
        return Path(self._path).name if self._path else self._editing.lesson.title

    @property
    def dirty(self) -> bool:
        """Whether there are changes that are not saved."""
        return not self._clean

    def refresh(self) -> None:
        """Say name and state again."""
        self.title_changed.emit(self.name, self.dirty)

    def begin(self, timeline: Timeline, path: str = "") -> None:
        """Begin with another lesson, from a file or without one."""
        self._path = path
        self._editing.start(timeline)
        self.refresh()

    def leave_for(self, then: Callable[[], None]) -> None:
        """Do something that drops this lesson, once its changes are saved or may go."""
        if not self.dirty:
            then()
            return
        self._then = then
        self.save_question_requested.emit(self.name)

    def answer(self, answer: Answer) -> None:
        """Go on after the question."""
        if answer == "save":
            self.save()
        elif answer == "discard":
            self._go_on()
        else:
            self._then = None

    def save(self) -> None:
        """Save where the lesson came from, else ask where."""
        if self._path:
            self.save_to(self._path)
        else:
            self.save_as()

    def save_as(self) -> None:
        """Ask where to save."""
        self.path_requested.emit(self._path or _file_name(self._editing.lesson.title))

    def save_to(self, path: str) -> None:
        """Save to that file; "" means that none was chosen."""
        if not path:
            self._then = None
            return
        # Imported here because reading and writing archives is not needed before the first paint.
        from cnnviz.files.lessons import write_lesson

        try:
            write_lesson(path, self._editing.lesson)
        except BadInput as error:
            self._then = None
            self.failed.emit(str(error))
            return
        self._path = path
        self._editing.stack.setClean()
        self.refresh()
        self.saved.emit(path)
        self._go_on()

    def _on_clean(self, clean: bool) -> None:
        self._clean = clean
        self.refresh()

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def _file_name(title: str) -> str:
    """A file name made from a title: "Vertical edge" becomes "vertical-edge.cnnviz"."""
    words = "".join(mark if mark.isalnum() else " " for mark in title.lower()).split()
    return ("-".join(words) or "lesson") + ENDING

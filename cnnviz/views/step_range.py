"""A range of steps: from, to and every how many, for counts of any size."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from cnnviz.lesson.lesson import BadInput

LONGEST = 18
"""Digits that are read; no lesson has so many steps."""


class StepRange(QWidget):
    """Counted from 1 as in the transport, both ends included; text fields, because a spin box ends at 2³¹.

    Signals
    -------
    frames_edited
    """

    frames_edited = Signal()

    def __init__(self, count: int, frames: range) -> None:
        super().__init__()
        self._count = count
        self.first = self._field(self.tr("First step"))
        self.last = self._field(self.tr("Last step"))
        self.step = self._field(self.tr("Every how many steps"))
        self.show_frames(count, frames)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.first, QLabel(self.tr("to")), self.last, QLabel(self.tr("every")), self.step):
            row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
        self.setFocusProxy(self.first)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_frames(self, count: int, frames: range) -> None:
        """Show steps of a timeline of so many."""
        self._count = count
        self.show_ends(frames[0], frames[-1])
        self.step.setText(str(abs(frames.step)))

    def show_ends(self, first: int, last: int) -> None:
        """Show other ends; every how many stays."""
        self.first.setText(str(first + 1))
        self.last.setText(str(last + 1))

    def set_free(self, free: bool) -> None:
        """Let the ends be typed, or only be read."""
        for field in (self.first, self.last):
            field.setEnabled(free)
        self.setFocusProxy(self.first if free else self.step)

    def frames(self) -> range:
        """The steps chosen, 0-based; a first one behind the last counts down.

        Raises
        ------
        BadInput
            A field holds no step of the lesson.
        """
        first, last = self._number(self.first, self._count), self._number(self.last, self._count)
        step = self._number(self.step, 10**LONGEST)
        return range(first - 1, last, step) if first <= last else range(first - 1, last - 2, -step)

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.setMinimumWidth(48)
        field.textEdited.connect(lambda _: self.frames_edited.emit())
        return field

    def _number(self, field: QLineEdit, most: int) -> int:
        text = field.text().strip()
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST and 1 <= int(text) <= most):
            raise BadInput(
                f"{field.accessibleName()}: {text or 'nothing'!r}; give a whole number from 1 to {most}"
            )
        return int(text)

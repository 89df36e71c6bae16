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
        self.first = self._field(frames[0] + 1, self.tr("First step"))
        self.last = self._field(frames[-1] + 1, self.tr("Last step"))
        self.step = self._field(abs(frames.step), self.tr("Every how many steps"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.first, QLabel(self.tr("to")), self.last, QLabel(self.tr("every")), self.step):
            row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
        self.setFocusProxy(self.first)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

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

    def _field(self, value: int, name: str) -> QLineEdit:
        field = QLineEdit(str(value))
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

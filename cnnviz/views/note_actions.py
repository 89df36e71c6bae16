"""Buttons behind a note: what can be done with what it tells, as long as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolBar, QToolButton, QWidget

from cnnviz.views.keys import ButtonRow
from cnnviz.views.note_line import NoteLine

SHOWN_MS = 60_000
"""A note with buttons stands longer: one has to get there."""


class NoteActions(ButtonRow):
    """Stands in a toolbar behind the line of notes, and goes with the note.

    Parameters
    ----------
    bar : QToolBar
    note : NoteLine
    """

    def __init__(self, bar: QToolBar, note: NoteLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = note
        self.buttons: list[QToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 8, 0)
        self._row.setSpacing(4)
        # A toolbar shows and hides what it holds by an action.
        self._place = bar.addWidget(self)
        self._place.setVisible(False)
        note.note_changed.connect(self._clear)

    def show_note(self, text: str, actions: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Show a note with a button for each action; pressed, it is done and the note stays."""
        self._note.show_note(text)
        self._note.keep(SHOWN_MS)
        for name, act in actions:
            button = QToolButton()
            button.setText(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on, act=act: act())
            self._row.addWidget(button)
            self.buttons.append(button)
        self._place.setVisible(bool(self.buttons))

    def _clear(self) -> None:
        self._place.setVisible(False)
        for button in self.buttons:
            button.deleteLater()
        self.buttons = []

"""Space on the stage: a tap plays or pauses, held down it turns a drag into panning."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cnnviz.views.keys import is_override


class SpaceKey(QObject):
    """Watches the key on one widget and keeps it from the shortcuts of the window as long as that has the focus.

    What a press will mean is known only at its release, so a tap is said then.

    Signals
    -------
    tapped
        Pressed and released without being used in between.
    held_changed
    """

    tapped = Signal()
    held_changed = Signal()

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self._held = False
        self._used = False
        watched.installEventFilter(self)

    @property
    def held(self) -> bool:
        """Whether the key is down."""
        return self._held

    def use(self) -> None:
        """Let this press serve something else than a tap."""
        self._used = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._set(False)
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Space:
            return False
        if is_override(event):
            event.setAccepted(_is_plain(event))
            return event.isAccepted()
        if event.type() == QEvent.Type.KeyPress and _is_plain(event):
            self._press(event)
            return True
        if event.type() == QEvent.Type.KeyRelease and self._held:
            self._release(event)
            return True
        return False

    def _press(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._used = False
            self._set(True)

    def _release(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        self._set(False)
        if not self._used:
            self.tapped.emit()

    def _set(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self.held_changed.emit()


def _is_plain(event: QKeyEvent) -> bool:
    return event.modifiers() == Qt.KeyboardModifier.NoModifier

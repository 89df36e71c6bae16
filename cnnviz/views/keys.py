"""Which keys belong to the widget that has the focus, so that no shortcut of the window steals typing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeGuard

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

_EDITING = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Insert,
}
_CLIPBOARD = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste)


def is_override(event: QEvent) -> TypeGuard[QKeyEvent]:
    """Whether Qt asks if the widget wants a key for itself, before it looks for a shortcut."""
    return event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)


def belongs_to_form(event: QKeyEvent) -> bool:
    """Whether a form keeps this key: what is typed or moves a cursor; no command with Ctrl, F-key or Esc."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    if held:
        return False
    return event.key() in _EDITING or (bool(event.text()) and event.text().isprintable())


def is_clipboard_key(event: QKeyEvent) -> bool:
    """Whether the key copies or pastes; a table does both itself."""
    return any(event.matches(key) for key in _CLIPBOARD)


class _Still(QObject):
    """Lets the wheel pass by a field that has not the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget) or watched.hasFocus():
            return super().eventFilter(watched, event)
        # Ignored, not eaten: what lies behind the field scrolls.
        event.ignore()
        return True


def keep_still(field: QWidget) -> None:
    """Let the wheel turn a field only while it has the focus: scrolling a panel must change nothing on its way."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Still(field))


def follow_the_eye(widgets: Iterable[QWidget]) -> None:
    """Let Tab go through these widgets, and the fields in them, in this order: made later, they came last."""
    fields = [
        field
        for widget in widgets
        for field in (widget, *widget.findChildren(QWidget))
        if _stops(field, widget)
    ]
    for first, second in pairwise(fields):
        QWidget.setTabOrder(first, second)


def first_stop(within: QWidget) -> QWidget | None:
    """Where Tab comes to first in a widget."""
    field = within.nextInFocusChain()
    while field is not None and field is not within:
        if within.isAncestorOf(field) and _stops(field, within) and field.isVisible() and field.isEnabled():
            return field
        field = field.nextInFocusChain()
    return None


def _stops(field: QWidget, within: QWidget) -> bool:
    """Whether Tab stops there, and not at a part of it, nor in a list that drops down."""
    whole = field.focusProxy() is None and field.window() is within.window()
    return whole and bool(field.focusPolicy() & Qt.FocusPolicy.TabFocus)


class Form(QWidget):
    """A widget whose children keep the keys they are typed into.

    Qt asks the focused widget, then its parents, whether a key is theirs before it looks for a shortcut.
    """

    def event(self, event: QEvent) -> bool:
        if is_override(event) and belongs_to_form(event):
            event.accept()
            return True
        return super().event(event)


class ButtonRow(QWidget):
    """A row of buttons: Space presses the one that has the focus, all other keys stay shortcuts."""

    def event(self, event: QEvent) -> bool:
        pressing = is_override(event) and event.key() == Qt.Key.Key_Space
        if pressing and isinstance(self.focusWidget(), QAbstractButton):
            event.accept()
            return True
        return super().event(event)

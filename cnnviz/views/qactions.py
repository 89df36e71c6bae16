"""QActions made from the table of commands, and what changes about them while the window is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from cnnviz.views import look


class Spec(Protocol):
    """What is asked of one line of the table."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def shortcuts(self) -> tuple[str, ...]: ...
    @property
    def tip(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def checkable(self) -> bool: ...
    @property
    def repeats(self) -> bool: ...
    @property
    def one_of(self) -> str: ...


def make_actions(specs: Sequence[Spec]) -> dict[str, QAction]:
    """Make a QAction for each command; those of one choice are marked as such."""
    made = {spec.id: _action(spec) for spec in specs}
    groups: dict[str, QActionGroup] = {}
    for spec in specs:
        if spec.one_of:
            # The group belongs to its first action, so that it stays as long as they do.
            group = groups.setdefault(spec.one_of, QActionGroup(made[spec.id]))
            group.addAction(made[spec.id])
    return made


def bind(actions: Mapping[str, QAction], todo: Mapping[str, Callable[[], object]]) -> None:
    """Let each action do its command; `KeyError` when one has none."""
    for name, action in actions.items():
        action.triggered.connect(partial(_call, todo[name]))


def show_icons(specs: Sequence[Spec], actions: Mapping[str, QAction]) -> None:
    """Draw the icons in the colour that the text has now."""
    for spec in specs:
        if spec.icon:
            actions[spec.id].setIcon(look.icon(spec.icon))


def show_states(actions: Mapping[str, QAction], states: Mapping[str, bool]) -> None:
    """Check those that are on."""
    for name, on in states.items():
        actions[name].setChecked(on)


def name_history(action: QAction, what: str) -> None:
    """Say in the menu what would be undone or done again; nothing switches it off."""
    word = action.text().split(" ")[0]
    action.setText(f"{word} {what.replace('&', '&&')}".rstrip())
    action.setEnabled(bool(what))


def _action(spec: Spec) -> QAction:
    action = QAction(_tr(spec.text))
    action.setObjectName(spec.id)
    action.setShortcuts(
        [QKeySequence(keys, QKeySequence.SequenceFormat.PortableText) for keys in spec.shortcuts]
    )
    action.setCheckable(spec.checkable)
    action.setAutoRepeat(spec.repeats)
    action.setMenuRole(QAction.MenuRole.NoRole)
    tip, keys = _tr(spec.tip), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip} ({keys})" if keys else tip)
    return action


def _call(do: Callable[[], object], _checked: bool = False) -> None:
    do()


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)

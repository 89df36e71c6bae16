"""Listening to signals in tests."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QIcon, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from cnnviz.views.menus import MENUS, PANELS, RECENT, SEPARATOR, TOOLBAR


def heard(signal: object) -> list[tuple[object, ...]]:
    """What a signal says from now on."""
    said: list[tuple[object, ...]] = []
    signal.connect(lambda *values: said.append(values))  # type: ignore[attr-defined]  # a bound signal
    return said


def turn_wheel(
    widget: QWidget, notches: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Turn the wheel over the point (150, 130); up is positive."""
    spot, no_button = QPointF(150, 130), Qt.MouseButton.NoButton
    turn = QPoint(0, 120 * notches)
    event = QWheelEvent(spot, spot, QPoint(), turn, no_button, held, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)


def all_actions(parent: QWidget | None = None) -> dict[str, QAction]:
    """An action for every place of the menus."""
    names = {name for _, ids in MENUS for name in ids} | set(TOOLBAR)
    return {name: QAction(QIcon(), name, parent) for name in sorted(names - {SEPARATOR, RECENT, PANELS})}

"""A ring around what has got the focus by a key, for widgets that the style draws alike with it and without."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QFocusFrame, QPlainTextEdit, QPushButton, QTextEdit, QWidget
from shiboken6 import isValid

from cnnviz.views.painting import painting
from cnnviz.views.scene_view import SceneView

WIDTH = 2.0


class FocusRing(QFocusFrame):
    """Follows its widget as Qt's frame does, which Fusion leaves empty."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self, smooth=True) as painter:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), WIDTH))
            part = WIDTH / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(part, part, -part, -part), WIDTH, WIDTH)


class FocusRings(QObject):
    """Lays a ring around the stage, a push button or a text to read once Tab or a shortcut has led there."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: FocusRing | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, focus: QWidget | None) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.deleteLater()
        self._ring = None
        if focus is not None and _looks_alike(focus) and _by_key(focus):
            self._ring = FocusRing(focus.window())
            self._ring.setWidget(focus)


def mark_focus() -> None:
    """Lay such rings in all windows from now on."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and app.findChild(FocusRings) is None:
        FocusRings(app)


def _looks_alike(widget: QWidget) -> bool:
    to_read = isinstance(widget, QTextEdit | QPlainTextEdit) and widget.isReadOnly()
    return to_read or isinstance(widget, SceneView | QPushButton)


def _by_key(widget: QWidget) -> bool:
    """Whether keys move the focus in this window; where a mouse does, one knows where it is."""
    return widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)

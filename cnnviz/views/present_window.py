"""The window of a presentation: a scene on the whole screen, and the keys of remote controls."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QScreen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cnnviz.paint.painter import paint_scene
from cnnviz.scene.primitives import Box, Scene
from cnnviz.views.damage import update_changed
from cnnviz.views.painting import painting

KEYS: dict[Qt.Key, str] = {
    Qt.Key.Key_Space: "toggle",
    Qt.Key.Key_Right: "step-forward",
    Qt.Key.Key_Left: "step-back",
    Qt.Key.Key_Down: "ten-forward",
    Qt.Key.Key_Up: "ten-back",
    Qt.Key.Key_PageDown: "next-key",
    Qt.Key.Key_PageUp: "previous-key",
    Qt.Key.Key_Home: "to-start",
    Qt.Key.Key_End: "to-end",
    Qt.Key.Key_B: "black",
    Qt.Key.Key_Period: "black",
    Qt.Key.Key_W: "white",
    Qt.Key.Key_Comma: "white",
    Qt.Key.Key_Return: "jump",
    Qt.Key.Key_Enter: "jump",
    Qt.Key.Key_Backspace: "drop-digit",
    Qt.Key.Key_R: "restart",
    Qt.Key.Key_BracketRight: "faster",
    Qt.Key.Key_BracketLeft: "slower",
    Qt.Key.Key_L: "loop",
    Qt.Key.Key_H: "hide-total",
    Qt.Key.Key_F: "formulas",
    Qt.Key.Key_P: "other-plot",
    Qt.Key.Key_Escape: "stop",
    Qt.Key.Key_F5: "leave",
    Qt.Key.Key_F11: "leave",
}
"""What each key asks for; PgUp, PgDn, B and F5 are what remote controls send."""

REPEATED = ("step-forward", "step-back", "ten-forward", "ten-back", "next-key", "previous-key")
"""A key held down does these again and again; of all others it counts once."""


class PresentWindow(QWidget):
    """Shows scenes without any control; the pointer is hidden.

    Signals
    -------
    asked : str
        What a key or a button of the mouse asks for: one of the words of `KEYS`.
    digit_typed : str
    size_changed : width, height
    left
        It was closed.
    """

    asked = Signal(str)
    digit_typed = Signal(str)
    size_changed = Signal(float, float)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._scene: Scene | None = None
        self._curtain = ""
        self._number = ""
        self.setWindowTitle(self.tr("Presentation – cnnviz"))
        self.setAccessibleName(self.tr("Presentation"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def present_on(self, screen: QScreen) -> None:
        """Fill a screen."""
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.raise_()
        self.activateWindow()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is shown

    @property
    def scene_value(self) -> Scene | None:
        """The scene that is shown, or waits behind a curtain."""
        return self._scene

    def show_scene(self, scene: Scene) -> None:
        """Show a scene; only what differs from the one before is painted."""
        before, self._scene = self._scene, scene
        update_changed(self, None if self._curtain or self._number else before, scene)
        if before is None:
            self.setAccessibleDescription(scene.spoken)

    def show_curtain(self, color: str) -> None:
        """Cover everything in black or white, or nothing."""
        self._curtain = color
        self.update()

    def show_number(self, number: str) -> None:
        """Show the number that is being typed, small, in the lower corner."""
        self._number = number
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if self._curtain or self._scene is None:
                painter.fillRect(self.rect(), QColor(self._curtain or "black"))
            else:
                part = event.rect()
                exposed = Box(part.x(), part.y(), part.width(), part.height())
                paint_scene(painter, self._scene, self.devicePixelRatioF(), exposed=exposed)
            if self._number:
                self._paint_number(painter)

    def _paint_number(self, painter: QPainter) -> None:
        """White on a dark field, whatever lies below."""
        size = max(14, self.height() // 30)
        font = QFont(self.font())
        font.setPixelSize(size)
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(self._number) + size
        field = QRectF(self.width() - wide - size, self.height() - 2.6 * size, wide, 1.8 * size)
        painter.fillRect(field, QColor("#d0101010"))
        painter.setPen(QColor("white"))
        painter.drawText(field, Qt.AlignmentFlag.AlignCenter, self._number)

    # What is asked

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription("" if self._scene is None else self._scene.spoken)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if digit.isascii() and digit.isdigit() and len(digit) == 1:
            self.digit_typed.emit(digit)
            return
        word = KEYS.get(Qt.Key(event.key()))
        if word == "toggle" and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            word = "backwards"
        if word is None:
            super().keyPressEvent(event)
        elif word in REPEATED or not event.isAutoRepeat():
            self.asked.emit(word)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit("next-key")
        elif event.button() == Qt.MouseButton.RightButton:
            self.asked.emit("previous-key")

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.asked.emit("step-back" if turned > 0 else "step-forward")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.size_changed.emit(float(self.width()), float(self.height()))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.left.emit()
        super().closeEvent(event)


def screen_for(window: QWidget) -> QScreen:
    """The screen for an audience: another one than that of the window where there is one."""
    own = window.screen()
    return next((screen for screen in QGuiApplication.screens() if screen is not own), own)

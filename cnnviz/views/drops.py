"""Files dropped on the window, and the hint that says so while they hover."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cnnviz.views.painting import painting

INSET = 12
"""Distance of the dashed frame from the edge of what it covers."""


def local_files(mime: QMimeData) -> list[str]:
    """The paths of the local files in a drag; addresses elsewhere are left out, nothing is fetched."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


class DropHint(QWidget):
    """A veil with a dashed frame and a sentence, laid over the stage while files hover."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def text(self) -> str:
        """The sentence shown."""
        return self.tr("Drop a picture, a kernel or a lesson")

    def cover(self, on: bool) -> None:
        """Lay the hint over the parent, or take it away."""
        parent = self.parentWidget()
        if on and parent is not None:
            self.setGeometry(parent.rect())
            self.raise_()
        self.setVisible(on)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self, smooth=True) as painter:
            palette = self.palette()
            veil = palette.window().color()
            veil.setAlphaF(0.88)
            painter.fillRect(self.rect(), veil)
            painter.setPen(QPen(palette.highlight().color(), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET), 8, 8)
            font = self.font()
            font.setPixelSize(24)
            painter.setFont(font)
            painter.setPen(palette.windowText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class FileDrops(QObject):
    """Takes files dropped on a widget, with the hint shown as long as they hover.

    Signals
    -------
    files_dropped : list of str
    """

    files_dropped = Signal(object)

    def __init__(self, target: QWidget, hint: DropHint) -> None:
        super().__init__(target)
        self._hint = hint
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                self._enter(event)
            case QEvent.Type.DragMove:
                event.accept()
            case QEvent.Type.DragLeave:
                self._hint.cover(False)
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self._drop(event)
            case _:
                return False
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()
            self._hint.cover(True)
        else:
            event.ignore()

    def _drop(self, event: QDropEvent) -> None:
        self._hint.cover(False)
        event.acceptProposedAction()
        self.files_dropped.emit(local_files(event.mimeData()))

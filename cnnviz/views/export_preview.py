"""The preview of an export: any of its frames, which step it is, and how much all of it will be."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from cnnviz.views.fields import CountBox
from cnnviz.views.forms import GAP, quiet
from cnnviz.views.keys import keep_still
from cnnviz.views.painting import painting

SIZE = QSize(560, 315)
LEAST = QSize(320, 180)
CHECK = 8
"""Pixels of a square of the ground behind what is transparent."""


class Picture(QWidget):
    """One frame in the middle; what is transparent shows squares.

    Signals
    -------
    resized
        A frame painted for another size is blurred now.
    """

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumSize(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Preview"))

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage) -> None:
        """Show a frame, fitted into the place."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return SIZE

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Midlight))
            if self._image.isNull():
                return
            size = QSize(self._image.width(), self._image.height()).scaled(
                self.size(), Qt.AspectRatioMode.KeepAspectRatio
            )
            box = QRectF(
                (self.width() - size.width()) / 2,
                (self.height() - size.height()) / 2,
                size.width(),
                size.height(),
            )
            if self._image.hasAlphaChannel():
                self._paint_squares(painter, box)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, self._image)

    def _paint_squares(self, painter: QPainter, box: QRectF) -> None:
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, QColor("#ffffff"))
        for y in range(int(box.top()), int(box.bottom()) + 1, CHECK):
            first = int(box.left()) + (CHECK if (y - int(box.top())) // CHECK % 2 else 0)
            for x in range(first, int(box.right()) + 1, 2 * CHECK):
                painter.fillRect(x, y, CHECK, CHECK, QColor("#dddddd"))
        painter.restore()


class PreviewPane(QWidget):
    """The picture with a slider over all frames below it.

    Signals
    -------
    frame_requested : int
        Which frame to show, from 0.
    """

    frame_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.picture = Picture()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        keep_still(self.slider)
        self.slider.setAccessibleName(self.tr("Frame of the preview"))
        self.frame = CountBox(1, 1, self.tr("Frame of the preview"))
        self.frame.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.frame.setFixedWidth(84)
        self.total = QLabel()
        self.words = quiet()
        self.estimate = quiet()
        label = QLabel(self.tr("F&rame"))
        label.setBuddy(self.frame)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for widget, stretch in ((label, 0), (self.slider, 1), (self.frame, 0), (self.total, 0)):
            row.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.picture, 1)
        column.addLayout(row)
        for line in (self.words, self.estimate):
            line.setMinimumHeight(line.fontMetrics().lineSpacing())
            column.addWidget(line)
        self.show_count(1)
        self.slider.valueChanged.connect(lambda value: self._sought(value))
        self.frame.valueChanged.connect(lambda value: self._sought(value - 1))

    @property
    def position(self) -> int:
        """The frame that is shown, from 0."""
        return self.slider.value()

    def show_count(self, count: int) -> None:
        """Offer so many frames; the one that is shown stays where there is one."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.frame):
            self.slider.setRange(0, count - 1)
            self.slider.setPageStep(max(1, count // 10))
            self.frame.setRange(1, count)
            self.frame.setValue(self.slider.value() + 1)
        self.total.setText(self.tr("of {count}").format(count=f"{count:,}"))
        for widget in (self.slider, self.frame):
            widget.setEnabled(count > 1)

    def show_start(self, count: int, position: int) -> None:
        """Offer so many frames, and begin with that one."""
        self.show_count(count)
        with QSignalBlocker(self.slider), QSignalBlocker(self.frame):
            self.slider.setValue(position)
            self.frame.setValue(position + 1)

    def show_frame(self, image: QImage, words: str) -> None:
        """Show a frame and which it is."""
        self.picture.show_image(image)
        self.picture.setAccessibleDescription(words)
        self.words.setText(words)

    def _sought(self, position: int) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.frame):
            self.slider.setValue(position)
            self.frame.setValue(position + 1)
        self.frame_requested.emit(position)

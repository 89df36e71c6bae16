"""Numbers within limits that move: a slider and a box that cannot reach what does not fit, and why they end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from cnnviz.lesson.limits import Limit
from cnnviz.views.fields import CountBox
from cnnviz.views.forms import quiet
from cnnviz.views.keys import keep_still

BOX_WIDTH = 58
MIXED = "–"
"""In place of one number that stands for several which differ."""
GAP = 2


def nearest(values: Sequence[int], value: int) -> int:
    """The place of a value among ascending ones, or of the nearest."""
    at = min(bisect_left(values, value), len(values) - 1)
    return at - 1 if at and value - values[at - 1] < values[at] - value else at


class LimitedBox(CountBox):
    """A whole number that steps over what is not allowed; what is typed becomes the nearest allowed one."""

    def __init__(self, name: str) -> None:
        super().__init__(0, 0, name)
        self._values: Sequence[int] = range(1)

    def show_limited(self, value: int, limit: Limit) -> None:
        """Show a value and how far it may go; says nothing."""
        self._values = limit.values
        with QSignalBlocker(self):
            self.setSpecialValueText("")
            self.setRange(limit.least, limit.most)
            self.setValue(value)

    def show_mixed(self, limit: Limit) -> None:
        """Show that it stands for several values, by none of which it is told; any that is typed is another."""
        self._values = limit.values
        with QSignalBlocker(self):
            self.setRange(limit.least - 1, limit.most)
            self.setSpecialValueText(MIXED)  # stands for the lowest
            self.setValue(limit.least - 1)

    def stepBy(self, steps: int) -> None:  # noqa: N802  # Qt's name
        if self.value() < self._values[0]:
            self.setValue(self._values[0])
            return
        at = nearest(self._values, self.value()) + steps
        self.setValue(self._values[min(max(at, 0), len(self._values) - 1)])

    def valueFromText(self, text: str) -> int:  # noqa: N802  # Qt's name
        return self._values[nearest(self._values, super().valueFromText(text))]


class LimitedNumber(QWidget):
    """One number: a slider, a box, and below them why there is no more where it stands at an end.

    Signals
    -------
    number_edited : int, bool
        The value, and whether the slider is being dragged.
    drag_finished
    """

    number_edited = Signal(int, bool)
    drag_finished = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = Limit(0, 0)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        keep_still(self.slider)
        self.slider.setAccessibleName(name)
        self.slider.setMinimumWidth(60)
        self.slider.setPageStep(1)
        self.box = LimitedBox(name)
        self.box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.box.setFixedWidth(BOX_WIDTH)
        self.why = quiet()
        self.why.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.why.hide()
        self.row = QHBoxLayout()
        self.row.setSpacing(4)
        self.row.addWidget(self.slider, 1)
        self.row.addWidget(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(self.row)
        column.addWidget(self.why)
        self.setFocusProxy(self.box)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.drag_finished)
        self.box.valueChanged.connect(lambda value: self.number_edited.emit(value, False))

    def show_limited(self, value: int, limit: Limit) -> None:
        """Show a value and how far it may go; says nothing."""
        self._limit = limit
        values = limit.values
        with QSignalBlocker(self.slider):
            # Under the mouse the slider keeps its ends, or its handle would run away.
            if not self.slider.isSliderDown():
                self.slider.setRange(0, len(values) - 1)
                self.slider.setValue(nearest(values, value))
        self.box.show_limited(value, limit)
        # A slider with one place only would draw its handle at an end.
        self.slider.setEnabled(len(values) > 1)
        self.box.setEnabled(len(values) > 1)
        self._say_why(value)

    def _say_why(self, value: int) -> None:
        limit = self._limit
        ends = ((limit.most, limit.why_most), (limit.least, limit.why_least))
        reason = next((why for end, why in ends if value == end and why), "")
        self.why.setText(reason)
        self.why.setVisible(bool(reason))
        tip = "\n".join(why for why in (limit.why_least, limit.why_most) if why)
        for widget in (self.slider, self.box):
            widget.setToolTip(tip)
            widget.setAccessibleDescription(reason)

    def _slid(self, at: int) -> None:
        values = self._limit.values
        value = values[min(at, len(values) - 1)]
        with QSignalBlocker(self.box):
            self.box.setValue(value)
        self.number_edited.emit(value, self.slider.isSliderDown())


class FourSides(QWidget):
    """Four amounts around a picture: one slider for all alike, and a box for each side.

    Signals
    -------
    number_edited : str, int, bool
        The side (top, bottom, left, right, or "" for all), the amount, and whether the slider is being dragged.
    drag_finished
    """

    number_edited = Signal(str, int, bool)
    drag_finished = Signal()

    def __init__(self, alike: str, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alike = LimitedNumber(alike)
        self.alike.row.insertWidget(0, QLabel(self.tr("All")))
        self.boxes = tuple(LimitedBox(name) for name in names)
        grid = QGridLayout()
        grid.setSpacing(4)
        places = ((0, 0), (0, 2), (1, 0), (1, 2))
        for box, sign, (row, column) in zip(self.boxes, "↑↓←→", places, strict=True):
            grid.addWidget(QLabel(sign), row, column)
            grid.addWidget(box, row, column + 1)
            grid.setColumnStretch(column + 1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self.alike)
        whole.addLayout(grid)
        self.setFocusProxy(self.alike)
        self.alike.number_edited.connect(lambda value, drag: self.number_edited.emit("", value, drag))
        self.alike.drag_finished.connect(self.drag_finished)
        for box, side in zip(self.boxes, ("top", "bottom", "left", "right"), strict=True):
            box.valueChanged.connect(lambda value, side=side: self.number_edited.emit(side, value, False))

    def show_sides(self, values: Sequence[int], alike: Limit | None, each: Sequence[Limit]) -> None:
        """Show the amounts and how far each may go; says nothing."""
        self.alike.setVisible(alike is not None)
        if alike is not None:
            self.alike.show_limited(max(values), alike)
            if len(set(values)) > 1:
                self.alike.box.show_mixed(alike)
                self.alike.why.hide()
        for box, value, limit in zip(self.boxes, values, each, strict=True):
            box.show_limited(value, limit)
            box.setToolTip("\n".join(filter(None, (limit.why_least, limit.why_most))))

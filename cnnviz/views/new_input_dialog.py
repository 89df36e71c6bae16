"""New input: size, pattern and values of a small input, with a picture of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from cnnviz.lesson.inputs import MAX_CHANNELS, MAX_SIDE, PATTERNS, Pattern, make_input
from cnnviz.lesson.lesson import BadInput
from cnnviz.scene.colors import colorise, greys
from cnnviz.views.dialogs import FormDialog
from cnnviz.views.fields import ChoiceBox, CountBox, NumberField, PairField
from cnnviz.views.forms import form_layout

PREVIEW = 176
MOST_SEED = 2**31 - 1


class NewInputDialog(FormDialog):
    """Asks for a pattern; `choice` is what `cnnviz.lesson.inputs.make_input` takes.

    Signals
    -------
    input_requested : pattern, shape, low, high, seed
        Said when the dialog is accepted.
    """

    input_requested = Signal(str, object, float, float, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("New input"), self.tr("&Make"), parent)
        self.extent = PairField(1, MAX_SIDE, self.tr("Rows"), self.tr("Columns"))
        self.extent.show_pair(6, 6)
        self.channels = CountBox(1, MAX_CHANNELS, self.tr("Channels"))
        self.pattern = ChoiceBox([(p, self._pattern_text(p)) for p in PATTERNS], self.tr("Pattern"))
        self.pattern.show_choice("bar")
        self.low, self.high = NumberField(), NumberField()
        self.low.show_text("0")
        self.high.show_text("10")
        self.seed = QSpinBox()
        self.seed.setRange(0, MOST_SEED)
        self.seed.setToolTip(self.tr("The same seed gives the same noise"))
        self.preview = QLabel()
        self.preview.setFixedSize(PREVIEW, PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName(self.tr("Preview"))
        self._lay_out()
        self._connect()
        self._show()

    def choice(self) -> tuple[Pattern, tuple[int, int, int], float, float, int]:
        """Pattern, (channels, rows, columns), low and high value, seed."""
        pattern = next(p for p in PATTERNS if p == self.pattern.choice)
        shape = (self.channels.value(), self.extent.rows.value(), self.extent.columns.value())
        return pattern, shape, self.low.number(), self.high.number(), self.seed.value()

    def accept(self) -> None:
        self.input_requested.emit(*self.choice())
        super().accept()

    def _lay_out(self) -> None:
        form = form_layout()
        form.addRow(self.tr("Si&ze"), self.extent)
        form.addRow(self.tr("&Channels"), self.channels)
        form.addRow(self.tr("&Pattern"), self.pattern)
        form.addRow(self.tr("&Low value"), self.low)
        form.addRow(self.tr("&High value"), self.high)
        form.addRow(self.tr("&Seed"), self.seed)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(form, 1)
        row.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(row)
        self.setMinimumWidth(460)

    def _connect(self) -> None:
        self.extent.pair_edited.connect(lambda _r, _c: self._show())
        self.channels.valueChanged.connect(lambda _: self._show())
        self.seed.valueChanged.connect(lambda _: self._show())
        self.pattern.choice_edited.connect(lambda _: self._show())
        for field in (self.low, self.high):
            field.number_edited.connect(lambda _: self._show())
            field.refused.connect(self.error.show_error)

    def _show(self) -> None:
        pattern, shape, low, high, seed = self.choice()
        self.seed.setEnabled(pattern == "noise")
        try:
            source = make_input(pattern, shape, low, high, seed)
        except BadInput as error:
            self.show_error(str(error))
            return
        self.show_error("")
        span = (min(low, high), max(low, high))
        span = span if span[0] < span[1] else (span[0] - 1, span[1] + 1)
        colors = colorise(source.array[0], span, greys())
        rows, columns = shape[1:]
        # QImage keeps only a pointer, so the picture is copied before the bytes go.
        image = QImage(colors.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
        scaled = image.scaled(PREVIEW, PREVIEW, Qt.AspectRatioMode.KeepAspectRatio)
        self.preview.setPixmap(QPixmap.fromImage(scaled))

    def _pattern_text(self, pattern: Pattern) -> str:
        return {
            "zeros": self.tr("Zeros (low value)"),
            "ramp": self.tr("Ramp"),
            "bar": self.tr("Bar"),
            "cross": self.tr("Cross"),
            "checker": self.tr("Checker"),
            "disc": self.tr("Disc"),
            "noise": self.tr("Noise"),
        }[pattern]

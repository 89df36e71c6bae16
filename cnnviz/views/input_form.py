"""The input panel: where the picture comes from, grey or RGB, its working size, and its cells where they are few."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from cnnviz.lesson.forms import InputForm
from cnnviz.views.fields import ChoiceBox, NumberField, PairField
from cnnviz.views.forms import GAP, MARGIN, form_layout, halves, quiet
from cnnviz.views.input_cells import InputCells
from cnnviz.views.keys import Form
from cnnviz.views.limited import LimitedNumber
from cnnviz.views.refusal import Refusal

MOST = 16384
SIZES = (256, 128, 64, 32, 28)
"""Working sizes to choose from: the longer side, the other in proportion."""
ORIGINAL = 0
OWN = -1


class InputFormView(Form):
    """The input of the lesson.

    Signals
    -------
    open_requested, new_requested, paste_requested
    grey_edited : bool
    size_edited : rows, columns
        The working size.
    cells_edited : list of (channel, row, column, value)
    brush_changed : float or None
        The value the mouse paints on the stage with; None to stop painting.
    noise_edited : int, bool
        Hundredths of the span, and whether the slider is being dragged; noise_requested asks for other noise.
    shift_edited : rows, columns, bool
    rotation_edited : degrees, bool
    like_edited : bool
        Whether the picture is made like those that the network was trained on.
    drag_finished
    pasted : str
        A table as text for the input; copy_requested : style, channel asks for the shown one.
    """

    open_requested = Signal()
    new_requested = Signal()
    paste_requested = Signal()
    grey_edited = Signal(bool)
    size_edited = Signal(int, int)
    cells_edited = Signal(object)
    brush_changed = Signal(object)
    noise_edited = Signal(int, bool)
    noise_requested = Signal()
    shift_edited = Signal(int, int, bool)
    rotation_edited = Signal(int, bool)
    like_edited = Signal(bool)
    drag_finished = Signal()
    pasted = Signal(str)
    copy_requested = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: InputForm | None = None
        self.facts = quiet()
        self.open = QPushButton(self.tr("&Open picture…"))
        self.new = QPushButton(self.tr("Ne&w input…"))
        self.paste = QPushButton(self.tr("P&aste"))
        self.colour = ChoiceBox(
            [(False, self.tr("Colour (RGB)")), (True, self.tr("Grey"))], self.tr("Colour")
        )
        sizes = [(n, str(n)) for n in SIZES]
        self.preset = ChoiceBox(
            [(ORIGINAL, self.tr("Original")), *sizes, (OWN, self.tr("Own"))], self.tr("Working size")
        )
        self.extent = PairField(
            1, MOST, self.tr("Rows of the input"), self.tr("Columns of the input"), linked=False
        )
        self.like = QCheckBox(self.tr("Like the training data"))
        self.done = quiet()
        self.noise = LimitedNumber(self.tr("Noise"))
        self.draw = QPushButton(self.tr("&Draw again"))
        self.draw.setToolTip(self.tr("Other noise of the same strength"))
        self.shift_rows = LimitedNumber(self.tr("Shift down"))
        self.shift_columns = LimitedNumber(self.tr("Shift to the right"))
        self.rotation = LimitedNumber(self.tr("Degrees, anticlockwise"))
        self.cells = InputCells()
        self.error = Refusal(self)
        self.brush = QCheckBox(self.tr("Paint with the &mouse"))
        self.value = NumberField()
        self.value.setAccessibleName(self.tr("Value painted"))
        self.credit = quiet()
        self._lay_out()
        self._connect()

    def show_form(self, form: InputForm) -> None:
        """Show the facts of the input; says nothing."""
        self._form = form
        self.error.show_error("")
        channels, rows, columns = form.original
        size = f"{rows}×{columns}" if channels == 1 else f"{rows}×{columns}×{channels}"
        self.facts.setText(f"{form.name}\n{size}".strip())
        self.colour.show_choice(form.grey or channels == 1 or bool(form.like))
        self.like.setVisible(form.like is not None)
        self.like.setChecked(bool(form.like))
        self.done.setText(form.done)
        self.done.setVisible(bool(form.done))
        for field in (self.preset, self.extent):
            field.setEnabled(not form.like)
        self.colour.setEnabled(channels == 3 and not form.like)
        self.extent.show_pair(*form.shape[1:])
        self.preset.show_choice(self._preset_of(form))
        self.noise.show_limited(form.noise, form.noise_limit)
        self.noise.setToolTip(self._noise_tip(form))
        self.draw.setEnabled(form.noise > 0)
        self.shift_rows.show_limited(form.shift[0], form.row_limit)
        self.shift_columns.show_limited(form.shift[1], form.column_limit)
        self.rotation.show_limited(form.rotation, form.rotation_limit)
        self.credit.setText(form.credit)
        self.credit.setVisible(bool(form.credit))
        if not self.value.text():
            self.value.show_text(f"{form.span[1]:g}")

    def show_cells(self, planes: Sequence[Sequence[Sequence[str]]]) -> None:
        """Show the cells as texts, channel by channel; an empty sequence when there are too many."""
        self.cells.show_cells(planes)

    def stop_painting(self) -> None:
        """Put the brush away."""
        self.brush.setChecked(False)

    # Building

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(self.facts)
        layout.addLayout(halves(self.open, self.paste))
        layout.addWidget(self.new)
        layout.addWidget(self.like)
        layout.addWidget(self.done)
        form = form_layout()
        form.addRow(self.tr("&Colour"), self.colour)
        form.addRow(self.tr("Si&ze"), self.preset)
        form.addRow("", self.extent)
        form.addRow(self.tr("No&ise"), self.noise)
        form.addRow("", self.draw)
        form.addRow(self.tr("Shift &rows"), self.shift_rows)
        form.addRow(self.tr("Col&umns"), self.shift_columns)
        form.addRow(self.tr("Ro&tate"), self.rotation)
        layout.addLayout(form)
        layout.addSpacing(GAP)
        layout.addWidget(self.cells)
        layout.addLayout(halves(self.brush, self.value))
        layout.addStretch(1)
        layout.addWidget(self.credit)

    def _connect(self) -> None:
        self.open.clicked.connect(self.open_requested)
        self.new.clicked.connect(self.new_requested)
        self.paste.clicked.connect(self.paste_requested)
        self.colour.choice_edited.connect(self.grey_edited.emit)
        self.preset.choice_edited.connect(self._preset_chosen)
        self.extent.pair_edited.connect(self.size_edited)
        self.noise.number_edited.connect(self.noise_edited)
        self.draw.clicked.connect(self.noise_requested)
        for number in (self.shift_rows, self.shift_columns):
            number.number_edited.connect(lambda _value, drag: self._say_shift(drag))
        self.rotation.number_edited.connect(self.rotation_edited)
        self.like.clicked.connect(self.like_edited)
        for number in (self.noise, self.shift_rows, self.shift_columns, self.rotation):
            number.drag_finished.connect(self.drag_finished)
        self.cells.cells_edited.connect(self._typed)
        self.cells.refused.connect(lambda line: self.error.show_error(line, self.cells.table))
        self.cells.pasted.connect(self.pasted)
        self.cells.copy_requested.connect(self.copy_requested)
        self.brush.toggled.connect(lambda _: self._say_brush())
        self.value.number_edited.connect(lambda _: self._say_brush())
        self.value.refused.connect(lambda line: self.error.show_error(line, self.value))

    # Helpers

    def _typed(self, cells: list[tuple[int, int, int, float]]) -> None:
        self.error.show_error("")
        self.cells_edited.emit(cells)

    def _say_shift(self, dragging: bool) -> None:
        self.shift_edited.emit(self.shift_rows.box.value(), self.shift_columns.box.value(), dragging)

    def _noise_tip(self, form: InputForm) -> str:
        if form.picture:
            return self.tr("Standard deviation in brightnesses of 255; seed {n}").format(n=form.seed)
        return self.tr("Standard deviation in % of the span; seed {n}").format(n=form.seed)

    def _say_brush(self) -> None:
        self.error.show_error("")
        self.brush_changed.emit(self.value.number() if self.brush.isChecked() else None)

    def _preset_chosen(self, preset: object) -> None:
        if self._form is None or preset == OWN:
            self.extent.rows.setFocus()
            return
        rows, columns = self._form.original[1:]
        self.size_edited.emit(*working_size(rows, columns, preset if isinstance(preset, int) else ORIGINAL))

    def _preset_of(self, form: InputForm) -> int:
        rows, columns = form.original[1:]
        for preset in (ORIGINAL, *SIZES):
            if working_size(rows, columns, preset) == form.shape[1:]:
                return preset
        return OWN


def working_size(rows: int, columns: int, longer: int) -> tuple[int, int]:
    """Rows and columns in proportion with this longer side; 0 for the original.

    Examples
    --------
    >>> working_size(512, 384, 128), working_size(2160, 3840, 256), working_size(6, 6, 0)
    ((128, 96), (144, 256), (6, 6))
    """
    if longer == ORIGINAL:
        return rows, columns
    scale = longer / max(rows, columns)
    return max(1, round(rows * scale)), max(1, round(columns * scale))

"""The layer panel: padding, stride, dilation, activation, pooling and pace, with the shapes they lead to."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QGridLayout, QLabel, QVBoxLayout, QWidget

from cnnviz.lesson.forms import LayerForm
from cnnviz.views.fields import ChoiceBox, CountBox, PairField
from cnnviz.views.forms import GAP, MARGIN, ErrorLine, form_layout, heading, quiet
from cnnviz.views.keys import Form

MOST = 4096
OWN = ""
"""The padding word that stands for chosen amounts."""


class LayerFormView(Form):
    """Geometry of the first convolution and what follows it.

    Signals
    -------
    geometry_edited : dict
        One of ``padding`` (a word or four amounts: top, bottom, left, right), ``padding_mode``, ``stride``,
        ``dilation``.
    activation_edited : str
    pooling_edited : kind, size, stride
    pace_edited : str or None
        None for the default.
    """

    geometry_edited = Signal(object)
    activation_edited = Signal(str)
    pooling_edited = Signal(str, object, object)
    pace_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_geometry()
        self._make_following()
        self.shapes = quiet()
        self.error = ErrorLine()
        self._lay_out()
        self._connect()

    def show_form(self, form: LayerForm) -> None:
        """Show the geometry; says nothing."""
        self.error.show_error("")
        self.padding.show_choice(form.padding)
        for box, amount in zip(self.pads, form.pads, strict=True):
            box.show_value(amount)
        self.mode.show_choice(form.padding_mode)
        self.stride.show_pair(*form.stride)
        self.dilation.show_pair(*form.dilation)
        self.activation.show_choice(form.activation)
        self.pool.show_choice(form.pool)
        self.pool_size.show_pair(*form.pool_size)
        self.pool_stride.show_pair(*form.pool_stride)
        self.pool_size.setEnabled(form.pool != "none")
        self.pool_stride.setEnabled(form.pool != "none")
        self.pace.show_choice(form.pace)
        self.shapes.setText(" → ".join(_shape_text(shape) for shape in form.shapes))

    def show_error(self, text: str) -> None:
        """Say under the fields why a value was refused."""
        self.error.show_error(text)

    # Building

    def _make_geometry(self) -> None:
        tr = self.tr
        self.padding = ChoiceBox(
            [
                ("valid", tr("Valid (none)")),
                ("same", tr("Same")),
                ("full", tr("Full")),
                (OWN, tr("Own amounts")),
            ],
            tr("Padding"),
        )
        names = (tr("Padding above"), tr("Padding below"), tr("Padding left"), tr("Padding right"))
        self.pads = tuple(CountBox(0, MOST, name) for name in names)
        self.mode = ChoiceBox(
            [
                ("zeros", tr("Zeros")),
                ("reflect", tr("Reflect")),
                ("replicate", tr("Replicate")),
                ("circular", tr("Circular")),
            ],
            tr("Fill of the padding"),
        )
        self.stride = PairField(1, MOST, tr("Stride in rows"), tr("Stride in columns"))
        self.dilation = PairField(1, MOST, tr("Dilation in rows"), tr("Dilation in columns"))

    def _make_following(self) -> None:
        tr = self.tr
        self.activation = ChoiceBox([("none", tr("None")), ("relu", "ReLU")], tr("Activation"))
        self.pool = ChoiceBox(
            [("none", tr("None")), ("max", tr("Max")), ("avg", tr("Average"))], tr("Pooling")
        )
        self.pool_size = PairField(1, MOST, tr("Pooling rows"), tr("Pooling columns"))
        self.pool_stride = PairField(1, MOST, tr("Pooling stride in rows"), tr("Pooling stride in columns"))
        self.pace = ChoiceBox(
            [
                (None, tr("Default")),
                ("multiply", tr("Products")),
                ("cell", tr("Cell")),
                ("row", tr("Row")),
                ("channel", tr("Channel")),
                ("layer", tr("Layer")),
                ("auto", tr("Auto")),
            ],
            tr("Pace"),
        )

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        form = form_layout()
        form.addRow(heading(self.tr("Convolution")))
        form.addRow(self.tr("Paddin&g"), self.padding)
        form.addRow("", self._pad_grid())
        form.addRow(self.tr("Filled &with"), self.mode)
        form.addRow(self.tr("&Stride"), self.stride)
        form.addRow(self.tr("&Dilation"), self.dilation)
        self._group(form, self.tr("Then"))
        form.addRow(self.tr("&Activation"), self.activation)
        form.addRow(self.tr("Poo&ling"), self.pool)
        form.addRow(self.tr("Si&ze"), self.pool_size)
        form.addRow(self.tr("S&tride"), self.pool_stride)
        self._group(form, self.tr("Shapes"))
        form.addRow(self.shapes)
        self._group(form, self.tr("Steps"))
        form.addRow(self.tr("Pa&ce"), self.pace)
        layout.addLayout(form)
        layout.addWidget(self.error)
        layout.addStretch(1)

    def _group(self, form: QFormLayout, title: str) -> None:
        gap = QWidget()
        gap.setFixedHeight(2)
        form.addRow(gap)
        form.addRow(heading(title))

    def _pad_grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        places = ((0, 0), (0, 2), (1, 0), (1, 2))
        for box, sign, (row, column) in zip(self.pads, "↑↓←→", places, strict=True):
            grid.addWidget(QLabel(sign), row, column)
            grid.addWidget(box, row, column + 1)
            grid.setColumnStretch(column + 1, 1)
        return holder

    def _connect(self) -> None:
        self.padding.choice_edited.connect(self._padding_chosen)
        for box in self.pads:
            box.valueChanged.connect(lambda _: self._say_pads())
        self.mode.choice_edited.connect(lambda mode: self.geometry_edited.emit({"padding_mode": mode}))
        self.stride.pair_edited.connect(lambda r, c: self.geometry_edited.emit({"stride": (r, c)}))
        self.dilation.pair_edited.connect(lambda r, c: self.geometry_edited.emit({"dilation": (r, c)}))
        self.activation.choice_edited.connect(self.activation_edited.emit)
        self.pool.choice_edited.connect(lambda _: self._say_pooling())
        self.pool_size.pair_edited.connect(self._pool_sized)
        self.pool_stride.pair_edited.connect(lambda r, c: self._say_pooling())
        self.pace.choice_edited.connect(self.pace_edited)

    def _padding_chosen(self, word: object) -> None:
        if word == OWN:
            self._say_pads()
        else:
            self.geometry_edited.emit({"padding": word})

    def _say_pads(self) -> None:
        self.geometry_edited.emit({"padding": tuple(box.value() for box in self.pads)})

    def _pool_sized(self, rows: int, columns: int) -> None:
        # Windows side by side are what a size means until a stride is chosen.
        self.pool_stride.show_pair(rows, columns)
        self._say_pooling()

    def _say_pooling(self) -> None:
        size, stride = self.pool_size, self.pool_stride
        self.pooling_edited.emit(
            self.pool.choice,
            (size.rows.value(), size.columns.value()),
            (stride.rows.value(), stride.columns.value()),
        )


def _shape_text(shape: tuple[int, int, int]) -> str:
    channels, rows, columns = shape
    return f"{rows}×{columns}" if channels == 1 else f"{rows}×{columns}×{channels}"

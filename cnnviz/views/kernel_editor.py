"""The kernel panel: choose a kernel, edit its weights in place, take a named one, load, add, remove."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnnviz.lesson.kernel_form import KernelForm
from cnnviz.views.cell_table import CellTable
from cnnviz.views.fields import NumberField
from cnnviz.views.forms import GAP, MARGIN, form_layout, heading, name_choice, quiet
from cnnviz.views.keys import Form
from cnnviz.views.layer_chooser import LayerChooser
from cnnviz.views.pair_slider import PairSlider
from cnnviz.views.presets import Presets
from cnnviz.views.refusal import Refusal


class KernelEditor(Form):
    """One plane of the weights of a layer.

    Signals
    -------
    weight_edited : row, column, value
    plane_requested : str
        The id of a named kernel to take.
    size_edited : str, int, bool
        ``kernel_size`` with ``.rows`` or ``.columns`` or for both, the number, whether its slider is being dragged;
        ``drag_finished`` when it is let go.
    bias_edited : value
    selection_requested : kernel, channel
        The channel is −1 for all channels alike: what is typed then goes to every one of them.
    pasted : str
        A matrix as text; copy_requested : str asks for one as ``plain``, ``numpy`` or ``latex``.
    load_requested, add_requested, remove_requested, reset_requested
    """

    weight_edited = Signal(int, int, float)
    plane_requested = Signal(object)
    size_edited = Signal(str, int, bool)
    drag_finished = Signal()
    bias_edited = Signal(float)
    selection_requested = Signal(int, int)
    pasted = Signal(str)
    copy_requested = Signal(str)
    load_requested = Signal()
    add_requested = Signal()
    remove_requested = Signal()
    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = LayerChooser()
        self.kernel = _choice(self.tr("Kernel"))
        self.channel = _choice(self.tr("Channel"))
        self.table = CellTable(self.tr("Weights"))
        self.error = Refusal(self)
        self.name = quiet()
        self.extent = PairSlider("kernel_size", self.tr("Si&ze"))
        self.bias = NumberField()
        self.bias.setAccessibleName(self.tr("Bias"))
        self.presets = Presets()
        self.add = _button("+", self.tr("Add a kernel: one more feature map"))
        self.remove = _button("−", self.tr("Remove this kernel"))
        self._lay_out()
        self._connect()

    def show_form(self, form: KernelForm | None) -> None:
        """Show a kernel, or that there is none; says nothing."""
        self.error.show_error("")
        self.setting.setVisible(form is not None)
        self.nothing.setVisible(form is None)
        if form is None:
            return
        word = self.tr("Output {n}") if form.matrix else self.tr("Kernel {n}")
        _fill(self.kernel, [word.format(n=n) for n in range(form.kernels)], form.kernel)
        names = [self.tr("All channels")] + [_channel_name(n, form.channels) for n in range(form.channels)]
        _fill(self.channel, names, form.channel + 1)
        self.channel.setVisible(form.channels > 1)
        self.remove.setEnabled(form.kernels > 1)
        self.table.show_texts(form.cells)
        own = self.tr("A row for each output") if form.matrix else self.tr("Weights of your own")
        self.name.setText(form.name or own)
        self.bias.show_text(form.bias)
        self.extent.setVisible(form.size is not None)
        self.named.setVisible(not form.matrix)
        self.presets.setVisible(not form.matrix)
        if form.size is not None:
            self.extent.show_pair(form.size)
            self.presets.show_name(form.name)

    # Building

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        self.nothing = quiet(self.tr("This track has no weights."))
        self.setting = QWidget()
        layout.addWidget(self.chooser)
        layout.addWidget(self.nothing)
        layout.addWidget(self.setting, 1)
        inner = QVBoxLayout(self.setting)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GAP)
        inner.addLayout(_row(self.kernel, self.add, self.remove, self._more_button()))
        inner.addWidget(self.channel)
        inner.addWidget(self.name)
        inner.addWidget(self.table)
        form = form_layout()
        form.addRow(self.tr("&Bias"), self.bias)
        inner.addLayout(form)
        inner.addWidget(self.extent)
        self.named = heading(self.tr("Named kernels"))
        inner.addWidget(self.named)
        inner.addWidget(self.presets, 1)
        inner.addStretch(0)

    def _more_button(self) -> QToolButton:
        menu = QMenu(self)
        menu.addAction(self.tr("&Load from a file…"), self.load_requested.emit)
        menu.addAction(self.tr("&Copy as table"), lambda: self.copy_requested.emit("plain"))
        menu.addAction(self.tr("Copy as &NumPy"), lambda: self.copy_requested.emit("numpy"))
        menu.addAction(self.tr("Copy as La&TeX"), lambda: self.copy_requested.emit("latex"))
        menu.addSeparator()
        menu.addAction(self.tr("&Reset to the lesson's own"), self.reset_requested.emit)
        button = QToolButton()
        button.setText("⋯")
        button.setToolTip(self.tr("Load, copy, reset"))
        button.setAccessibleName(self.tr("More"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        self.more = menu
        return button

    def _connect(self) -> None:
        self.kernel.activated.connect(lambda _: self._select())
        self.channel.activated.connect(lambda _: self._select())
        self.table.cells_edited.connect(self._typed)
        self.table.refused.connect(lambda line: self.error.show_error(line, self.table))
        self.table.pasted.connect(self.pasted)
        self.table.copy_requested.connect(lambda: self.copy_requested.emit("plain"))
        self.extent.number_edited.connect(self.size_edited)
        self.extent.drag_finished.connect(self.drag_finished)
        self.bias.number_edited.connect(self.bias_edited)
        self.bias.refused.connect(lambda line: self.error.show_error(line, self.bias))
        self.presets.plane_requested.connect(self.plane_requested)
        self.add.clicked.connect(self.add_requested)
        self.remove.clicked.connect(self.remove_requested)

    def _select(self) -> None:
        self.selection_requested.emit(self.kernel.currentIndex(), self.channel.currentIndex() - 1)

    def _typed(self, cells: list[tuple[int, int]], value: float) -> None:
        self.error.show_error("")
        for row, column in cells:
            self.weight_edited.emit(row, column, value)


def _channel_name(number: int, count: int) -> str:
    if count == 3:
        return f"{number} · {'RGB'[number]}"
    return str(number)


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    name_choice(box, name)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(80)
    return box


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFixedWidth(30)
    return button


def _fill(box: QComboBox, names: list[str], current: int) -> None:
    with QSignalBlocker(box):
        if [box.itemText(i) for i in range(box.count())] != names:
            box.clear()
            box.addItems(names)
        box.setCurrentIndex(current)


def _row(first: QWidget, *others: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    row.addWidget(first, 1)
    for widget in others:
        row.addWidget(widget)
    return row

"""The learning panel: rate, momentum, iterations, seed, loss, targets and random starts of a track that learns."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnnviz.lesson.learning_form import RATE_NOTCHES, LearningForm, RandomLayer
from cnnviz.lesson.recipe import LARGEST_BATCH, LOSSES, MOST_ITERATIONS, REDUCTIONS
from cnnviz.views.cell_table import CellTable
from cnnviz.views.fields import ChoiceBox, CountBox, NumberField
from cnnviz.views.forms import GAP, MARGIN, form_layout, heading, quiet
from cnnviz.views.keys import Form, keep_still
from cnnviz.views.refusal import Refusal

MOST_SEED = 2**31 - 1
RATE_WIDTH = 64
MOST_STARTS = 12
"""A network of more layers with weights has no choice of each one's start."""


class LearningPanel(Form):
    """Shows a `LearningForm`.

    Signals
    -------
    field_edited : str, object
        ``rate``, ``momentum``, ``batch``, ``iterations``, ``seed``, ``loss`` or ``reduction``, and its value.
    rate_slid : int, bool
        The place of the slider, and whether it is being dragged.
    drag_finished
    seed_requested
        The next seed.
    target_edited : list of (row, column), float
    example_requested, track_requested : int
    random_edited : int, bool
        A layer, and whether it starts from random weights.
    """

    field_edited = Signal(str, object)
    rate_slid = Signal(int, bool)
    drag_finished = Signal()
    seed_requested = Signal()
    target_edited = Signal(object, float)
    example_requested = Signal(int)
    track_requested = Signal(int)
    random_edited = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = LearningForm()
        self.track = ChoiceBox([], self.tr("Track"))
        self.rate_slider = QSlider(Qt.Orientation.Horizontal)
        self.rate = NumberField()
        self.momentum = NumberField()
        self.iterations = CountBox(1, MOST_ITERATIONS, self.tr("Iterations"))
        self.batch = CountBox(1, LARGEST_BATCH, self.tr("Pictures in a batch"))
        self.seed = CountBox(0, MOST_SEED, self.tr("Seed of the random weights"))
        self.die = QToolButton()
        self.loss = ChoiceBox(
            list(zip(LOSSES, (self.tr("Squared error"), self.tr("Cross-entropy")), strict=True)),
            self.tr("Loss"),
        )
        self.reduction = ChoiceBox(
            list(zip(REDUCTIONS, (self.tr("Sum of cells"), self.tr("Mean of cells")), strict=True)),
            self.tr("Reduction"),
        )
        self.example = QSpinBox()
        self.targets = CellTable(self.tr("Target"))
        self.target_name = quiet()
        self.random: list[QCheckBox] = []
        self.error = Refusal(self)
        self._prepare()
        self._lay_out()
        self._connect()

    def show_form(self, form: LearningForm) -> None:
        """Show how a track learns; says nothing."""
        self._form = form
        self.setEnabled(form.track >= 0)
        self.error.show_error("")
        if form.track < 0:
            return
        self.track.replace_choices(form.tracks)
        self.track.show_choice(form.track)
        self.rows.setRowVisible(self.track, len(form.tracks) > 1)
        with QSignalBlocker(self.rate_slider), QSignalBlocker(self.example):
            if not self.rate_slider.isSliderDown():
                self.rate_slider.setValue(form.notch)
            self.example.setRange(1, form.examples)
            self.example.setValue(form.example + 1)
        self.rate.show_text(form.rate)
        self.momentum.show_text(form.momentum)
        self.iterations.show_value(form.iterations)
        self.seed.show_value(form.seed)
        self.batch.show_value(max(1, form.batch))
        self.rows.setRowVisible(self.batch, form.batch > 0)
        self.loss.show_choice(form.loss)
        self.loss.setEnabled(form.may_change_loss and not form.batch)
        self.reduction.show_choice(form.reduction)
        self.rows.setRowVisible(self.reduction, form.loss == "squared_error")
        self._show_target(form)
        self._show_layers(form.layers)

    # Helpers

    def _show_target(self, form: LearningForm) -> None:
        self.example.setVisible(form.examples > 1)
        self.targets.setVisible(bool(form.targets))
        self.targets.show_texts(form.targets)
        told = form.example_name if form.targets else self.tr("Too large to be typed: see it on the stage.")
        if form.hidden:
            told = self.tr("Hidden while the quiz is on.")
        # The class 4 has the name "4": the number stands there already.
        self.target_name.setText("" if form.targets == ((told,),) else told)
        self.target_name.setVisible(bool(self.target_name.text()))
        label = self.tr("La&bel") if form.loss == "cross_entropy" else self.tr("Tar&get")
        self.target_label.setText(label)

    def _show_layers(self, layers: tuple[RandomLayer, ...]) -> None:
        layers = layers if len(layers) <= MOST_STARTS else ()
        self.starts_title.setVisible(bool(layers))
        while len(self.random) < len(layers):
            box = QCheckBox()
            at = len(self.random)
            box.clicked.connect(lambda on, at=at: self.random_edited.emit(self._form.layers[at].layer, on))
            self.random.append(box)
            self.starts.addWidget(box)
        for number, box in enumerate(self.random):
            box.setVisible(number < len(layers))
            if number < len(layers):
                box.setText(layers[number].title.replace("&", "&&"))
                box.setChecked(layers[number].random)

    def _prepare(self) -> None:
        keep_still(self.rate_slider)
        self.rate_slider.setRange(0, RATE_NOTCHES)
        self.rate_slider.setPageStep(30)
        self.rate_slider.setMinimumWidth(60)
        name = self.tr("Learning rate, 0.001 to 1, logarithmic")
        self.rate_slider.setAccessibleName(name)
        self.rate_slider.setToolTip(name)
        self.rate.setAccessibleName(self.tr("Learning rate"))
        self.rate.setFixedWidth(RATE_WIDTH)
        self.momentum.setAccessibleName(self.tr("Momentum"))
        self.momentum.setToolTip(self.tr("μ in v ← μ·v + gradient, w ← w − η·v; 0 for none"))
        self.die.setText("⚄")
        self.die.setAutoRaise(True)
        self.die.setToolTip(self.tr("Start from other random weights"))
        self.die.setAccessibleName(self.tr("New seed"))
        keep_still(self.example)
        self.example.setKeyboardTracking(False)
        self.example.setAccessibleName(self.tr("Example"))
        self.example.setPrefix(self.tr("Example "))

    def _lay_out(self) -> None:
        self.rows: QFormLayout = form_layout()
        self.rows.addRow(self.tr("Trac&k"), self.track)
        self.rows.addRow(self.tr("&Momentum"), self.momentum)
        self.rows.addRow(self.tr("Bat&ch"), self.batch)
        self.rows.addRow(self.tr("Ite&rations"), self.iterations)
        self.rows.addRow(self.tr("See&d"), _beside(self.seed, self.die))
        self.rows.addRow(self.tr("L&oss"), self.loss)
        self.rows.addRow(self.tr("Red&uction"), self.reduction)
        rate_label = QLabel(self.tr("Learning r&ate η"))
        rate_label.setBuddy(self.rate)
        self.target_label = QLabel()
        self.target_label.setBuddy(self.targets)
        self.starts_title = heading(self.tr("Start from random weights"))
        self.starts = QVBoxLayout()
        self.starts.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP - 2)
        parts: tuple[QWidget | QLayout, ...] = (
            rate_label,
            _beside(self.rate_slider, self.rate),
            self.rows,
            self.target_label,
            self.example,
            self.targets,
            self.target_name,
            self.starts_title,
            self.starts,
        )
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        column.addStretch(1)

    def _connect(self) -> None:
        self.track.choice_edited.connect(self.track_requested.emit)
        self.rate_slider.valueChanged.connect(
            lambda notch: self.rate_slid.emit(notch, self.rate_slider.isSliderDown())
        )
        self.rate_slider.sliderReleased.connect(self.drag_finished)
        for name, field in (("rate", self.rate), ("momentum", self.momentum)):
            field.number_edited.connect(lambda value, name=name: self.field_edited.emit(name, value))
            field.refused.connect(lambda line, field=field: self.error.show_error(line, field))
        for name, box in (("iterations", self.iterations), ("seed", self.seed), ("batch", self.batch)):
            box.valueChanged.connect(lambda value, name=name: self.field_edited.emit(name, value))
        for name, choice in (("loss", self.loss), ("reduction", self.reduction)):
            choice.choice_edited.connect(lambda value, name=name: self.field_edited.emit(name, value))
        self.die.clicked.connect(self.seed_requested)
        self.example.valueChanged.connect(lambda number: self.example_requested.emit(number - 1))
        self.targets.cells_edited.connect(self.target_edited)
        self.targets.refused.connect(lambda line: self.error.show_error(line, self.targets))


def _beside(first: QWidget, second: QWidget) -> QWidget:
    """Two widgets in a row, the first as wide as it can be."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addWidget(first, 1)
    row.addWidget(second)
    both.setFocusProxy(first)
    # A label leads only to a buddy with a policy, whatever its proxy has.
    both.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    both.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return both

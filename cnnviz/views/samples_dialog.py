"""The browser of a data set: thousands of pictures, by part, class and number, and what a network answers to them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSpinBox,
    QWidget,
)

from cnnviz.timeline.samples import Report, Sample
from cnnviz.views.answers_panel import AnswersPanel
from cnnviz.views.dialogs import FormDialog, resize_on_screen
from cnnviz.views.forms import name_choice
from cnnviz.views.samples_model import ITEM, SIDE, Pixels, SamplesModel

SIZE = QSize(960, 640)


class SamplesDialog(FormDialog):
    """Pictures to choose one from.

    Parameters
    ----------
    title : str
    classes : sequence of str
    pixels : callable
        Bytes (RGB), rows and columns of the picture with a number.

    Signals
    -------
    part_requested : str
        ``test``, ``train`` or ``wrong``; `show_samples` takes the pictures, `show_report` the answers.
    sample_requested : int
        The number of the picture that was chosen.
    file_requested
        Pictures of a file; `show_data` takes what is known of them.
    learn_requested
        To learn from them.
    """

    part_requested = Signal(str)
    sample_requested = Signal(int)
    file_requested = Signal()
    learn_requested = Signal()

    def __init__(
        self, title: str, classes: Sequence[str], pixels: Pixels, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent.tr("&Use picture") if parent else "&Use picture", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._all: tuple[Sample, ...] = ()
        self._report: Report | None = None
        self.model = SamplesModel(classes, pixels, self)
        self.part, self.classes, self.number = QComboBox(), QComboBox(), QSpinBox()
        self.found, self.view = QLabel(), QListView()
        self.open_file = QPushButton(self.tr("&Own pictures…"))
        self.open_file.setToolTip(self.tr("Pictures and labels of a .npz file"))
        self.open_file.setAutoDefault(False)
        self.learn = QPushButton(self.tr("&Learn from these"))
        self.learn.setToolTip(self.tr("Begin to learn anew, from these pictures; the lesson keeps them"))
        self.learn.setAutoDefault(False)
        self.learn.hide()
        self.answers = AnswersPanel()
        self._fill_choices(classes, True)
        self._lay_out()
        self.answers.hide()
        self.part.currentIndexChanged.connect(self.ask)
        self.open_file.clicked.connect(self.file_requested)
        self.learn.clicked.connect(self._learn)
        self.answers.cell_chosen.connect(self._show_cell)
        self.answers.mistakes_requested.connect(self._show_mistakes)
        self.classes.currentIndexChanged.connect(lambda _: self._narrow())
        self.number.valueChanged.connect(self._find)
        self.view.doubleClicked.connect(lambda _: self.accept())
        resize_on_screen(self, SIZE)

    def ask(self) -> None:
        """Ask for the pictures of the part that is chosen."""
        self.found.setText(self.tr("Looking …"))
        self.error.show_error("")
        self._report = None
        self.part_requested.emit(self.part.currentData())

    def tell(self, line: str) -> None:
        """Say why something could not be shown; what there is can be used all the same."""
        self.error.show_error(line)

    def show_data(self, title: str, classes: Sequence[str], trained: bool) -> None:
        """Show another set: its title, its classes, and whether some of its pictures were to train on."""
        self.setWindowTitle(title)
        self.model.show_classes(classes)
        self._fill_choices(classes, trained)
        self.ask()

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Show the pictures of a part."""
        self.answers.hide()
        self._all = samples
        self._narrow()

    def show_report(self, report: Report) -> None:
        """Show the mistakes, and the counts of all answers beside them."""
        self._report = report
        names = [self.classes.itemText(n + 1) for n in range(len(report.counts))]
        self.answers.show_report(report, names)
        self.answers.show()
        self._show_mistakes()

    def offer_learning(self, offered: bool) -> None:
        """Whether one can learn from what is shown."""
        self.learn.setVisible(offered)

    def _learn(self) -> None:
        self.learn_requested.emit()
        self.reject()

    def _show_mistakes(self) -> None:
        if self._report is not None:
            self._all = self._report.mistakes
            self._narrow()

    def _show_cell(self, label: int, answer: int) -> None:
        """The pictures of a class that were given an answer, whichever class is chosen above."""
        if self._report is not None:
            self._all = tuple(s for s in self._report.samples if (s.label, s.answer) == (label, answer))
            self.classes.blockSignals(True)
            self.classes.setCurrentIndex(0)
            self.classes.blockSignals(False)
            self._narrow()

    def _fill_choices(self, classes: Sequence[str], trained: bool) -> None:
        """The parts and classes to choose from; the first of each is chosen."""
        for box in (self.part, self.classes):
            box.blockSignals(True)
            box.clear()
        texts = (self.tr("Test pictures"), self.tr("Training pictures"), self.tr("Wrong answers"))
        for name, text in zip(("test", "train", "wrong"), texts, strict=True):
            if trained or name != "train":
                self.part.addItem(text if trained or name != "test" else self.tr("All pictures"), name)
        self.classes.addItem(self.tr("All classes"), -1)
        for number, name in enumerate(classes):
            self.classes.addItem(name, number)
        for box in (self.part, self.classes):
            box.blockSignals(False)

    def accept(self) -> None:
        """Choose the picture at hand, where there is one."""
        at = self.view.currentIndex()
        if at.isValid():
            self.sample_requested.emit(self.model.samples[at.row()].number)
            super().accept()

    def _narrow(self) -> None:
        label = self.classes.currentData()
        kept = tuple(one for one in self._all if label in (-1, one.label))
        self.model.show_samples(kept)
        self.found.setText(self.tr("{count} pictures").format(count=f"{len(kept):,}"))
        self.go.setEnabled(bool(kept))
        if kept:
            self.number.setRange(min(s.number for s in kept), max(s.number for s in kept))
            self.view.setCurrentIndex(self.model.index(0))

    def _find(self, number: int) -> None:
        row = next((n for n, one in enumerate(self.model.samples) if one.number == number), None)
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))

    def _lay_out(self) -> None:
        self.view.setModel(self.model)
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setUniformItemSizes(True)
        self.view.setLayoutMode(QListView.LayoutMode.Batched)
        self.view.setWordWrap(True)
        self.view.setIconSize(QSize(SIDE, SIDE))
        self.view.setGridSize(ITEM + QSize(4, 2))
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.number.setPrefix(self.tr("Number "))
        self.number.setKeyboardTracking(False)
        names = (self.tr("Part"), self.tr("Class"), self.tr("Number of the picture"), self.tr("Pictures"))
        row = QHBoxLayout()
        for widget, name in zip((self.part, self.classes, self.number, self.view), names, strict=True):
            widget.setAccessibleName(name)
            if isinstance(widget, QComboBox):
                name_choice(widget, name)
            if widget is not self.view:
                row.addWidget(widget)
        row.addWidget(self.open_file)
        row.addWidget(self.learn)
        row.addStretch(1)
        row.addWidget(self.found)
        below = QHBoxLayout()
        below.addWidget(self.answers)
        below.addWidget(self.view, 1)
        self.content.addLayout(row)
        self.content.addLayout(below, 1)
        self.setTabOrder(self.open_file, self.learn)
        self.setTabOrder(self.learn, self.answers)
        self.setTabOrder(self.answers, self.view)

"""The browser of a data set: thousands of pictures, by part, class and number, and the mistakes of a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QListView, QSpinBox, QWidget

from cnnviz.timeline.samples import Sample
from cnnviz.views.dialogs import FormDialog

SIDE = 56
SIZE = QSize(860, 620)
Pixels = Callable[[int], tuple[bytes, int, int]]
AnyIndex = QModelIndex | QPersistentModelIndex
TOP = QModelIndex()


class SamplesModel(QAbstractListModel):
    """Samples as icons that are painted when they are first seen."""

    def __init__(self, classes: Sequence[str], pixels: Pixels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes, self._pixels = classes, pixels
        self._icons: dict[int, QIcon] = {}
        self.samples: tuple[Sample, ...] = ()

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """List others."""
        self.beginResetModel()
        self.samples = samples
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = TOP) -> int:
        return 0 if parent.isValid() else len(self.samples)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The class, the picture, or all in words."""
        one = self.samples[index.row()]
        label = self._classes[one.label]
        if role == Qt.ItemDataRole.DisplayRole:
            return label if one.answer < 0 else f"{label}, not {self._classes[one.answer]} ({one.sure:.0%})"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(one.number)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = self.tr("Picture {number}: {label}")
            words = words.replace("{number}", str(one.number)).replace("{label}", label)
            if one.answer >= 0:
                said = self.tr("; answered {answer} with probability {sure}")
                words += said.replace("{answer}", self._classes[one.answer]).replace(
                    "{sure}", f"{one.sure:.3f}"
                )
            return words
        return None

    def _icon(self, number: int) -> QIcon:
        if number not in self._icons:
            data, rows, columns = self._pixels(number)
            image = QImage(data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
            self._icons[number] = QIcon(QPixmap.fromImage(image.scaled(SIDE, SIDE)))
        return self._icons[number]


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
        ``test``, ``train`` or ``wrong``; `show_samples` takes the pictures.
    sample_requested : int
        The number of the picture that was chosen.
    """

    part_requested = Signal(str)
    sample_requested = Signal(int)

    def __init__(
        self, title: str, classes: Sequence[str], pixels: Pixels, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent.tr("&Use picture") if parent else "&Use picture", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._all: tuple[Sample, ...] = ()
        self.model = SamplesModel(classes, pixels, self)
        self.part, self.classes, self.number = QComboBox(), QComboBox(), QSpinBox()
        self.found, self.view = QLabel(), QListView()
        texts = (self.tr("Test pictures"), self.tr("Training pictures"), self.tr("Wrong answers"))
        for name, text in zip(("test", "train", "wrong"), texts, strict=True):
            self.part.addItem(text, name)
        self.classes.addItem(self.tr("All classes"), -1)
        for number, name in enumerate(classes):
            self.classes.addItem(name, number)
        self._lay_out()
        self.part.currentIndexChanged.connect(self.ask)
        self.classes.currentIndexChanged.connect(lambda _: self._narrow())
        self.number.valueChanged.connect(self._find)
        self.view.doubleClicked.connect(lambda _: self.accept())
        self.resize(SIZE)

    def ask(self) -> None:
        """Ask for the pictures of the part that is chosen."""
        self.found.setText(self.tr("Looking …"))
        self.part_requested.emit(self.part.currentData())

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Show the pictures of a part."""
        self._all = samples
        self._narrow()

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
        self.found.setText(self.tr("{count} pictures").replace("{count}", f"{len(kept):,}"))
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
        self.view.setGridSize(QSize(2 * SIDE, SIDE + 44))
        self.number.setPrefix(self.tr("Number "))
        self.number.setKeyboardTracking(False)
        names = (self.tr("Part"), self.tr("Class"), self.tr("Number of the picture"), self.tr("Pictures"))
        row = QHBoxLayout()
        for widget, name in zip((self.part, self.classes, self.number, self.view), names, strict=True):
            widget.setAccessibleName(name)
            if widget is not self.view:
                row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.found)
        self.content.addLayout(row)
        self.content.addWidget(self.view, 1)
        self.setTabOrder(self.number, self.view)

"""Pictures of a data set as a list of icons, painted when they are first seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QWidget

from cnnviz.timeline.samples import Sample

SIDE = 56
ITEM = QSize(124, SIDE + 42)
"""Room for two lines under a picture: what it is, and what it was taken for."""
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

    def show_classes(self, classes: Sequence[str]) -> None:
        """Show pictures of another set."""
        self._classes, self._icons = classes, {}
        self.show_samples(())

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
            if one.answer in (-1, one.label):
                return label if one.answer < 0 else f"{label} ({one.sure:.0%})"
            return f"{label}, not {self._classes[one.answer]} ({one.sure:.0%})"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(one.number)
        if role == Qt.ItemDataRole.SizeHintRole:
            return ITEM
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = self.tr("Picture {number}: {label}").format(number=one.number, label=label)
            if one.answer >= 0:
                words += self.tr("; answered {answer} with probability {sure}").format(
                    answer=self._classes[one.answer], sure=f"{one.sure:.3f}"
                )
            return words
        return None

    def _icon(self, number: int) -> QIcon:
        if number not in self._icons:
            data, rows, columns = self._pixels(number)
            image = QImage(data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
            self._icons[number] = QIcon(QPixmap.fromImage(image.scaled(SIDE, SIDE)))
        return self._icons[number]

"""Which layer a panel edits: a list, a pin that holds it, and whether the edit is for one track alone."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from cnnviz.lesson.places import ARROW, PlaceForm
from cnnviz.views.forms import name_choice
from cnnviz.views.keys import keep_still

ARROW_ROOM = 34
"""Room for the frame of the box and its arrow, in pixels."""


class ElidedBox(QComboBox):
    """A choice whose long text is shortened to fit; the list shows it whole."""

    def __init__(self, name: str) -> None:
        super().__init__()
        keep_still(self)
        name_choice(self, name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802  # Qt's name
        super().initStyleOption(option)
        option.currentText = self._fitted(self.currentText(), self.width() - ARROW_ROOM)

    def showPopup(self) -> None:  # noqa: N802  # Qt's name
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + ARROW_ROOM)
        super().showPopup()

    def _fitted(self, text: str, room: int) -> str:
        """The text shortened in its first part, so that the layer can be read beside a long name of a track."""
        metrics = self.fontMetrics()
        track, arrow, layer = text.rpartition(ARROW)
        left = room - metrics.horizontalAdvance(arrow + layer)
        short = metrics.elidedText(track, Qt.TextElideMode.ElideRight, max(left, 0))
        return metrics.elidedText(short + arrow + layer, Qt.TextElideMode.ElideRight, room)


class LayerChooser(QWidget):
    """Follows the playhead and clicks on the stage until a layer is chosen here or pinned.

    Signals
    -------
    place_requested : int, int
        Track and layer.
    pin_requested : bool
    alone_requested : bool
    """

    place_requested = Signal(int, int)
    pin_requested = Signal(bool)
    alone_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: PlaceForm | None = None
        self.list = ElidedBox(self.tr("Layer"))
        self.pin = QCheckBox(self.tr("Pin"))
        self.pin.setToolTip(self.tr("Keep this layer; otherwise the panel follows the playhead and clicks"))
        self.alone = QCheckBox(self.tr("This &track only"))
        self.alone.setToolTip(self.tr("Otherwise what tracks have alike changes in all of them"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.pin)
        row.addWidget(self.alone)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addLayout(row)
        self.list.activated.connect(self._chosen)
        self.pin.clicked.connect(self.pin_requested)
        self.alone.clicked.connect(self.alone_requested)

    def show_form(self, form: PlaceForm) -> None:
        """Show the layers and which one is edited; says nothing."""
        texts = [place.text for place in form.places]
        with QSignalBlocker(self.list):
            if self._form is None or [place.text for place in self._form.places] != texts:
                self.list.clear()
                self.list.addItems(texts)
            self.list.setCurrentIndex(form.at)
        self.list.setToolTip(self.list.currentText())
        self._form = form
        self.pin.setChecked(form.pinned)
        self.alone.setChecked(form.alone)
        self.alone.setVisible(form.several)

    def _chosen(self, at: int) -> None:
        if self._form is not None:
            place = self._form.places[at]
            self.place_requested.emit(place.track, place.layer)

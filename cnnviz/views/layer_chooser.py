"""Which layer a panel edits: a list, a pin that holds it, and whether the edit is for one track alone."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnnviz.lesson.places import PlaceForm


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
        self.list = QComboBox()
        self.list.setAccessibleName(self.tr("Layer"))
        self.list.setToolTip(self.tr("The layer that is edited here"))
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list.setMinimumWidth(80)
        self.pin = QToolButton()
        self.pin.setCheckable(True)
        self.pin.setText(self.tr("Pin"))
        self.pin.setToolTip(
            self.tr("Stay with this layer; otherwise the panel follows the playhead and clicks")
        )
        self.pin.setAccessibleName(self.tr("Stay with this layer"))
        self.alone = QCheckBox(self.tr("This &track only"))
        self.alone.setToolTip(self.tr("Otherwise what tracks have alike changes in all of them"))
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.list, 1)
        row.addWidget(self.pin)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.alone)
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
        self._form = form
        self.pin.setChecked(form.pinned)
        self.alone.setChecked(form.alone)
        self.alone.setVisible(form.several)

    def _chosen(self, at: int) -> None:
        if self._form is not None:
            place = self._form.places[at]
            self.place_requested.emit(place.track, place.layer)

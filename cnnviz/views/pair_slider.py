"""Rows and columns within their limits, moved as one until the link between them is opened."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnnviz.lesson.layer_form import Pair
from cnnviz.views.fields import LinkButton
from cnnviz.views.limited import LimitedNumber


class PairSlider(QWidget):
    """One slider while linked, one for rows and one for columns otherwise.

    Signals
    -------
    number_edited : str, int, bool
        The key (``stride``, ``stride.rows`` or ``stride.columns``), the value, whether a slider is being dragged.
    drag_finished
    """

    number_edited = Signal(str, int, bool)
    drag_finished = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._pair: Pair | None = None
        plain = title.replace("&", "")
        self.label = QLabel(title)
        self.rows = LimitedNumber(self.tr("{name}, rows").format(name=plain))
        self.columns = LimitedNumber(self.tr("{name}, columns").format(name=plain))
        self.label.setBuddy(self.rows)
        self.link = LinkButton(self.tr("{name}: same for rows and columns").format(name=plain))
        self._lay_out()
        self.link.toggled.connect(lambda _: self._show())
        for number, part in ((self.rows, "rows"), (self.columns, "columns")):
            number.number_edited.connect(
                lambda value, drag, part=part: self.number_edited.emit(self._key(part), value, drag)
            )
            number.drag_finished.connect(self.drag_finished)
        self.setFocusProxy(self.rows)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pair(self, pair: Pair) -> None:
        """Show both numbers; two that differ open the link."""
        self._pair = pair
        with QSignalBlocker(self.link):
            if pair.rows != pair.columns or pair.both is None:
                self.link.setChecked(False)
            self.link.setEnabled(pair.both is not None)
        self._show()

    def _show(self) -> None:
        pair = self._pair
        if pair is None:
            return
        linked = self.link.isChecked() and pair.both is not None
        both = pair.both if linked and pair.both is not None else pair.row_limit
        self.rows.show_limited(pair.rows, both)
        self.columns.show_limited(pair.columns, pair.column_limit)
        self.columns.setVisible(not linked)
        self._signs[0].setVisible(not linked)
        self._signs[1].setVisible(not linked)

    def _key(self, part: str) -> str:
        return self._name if self.link.isChecked() else f"{self._name}.{part}"

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.label, 1)
        head.addWidget(self.link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self._signs = (QLabel("↕"), QLabel("↔"))
        for number, sign in zip((self.rows, self.columns), self._signs, strict=True):
            number.row.insertWidget(0, sign)
            column.addWidget(number)

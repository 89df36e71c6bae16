"""The cells of a small input as a table, one channel at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnviz.views.cell_table import CellTable
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import halves, heading, name_choice


class InputCells(QWidget):
    """Hidden where the input has more cells than anybody would type.

    Signals
    -------
    cells_edited : list of (channel, row, column, value)
    refused, pasted : str
        A text that is no number; a table as text.
    copy_requested : style, channel
    """

    cells_edited = Signal(object)
    refused = Signal(str)
    pasted = Signal(str)
    copy_requested = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planes: Sequence[Sequence[Sequence[str]]] = ()
        self.channel = ChoiceBox([(0, "0")], self.tr("Channel of the cells"))
        name_choice(self.channel, self.channel.accessibleName())
        self.table = CellTable(self.tr("Cells of the input"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(halves(heading(self.tr("Cells")), self.channel))
        layout.addWidget(self.table)
        self.channel.choice_edited.connect(lambda _: self._show_plane())
        self.table.cells_edited.connect(self._typed)
        self.table.refused.connect(self.refused)
        self.table.pasted.connect(self.pasted)
        self.table.copy_requested.connect(lambda: self.copy_requested.emit("plain", self._shown()))

    def show_cells(self, planes: Sequence[Sequence[Sequence[str]]]) -> None:
        """Show the cells as texts, channel by channel; an empty sequence when there are too many."""
        self._planes = planes
        self.channel.replace_choices([(n, _channel_name(n, len(planes))) for n in range(len(planes))])
        self.channel.setVisible(len(planes) > 1)
        self.setVisible(bool(planes))
        self._show_plane()

    def _show_plane(self) -> None:
        if self._planes:
            self.table.show_texts(self._planes[self._shown()])

    def _shown(self) -> int:
        """The number of the channel that is shown."""
        return max(self.channel.currentIndex(), 0)

    def _typed(self, cells: list[tuple[int, int]], value: float) -> None:
        channel = self._shown()
        self.cells_edited.emit([(channel, row, column, value) for row, column in cells])


def _channel_name(number: int, count: int) -> str:
    return f"{number} · {'RGB'[number]}" if count == 3 else str(number)

"""A field that opens over a cell of the stage, for typing its value in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from cnnviz.scene.primitives import Box, Grid, Scene
from cnnviz.timeline.frame import CellRef
from cnnviz.views.fields import NumberField
from cnnviz.views.keys import belongs_to_form, is_override
from cnnviz.views.refusal import Refusal

SMALLEST = (72, 30)
"""The field is never smaller than this, however small the cell."""


def cell_box(scene: Scene, ref: CellRef) -> Box | None:
    """Where a cell lies in the scene: in the topmost grid that shows it, or None."""
    for primitive in reversed(scene.primitives()):
        if not isinstance(primitive, Grid):
            continue
        name, plane, top, left = primitive.ref
        if (name, plane) != (f"{ref.track}/{ref.tensor}", ref.plane):
            continue
        row, column = ref.row + top, ref.column + left
        x, y = primitive.origin[0] + column * primitive.cell, primitive.origin[1] + row * primitive.cell
        box = Box(x, y, primitive.cell, primitive.cell)
        if (
            0 <= row < primitive.rows
            and 0 <= column < primitive.columns
            and primitive.box.holds(box.cx, box.cy)
        ):
            return box
    return None


class CellEdit(NumberField):
    """Hidden until it is opened; Enter takes the value, Esc and a click elsewhere leave it.

    After a text that is no number it stays open, with the reason beside it.

    Signals
    -------
    value_edited : CellRef, value
    """

    value_edited = Signal(object, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ref: CellRef | None = None
        self.error = Refusal(self)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(self.tr("Value of the cell"))
        self.number_edited.connect(self._take)
        self.refused.connect(self.error.show_error)
        self.hide()

    def open_at(self, box: Box, ref: CellRef, text: str) -> None:
        """Show the field over a cell with its value selected."""
        self._ref = ref
        place = QRect(0, 0, max(round(box.w), SMALLEST[0]), max(round(box.h), SMALLEST[1]))
        place.moveCenter(QRect(round(box.x), round(box.y), round(box.w), round(box.h)).center())
        parent = self.parentWidget()
        if parent is not None:
            place.moveLeft(max(0, min(place.left(), parent.width() - place.width())))
            place.moveTop(max(0, min(place.top(), parent.height() - place.height())))
        self.setGeometry(place)
        self.show_text(text)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def shut(self) -> None:
        """Hide, and give the focus back to the stage."""
        self.setModified(False)
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        if is_override(event) and (belongs_to_form(event) or event.key() == Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enters:
            self.error.show_error("")
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        if enters and self.error.isVisible():
            self.selectAll()
        elif enters or event.key() == Qt.Key.Key_Escape:
            self.shut()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setModified(False)
        super().focusOutEvent(event)
        self.hide()

    def _take(self, value: float) -> None:
        if self._ref is not None:
            self.value_edited.emit(self._ref, value)

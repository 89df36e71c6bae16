"""What the tabs of the export dialog share: each shows some fields of a plan and puts them into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QWidget

from cnnviz.export.formats import Format
from cnnviz.lesson.plans import Plan
from cnnviz.views.forms import MARGIN
from cnnviz.views.keys import keep_still


class PlanTab(QWidget):
    """A part of the plan.

    Signals
    -------
    edited
        A person changed something.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)

    def show_plan(self, plan: Plan) -> None:
        """Show the fields of a plan without saying anything."""
        raise NotImplementedError

    def show_format(self, format_: Format) -> None:
        """Offer only what a format can."""

    def applied(self, plan: Plan) -> Plan:
        """The plan with the fields as they stand here; `BadInput` where they make no sense."""
        raise NotImplementedError


class Checks(QWidget):
    """Several switches in columns, by the words they stand for.

    Signals
    -------
    edited
    """

    edited = Signal()

    def __init__(self, texts: Mapping[str, str], columns: int = 2) -> None:
        super().__init__()
        self.boxes = {word: QCheckBox(text) for word, text in texts.items()}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for number, box in enumerate(self.boxes.values()):
            grid.addWidget(box, number // columns, number % columns)
            box.clicked.connect(lambda _on: self.edited.emit())
        grid.setColumnStretch(columns, 1)

    @property
    def words(self) -> tuple[str, ...]:
        """Those that are switched on, in their order."""
        return tuple(word for word, box in self.boxes.items() if box.isChecked())

    def show_words(self, words: Iterable[str]) -> None:
        """Switch on these and no others."""
        chosen = set(words)
        for word, box in self.boxes.items():
            box.setChecked(word in chosen)


class RealBox(QDoubleSpinBox):
    """A number that is written without zeros at its end."""

    def textFromValue(self, value: float) -> str:  # noqa: N802  # Qt's name
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


def real_box(low: float, high: float, step: float, suffix: str, name: str) -> RealBox:
    """A number with a unit; typing is said once it is finished."""
    box = RealBox()
    keep_still(box)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setDecimals(3)
    box.setSuffix(suffix)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    return box

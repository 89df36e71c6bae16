"""Small fields of the forms: a number typed as text, a pair of counts, a choice by value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from cnnviz.files.numbers import parse_number
from cnnviz.lesson.lesson import BadInput
from cnnviz.scene.numbers import MINUS
from cnnviz.views.keys import keep_still
from cnnviz.views.look import icon


def signed(text: str) -> str:
    """The text of a number with a real minus sign, as it stands on the stage; it can be typed either way."""
    return text.replace("-", MINUS)


class NumberField(QLineEdit):
    """A number typed as people write it: 0.5, 0,5, 1/9.

    Signals
    -------
    number_edited : float
    refused : str
        One line that says why; the value before stands again.
    """

    number_edited = Signal(float)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._commit)

    def show_text(self, text: str) -> None:
        """Show the value; what is being typed is not disturbed unless the value itself changed."""
        text = signed(text)
        if text != self._shown or not self.isModified():
            self._shown = text
            self.setText(text)
            self.setCursorPosition(0)

    def number(self) -> float:
        """The value that stands here; 0 before there was one."""
        return parse_number(self._shown) if self._shown else 0.0

    def _commit(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        try:
            value = parse_number(self.text())
        except BadInput as error:
            self.setText(self._shown)
            self.refused.emit(str(error))
            return
        self._shown = self.text()
        self.number_edited.emit(value)


class CountBox(QSpinBox):
    """A whole number; typing is said once it is finished, not for every digit."""

    def __init__(self, low: int, high: int, name: str) -> None:
        super().__init__()
        keep_still(self)
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(44)

    def show_value(self, value: int) -> None:
        """Show a value without saying anything."""
        with QSignalBlocker(self):
            self.setValue(value)


class LinkButton(QToolButton):
    """Whether one number stands for rows and columns; its picture follows the colours of the desktop."""

    def __init__(self, name: str, linked: bool = True) -> None:
        super().__init__()
        self.setIcon(icon("link"))
        self.setCheckable(True)
        self.setChecked(linked)
        self.setAutoRaise(True)
        self.setToolTip(self.tr("Same for rows and columns"))
        self.setAccessibleName(name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(icon("link"))


class PairField(QWidget):
    """Rows × columns, linked so that one moves the other until the link is opened.

    Signals
    -------
    pair_edited : int, int
    """

    pair_edited = Signal(int, int)

    def __init__(self, low: int, high: int, rows: str, columns: str, linked: bool = True) -> None:
        super().__init__()
        self.rows, self.columns = CountBox(low, high, rows), CountBox(low, high, columns)
        self.link = LinkButton(self.tr("Same for rows and columns"), linked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget, stretch in ((self.rows, 1), (QLabel("×"), 0), (self.columns, 1), (self.link, 0)):
            row.addWidget(widget, stretch)
        self.setFocusProxy(self.rows)
        # A label leads only to a buddy with a policy, whatever its proxy has.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows.valueChanged.connect(lambda value: self._edited(value, self.columns))
        self.columns.valueChanged.connect(lambda value: self._edited(value, self.rows))

    def show_pair(self, rows: int, columns: int) -> None:
        """Show both; two that differ open the link."""
        self.rows.show_value(rows)
        self.columns.show_value(columns)
        if rows != columns:
            self.link.setChecked(False)

    def _edited(self, value: int, other: CountBox) -> None:
        if self.link.isChecked():
            other.show_value(value)
        self.pair_edited.emit(self.rows.value(), self.columns.value())


class ChoiceBox(QComboBox):
    """A choice among values, each with its text.

    Signals
    -------
    choice_edited : object
        The value chosen by the person; not said when the value is only shown.
    """

    choice_edited = Signal(object)

    def __init__(self, choices: Sequence[tuple[object, str]], name: str) -> None:
        super().__init__()
        keep_still(self)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(72)
        self._values: list[object] = []
        self.replace_choices(choices)
        self.activated.connect(lambda at: self.choice_edited.emit(self._values[at]))

    def replace_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Offer other values; the place chosen stays where it can."""
        values = [value for value, _ in choices]
        if values == self._values:
            return
        at = max(0, min(self.currentIndex(), len(values) - 1))
        self._values = values
        self.clear()
        self.addItems([text for _, text in choices])
        self.setCurrentIndex(at)

    @property
    def choice(self) -> object:
        """The value that is shown."""
        return self._values[self.currentIndex()]

    def show_choice(self, value: object) -> None:
        """Show a value without saying anything."""
        self.setCurrentIndex(self._values.index(value))

"""What the forms at the side share: rows with labels, the line for a refused value, headings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from cnnviz.views.telling import tell

MARGIN = 12
GAP = 8


class ErrorLine(QLabel):
    """One line under a field that says why its text was refused; gone with the next value."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        self.setAccessibleName(self.tr("Refused"))
        self.hide()

    def show_error(self, text: str) -> None:
        """Show a line and have it said, or nothing for ""."""
        if text != self.text():
            tell(self, text, urgent=True)
        self.setText(text)
        self.setAccessibleDescription(text)
        self.setVisible(bool(text))


def name_choice(box: QComboBox, name: str) -> None:
    """Name a choice that no label leads to: on Linux Qt gives screen readers its text in place of its name."""
    box.setAccessibleName(name)
    box.setAccessibleDescription(name)


def heading(text: str) -> QLabel:
    """A label for a group of rows."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def quiet(text: str = "") -> QLabel:
    """A label for facts beside the fields: wraps, can be selected, never widens the panel."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def form_layout(parent: QWidget | None = None) -> QFormLayout:
    """Rows of a label and a field in the rhythm of the window."""
    layout = QFormLayout() if parent is None else QFormLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(GAP)
    layout.setVerticalSpacing(GAP - 2)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def halves(first: QWidget, second: QWidget) -> QHBoxLayout:
    """Two widgets in a row, each as wide as the other."""
    row = QHBoxLayout()
    row.setSpacing(GAP)
    row.addWidget(first, 1)
    row.addWidget(second, 1)
    return row

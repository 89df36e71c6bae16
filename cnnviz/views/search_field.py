"""A field to search in: a hint, a button that clears it, and names for those who do not see them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QToolButton

from cnnviz.views.look import icon


def search_field(name: str, hint: str = "", glass: bool = True) -> QLineEdit:
    """Make an empty field.

    Parameters
    ----------
    name : str
        What it searches, for a screen reader.
    hint : str
        What stands in it while it is empty; its name if left out.
    glass : bool
        Whether a magnifying glass stands in front.
    """
    field = QLineEdit()
    field.setPlaceholderText(hint or name)
    field.setAccessibleName(name)
    field.setClearButtonEnabled(True)
    for button in field.findChildren(QToolButton):
        button.setAccessibleName(QCoreApplication.translate("search_field", "Clear"))
    if glass:
        field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition).setText(name)
    return field

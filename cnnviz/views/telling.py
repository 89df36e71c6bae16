"""Has a screen reader say something: as an announcement, or as what is said of the widget that has the focus."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

ANNOUNCED = ("windows", "cocoa")
"""Where screen readers say announcements. Orca does so since version 45 only, but every Orca says how the description
of what has the focus changes; both at once it would say twice."""


def tell(widget: QWidget, text: str, urgent: bool = False) -> None:
    """Have a line said about a widget, if its window is the one that is worked with and anybody listens.

    Parameters
    ----------
    widget : QWidget
    text : str
    urgent : bool
        Whether it may interrupt what is being said, such as why something was refused.
    """
    if not text or not widget.isActiveWindow():
        return
    if widget.hasFocus() and QGuiApplication.platformName() not in ANNOUNCED:
        widget.setAccessibleDescription(text)
        return
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, text)
        polite = QAccessible.AnnouncementPoliteness
        event.setPoliteness(polite.Assertive if urgent else polite.Polite)
        QAccessible.updateAccessibility(event)

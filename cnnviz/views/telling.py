"""Has a screen reader say a line: as an announcement, or as what is said of the widget that has the focus."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

ANNOUNCED = ("windows", "cocoa")
"""Where screen readers say announcements. Orca does so since version 45 only, but every Orca says how the description
of what has the focus changes; both at once it would say twice."""

TELLS = "tells"
"""A property of widgets that are described by what was told last."""


def tell(widget: QWidget, text: str, urgent: bool = False) -> bool:
    """Have a line said about a widget, if its window is the one that is worked with; whether it is.

    Parameters
    ----------
    widget : QWidget
    text : str
    urgent : bool
        Whether it may interrupt what is being said, such as why something was refused.
    """
    focus = widget.window().focusWidget()
    if not text or not widget.isActiveWindow():
        return False
    if focus is widget:
        widget.setProperty(TELLS, True)
    if focus is None or QGuiApplication.platformName() in ANNOUNCED or not _describe(focus, text):
        _announce(widget, text, urgent)
    return True


def _describe(focus: QWidget, text: str) -> bool:
    """Have a line said as the description of what has the focus; not of a widget with a description of its own."""
    lasting = bool(focus.property(TELLS))
    if focus.accessibleDescription() and not lasting:
        return False
    focus.setAccessibleDescription(text)
    if not lasting:
        focus.setAccessibleDescription("")  # said by now, and an empty one is not
    return True


def _announce(widget: QWidget, text: str, urgent: bool) -> None:
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, text)
        polite = QAccessible.AnnouncementPoliteness
        event.setPoliteness(polite.Assertive if urgent else polite.Polite)
        QAccessible.updateAccessibility(event)

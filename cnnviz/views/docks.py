"""The panels at the side: tabs at the right, those of learning only while a lesson learns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QMenu, QScrollArea, QWidget

from cnnviz.views.keys import first_stop
from cnnviz.views.look import icon
from cnnviz.views.tabs import tighten

PANEL_WIDTH = 240
"""Leaves the stage at least 70 % of a window of 1280×800."""
PLOTS_HEIGHT = 400
PLOTS_SHARE = 0.46
"""Of the window's height, at most: on a small screen the fields of learning must be seen too."""

_AREA = Qt.DockWidgetArea
_SEEN = "seen"


class Docks:
    """Makes the panels of a window and puts them in their places; `fill` gives them what they hold.

    ``always``, names with titles, are there in every lesson, as tabs; the two of learning only while a lesson learns.
    """

    def __init__(self, window: QMainWindow, always: Mapping[str, str]) -> None:
        self._window = window
        self._always = [_dock(window, name, title) for name, title in always.items()]
        self._learning: list[_Dock] = []
        self._learns, self._plots = False, True
        self._cells = True

    def add_learning(self, panel: str, plots: str) -> None:
        """Make the two panels of lessons that learn, with these titles."""
        self._learning = [_dock(self._window, "learning", panel), _dock(self._window, "plots", plots)]
        self._learning[1].setAllowedAreas(_AREA.AllDockWidgetAreas)
        self._learning[1].toggleViewAction().triggered.connect(self._make_room)

    def fill(self, contents: Mapping[str, QWidget]) -> None:
        """Put a widget into each panel, by its name."""
        for dock in (*self._always, *self._learning):
            name = dock.objectName()
            _fill(dock, contents[name], scrolls=name != "plots")

    @property
    def plots_shown(self) -> bool:
        """Whether the plots are there to be seen."""
        return bool(self._learning) and self._learning[1].isVisible()

    def reset(self) -> None:
        """Put the panels back at the right side, the kernel in front, or the learning while a lesson learns."""
        tabs = [*self._always, *self._learning[:1]]
        for dock in (*tabs, *self._learning[1:]):
            dock.setFloating(False)
            self._window.addDockWidget(_AREA.RightDockWidgetArea, dock)
            dock.show()
        for dock in tabs[1:]:
            self._window.tabifyDockWidget(tabs[0], dock)
        self._show_cells()
        self._show_learning()

    def show(self, name: str) -> None:
        """Bring a panel to the front."""
        dock = next(d for d in (*self._always, *self._learning) if d.objectName() == name)
        anew = dock.isHidden()
        dock.show()
        dock.raise_()
        if anew and dock in self._learning[1:]:
            self._make_room()

    def enter(self) -> None:
        """Put the focus into the panel in front; from there into the next one."""
        tabs = [d for d in (*self._always, *self._learning[:1]) if not d.isHidden() and not d.isFloating()]
        if not tabs:
            return
        at = next((n for n, d in enumerate(tabs) if not d.visibleRegion().isEmpty()), 0)
        focus = self._window.focusWidget()
        if focus is not None and tabs[at].isAncestorOf(focus):
            at = (at + 1) % len(tabs)
        tabs[at].raise_()
        if (field := first_stop(tabs[at])) is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_learning(self, learns: bool, plots: bool = True) -> None:
        """Show the panels of learning, or put them away; the plots only if asked for, else by their switch."""
        if (learns, plots) != (self._learns, self._plots):
            self._learns, self._plots = learns, plots
            self._show_learning(self._in_use())

    def set_cells(self, shown: bool) -> None:
        """Show the panels of what is computed cell by cell, or put all but the words away where nothing is."""
        if shown != self._cells:
            self._cells = shown
            self._show_cells()
            self._show_learning()

    def _show_cells(self) -> None:
        for dock in self._always[:-1]:
            dock.setVisible(self._cells)
            dock.toggleViewAction().setEnabled(self._cells)

    def _in_use(self) -> QDockWidget | None:
        """The panel in front, if it is another than those that come to the front by themselves."""
        return next((d for d in self._always[1:] if not d.visibleRegion().isEmpty()), None)

    def place_in(self, menu: QMenu) -> None:
        """Add the switches that show and hide the panels."""
        for dock in (*self._always, *self._learning):
            menu.addAction(dock.toggleViewAction())

    def _show_learning(self, stays: QDockWidget | None = None) -> None:
        for dock, shown in zip(self._learning, (True, self._plots), strict=False):
            dock.setVisible(self._learns and shown)
            dock.toggleViewAction().setEnabled(self._learns)
        self._arrange(stays)
        # Once more when the layout knows of what was shown or hidden.
        QTimer.singleShot(0, self._window, lambda: self._arrange(stays))

    def _make_room(self) -> None:
        """Give the plots their height once they are shown by their switch: Qt would give them next to none."""
        QTimer.singleShot(0, self._window, lambda: self._arrange(self._in_use()))

    def _arrange(self, stays: QDockWidget | None) -> None:
        tighten(self._window)
        front = stays or (self._learning[0] if self._learns else self._always[0 if self._cells else -1])
        # One after the other: Qt does nothing for a panel that it raised last, though another tab is in front.
        (self._always[0] if front is self._always[-1] else self._always[-1]).raise_()
        front.raise_()
        self._window.resizeDocks([front], [PANEL_WIDTH], Qt.Orientation.Horizontal)
        if self._learns and not self._learning[1].isHidden():
            plots = min(PLOTS_HEIGHT, round(PLOTS_SHARE * self._window.height()))
            rest = max(1, self._window.height() - plots)
            both = [front, self._learning[1]]
            self._window.resizeDocks(both, [rest, plots], Qt.Orientation.Vertical)


class _Dock(QDockWidget):
    """A panel whose two small buttons have icons in the colour of the text: those of the style are dim on dark."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self.widget() is not None:
            self.show_icons()

    def show_icons(self) -> None:
        """Draw them in the colour that the text has now."""
        for button, name in (("qt_dockwidget_closebutton", "close"), ("qt_dockwidget_floatbutton", "detach")):
            found = self.findChild(QAbstractButton, button)
            if found is not None:
                found.setIcon(icon(name))


def _dock(window: QMainWindow, name: str, title: str) -> _Dock:
    dock = _Dock(title, window)
    dock.setObjectName(name)
    dock.setAllowedAreas(_AREA.LeftDockWidgetArea | _AREA.RightDockWidgetArea)
    # Qt counts a panel behind another one as visible, so what it said of this one is kept until it is filled.
    dock.visibilityChanged.connect(partial(dock.setProperty, _SEEN))
    return dock


def _fill(dock: _Dock, content: QWidget, scrolls: bool) -> None:
    if scrolls:
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setMinimumWidth(content.minimumSizeHint().width())  # narrower it would cut its fields off
        scroll.setFocusPolicy(
            Qt.FocusPolicy.NoFocus
        )  # a field that gets the focus scrolls into sight by itself
        scroll.setWidget(content)
        dock.setWidget(scroll)
        scroll.show()
    else:
        dock.setWidget(content)
    dock.show_icons()
    # A panel behind another one has access keys that would clash with those in front.
    content.setVisible(dock.property(_SEEN) is not False)
    dock.visibilityChanged.connect(content.setVisible)

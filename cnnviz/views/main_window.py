"""The main window: menus, one toolbar, the stage, the transport and one area of panels at the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QScrollArea, QTabWidget, QToolBar, QWidget

from cnnviz.views import ask
from cnnviz.views.drops import FileDrops
from cnnviz.views.input_form import InputFormView
from cnnviz.views.kernel_editor import KernelEditor
from cnnviz.views.layer_form import LayerFormView
from cnnviz.views.lessons_menu import LessonsMenu
from cnnviz.views.menus import LESSONS, PANELS, RECENT, fill_menu_bar, fill_toolbar
from cnnviz.views.note_line import NoteLine
from cnnviz.views.recent_menu import RecentMenu
from cnnviz.views.stage import StageView
from cnnviz.views.tabs import tighten
from cnnviz.views.transport import Transport
from cnnviz.views.words_panel import WordsPanel

SIZE = QSize(1280, 800)
PANEL_WIDTH = 240
"""Leaves the stage at least 70 % of a window of 1280×800."""
ICON = 20


class MainWindow(QMainWindow):
    """Holds the parts; it decides nothing.

    Parameters
    ----------
    actions : mapping of str to QAction
        Every command by its id; `cnnviz.views.menus` says where each one stands.

    Signals
    -------
    close_requested
        The window shall close; `leave` closes it.
    files_dropped : list of str
        Anywhere on the window.
    lesson_requested : str
        The id of a lesson that ships.
    recent_requested : str
        A path of Open Recent; ``recent_cleared`` empties the list.
    """

    close_requested = Signal()
    files_dropped = Signal(object)
    lesson_requested = Signal(str)
    recent_requested = Signal(str)
    recent_cleared = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._leaving = False
        self.stage = StageView()
        self.transport = Transport(actions)
        self.kernel_editor = KernelEditor()
        self.layer_form = LayerFormView()
        self.input_form = InputFormView()
        self.words_panel = WordsPanel()
        self.note = NoteLine()
        self._lessons = LessonsMenu(self.tr("Lessons by na&me"), self)
        self._lessons.lesson_requested.connect(self.lesson_requested)
        self._recent = RecentMenu(self.tr("Open &recent"), self)
        self._recent.path_requested.connect(self.recent_requested)
        self._recent.clear_requested.connect(self.recent_cleared)
        self.setObjectName("main-window")
        self.setCentralWidget(self.stage)
        self.setDockNestingEnabled(False)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._build_toolbar(actions)
        self._build_transport()
        self._docks = self._build_docks()
        fill_menu_bar(
            self.menuBar(),
            actions,
            {
                LESSONS: lambda menu: menu.addMenu(self._lessons),
                RECENT: lambda menu: menu.addMenu(self._recent),
                PANELS: self._place_panels,
            },
            self.tr,
        )
        self._take_drops()
        self.reset_docks()
        self.resize(SIZE)

    # What is shown

    def set_title(self, name: str, dirty: bool) -> None:
        """Show the name of the lesson, with a star while it is not saved."""
        self.setWindowTitle(self.tr("{name}[*] – cnnviz").replace("{name}", name))
        self.setWindowModified(dirty)

    def show_note(self, text: str, error: bool = False) -> None:
        """Show one line for a while: what was done, or why something was refused."""
        self.note.show_note(text, error)

    def show_recent(self, entries: Sequence[tuple[str, bool]]) -> None:
        """Fill Open Recent with paths and whether they exist."""
        self._recent.show_entries(entries)

    def reset_docks(self) -> None:
        """Put the panels back at the right side as tabs, the kernel in front."""
        for dock in self._docks:
            dock.setFloating(False)
            self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.show()
        for dock in self._docks[1:]:
            self.tabifyDockWidget(self._docks[0], dock)
        tighten(self)
        self._docks[0].raise_()
        self.resizeDocks([self._docks[0]], [PANEL_WIDTH], Qt.Orientation.Horizontal)

    def show_panel(self, name: str) -> None:
        """Bring the panel ``kernel``, ``layer``, ``input`` or ``words`` to the front."""
        dock = next(d for d in self._docks if d.objectName() == name)
        dock.show()
        dock.raise_()

    # What is asked

    def ask_open(self, kind: ask.Kind = "any", folder: str = "") -> str:
        """Ask for a file to open; "" for none."""
        return ask.ask_open(self, kind, folder)

    def ask_save(self, suggested: str) -> str:
        """Ask where to save the lesson; "" for nowhere."""
        return ask.ask_save(self, suggested)

    def confirm_save(self, name: str) -> ask.Answer:
        """Ask "Save changes?"."""
        return ask.confirm_save(self, name)

    def confirm_overwrite(self, paths: Sequence[str]) -> bool:
        """Ask before files that exist are replaced."""
        return ask.confirm_overwrite(self, paths)

    def show_error(self, text: str) -> None:
        """Show one clear line that has to be read."""
        ask.show_error(self, text)

    def leave(self) -> None:
        """Close without asking again."""
        self._leaving = True
        self.close()

    # Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._leaving:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def createPopupMenu(self) -> QMenu:
        """The context menu of toolbar and panels: the panels only, so that the transport cannot get lost."""
        menu = QMenu(self)
        self._place_panels(menu)
        return menu

    # Building

    def _build_toolbar(self, actions: Mapping[str, QAction]) -> None:
        bar = QToolBar(self.tr("Toolbar"), self)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(ICON, ICON))
        fill_toolbar(bar, actions)
        bar.addWidget(self.note)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)

    def _build_transport(self) -> None:
        bar = QToolBar(self.tr("Transport"), self)
        bar.setObjectName("transport")
        bar.setMovable(False)
        bar.addWidget(self.transport)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, bar)

    def _build_docks(self) -> tuple[QDockWidget, ...]:
        return (
            self._dock("kernel", self.tr("Kernel"), self.kernel_editor),
            self._dock("layer", self.tr("Layer"), self.layer_form),
            self._dock("input", self.tr("Input"), self.input_form),
            self._dock("words", self.tr("Words"), self.words_panel),
        )

    def _dock(self, name: str, title: str, content: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        dock.setWidget(scroll)
        # Qt counts a panel behind another one as visible, and its access keys would clash with those in front.
        dock.visibilityChanged.connect(content.setVisible)
        return dock

    def _place_panels(self, menu: QMenu) -> None:
        for dock in self._docks:
            menu.addAction(dock.toggleViewAction())

    def _take_drops(self) -> None:
        # The stage takes its own; what falls on chrome is taken here.
        FileDrops(self, self.stage.hint).files_dropped.connect(self.files_dropped)
        self.stage.files_dropped.connect(self.files_dropped)

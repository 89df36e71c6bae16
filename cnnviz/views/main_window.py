"""The main window: menus, one toolbar, the stage, the transport and one area of panels at the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QTabWidget, QToolBar

from cnnviz.timeline.progress import Progress
from cnnviz.views import ask
from cnnviz.views.bookmarks_menu import BookmarksMenu
from cnnviz.views.busy_card import BusyCard
from cnnviz.views.docks import Docks
from cnnviz.views.drops import FileDrops
from cnnviz.views.lessons_menu import LessonsMenu
from cnnviz.views.menus import BOOKMARKS, LESSONS, PANELS, RECENT, fill_menu_bar, fill_toolbar
from cnnviz.views.note_actions import NoteActions
from cnnviz.views.note_line import NoteLine
from cnnviz.views.recent_menu import RecentMenu
from cnnviz.views.stage import StageView
from cnnviz.views.transport import Transport

if TYPE_CHECKING:
    from cnnviz.views.panels import Panels

SIZE = QSize(1280, 800)
FRAME = 40
"""Height of a title bar and a border; how high they are is known only once the window is shown."""
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
    furnished
        The panels at the side have got what they hold.
    left
        The window closes now.
    """

    close_requested = Signal()
    files_dropped = Signal(object)
    lesson_requested = Signal(str)
    recent_requested = Signal(str)
    recent_cleared = Signal()
    furnished = Signal()
    left = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._leaving = False
        self.stage = StageView()
        self.transport = Transport(actions)
        self._actions = actions
        self._panels: Panels | None = None
        self.note = NoteLine()
        self.busy = BusyCard(self.stage)
        self._lessons = LessonsMenu(self.tr("Lessons by na&me"), self)
        self._lessons.lesson_requested.connect(self.lesson_requested)
        self._recent = RecentMenu(self.tr("Open &recent"), self)
        self._recent.path_requested.connect(self.recent_requested)
        self._recent.clear_requested.connect(self.recent_cleared)
        self.bookmarks = BookmarksMenu(self.tr("Book&marks"), self)
        self.setObjectName("main-window")
        self.setCentralWidget(self.stage)
        self.setDockNestingEnabled(False)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._build_toolbar(actions)
        bar = self._add_bar("transport", self.tr("Transport"), Qt.ToolBarArea.BottomToolBarArea)
        bar.addWidget(self.transport)
        self.docks = self._build_docks()
        fill_menu_bar(
            self.menuBar(),
            actions,
            {
                LESSONS: lambda menu: menu.addMenu(self._lessons),
                RECENT: lambda menu: menu.addMenu(self._recent),
                BOOKMARKS: lambda menu: menu.addMenu(self.bookmarks),
                PANELS: self.docks.place_in,
            },
            self.tr,
        )
        self._take_drops()
        self.docks.reset()
        self.resize(SIZE)

    # The panels

    @property
    def panels(self) -> Panels:
        """What the panels at the side hold; made now if they were not."""
        self.furnish()
        assert self._panels is not None
        return self._panels

    @property
    def is_furnished(self) -> bool:
        """Whether the panels hold something."""
        return self._panels is not None

    def furnish(self) -> None:
        """Give the panels what they hold, once."""
        if self._panels is not None:
            return
        # Here, because they take a tenth of the time to the first painted lesson, which goes before.
        from cnnviz.views.panels import Panels

        self._panels = Panels(self._actions)
        self.docks.fill(self._panels.by_name())
        self.furnished.emit()

    # What is shown

    def show_fitting(self) -> None:
        """Show the window, maximised where the screen has no room for its usual size and the frame around that."""
        room = self.screen().availableSize() - QSize(0, FRAME)
        if self.size() != self.size().boundedTo(room):
            self.resize(self.size().boundedTo(room))  # what it has when it is not maximised any more
            self.showMaximized()
        else:
            self.show()

    def set_title(self, name: str, dirty: bool, place: str = "") -> None:
        """Show the name of the lesson and the step, with a star while it is not saved.

        A screen reader is told the name alone: a title that changes with every step would be read out each time.
        """
        shown = f"{name} – {place}" if place else name
        self.setWindowTitle(self.tr("{name}[*] – cnnviz").format(name=shown))
        self.setWindowModified(dirty)
        spoken = self.tr("{name} – cnnviz").format(name=name)
        if self.accessibleName() != spoken:
            self.setAccessibleName(spoken)

    def show_note(self, text: str, error: bool = False) -> None:
        """Show one line for a while: what was done, or why something was refused."""
        self.note.show_note(text, error)

    def show_busy(self, text: str, may_cancel: bool = False) -> None:
        """Say over the stage what is being worked at, or with "" that nothing is."""
        self.busy.show_work(text, may_cancel)

    def show_recent(self, entries: Sequence[tuple[str, bool]]) -> None:
        """Fill Open Recent with paths and whether they exist."""
        self._recent.show_entries(entries)

    def show_progress(self, progress: Progress) -> None:
        """Show how far a lesson has learned: in the transport and, while it goes on, in the line of notes."""
        self.transport.show_progress(progress)
        self.docks.set_learning(progress.state != "none", not progress.on_stage)
        self.note.show_progress(progress)

    def show_run_progress(self, progress: Progress) -> None:
        """Show how far runs are computed: in the transport and in the line of notes."""
        self.transport.show_progress(progress)
        self.note.show_progress(progress)

    def show_panel(self, name: str) -> None:
        """Bring the panel ``kernel``, ``layer``, ``input``, ``words``, ``learning`` or ``plots`` to the front."""
        self.docks.show(name)

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
            self.left.emit()
            return
        event.ignore()
        self.close_requested.emit()

    def createPopupMenu(self) -> QMenu:
        """The context menu of toolbar and panels: the panels only, so that the transport cannot get lost."""
        menu = QMenu(self)
        self.docks.place_in(menu)
        return menu

    # Building

    def _add_bar(self, name: str, title: str, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar(title, self)
        bar.setObjectName(name)
        bar.setMovable(False)
        self.addToolBar(area, bar)
        return bar

    def _build_toolbar(self, actions: Mapping[str, QAction]) -> None:
        bar = self._add_bar("toolbar", self.tr("Toolbar"), Qt.ToolBarArea.TopToolBarArea)
        bar.setIconSize(QSize(ICON, ICON))
        fill_toolbar(bar, actions)
        bar.addWidget(self.note)
        self.note_actions = NoteActions(bar, self.note)

    def _build_docks(self) -> Docks:
        docks = Docks(
            self,
            {
                "kernel": self.tr("Kernel"),
                "layer": self.tr("Layer"),
                "input": self.tr("Input"),
                "words": self.tr("Words"),
            },
        )
        docks.add_learning(self.tr("Learning"), self.tr("Plots"))
        return docks

    def _take_drops(self) -> None:
        # The stage takes its own; what falls on chrome is taken here.
        FileDrops(self, self.stage.hint).files_dropped.connect(self.files_dropped)
        self.stage.files_dropped.connect(self.files_dropped)

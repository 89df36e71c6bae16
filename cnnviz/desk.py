"""The desk: everything the window is made of, and the few things that need several of its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from cnnviz.controllers.bookmarks import Bookmarks
from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.collecting import give_back_later
from cnnviz.controllers.copying import Copying
from cnnviz.controllers.document import Document
from cnnviz.controllers.drawing import Drawing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.input_editing import InputEditing
from cnnviz.controllers.kernel_editing import KernelEditing
from cnnviz.controllers.layer_editing import LayerEditing
from cnnviz.controllers.learning_editing import LearningEditing
from cnnviz.controllers.levels import Levels
from cnnviz.controllers.opening import Opening
from cnnviz.controllers.picking import Picking
from cnnviz.controllers.player import Player
from cnnviz.controllers.preferences import Preferences
from cnnviz.controllers.products import Products
from cnnviz.controllers.session import Session
from cnnviz.controllers.staging import Staging
from cnnviz.controllers.switches import Switches
from cnnviz.controllers.training import Training
from cnnviz.controllers.words_editing import WordsEditing
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.timeline.progress import Progress
from cnnviz.timeline.timeline import Timeline
from cnnviz.views import ask, look
from cnnviz.views.main_window import MainWindow

if TYPE_CHECKING:
    from cnnviz.controllers.exporting import Exporting


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """Everything the window is made of."""

    window: MainWindow
    actions: Mapping[str, QAction]
    preferences: Preferences
    session: Session
    editing: Editing
    document: Document
    opening: Opening
    player: Player
    staging: Staging
    picking: Picking
    choosing: Choosing
    switches: Switches
    kernels: KernelEditing
    layers: LayerEditing
    inputs: InputEditing
    words: WordsEditing
    copying: Copying
    training: Training
    learning: LearningEditing
    bookmarks: Bookmarks
    levels: Levels
    products: Products
    drawing: Drawing


def place(desk: Desk) -> tuple[int, int]:
    """The step that is shown, and how many there are."""
    return desk.session.moment.index, desk.session.moment.timeline.count


def show_title(desk: Desk) -> None:
    """The title bar also tells the step, to a taskbar."""
    index, count = place(desk)
    desk.window.set_title(desk.document.name, desk.document.dirty, f"{index + 1} / {count}")


def begin(desk: Desk, timeline: Timeline, path: str) -> None:
    """Show another document from its start."""
    desk.player.pause()
    desk.player.clear_marks()
    desk.document.begin(timeline, path)
    desk.kernels.keep_origin()
    desk.switches.forget_range()
    desk.picking.fit()
    show_notes_of_runs(desk)
    give_back_later(desk.window)
    if path:
        desk.preferences.add_recent(path)


def iteration_shown(desk: Desk) -> int:
    """The iteration at the playhead; 0 where nothing learns."""
    moment = desk.session.moment
    return moment.timeline.step(moment.index).iteration


def seek_iteration(desk: Desk, iteration: int) -> None:
    """Go to the start of an iteration of the track that sets the clock, or the nearest there is."""
    timeline = desk.session.moment.timeline
    if desk.training.progress.state != "none":
        last = timeline.repeats(timeline.lead).iterations - 1
        desk.player.seek(timeline.index_at(min(max(iteration, 0), last)))


def enable_learning(desk: Desk, progress: Progress) -> None:
    """Let the commands of the menu Learn be there only where they can do something."""
    under_way = progress.state in ("running", "paused")
    for name, action in desk.actions.items():
        if name.startswith("learn.") and name not in ("learn.run-again", "learn.recorded"):
            action.setEnabled(progress.state != "none")
    desk.actions["learn.pause"].setEnabled(under_way or progress.state == "cancelled")
    desk.actions["learn.cancel"].setEnabled(under_way)


def show_notes_of_runs(desk: Desk) -> None:
    """Of a lesson of runs, which has no cells, only the words stand at the side."""
    has_runs = desk.session.moment.timeline.runs is not None
    desk.window.docks.set_cells(not has_runs)
    if has_runs:
        desk.window.show_panel("words")


def enable_runs(desk: Desk) -> None:
    """Let runs be computed again where the lesson has some."""
    has_runs = desk.session.moment.timeline.runs is not None
    for name in ("learn.run-again", "learn.recorded"):
        desk.actions[name].setEnabled(has_runs)


def leave_after_exports(desk: Desk, leave: Callable[[], object]) -> None:
    """Leave; while an export is under way only when that is wanted, and once nothing of it is left behind."""
    # By its name, because its module is imported with the first export only.
    exporting = cast("Exporting | None", desk.window.findChild(QObject, "exporting"))
    if exporting is None or not exporting.running:
        leave()
    elif ask.confirm_stop_export(desk.window):
        exporting.end_then(leave)


def theme_of(preferences: Preferences) -> Theme:
    """The theme that is chosen, or that of the system."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if preferences.theme == "dark" or (preferences.theme == "system" and dark) else LIGHT


def dress(theme: Theme) -> None:
    """Colour the whole program."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look.dress(app, theme)

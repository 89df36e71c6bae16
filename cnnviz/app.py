"""The window program: makes views and controllers, has them connected and runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from cnnviz.commands import commands, show_gallery
from cnnviz.controllers import collecting
from cnnviz.controllers.actions import ACTIONS
from cnnviz.controllers.bookmarks import Bookmarks
from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.copying import Copying
from cnnviz.controllers.document import Document
from cnnviz.controllers.drawing import Drawing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.input_editing import InputEditing
from cnnviz.controllers.kernel_editing import KernelEditing
from cnnviz.controllers.layer_editing import LayerEditing
from cnnviz.controllers.learning_editing import LearningEditing
from cnnviz.controllers.levels import Levels
from cnnviz.controllers.opening import DEFAULT_LESSON, Opening, cover_for, start_with
from cnnviz.controllers.picking import Picking
from cnnviz.controllers.player import Player
from cnnviz.controllers.preferences import BACKGROUNDS, Preferences
from cnnviz.controllers.products import Products
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.staging import Staging
from cnnviz.controllers.switches import Switches
from cnnviz.controllers.training import Training
from cnnviz.controllers.words_editing import WordsEditing
from cnnviz.desk import Desk, dress, theme_of
from cnnviz.lesson.lesson import BadInput
from cnnviz.paint.app import has_display
from cnnviz.timeline.timeline import Timeline
from cnnviz.views import accessible, look
from cnnviz.views.importing import Importing
from cnnviz.views.main_window import MainWindow
from cnnviz.views.qactions import bind, make_actions
from cnnviz.wiring import connect

GLIDES_UP_TO = 2.0
"""Above this speed steps do not glide."""
PANELS = "cnnviz.views.panels"
NEXT = ("cnnviz.scene.network", "cnnviz.scene.network_learning", "cnnviz.scene.layer")
"""Modules that most lessons do without until somebody looks from further away."""
NEXT_MS = 1000
"""So long after the panels they are imported, beside the window."""
WELCOME_MS = 700
"""On the first start the gallery comes so long after the window, which is painted and settled by then."""


def run(files: Sequence[str], screenshot: str | None = None) -> int:
    """Open the window on a lesson, a picture or a kernel, and stay until it is closed.

    Parameters
    ----------
    files : sequence of str
        What to open; nothing for the 6×6 example.
    screenshot : str, optional
        Save a picture of the window there once the lesson is painted, and end.

    Returns
    -------
    int
        The exit code: 0, or 2 with one line on stderr.
    """
    if not os.environ.get("QT_QPA_PLATFORM") and not has_display():
        return _refused("there is no display: set DISPLAY, or write frames with cnnviz export LESSON OUT")
    try:
        cover = cover_for(files)
        timeline, path = start_with(files) if cover is None else (cover, "")
    except BadInput as error:
        return _refused(str(error))
    app = make_application()
    desk = assemble(timeline, path)
    panels = Importing(PANELS, parent=desk.window)
    panels.done.connect(desk.window.furnish)
    # Queued, so that the panels come after the painting that they would hold up.
    desk.window.stage.first_painted.connect(panels.start, Qt.ConnectionType.QueuedConnection)
    desk.window.furnished.connect(lambda: import_next(desk.window))
    if cover is not None:
        desk.window.stage.first_painted.connect(lambda: desk.opening.begin_with(files[0]))
        desk.opening.cancelled.connect(lambda: leave_cover(desk, cover))
        desk.opening.not_begun.connect(lambda line: app.exit(_refused(line)))
    if screenshot is None:
        desk.window.show_fitting()
    else:
        desk.window.show()  # of one size on every screen
    collecting.settle_later()
    if is_first_start(desk, files, screenshot):
        QTimer.singleShot(WELCOME_MS, desk.window, lambda: show_gallery(desk))
    if screenshot is not None:
        from cnnviz.views.screenshot import save_when_painted

        def done(error: str) -> None:
            app.exit(_refused(error) if error else 0)

        def is_ready() -> bool:
            arrived = cover is None or desk.session.moment.timeline.lesson is not cover.lesson
            return desk.window.is_furnished and arrived and desk.staging.is_settled

        desk.opening.failed.connect(done)
        save_when_painted(desk.window, screenshot, is_ready, done)
    code = app.exec()
    # While the parts are taken down, the undo stack says that it is empty to listeners that may be gone.
    desk.editing.stack.blockSignals(True)
    return code


def import_next(window: MainWindow) -> None:
    """Import what is likely to be needed next while nobody waits for it."""
    QTimer.singleShot(NEXT_MS, window, Importing(*NEXT, parent=window).start)


def leave_cover(desk: Desk, cover: Timeline) -> None:
    """Show the first lesson where what the program was started with was given up before it came."""
    if desk.session.moment.timeline.lesson is cover.lesson:
        desk.opening.open_shipped(DEFAULT_LESSON)


def is_first_start(desk: Desk, files: Sequence[str], screenshot: str | None) -> bool:
    """Whether to show the gallery by itself: it was never shown, and nothing else was asked for."""
    return not files and screenshot is None and not desk.preferences.gallery_shown


def make_application() -> QApplication:
    """The one QApplication, with the names under which settings are kept."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1] or ["cnnviz"])
    app.setApplicationName("cnnviz")
    app.setDesktopFileName("cnnviz")
    app.setWindowIcon(look.window_icon())
    accessible.install()
    return app


def build(timeline: Timeline, path: str = "") -> Desk:
    """Make all parts and connect them; the window is not shown yet."""
    desk = assemble(timeline, path)
    desk.window.furnish()
    return desk


def assemble(timeline: Timeline, path: str = "") -> Desk:
    """Make and connect all parts but those in the panels at the side, which `MainWindow.furnish` makes."""
    preferences = Preferences()
    dress(theme_of(preferences))
    actions = make_actions(ACTIONS)
    window = MainWindow(actions)
    session = Session(Moment(timeline), window)
    editing = Editing(session, parent=window)
    player = Player(session, parent=window)
    staging = Staging(session, lambda: preferences.motion and player.speed <= GLIDES_UP_TO, parent=window)

    def background() -> tuple[int, int, int]:
        return BACKGROUNDS[preferences.background]

    document, choosing = Document(editing, window), Choosing(editing, session, window)
    levels = Levels(session, window)
    opening = Opening(session, editing, staging.warm, background, window)
    desk = Desk(
        window, actions, preferences, session, editing, document, opening, player, staging,
        Picking(session, lambda: staging.scene, window), choosing,
        Switches(editing, session, choosing, window), KernelEditing(editing, choosing, window),
        LayerEditing(editing, choosing, window), InputEditing(editing, choosing, window),
        WordsEditing(editing, session, window),
        Copying(session, staging, window),
        Training(session, parent=window, warm=staging.warm), LearningEditing(editing, choosing, window),
        Bookmarks(editing, session, window), levels, Products(editing, session, levels, window),
        Drawing(editing, choosing, session, window),
    )  # fmt: skip
    connect(desk)
    bind(actions, commands(desk))
    window.addActions(list(actions.values()))
    player.set_speed(preferences.speed)
    document.begin(timeline, path)
    desk.kernels.keep_origin()
    desk.training.begin()
    window.stage.setFocus()
    return desk


def _refused(line: str) -> int:
    print(f"cnnviz: {line}", file=sys.stderr)
    return 2

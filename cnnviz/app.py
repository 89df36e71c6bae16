"""The window program: makes views and controllers and connects them; the only file that knows both."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from cnnviz.controllers import collecting
from cnnviz.controllers.actions import ACTIONS
from cnnviz.controllers.copying import Copying
from cnnviz.controllers.document import Document
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.input_editing import InputEditing
from cnnviz.controllers.kernel_editing import KernelEditing
from cnnviz.controllers.layer_editing import LayerEditing
from cnnviz.controllers.opening import Opening, start_with
from cnnviz.controllers.picking import Picking
from cnnviz.controllers.player import Player
from cnnviz.controllers.preferences import BACKGROUNDS, Preferences
from cnnviz.controllers.reading import Kind
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.staging import Staging
from cnnviz.lesson.lesson import BadInput
from cnnviz.paint.app import has_display
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.timeline.timeline import Timeline
from cnnviz.views import look, sheets
from cnnviz.views.main_window import MainWindow
from cnnviz.views.qactions import bind, make_actions, name_history, show_icons

ZOOM_STEP = 1.25
GLIDES_UP_TO = 2.0
"""Above this speed steps do not glide."""


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
    kernels: KernelEditing
    layers: LayerEditing
    inputs: InputEditing
    copying: Copying


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
        timeline, path = start_with(files)
    except BadInput as error:
        return _refused(str(error))
    app = make_application()
    desk = build(timeline, path)
    desk.window.show()
    collecting.resume_later()
    if screenshot is not None:
        from cnnviz.views.screenshot import save_when_painted

        def done(error: str) -> None:
            app.exit(_refused(error) if error else 0)

        save_when_painted(desk.window, screenshot, lambda: desk.staging.scene is not None, done)
    code = app.exec()
    # While the parts are taken down, the undo stack says that it is empty to listeners that may be gone.
    desk.editing.stack.blockSignals(True)
    return code


def make_application() -> QApplication:
    """The one QApplication, with the names under which settings are kept."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1] or ["cnnviz"])
    app.setApplicationName("cnnviz")
    app.setDesktopFileName("cnnviz")
    app.setWindowIcon(look.window_icon())
    return app


def build(timeline: Timeline, path: str = "") -> Desk:
    """Make all parts and connect them; the window is not shown yet."""
    preferences = Preferences()
    _dress(_theme(preferences))
    actions = make_actions(ACTIONS)
    window = MainWindow(actions)
    session = Session(Moment(timeline), window)
    editing = Editing(session, parent=window)
    player = Player(session, parent=window)
    staging = Staging(session, lambda: preferences.motion and player.speed <= GLIDES_UP_TO, parent=window)

    def background() -> tuple[int, int, int]:
        return BACKGROUNDS[preferences.background]

    document = Document(editing, window)
    opening = Opening(session, editing, staging.warm, background, window)
    desk = Desk(
        window, actions, preferences, session, editing, document, opening, player, staging,
        Picking(session, lambda: staging.scene, window), KernelEditing(editing, window),
        LayerEditing(editing, window), InputEditing(editing, window), Copying(session, staging, window),
    )  # fmt: skip
    for connect in (_connect_stage, _connect_playing, _connect_forms, _connect_files, _connect_look):
        connect(desk)
    bind(actions, commands(desk))
    window.addActions(list(actions.values()))
    player.set_speed(preferences.speed)
    document.begin(timeline, path)
    desk.kernels.keep_origin()
    window.stage.setFocus()
    return desk


def commands(desk: Desk) -> dict[str, Callable[[], object]]:
    """What each command of the table does."""
    player, picking, document, window = desk.player, desk.picking, desk.document, desk.window
    chosen, checked = desk.preferences, {name: action.isChecked for name, action in desk.actions.items()}
    keys = [(spec.group, spec.plain, ", ".join(spec.shortcuts)) for spec in ACTIONS]
    return {
        "file.new": lambda: document.leave_for(lambda: _begin(desk, *start_with(()))),
        "file.new-input": lambda: sheets.ask_new_input(window, desk.inputs.make),
        "file.open": lambda: _ask_open(desk, None),
        "file.open-picture": lambda: _ask_open(desk, "picture"),
        "file.open-kernel": lambda: _ask_open(desk, "kernel"),
        "file.save": document.save,
        "file.save-as": document.save_as,
        "file.export": lambda: _ask_export(desk),
        "file.close": window.close,
        "file.quit": window.close,
        "edit.undo": desk.editing.stack.undo,
        "edit.redo": desk.editing.stack.redo,
        "edit.paste": lambda: desk.opening.paste(QGuiApplication.clipboard().mimeData()),
        "edit.copy-frame": desk.copying.copy_frame,
        "edit.copy-matrix": desk.copying.copy_matrix,
        "edit.copy-numpy": lambda: desk.copying.copy_matrix("numpy"),
        "edit.copy-latex": lambda: desk.copying.copy_matrix("latex"),
        "edit.preferences": lambda: _ask_preferences(desk),
        "view.zoom-in": lambda: picking.zoom_middle(ZOOM_STEP),
        "view.zoom-out": lambda: picking.zoom_middle(1 / ZOOM_STEP),
        "view.fit": picking.fit,
        "view.actual-size": picking.actual_size,
        "view.full-screen": lambda: _toggle_full_screen(desk),
        "view.dark": lambda: chosen.set_theme("dark" if checked["view.dark"]() else "light"),
        "view.motion": lambda: chosen.set_motion(checked["view.motion"]()),
        "view.reset-docks": window.reset_docks,
        "play.toggle": player.toggle,
        "play.backwards": player.toggle_backwards,
        "play.restart": player.restart,
        "play.stop": lambda: _stop(desk),
        "play.step-forward": lambda: player.step(1),
        "play.step-back": lambda: player.step(-1),
        "play.ten-forward": lambda: player.step(10),
        "play.ten-back": lambda: player.step(-10),
        "play.next-section": player.next_section,
        "play.previous-section": player.previous_section,
        "play.to-start": player.to_start,
        "play.to-end": player.to_end,
        "play.goto": lambda: sheets.ask_step(window, *_place(desk), player.seek),
        "play.faster": player.faster,
        "play.slower": player.slower,
        "play.loop": player.next_loop,
        "help.contents": lambda: sheets.show_help(window),
        "help.shortcuts": lambda: sheets.show_shortcuts(window, keys),
        "help.about": lambda: sheets.show_about(window),
    }


# Connections


def _connect_stage(desk: Desk) -> None:
    stage, picking, inputs = desk.window.stage, desk.picking, desk.inputs
    desk.staging.scene_changed.connect(stage.show_scene)
    stage.size_changed.connect(desk.staging.set_size)
    stage.hover_changed.connect(desk.staging.set_hover)
    stage.cell_clicked.connect(picking.click)
    stage.cell_double_clicked.connect(picking.double_click)
    stage.zoom_requested.connect(picking.zoom)
    stage.pan_requested.connect(picking.pan)
    stage.play_requested.connect(desk.player.toggle)
    stage.paint_requested.connect(picking.paint)
    stage.paint_finished.connect(inputs.end_stroke)
    stage.value_edited.connect(picking.set_value)
    picking.weight_typed.connect(desk.kernels.set_weight_of)
    picking.input_typed.connect(inputs.set_cell_of)
    stage.value_refused.connect(lambda line: desk.window.show_note(line, True))
    picking.value_requested.connect(stage.ask_value)
    picking.input_painted.connect(inputs.paint)
    picking.weight_selected.connect(desk.kernels.select_cell)
    picking.weight_selected.connect(lambda _ref: desk.window.show_panel("kernel"))


def _connect_playing(desk: Desk) -> None:
    player, transport = desk.player, desk.window.transport
    player.transport_changed.connect(transport.show_state)
    player.transport_changed.connect(lambda _state: _show_title(desk))
    player.transport_changed.connect(lambda state: desk.preferences.set_speed(state.speed))
    transport.seek_requested.connect(player.seek)
    transport.speed_requested.connect(player.set_speed)
    transport.loop_requested.connect(player.set_loop)


def _connect_forms(desk: Desk) -> None:
    kernels, editor = desk.kernels, desk.window.kernel_editor
    kernels.form_changed.connect(editor.show_form)
    kernels.copied.connect(desk.copying.copy_text)
    editor.weight_edited.connect(kernels.set_weight)
    editor.plane_requested.connect(kernels.use_named)
    editor.size_requested.connect(kernels.set_size)
    editor.bias_edited.connect(kernels.set_bias)
    editor.selection_requested.connect(kernels.select)
    editor.pasted.connect(kernels.paste)
    editor.copy_requested.connect(kernels.copy)
    editor.load_requested.connect(desk.actions["file.open-kernel"].trigger)
    editor.add_requested.connect(kernels.add)
    editor.remove_requested.connect(kernels.remove)
    editor.reset_requested.connect(kernels.reset)
    layers, form = desk.layers, desk.window.layer_form
    layers.form_changed.connect(form.show_form)
    form.geometry_edited.connect(layers.set_geometry)
    form.activation_edited.connect(layers.set_activation)
    form.pooling_edited.connect(layers.set_pooling)
    form.pace_edited.connect(layers.set_pace)
    inputs, view = desk.inputs, desk.window.input_form
    inputs.form_changed.connect(view.show_form)
    inputs.cells_changed.connect(view.show_cells)
    inputs.copied.connect(desk.copying.copy_text)
    view.grey_edited.connect(inputs.set_grey)
    view.size_edited.connect(inputs.set_size)
    view.cells_edited.connect(inputs.set_cells)
    view.brush_changed.connect(inputs.set_brush)
    view.brush_changed.connect(lambda value: desk.window.stage.set_paint_mode(value is not None))
    view.pasted.connect(inputs.paste)
    view.copy_requested.connect(inputs.copy)
    view.paste_requested.connect(desk.actions["edit.paste"].trigger)
    view.open_requested.connect(desk.actions["file.open-picture"].trigger)
    view.new_requested.connect(desk.actions["file.new-input"].trigger)


def _connect_files(desk: Desk) -> None:
    window, document, opening, stack = desk.window, desk.document, desk.opening, desk.editing.stack
    for name, changed, text in (
        ("edit.undo", stack.undoTextChanged, stack.undoText()),
        ("edit.redo", stack.redoTextChanged, stack.redoText()),
    ):
        changed.connect(lambda what, name=name: name_history(desk.actions[name], what))
        name_history(desk.actions[name], text)
    # Queued: Qt ignores a window that is closed while it is asked whether it may close.
    window.close_requested.connect(
        lambda: document.leave_for(window.leave), Qt.ConnectionType.QueuedConnection
    )
    window.files_dropped.connect(opening.open_all)
    window.lesson_requested.connect(opening.open_shipped)
    window.recent_requested.connect(opening.open)
    window.recent_cleared.connect(desk.preferences.clear_recent)
    desk.preferences.recent_changed.connect(window.show_recent)
    window.show_recent(desk.preferences.recent_entries())
    document.title_changed.connect(lambda _name, _dirty: _show_title(desk))
    document.save_question_requested.connect(lambda name: document.answer(window.confirm_save(name)))
    document.path_requested.connect(lambda suggested: document.save_to(window.ask_save(suggested)))
    document.saved.connect(desk.preferences.add_recent)
    document.saved.connect(lambda path: window.show_note(f"Saved {Path(path).name}"))
    opening.lesson_ready.connect(
        lambda timeline, path: document.leave_for(lambda: _begin(desk, timeline, path))
    )
    opening.opened.connect(desk.preferences.add_recent)
    opening.busy_changed.connect(lambda name: window.show_note(f"Opening {name} …" if name else ""))
    opening.noted.connect(window.show_note)
    desk.copying.noted.connect(window.show_note)
    for failed in (document.failed, opening.failed, desk.copying.failed):
        failed.connect(window.show_error)
    desk.editing.refused.connect(lambda line: window.show_note(line, True))


def _connect_look(desk: Desk) -> None:
    def show() -> None:
        theme = _theme(desk.preferences)
        _dress(theme)
        desk.staging.set_theme(theme)
        desk.actions["view.dark"].setChecked(theme is DARK)
        desk.actions["view.motion"].setChecked(desk.preferences.motion)
        show_icons(ACTIONS, desk.actions)

    desk.preferences.changed.connect(show)
    QGuiApplication.styleHints().colorSchemeChanged.connect(show)
    show()


# What is shown besides the stage


def _refused(line: str) -> int:
    print(f"cnnviz: {line}", file=sys.stderr)
    return 2


def _theme(preferences: Preferences) -> Theme:
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if preferences.theme == "dark" or (preferences.theme == "system" and dark) else LIGHT


def _dress(theme: Theme) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look.dress(app, theme)


def _show_title(desk: Desk) -> None:
    """The title bar also tells the step: to a taskbar, and to those who cannot see the stage."""
    index, count = _place(desk)
    desk.window.set_title(f"{desk.document.name} – {index + 1} / {count}", desk.document.dirty)


def _place(desk: Desk) -> tuple[int, int]:
    return desk.session.moment.index, desk.session.moment.timeline.count


def _begin(desk: Desk, timeline: Timeline, path: str) -> None:
    desk.player.pause()
    desk.document.begin(timeline, path)
    desk.kernels.keep_origin()
    desk.picking.fit()
    if path:
        desk.preferences.add_recent(path)


def _stop(desk: Desk) -> None:
    """Stop; else leave full screen, put the brush away, let go of the pinned cell, or go back to the stage."""
    if desk.player.playing:
        desk.player.pause()
    elif desk.window.isFullScreen():
        _toggle_full_screen(desk)
    elif desk.inputs.painting:
        desk.window.input_form.stop_painting()
    elif not desk.picking.unpin():
        desk.window.stage.setFocus()


def _toggle_full_screen(desk: Desk) -> None:
    window = desk.window
    window.showNormal() if window.isFullScreen() else window.showFullScreen()
    desk.actions["view.full-screen"].setChecked(window.isFullScreen())


# Questions


def _ask_open(desk: Desk, kind: Kind | None) -> None:
    if path := desk.window.ask_open(kind or "any"):
        desk.opening.open(path, kind)


def _ask_preferences(desk: Desk) -> None:
    chosen = desk.preferences
    dialog = sheets.ask_preferences(desk.window, chosen.theme, chosen.motion, chosen.background)
    dialog.theme_requested.connect(chosen.set_theme)
    dialog.motion_requested.connect(chosen.set_motion)
    dialog.background_requested.connect(chosen.set_background)


def _ask_export(desk: Desk) -> None:
    from cnnviz.controllers.exporting import Exporting, first_place, first_plan
    from cnnviz.views.export_flow import ask_export

    desk.player.pause()
    plan, out = first_plan(desk.session.moment, desk.staging.theme), first_place(desk.document.path)
    ask_export(desk.window, Exporting(desk.session, desk.window), plan, out, desk.window.show_note)

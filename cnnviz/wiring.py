"""Connects the views of the desk with its controllers: what a view asks for, and what it has to show."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from cnnviz.controllers.actions import ACTIONS
from cnnviz.controllers.exciting import Exciting
from cnnviz.controllers.session import Moment
from cnnviz.desk import (
    Desk,
    begin,
    dress,
    enable_learning,
    enable_runs,
    iteration_shown,
    leave_after_exports,
    seek_iteration,
    show_notes_of_runs,
    show_title,
    theme_of,
)
from cnnviz.scene.theme import DARK
from cnnviz.timeline.frame import CellRef
from cnnviz.views import ask
from cnnviz.views.qactions import name_history, show_icons, show_states


def connect(desk: Desk) -> None:
    """Make every connection of the window; those of its panels when they hold something."""
    for part in (
        _connect_choosing,
        _connect_stage,
        _connect_playing,
        _connect_words,
        _connect_learning,
        _connect_files,
        _connect_look,
    ):
        part(desk)
    desk.window.furnished.connect(lambda: _connect_panels(desk))


def _connect_panels(desk: Desk) -> None:
    """Connect the panels at the side, and let them show what they missed."""
    for part in (
        _connect_choosers,
        _connect_kernel,
        _connect_layer,
        _connect_input,
        _connect_drawing,
        _connect_words_panel,
        _connect_learning_panel,
        _connect_plots,
        _connect_telling,
    ):
        part(desk)


def _connect_stage(desk: Desk) -> None:
    stage, picking, inputs = desk.window.stage, desk.picking, desk.inputs
    desk.staging.scene_changed.connect(stage.show_scene)
    stage.size_changed.connect(desk.staging.set_size)
    stage.hover_changed.connect(desk.staging.set_hover)
    stage.cell_clicked.connect(picking.click)
    stage.cell_double_clicked.connect(partial(_open_or_edit, desk))
    desk.levels.states_changed.connect(lambda states: show_states(desk.actions, states))
    desk.levels.refresh()
    exciting = Exciting(desk.session, desk.levels, desk.window)
    exciting.found.connect(desk.staging.flush)
    desk.window.left.connect(exciting.close)
    stage.zoom_requested.connect(picking.zoom)
    stage.pan_requested.connect(picking.pan)
    stage.play_requested.connect(desk.player.toggle)
    stage.paint_requested.connect(picking.paint)
    stage.paint_finished.connect(inputs.end_stroke)
    stage.value_edited.connect(picking.set_value)
    picking.weight_typed.connect(desk.kernels.set_weight_of)
    picking.input_typed.connect(inputs.set_cell_of)
    picking.value_requested.connect(stage.ask_value)
    picking.input_painted.connect(inputs.paint)
    picking.weight_selected.connect(desk.kernels.select_cell)
    picking.weight_selected.connect(lambda _ref: desk.window.show_panel("kernel"))


def _open_or_edit(desk: Desk, ref: CellRef) -> None:
    """A double click goes down to a map, and where there is nothing nearer it edits."""
    if not desk.levels.open(ref):
        desk.picking.double_click(ref)


def _connect_playing(desk: Desk) -> None:
    player, transport = desk.player, desk.window.transport
    player.transport_changed.connect(transport.show_state)
    player.transport_changed.connect(lambda _state: show_title(desk))
    player.transport_changed.connect(lambda state: desk.preferences.set_speed(state.speed))
    transport.seek_requested.connect(player.seek)
    transport.speed_requested.connect(player.set_speed)
    transport.loop_requested.connect(player.set_loop)


def _connect_kernel(desk: Desk) -> None:
    kernels, editor = desk.kernels, desk.window.panels.kernel
    kernels.form_changed.connect(editor.show_form)
    kernels.copied.connect(desk.copying.copy_text)
    editor.weight_edited.connect(kernels.set_weight)
    editor.plane_requested.connect(kernels.use_named)
    editor.size_edited.connect(kernels.set_size)
    editor.drag_finished.connect(kernels.end_drag)
    editor.bias_edited.connect(kernels.set_bias)
    editor.selection_requested.connect(kernels.select)
    editor.pasted.connect(kernels.paste)
    editor.copy_requested.connect(kernels.copy)
    editor.load_requested.connect(desk.actions["file.open-kernel"].trigger)
    editor.add_requested.connect(kernels.add)
    editor.remove_requested.connect(kernels.remove)
    editor.reset_requested.connect(kernels.reset)
    kernels.refresh()


def _connect_layer(desk: Desk) -> None:
    layers, form = desk.layers, desk.window.panels.layer
    layers.form_changed.connect(form.show_form)
    form.number_edited.connect(layers.set_number)
    form.option_edited.connect(layers.set_option)
    form.drag_finished.connect(layers.end_drag)
    form.activation_edited.connect(layers.set_activation)
    form.pooling_edited.connect(layers.set_pooling)
    form.pace_edited.connect(layers.set_pace)
    layers.refresh()


def _connect_input(desk: Desk) -> None:
    inputs, view = desk.inputs, desk.window.panels.input
    inputs.form_changed.connect(view.show_form)
    inputs.cells_changed.connect(view.show_cells)
    inputs.copied.connect(desk.copying.copy_text)
    view.grey_edited.connect(inputs.set_grey)
    view.size_edited.connect(inputs.set_size)
    view.noise_edited.connect(inputs.set_noise)
    view.noise_requested.connect(inputs.draw_noise)
    view.shift_edited.connect(inputs.set_shift)
    view.rotation_edited.connect(inputs.set_rotation)
    view.like_edited.connect(inputs.set_like)
    for edited in (view.noise_edited, view.shift_edited, view.rotation_edited):
        edited.connect(lambda *_value: desk.drawing.go_to_the_answer())
    view.drag_finished.connect(inputs.end_drag)
    view.cells_edited.connect(inputs.set_cells)
    view.brush_changed.connect(inputs.set_brush)
    view.brush_changed.connect(lambda value: desk.window.stage.set_paint_mode(value is not None))
    view.pasted.connect(inputs.paste)
    view.copy_requested.connect(inputs.copy)
    view.paste_requested.connect(desk.actions["edit.paste"].trigger)
    view.open_requested.connect(desk.actions["file.open-picture"].trigger)
    view.new_requested.connect(desk.actions["file.new-input"].trigger)
    inputs.refresh()


def _connect_drawing(desk: Desk) -> None:
    drawing, panel = desk.drawing, desk.window.panels.drawing
    drawing.available_changed.connect(panel.setVisible)
    drawing.answer_changed.connect(panel.show_answer)
    drawing.label_changed.connect(panel.show_label)
    drawing.ink_changed.connect(panel.canvas.show_ink)
    panel.label_edited.connect(drawing.set_label)
    panel.canvas.drawn.connect(lambda _ink: desk.player.pause())
    panel.canvas.drawn.connect(drawing.draw)
    panel.canvas.stroke_finished.connect(drawing.end_stroke)
    drawing.refresh()


def _connect_choosing(desk: Desk) -> None:
    desk.switches.states_changed.connect(lambda states: show_states(desk.actions, states))
    desk.switches.refresh()
    # Before the playhead moves there, so that a click on another track is known by then.
    desk.window.stage.cell_clicked.connect(desk.choosing.click)


def _connect_choosers(desk: Desk) -> None:
    choosing, panels = desk.choosing, desk.window.panels
    choosers = (panels.kernel.chooser, panels.layer.chooser)

    def show() -> None:
        for chooser, with_weights in zip(choosers, (True, False), strict=True):
            chooser.show_form(choosing.form(with_weights))

    choosing.place_changed.connect(show)
    for chooser in choosers:
        chooser.place_requested.connect(choosing.choose)
        chooser.pin_requested.connect(choosing.pin)
        chooser.alone_requested.connect(choosing.set_alone)
    show()


def _connect_words(desk: Desk) -> None:
    words, stage = desk.words, desk.window.stage
    words.text_requested.connect(stage.words.ask)
    stage.words.requested.connect(words.ask)
    stage.words.edited.connect(words.answer)
    # The playhead must not leave the section that is being written about.
    stage.words.requested.connect(desk.player.pause)


def _connect_words_panel(desk: Desk) -> None:
    words, panel = desk.words, desk.window.panels.words
    words.form_changed.connect(panel.show_form)
    panel.words_edited.connect(words.set_words)
    panel.words_edited.connect(desk.player.pause)
    panel.finished.connect(words.finish)
    words.refresh()
    show_notes_of_runs(desk)


def _connect_learning(desk: Desk) -> None:
    training, staging, window = desk.training, desk.staging, desk.window
    # Whatever somebody waits for goes before what is computed ahead.
    staging.about_to_build.connect(training.hold)
    staging.scene_changed.connect(lambda _scene: training.hold())
    training.redraw_requested.connect(staging.flush)
    training.diverged.connect(lambda line: window.show_note(line, True))
    training.progress_changed.connect(window.show_progress)
    training.progress_changed.connect(lambda progress: enable_learning(desk, progress))
    enable_learning(desk, training.progress)
    desk.session.moment_changed.connect(lambda _moment: enable_runs(desk))
    enable_runs(desk)
    window.left.connect(training.close)
    desk.bookmarks.bookmarks_changed.connect(window.bookmarks.show_bookmarks)
    window.bookmarks.seek_requested.connect(desk.player.seek)
    desk.bookmarks.here_changed.connect(window.bookmarks.show_here)
    window.bookmarks.rename_requested.connect(desk.actions["play.add-bookmark"].trigger)
    window.bookmarks.remove_requested.connect(desk.bookmarks.remove)
    window.bookmarks.clear_requested.connect(desk.bookmarks.clear)


def _connect_learning_panel(desk: Desk) -> None:
    editing, panel = desk.learning, desk.window.panels.learning
    editing.form_changed.connect(panel.show_form)
    panel.field_edited.connect(editing.set_field)
    panel.rate_slid.connect(editing.slide_rate)
    panel.drag_finished.connect(editing.end_drag)
    panel.seed_requested.connect(editing.draw_seed)
    panel.target_edited.connect(editing.set_targets)
    panel.example_requested.connect(editing.show_example)
    panel.track_requested.connect(editing.choose)
    panel.random_edited.connect(editing.set_random)
    editing.refresh()


def _connect_plots(desk: Desk) -> None:
    from cnnviz.timeline.learning_curves import learning_curves  # not needed before the first paint

    training, plots = desk.training, desk.window.panels.plots

    def show_curves() -> None:
        if plots.isVisible():
            plots.show_curves(learning_curves(training.timeline), iteration_shown(desk))

    training.curves_changed.connect(show_curves)
    plots.shown.connect(show_curves)
    plots.iteration_requested.connect(lambda iteration: seek_iteration(desk, iteration))
    desk.session.moment_changed.connect(lambda _moment: plots.show_iteration(iteration_shown(desk)))
    plots.set_theme(theme_of(desk.preferences))
    show_curves()


def _connect_telling(desk: Desk) -> None:
    from cnnviz.controllers.telling import Telling  # not needed before the first paint
    from cnnviz.views.focus_ring import mark_focus
    from cnnviz.views.telling import tell

    mark_focus()
    telling = Telling(desk.staging, desk.player, parent=desk.window)
    telling.told.connect(partial(tell, desk.window.stage))

    def count(moment: Moment) -> None:
        desk.window.stage.first_index = moment.timeline.lesson.conventions.base

    desk.session.moment_changed.connect(count)
    count(desk.session.moment)


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
        lambda: leave_after_exports(desk, lambda: document.leave_for(window.leave)),
        Qt.ConnectionType.QueuedConnection,
    )
    window.files_dropped.connect(opening.open_all)
    window.lesson_requested.connect(opening.open_shipped)
    window.recent_requested.connect(opening.open)
    window.recent_cleared.connect(desk.preferences.clear_recent)
    desk.preferences.recent_changed.connect(window.show_recent)
    window.show_recent(desk.preferences.recent_entries())
    document.title_changed.connect(lambda _name, _dirty: show_title(desk))
    document.save_question_requested.connect(lambda name: document.answer(ask.confirm_save(window, name)))
    document.path_requested.connect(lambda suggested: document.save_to(ask.ask_save(window, suggested)))
    document.saved.connect(desk.preferences.add_recent)
    document.saved.connect(lambda path: window.show_note(f"Saved {Path(path).name}"))
    opening.lesson_ready.connect(
        lambda timeline, path: document.leave_for(lambda: begin(desk, timeline, path))
    )
    opening.opened.connect(desk.preferences.add_recent)
    _connect_busy(desk)
    opening.noted.connect(window.show_note)
    desk.copying.noted.connect(window.show_note)
    for failed in (document.failed, opening.failed, desk.copying.failed):
        failed.connect(window.show_error)
    desk.editing.refused.connect(lambda line: window.show_note(line, True))


def _connect_busy(desk: Desk) -> None:
    work = {"opening": "", "computing": ""}

    def show(kind: str, words: str) -> None:
        work[kind] = words
        desk.window.show_busy(work["opening"] or work["computing"], may_cancel=bool(work["opening"]))

    desk.opening.busy_changed.connect(lambda name: show("opening", f"Opening {name} …" if name else ""))
    desk.opening.cancelled.connect(lambda: desk.window.show_note("Opening cancelled"))
    desk.staging.busy_changed.connect(lambda busy: show("computing", "Computing …" if busy else ""))
    desk.window.busy.cancel_requested.connect(desk.opening.cancel)


def _connect_look(desk: Desk) -> None:
    def show() -> None:
        theme = theme_of(desk.preferences)
        dress(theme)
        desk.staging.set_theme(theme)
        if desk.window.is_furnished:
            desk.window.panels.plots.set_theme(theme)
        desk.actions["view.dark"].setChecked(theme is DARK)
        desk.actions["view.motion"].setChecked(desk.preferences.motion)
        show_icons(ACTIONS, desk.actions)

    desk.preferences.changed.connect(show)
    QGuiApplication.styleHints().colorSchemeChanged.connect(show)
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.screenAdded.connect(show)  # its pixels may ask for icons of another size
    show()

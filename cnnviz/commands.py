"""What each command of the table does, and the questions some of them ask first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from cnnviz.controllers.actions import ACTIONS
from cnnviz.controllers.levels import ACTIONS as LEVEL_ACTIONS
from cnnviz.controllers.opening import start_with
from cnnviz.controllers.reading import Kind
from cnnviz.desk import Desk, begin, iteration_shown, place, seek_iteration, theme_of
from cnnviz.lesson.lesson import BadInput
from cnnviz.views import ask, sheets

if TYPE_CHECKING:
    from cnnviz.controllers.exporting import Exporting
    from cnnviz.controllers.samples import Samples
    from cnnviz.export.job import Report
    from cnnviz.views.samples_dialog import SamplesDialog

ZOOM_STEP = 1.25


def commands(desk: Desk) -> dict[str, Callable[[], object]]:
    """What each command of the table does."""
    player, picking, document, window = desk.player, desk.picking, desk.document, desk.window
    chosen, checked = desk.preferences, {name: action.isChecked for name, action in desk.actions.items()}
    keys = [(spec.group, spec.plain, ", ".join(spec.shortcuts)) for spec in ACTIONS]
    return {
        "file.new": lambda: document.leave_for(lambda: begin(desk, *start_with(()))),
        "file.new-input": lambda: sheets.ask_new_input(window, desk.inputs.make),
        "file.open": lambda: _ask_open(desk, None),
        "file.open-picture": lambda: _ask_open(desk, "picture"),
        "file.open-kernel": lambda: _ask_open(desk, "kernel"),
        "file.samples": lambda: show_samples(desk),
        "file.lessons": lambda: show_gallery(desk),
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
        "edit.words": lambda: _edit_words(desk),
        "edit.notes": lambda: _edit_notes(desk),
        "edit.preferences": lambda: _ask_preferences(desk),
        "view.zoom-in": lambda: picking.zoom_middle(ZOOM_STEP),
        "view.zoom-out": lambda: picking.zoom_middle(1 / ZOOM_STEP),
        "view.fit": picking.fit,
        "view.actual-size": picking.actual_size,
        "view.full-screen": lambda: _toggle_full_screen(desk),
        "view.present": lambda: _present(desk),
        "view.dark": lambda: chosen.set_theme("dark" if checked["view.dark"]() else "light"),
        "view.motion": lambda: chosen.set_motion(checked["view.motion"]()),
        "view.to-panel": window.docks.enter,
        "view.reset-docks": window.docks.reset,
        **{name: partial(desk.levels.show, level) for name, level in LEVEL_ACTIONS.items()},
        "view.level-down": desk.products.down,
        "view.level-up": desk.products.up,
        "view.choose-left": lambda: desk.levels.choose(-1, 0),
        "view.choose-right": lambda: desk.levels.choose(1, 0),
        "view.choose-above": lambda: desk.levels.choose(0, -1),
        "view.choose-below": lambda: desk.levels.choose(0, 1),
        **{name: partial(desk.switches.flip, name) for name in desk.switches.ids},
        "play.toggle": player.toggle,
        "play.backwards": player.toggle_backwards,
        "play.restart": player.restart,
        "play.stop": lambda: _stop(desk),
        "play.step-forward": lambda: player.step(1),
        "play.step-back": lambda: player.step(-1),
        "play.ten-forward": lambda: player.step(10),
        "play.ten-back": lambda: player.step(-10),
        "play.next-section": lambda: _turn_page(desk, True),
        "play.previous-section": lambda: _turn_page(desk, False),
        "play.to-start": player.to_start,
        "play.to-end": player.to_end,
        "play.goto": lambda: sheets.ask_step(window, *place(desk), player.seek),
        "play.faster": player.faster,
        "play.slower": player.slower,
        "play.loop": player.next_loop,
        "play.mark-in": player.mark_in,
        "play.mark-out": player.mark_out,
        "play.clear-marks": player.clear_marks,
        "play.add-bookmark": lambda: _ask_bookmark(desk),
        **{name: partial(_of_runs, desk, name) for name in RUN_COMMANDS},
        "learn.previous-iteration": lambda: seek_iteration(desk, iteration_shown(desk) - 1),
        "learn.next-iteration": lambda: seek_iteration(desk, iteration_shown(desk) + 1),
        "learn.new-seed": desk.learning.draw_seed,
        "learn.log": lambda: window.panels.plots.set_logarithmic(checked["learn.log"]()),
        "learn.fit-plots": lambda: window.panels.plots.fit(),
        "learn.export-plots": lambda: _ask_export_plots(desk),
        "help.contents": lambda: sheets.show_help(window),
        "help.shortcuts": lambda: sheets.show_shortcuts(window, keys),
        "help.reading": lambda: sheets.show_reading(window),
        "help.about": lambda: sheets.show_about(window),
    }


def show_gallery(desk: Desk) -> None:
    """Show the lessons that ship; one that is chosen is opened as from the menu."""
    # Imported here because neither is needed before the first paint.
    from cnnviz.controllers.gallery import Gallery

    gallery = desk.window.findChild(Gallery) or Gallery(desk.window)
    dialog = sheets.make_gallery(desk.window, gallery.lessons, gallery.details)
    if dialog is None:
        return
    desk.player.pause()
    desk.preferences.set_gallery_shown()
    gallery.painted.connect(dialog.show_lesson)
    dialog.pictures_requested.connect(lambda width: gallery.show_for(theme_of(desk.preferences), width))
    dialog.lesson_requested.connect(desk.opening.open_shipped)
    dialog.finished.connect(gallery.stop)
    dialog.show()


def show_samples(desk: Desk) -> None:
    """Show the pictures of the data set that the chosen track's input is one of."""
    # Imported here because neither is needed before the first paint.
    from cnnviz.controllers.samples import Samples
    from cnnviz.views.samples_dialog import SamplesDialog

    desk.player.pause()
    try:
        samples = Samples(desk.session, desk.editing, desk.choosing.track, desk.window)
    except BadInput as error:
        desk.window.show_note(str(error), True)
        return
    entry = samples.data.entry
    dialog = SamplesDialog(entry.title, entry.classes, samples.pixels, desk.window)
    samples.samples_changed.connect(dialog.show_samples)
    samples.report_changed.connect(dialog.show_report)
    samples.data_changed.connect(dialog.show_data)
    samples.learnable_changed.connect(dialog.offer_learning)
    dialog.learn_requested.connect(samples.learn)
    samples.failed.connect(dialog.tell)
    dialog.file_requested.connect(lambda: _open_samples(dialog, samples))
    dialog.part_requested.connect(samples.show_part)
    dialog.sample_requested.connect(samples.choose)
    dialog.finished.connect(samples.close)
    dialog.ask()
    dialog.open()


def _open_samples(dialog: SamplesDialog, samples: Samples) -> None:
    """Ask for a file of pictures, and show them."""
    if path := ask.ask_open(dialog, "data"):
        samples.open(path)


def _stop(desk: Desk) -> None:
    """Stop; else leave full screen, put the brush away, let go of the pinned cell, go to the stage, or up."""
    if desk.player.playing:
        desk.player.pause()
    elif desk.window.isFullScreen():
        _toggle_full_screen(desk)
    elif desk.inputs.painting:
        desk.window.panels.input.stop_painting()
    elif desk.picking.unpin():
        return
    elif not desk.window.stage.hasFocus():
        desk.window.stage.setFocus()
    else:
        desk.products.up()


def _toggle_full_screen(desk: Desk) -> None:
    window = desk.window
    window.showNormal() if window.isFullScreen() else window.showFullScreen()
    desk.actions["view.full-screen"].setChecked(window.isFullScreen())


def _present(desk: Desk) -> None:
    from cnnviz.present_command import present

    present(desk)


def _turn_page(desk: Desk, forward: bool) -> None:
    from cnnviz.present_command import turn_page

    turn_page(desk, forward)


def _edit_words(desk: Desk) -> None:
    desk.player.pause()
    desk.staging.flush()
    desk.words.ask("caption")


def _edit_notes(desk: Desk) -> None:
    desk.player.pause()
    desk.window.show_panel("words")
    desk.window.panels.words.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)


RUN_COMMANDS = ("learn.pause", "learn.cancel", "learn.run-again", "learn.recorded")


def _of_runs(desk: Desk, name: str) -> None:
    """What concerns learning or recorded runs, whichever the lesson has."""
    from cnnviz import run_again_command as runs  # not needed before the first paint

    does = (runs.toggle_pause, runs.cancel, runs.run_again, runs.show_recorded)
    does[RUN_COMMANDS.index(name)](desk)


# Questions


def _ask_open(desk: Desk, kind: Kind | None) -> None:
    if path := ask.ask_open(desk.window, kind or "any"):
        desk.opening.open(path, kind)


def _ask_preferences(desk: Desk) -> None:
    chosen = desk.preferences
    dialog = sheets.ask_preferences(desk.window, chosen.theme, chosen.motion, chosen.background)
    dialog.theme_requested.connect(chosen.set_theme)
    dialog.motion_requested.connect(chosen.set_motion)
    dialog.background_requested.connect(chosen.set_background)


def _ask_bookmark(desk: Desk) -> None:
    desk.player.pause()
    sheets.ask_bookmark(desk.window, desk.bookmarks.suggested(), desk.bookmarks.add)


def _ask_export_plots(desk: Desk) -> None:
    from cnnviz.controllers.exporting import first_place

    suggested = first_place(desk.document.path, desk.session.moment.timeline.lesson.title) + "-plots.png"
    if path := ask.ask_save_plots(desk.window, suggested):
        export_plots(desk, path)


def export_plots(desk: Desk, path: str) -> None:
    """Write the plots as the ending of the name says: a picture (png, svg) or a table (csv)."""
    from cnnviz.files.atomic import write_atomic
    from cnnviz.timeline.learning_curves import curves_csv, learning_curves

    desk.window.show_panel("plots")
    ending = Path(path).suffix.lower().removeprefix(".")
    try:
        if ending not in ("png", "svg", "csv"):
            raise BadInput(f"{Path(path).name}: plots are written as .png, .svg or .csv; choose one of these")
        if ending == "csv":
            data = curves_csv(learning_curves(desk.session.moment.timeline))
        else:
            data = desk.window.panels.plots.picture(ending)
        write_atomic(path, data)
    except BadInput as error:
        desk.window.show_error(str(error))
        return
    desk.window.show_note(f"Saved {Path(path).name}")


def _ask_export(desk: Desk) -> None:
    # None of these is needed before the first paint.
    from cnnviz.controllers.exporting import first_place, first_plan
    from cnnviz.controllers.planning import Planning
    from cnnviz.controllers.sampling import Sampling
    from cnnviz.views.export_dialog import ExportDialog
    from cnnviz.views.export_flow import ExportFlow, show_progress

    window, moment, marks = desk.window, desk.session.moment, desk.player.marked
    exporting = _exporting_of(desk)
    if exporting.running:
        show_progress(window, exporting)
        return
    desk.player.pause()
    plan = first_plan(moment, desk.staging.theme, marks(), exporting.last)
    place_ = first_place(desk.document.path, moment.timeline.lesson.title, exporting.last)
    dialog = ExportDialog(plan, moment.timeline.count, place_, window, marks(), moment.index)
    sampling = Sampling(desk.session, dialog)
    ExportFlow(window, dialog, exporting, sampling, Planning(desk.editing, desk.session, marks, dialog))
    dialog.finished.connect(dialog.deleteLater)
    dialog.announce()
    dialog.open()


def _exporting_of(desk: Desk) -> Exporting:
    """Who exports for this window: one at a time, as long as the window is there."""
    from cnnviz.controllers.exporting import Exporting

    made = desk.window.findChild(Exporting)
    if made is None:
        made = Exporting(desk.session, desk.window)
        made.cancelled.connect(lambda: desk.window.show_note("Export cancelled, nothing was written"))
        made.finished.connect(lambda report: _report(desk, report))
        desk.window.left.connect(made.close)
    return made


def _report(desk: Desk, report: Report) -> None:
    """Say what was written, with what can be done with it."""
    from cnnviz.export.reporting import written_words

    folder = report.place if report.place.is_dir() else report.place.parent
    latex = _exporting_of(desk).latex
    actions: list[tuple[str, Callable[[], object]]] = [
        ("Open folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder.resolve()))))
    ]
    if latex:
        actions.append(("Copy LaTeX line", lambda: QGuiApplication.clipboard().setText(latex)))
    desk.window.note_actions.show_note(written_words(report), actions)

"""Runs recorded runs again in the window: begins it, and lets the menu Learn pause and end it."""

from __future__ import annotations

from cnnviz.controllers.rerunning import Rerunning
from cnnviz.desk import Desk
from cnnviz.timeline.progress import Progress


def run_again(desk: Desk) -> None:
    """Compute the runs of the lesson that is shown, here and now."""
    desk.player.pause()
    rerunning_of(desk).begin()


def show_recorded(desk: Desk) -> None:
    """Show the runs that ship again."""
    rerunning_of(desk).show_recorded()


def toggle_pause(desk: Desk) -> None:
    """Pause what is learned or run, or go on with it."""
    if has_runs(desk):
        rerunning_of(desk).toggle_pause()
    else:
        desk.training.toggle_pause()


def cancel(desk: Desk) -> None:
    """End what is learned or run with what there is."""
    if has_runs(desk):
        rerunning_of(desk).cancel()
    else:
        desk.training.cancel()


def has_runs(desk: Desk) -> bool:
    """Whether the lesson that is shown has runs."""
    return desk.session.moment.timeline.runs is not None


def rerunning_of(desk: Desk) -> Rerunning:
    """Who runs them for this window."""
    made = desk.window.findChild(Rerunning)
    if made is None:
        made = Rerunning(desk.session, desk.window)
        made.failed.connect(desk.window.show_error)
        made.progress_changed.connect(lambda progress: _show_progress(desk, progress))
        desk.window.left.connect(made.close)
    return made


def _show_progress(desk: Desk, progress: Progress) -> None:
    desk.window.show_run_progress(progress)
    under_way = progress.state in ("running", "paused")
    desk.actions["learn.pause"].setEnabled(under_way)
    desk.actions["learn.cancel"].setEnabled(under_way)

"""The dialogs of an export in their order: settings with preview and estimate, overwrite question, progress, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QSize, QTimer, SignalInstance
from PySide6.QtWidgets import QWidget

from cnnviz.export.formats import format_of
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import Plan
from cnnviz.views import ask
from cnnviz.views.export_dialog import ExportDialog
from cnnviz.views.export_words import EstimateLike, estimate_words
from cnnviz.views.progress_dialog import ProgressDialog

SETTLE_MS = 120
"""Settings are sampled once they rest for so long."""


class Exporter(Protocol):
    """Whoever exports: runs a plan and says how it goes."""

    progress_changed: SignalInstance
    finished: SignalInstance
    cancelled: SignalInstance
    ended: SignalInstance
    failed: SignalInstance

    def replaced_files(self, plan: Plan, out: str) -> list[str]: ...
    def start(self, plan: Plan, out: str) -> None: ...
    def cancel(self) -> None: ...


class Sampler(Protocol):
    """Whoever paints frames of a plan and tells how much all of it will be."""

    frames_changed: SignalInstance
    painted: SignalInstance
    estimated: SignalInstance
    refused: SignalInstance

    def choose(self, plan: Plan, out: str, room: QSize, position: int) -> None: ...
    def seek(self, position: int) -> None: ...
    def stop(self) -> None: ...


class Planner(Protocol):
    """Whoever keeps the plans of the lesson and counts the steps that they make of it."""

    plans_changed: SignalInstance
    plan_read: SignalInstance
    refused: SignalInstance

    @property
    def plans(self) -> tuple[Plan, ...]: ...
    def steps(self, plan: Plan) -> tuple[int, range | None, int]: ...
    def plan(self, name: str) -> Plan | None: ...
    def keep(self, plan: Plan) -> None: ...
    def rename(self, old: str, new: str) -> None: ...
    def remove(self, name: str) -> None: ...
    def load(self, path: str) -> None: ...
    def save(self, path: str, plan: Plan) -> None: ...


class ExportFlow(QObject):
    """Connects the dialog of an export with those who know; it lives as long as the dialog.

    While files are written the dialog is hidden. It closes when they are there, and stands there again, as it was,
    when they could not be written: nobody has to choose everything anew for another folder.
    """

    def __init__(
        self, window: QWidget, dialog: ExportDialog, exporter: Exporter, sampler: Sampler, planner: Planner
    ) -> None:
        super().__init__(dialog)
        self._window, self._dialog = window, dialog
        self._exporter, self._sampler, self._planner = exporter, sampler, planner
        self._format = ""
        self._rest = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._rest.timeout.connect(self._sample)
        dialog.settings_changed.connect(lambda _plan, _out: self._settle())
        dialog.preview.frame_requested.connect(self._seek)
        dialog.preview.picture.resized.connect(lambda: self._rest.start())
        dialog.pace_edited.connect(lambda plan: dialog.show_count(*planner.steps(plan)))
        dialog.export_requested.connect(self._start)
        dialog.finished.connect(lambda _result: self._end())
        sampler.frames_changed.connect(dialog.show_frames)
        sampler.painted.connect(dialog.show_preview)
        sampler.estimated.connect(self._show_estimate)
        sampler.refused.connect(self._show_refused)
        exporter.finished.connect(self._close)
        exporter.cancelled.connect(self._close)
        exporter.failed.connect(self._show_again)
        self._connect_plans()

    def _connect_plans(self) -> None:
        dialog, planner, bar = self._dialog, self._planner, self._dialog.plans
        dialog.show_plans(planner.plans, "")
        planner.plans_changed.connect(dialog.show_plans)
        planner.plan_read.connect(self._show_read)
        planner.refused.connect(dialog.show_error)
        bar.plan_requested.connect(self._choose_plan)
        bar.keep_requested.connect(
            lambda name: self._with_plan(lambda p: planner.keep(replace(p, name=name)))
        )
        bar.rename_requested.connect(planner.rename)
        bar.remove_requested.connect(planner.remove)
        bar.load_requested.connect(planner.load)
        bar.save_requested.connect(lambda path: self._with_plan(lambda plan: planner.save(path, plan)))

    # Plans

    def _choose_plan(self, name: str) -> None:
        plan = self._planner.plan(name) if name else None
        if plan is not None:
            self._show_plan(plan)

    def _show_read(self, plan: Plan) -> None:
        self._dialog.plans.show_name("")
        self._show_plan(plan)

    def _show_plan(self, plan: Plan) -> None:
        self._dialog.show_count(*self._planner.steps(plan))
        self._dialog.show_plan(plan)
        self._dialog.announce()

    def _with_plan(self, use: Callable[[Plan], None]) -> None:
        try:
            plan = self._dialog.plan()
        except BadInput as error:
            self._dialog.show_error(str(error))
        else:
            use(plan)

    # Samples

    def _settle(self) -> None:
        """What was sampled is out of date: say nothing more of it."""
        self._sampler.stop()
        self._rest.start()

    def _seek(self, position: int) -> None:
        if not self._rest.isActive():  # else the new plan is sampled there in a moment
            self._sampler.seek(position)

    def _sample(self) -> None:
        try:
            plan = self._dialog.plan()
        except BadInput:  # said already
            return
        pane = self._dialog.preview
        room = pane.picture.size() * self._dialog.devicePixelRatioF()
        self._format = plan.format
        self._sampler.choose(plan, self._dialog.place(), room, pane.position)

    def _show_estimate(self, guess: EstimateLike) -> None:
        pixels = self._dialog.plan().pixels()
        self._dialog.show_estimate(estimate_words(guess, format_of(self._format), pixels))

    def _show_refused(self, line: str) -> None:
        self._dialog.show_error(line)

    def _end(self) -> None:
        self._rest.stop()
        self._sampler.stop()

    # The export

    def _start(self, plan: Plan, out: str) -> None:
        try:
            replaced = self._exporter.replaced_files(plan, out)
        except BadInput as error:
            self._dialog.show_error(str(error))
            return
        if replaced and not ask.confirm_overwrite(self._dialog, replaced):
            return
        self._end()
        self._dialog.hide()
        show_progress(self._window, self._exporter)
        self._exporter.start(plan, out)

    def _close(self) -> None:
        self._dialog.done(ExportDialog.DialogCode.Accepted)

    def _show_again(self, line: str) -> None:
        """What was chosen stands there again, with why it could not be written; it may be tried once more as it is."""
        self._dialog.show_count(*self._planner.steps(self._dialog.plan()))  # the lesson may have gone on
        self._dialog.open()
        self._dialog.announce()
        self._dialog.error.show_error(line)


def show_progress(window: QWidget, exporter: Exporter) -> ProgressDialog:
    """Show how an export goes until it ends; where that is shown already, bring it to the front."""
    for shown in window.findChildren(ProgressDialog):
        if shown.isVisible():
            shown.raise_()
            shown.activateWindow()
            return shown
    progress = ProgressDialog(window)
    progress.finished.connect(progress.deleteLater)
    progress.cancel_requested.connect(exporter.cancel)
    exporter.progress_changed.connect(progress.show_progress)
    exporter.ended.connect(progress.finish)
    progress.show()
    return progress

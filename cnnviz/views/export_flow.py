"""The dialogs of an export in their order: settings with preview and estimate, overwrite question, progress."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import Plan
from cnnviz.timeline.transport import clock
from cnnviz.views import ask
from cnnviz.views.export_dialog import PREVIEW, ExportDialog
from cnnviz.views.progress_dialog import ProgressDialog

SETTLE_MS = 150
"""The first frame is painted for preview and estimate once the settings rest for so long."""


class Estimate(Protocol):
    """How much an export will be."""

    @property
    def frames(self) -> int: ...
    @property
    def bytes_expected(self) -> int: ...
    @property
    def seconds(self) -> float: ...


class Exporter(Protocol):
    """Whoever exports: answers questions about a plan, runs it and says how it goes."""

    progress_changed: SignalInstance
    finished: SignalInstance
    cancelled: SignalInstance
    failed: SignalInstance

    def replaced_files(self, plan: Plan, out: str) -> list[str]: ...
    def estimate(self, plan: Plan, out: str) -> Estimate: ...
    def preview(self, plan: Plan, out: str, width: int) -> QImage: ...
    def start(self, plan: Plan, out: str) -> None: ...
    def cancel(self) -> None: ...


def ask_export(
    window: QWidget, exporter: Exporter, plan: Plan, count: int, out: str, note: Callable[[str], None]
) -> ExportDialog:
    """Open the dialog of settings; once they are accepted, export behind a dialog of progress.

    The exporter serves this dialog only.
    """
    dialog = ExportDialog(plan, count, out, window)
    rest = QTimer(dialog, singleShot=True, interval=SETTLE_MS)
    rest.timeout.connect(lambda: _show_first_frame(dialog, exporter))
    dialog.settings_changed.connect(lambda _plan, _out: rest.start())
    dialog.export_requested.connect(lambda chosen, place: _start(window, exporter, chosen, place, note))
    dialog.finished.connect(dialog.deleteLater)
    dialog.announce()
    dialog.open()
    return dialog


def size_text(count: int) -> str:
    """A number of bytes in a few figures.

    Examples
    --------
    >>> size_text(999), size_text(1_250_000)
    ('1 kB', '1.2 MB')
    """
    return f"{max(1, round(count / 1000))} kB" if count < 1_000_000 else f"{count / 1e6:,.1f} MB"


def _show_first_frame(dialog: ExportDialog, exporter: Exporter) -> None:
    try:
        plan = dialog.plan()
        guess = exporter.estimate(plan, dialog.place())
        image = exporter.preview(plan, dialog.place(), PREVIEW[0])
    except BadInput as error:
        dialog.show_error(str(error))
        return
    width, height = plan.pixels()
    dialog.show_preview(image)
    dialog.show_estimate(
        f"{guess.frames:,} × {width}×{height}, about {size_text(guess.bytes_expected)}, {clock(guess.seconds)}"
    )


def _start(window: QWidget, exporter: Exporter, plan: Plan, out: str, note: Callable[[str], None]) -> None:
    try:
        replaced = exporter.replaced_files(plan, out)
    except BadInput as error:
        ask.show_error(window, str(error))
        return
    if replaced and not ask.confirm_overwrite(window, replaced):
        return
    progress = ProgressDialog(window)
    progress.finished.connect(progress.deleteLater)
    progress.cancel_requested.connect(exporter.cancel)
    exporter.progress_changed.connect(progress.show_progress)
    exporter.finished.connect(lambda report: note(f"Wrote {report.files} files to {Path(report.place).name}"))
    for end in (exporter.finished, exporter.cancelled, exporter.failed):
        end.connect(lambda *_: progress.finish())
    exporter.failed.connect(lambda line: ask.show_error(window, line))
    progress.open()
    exporter.start(plan, out)

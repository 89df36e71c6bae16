"""Export: format, frames, size and look of the files, where they go, with a preview and an estimate."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cnnviz.export.plan import parse_frames
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import KEYS, MAX_FPS, SIDES, Plan, PlanTheme
from cnnviz.views.dialogs import FormDialog
from cnnviz.views.fields import ChoiceBox, PairField
from cnnviz.views.forms import form_layout, quiet
from cnnviz.views.step_range import StepRange

SIZES = (
    ((1920, 1080), "1080p  1920×1080"),
    ((1280, 720), "720p  1280×720"),
    ((3840, 2160), "4K  3840×2160"),
    ((1080, 1080), "1080×1080"),
)
OWN = None
PREVIEW = (384, 216)


class ExportDialog(FormDialog):
    """Asks how to export; every change is said, so that the preview and the estimate follow.

    Parameters
    ----------
    plan : Plan
        What stands in the fields at first.
    count : int
        Steps of the timeline.
    out : str
        Where it goes at first.

    Signals
    -------
    settings_changed : Plan, str
        What the fields say now; not said while they make no sense.
    export_requested : Plan, str
    """

    settings_changed = Signal(object, str)
    export_requested = Signal(object, str)

    def __init__(self, plan: Plan, count: int, out: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Export"), self.tr("&Export"), parent)
        self._count, self._hide = count, plan.hide
        self._make_fields(plan)
        self.out = QLineEdit(out)
        self.out.setMinimumWidth(220)
        self.browse = QPushButton(self.tr("&Browse…"))
        self.estimate = quiet()
        self.preview = QLabel()
        self.preview.setFixedSize(*PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName(self.tr("Preview of the first frame"))
        self._lay_out()
        self._show_format()
        self._connect()

    # What is shown

    def show_preview(self, image: QImage) -> None:
        """Show the first frame."""
        ratio = self.devicePixelRatioF()
        room = self.preview.size() * ratio
        pixmap = QPixmap.fromImage(
            image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        pixmap.setDevicePixelRatio(ratio)
        self.preview.setPixmap(pixmap)

    def show_estimate(self, text: str) -> None:
        """Say how much it will be and how long it takes."""
        self.estimate.setText(text)

    # What was chosen

    def plan(self) -> Plan:
        """The plan the fields say; `BadInput` when they make no sense."""
        return Plan(
            frames=_slice(self.steps.frames(), self._count),
            size=self._size(),
            scale=self.scale.value(),
            theme=cast(PlanTheme, self.theme.choice),
            fps=self.fps.value(),
            hold=self.hold.value(),
            keys=KEYS if self.keys.isChecked() else (),
            hide=self._hide,
        )

    def place(self) -> str:
        """The file or folder to write."""
        return self.out.text().strip()

    def announce(self) -> None:
        """Say the settings as they stand, or show why they make no sense."""
        try:
            plan = self.plan()
        except BadInput as error:
            self.show_error(str(error))
            return
        self.show_error("" if self.place() else self.tr("Choose where to write the files"))
        self.settings_changed.emit(plan, self.place())

    def accept(self) -> None:
        self.announce()
        if self.go.isEnabled():
            self.export_requested.emit(self.plan(), self.place())
            super().accept()

    # Building

    def _make_fields(self, plan: Plan) -> None:
        tr = self.tr
        self.format = ChoiceBox([("png", tr("PNG pictures")), ("gif", tr("GIF animation"))], tr("Format"))
        self.steps = StepRange(self._count, parse_frames(plan.frames, self._count))
        self.keys = QCheckBox(tr("&Key frames only"))
        self.keys.setChecked(bool(plan.keys))
        self.size_preset = ChoiceBox([*SIZES, (OWN, tr("Own size"))], tr("Size"))
        known = plan.size if plan.size in dict(SIZES) else OWN
        self.size_preset.show_choice(known)
        self.extent = PairField(*SIDES, tr("Width"), tr("Height"), linked=False)
        self.extent.show_pair(*plan.size)
        self.extent.setEnabled(known is OWN)
        self.scale = _real(0.25, 8.0, 0.25, plan.scale, "×", tr("Scale"))
        themes = [("light", tr("Light")), ("dark", tr("Dark")), ("transparent", tr("Transparent"))]
        self.theme = ChoiceBox(themes, tr("Theme"))
        self.theme.show_choice(plan.theme)
        self.fps = _real(0.1, MAX_FPS, 1.0, plan.fps, "", tr("Pictures per second"))
        self.hold = _real(0.0, 600.0, 0.5, plan.hold, " s", tr("Last picture stays"))

    def _lay_out(self) -> None:
        form = form_layout()
        form.addRow(self.tr("&Format"), self.format)
        form.addRow(self.tr("Step&s"), self.steps)
        form.addRow("", self.keys)
        form.addRow(self.tr("Si&ze"), self.size_preset)
        form.addRow("", self.extent)
        form.addRow(self.tr("S&cale"), self.scale)
        form.addRow(self.tr("&Theme"), self.theme)
        form.addRow(self.tr("&Pictures per second"), self.fps)
        form.addRow(self.tr("&Last picture stays"), self.hold)
        side = QVBoxLayout()
        side.addWidget(self.preview)
        side.addWidget(self.estimate)
        side.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(form, 1)
        columns.addLayout(side)
        where = QHBoxLayout()
        label = QLabel(self.tr("&Write to"))
        label.setBuddy(self.out)
        for widget, stretch in ((label, 0), (self.out, 1), (self.browse, 0)):
            where.addWidget(widget, stretch)
        self.content.addLayout(columns)
        self.content.addSpacing(8)
        self.content.addLayout(where)

    def _connect(self) -> None:
        self.format.choice_edited.connect(self._format_chosen)
        self.steps.frames_edited.connect(self.announce)
        self.keys.toggled.connect(self.announce)
        self.size_preset.choice_edited.connect(self._size_chosen)
        self.extent.pair_edited.connect(self.announce)
        for box in (self.scale, self.fps, self.hold):
            box.valueChanged.connect(self.announce)
        self.theme.choice_edited.connect(self.announce)
        self.out.textChanged.connect(self._out_typed)
        self.browse.clicked.connect(self._browse)

    # Helpers

    def _size(self) -> tuple[int, int]:
        return self.extent.rows.value(), self.extent.columns.value()

    def _size_chosen(self, size: object) -> None:
        self.extent.setEnabled(size is OWN)
        if isinstance(size, tuple):
            self.extent.show_pair(*size)
        self.announce()

    def _format_chosen(self, kind: object) -> None:
        path = Path(self.place() or "frames")
        self.out.setText(str(path.with_suffix(".gif" if kind == "gif" else "")))

    def _out_typed(self) -> None:
        self._show_format()
        self.announce()

    def _show_format(self) -> None:
        animated = self.place().lower().endswith(".gif")
        self.format.show_choice("gif" if animated else "png")
        self.fps.setEnabled(animated)
        self.hold.setEnabled(animated)

    def _browse(self) -> None:
        if self.format.choice == "gif":
            chosen, _ = QFileDialog.getSaveFileName(
                self,
                self.tr("Write the animation to"),
                self.place(),
                "GIF (*.gif)",
                options=QFileDialog.Option.DontConfirmOverwrite,
            )
        else:
            chosen = QFileDialog.getExistingDirectory(self, self.tr("Write the pictures to"), self.place())
        if chosen:
            with QSignalBlocker(self.out):
                self.out.setText(chosen)
            self._out_typed()


def _real(low: float, high: float, step: float, value: float, suffix: str, name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setDecimals(2)
    box.setSuffix(suffix)
    box.setValue(value)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    return box


def _slice(steps: range, count: int) -> str:
    """Write steps as a slice of the timeline; all of them as ":"."""
    if steps == range(count):
        return ":"
    stop = "" if steps.stop < 0 else steps.stop
    return f"{steps.start}:{stop}" + (f":{steps.step}" if steps.step != 1 else "")

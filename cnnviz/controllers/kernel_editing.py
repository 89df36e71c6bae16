"""Intents of the kernel editor as named edits, and the form it shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing
from cnnviz.files.kernels import parse_kernels, read_weights
from cnnviz.files.matrices import Style, format_matrix
from cnnviz.lesson import kernel_edits
from cnnviz.lesson.edits import set_bias, set_kernel_size
from cnnviz.lesson.forms import KernelForm, exact, kernel_form
from cnnviz.lesson.kernels import catalogue
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.frame import CellRef

BURST_SECONDS = 0.05
"""Several cells typed at once are told one by one within this time: they are one entry of the history."""


class KernelEditing(QObject):
    """Which kernel and channel are edited, and what is done to them."""

    form_changed = Signal(object)
    copied = Signal(str)

    def __init__(self, editing: Editing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._origin = editing.lesson
        self._kernel = self._channel = 0
        editing.lesson_changed.connect(lambda _lesson: self.refresh())
        # A refused value must not stay in the form.
        editing.refused.connect(lambda _line: self.refresh())

    @property
    def form(self) -> KernelForm:
        """What the editor shows."""
        return kernel_form(self._editing.lesson, self._kernel, self._channel)

    def refresh(self) -> None:
        """Show the form again; a kernel or channel that is gone gives way to the last one."""
        form = self.form
        self._kernel, self._channel = form.kernel, form.channel
        self.form_changed.emit(form)

    def keep_origin(self) -> None:
        """Take this lesson's kernels as those that `reset` puts back."""
        self._origin = self._editing.lesson
        self.refresh()

    def select(self, kernel: int, channel: int) -> None:
        """Edit another kernel or channel; channel −1 stands for all of them alike."""
        self._kernel, self._channel = kernel, channel
        self.refresh()

    def select_cell(self, ref: CellRef) -> None:
        """Edit the kernel of a weight that was clicked on the stage."""
        self.select(*divmod(ref.plane, self.form.channels))

    def set_weight(self, row: int, column: int, value: float) -> None:
        """Set one weight."""
        channel = self._edited_channel
        edit = partial(
            kernel_edits.set_weights,
            kernel=self._kernel,
            channel=channel,
            row=row,
            column=column,
            value=value,
        )
        key = ("weight", self._kernel, channel)
        self._editing.apply(f"Set weight ({row}, {column}) to {exact(value)}", edit, key, BURST_SECONDS)

    def set_weight_of(self, ref: CellRef, value: float) -> None:
        """Set the weight of a cell on the stage."""
        self.select_cell(ref)
        self.set_weight(ref.row, ref.column, value)

    def set_bias(self, value: float) -> None:
        """Set the bias."""
        edit = partial(set_bias, kernel=self._kernel, value=value)
        self._editing.apply(f"Set bias to {exact(value)}", edit, ("bias", self._kernel))

    def set_size(self, rows: int, columns: int) -> None:
        """Make all kernels of another size."""
        edit = partial(set_kernel_size, size=(rows, columns))
        self._editing.apply(f"Kernel size {rows}×{columns}", edit, "kernel size")

    def use_named(self, kernel_id: str) -> None:
        """Take a kernel of the catalogue."""
        name = next((kernel.name for kernel in catalogue() if kernel.id == kernel_id), kernel_id)
        edit = partial(
            kernel_edits.use_named, kernel_id=kernel_id, kernel=self._kernel, channel=self._edited_channel
        )
        self._editing.apply(f"Kernel {name}", edit)

    def paste(self, text: str) -> None:
        """Take one matrix as this kernel, several as all kernels."""

        def edit(lesson: Lesson) -> Lesson:
            pasted = parse_kernels(text, "pasted text")
            return kernel_edits.paste_kernels(lesson, pasted, self._kernel, self._edited_channel)

        self._editing.apply("Paste kernel", edit)

    def open(self, path: str) -> None:
        """Take the kernels of a file, one feature map each."""

        def edit(lesson: Lesson) -> Lesson:
            return kernel_edits.take_kernels(lesson, *read_weights(path))

        self._editing.apply(f"Open kernel {Path(path).name}", edit)

    def add(self) -> None:
        """Add a copy of this kernel and edit it."""
        count = self.form.kernels
        if self._editing.apply("Add kernel", partial(kernel_edits.add_kernel, kernel=self._kernel)):
            self.select(count, self._channel)

    def remove(self) -> None:
        """Remove this kernel."""
        self._editing.apply("Remove kernel", partial(kernel_edits.remove_kernel, kernel=self._kernel))

    def reset(self) -> None:
        """Put back the kernels that the lesson began with."""
        self._editing.apply("Reset kernels", partial(kernel_edits.reset_kernels, origin=self._origin))

    def copy(self, style: Style) -> None:
        """Say the shown plane as text for the clipboard."""
        params = kernel_edits.kernel_params(self._editing.lesson)
        form = self.form
        self.copied.emit(format_matrix(params.weight[form.kernel, max(form.channel, 0)], style))

    @property
    def _edited_channel(self) -> int | None:
        return None if self._channel < 0 else self._channel

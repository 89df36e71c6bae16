"""Intents of the kernel editor as named edits, and the form it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import RUN_SECONDS, Editing
from cnnviz.controllers.heard import is_heard
from cnnviz.files.matrices import Style, format_matrix
from cnnviz.lesson import kernel_edits
from cnnviz.lesson.edits import set_weight
from cnnviz.lesson.forms import exact
from cnnviz.lesson.kernel_form import KernelForm, kernel_form
from cnnviz.lesson.kernels import catalogue
from cnnviz.lesson.layer_edits import TrackEdit, set_number
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.weights import weight_index

BURST_SECONDS = 0.05
"""Several cells typed at once are told one by one within this time: they are one entry of the history."""


class KernelEditing(QObject):
    """Which kernel and channel are edited, and what is done to them.

    Signals
    -------
    form_changed : KernelForm or None
        None where the track has no weights.
    copied : str
    """

    form_changed = Signal(object)
    copied = Signal(str)

    def __init__(self, editing: Editing, choosing: Choosing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._choosing = choosing
        self._origin = editing.lesson
        self._kernel = self._channel = 0
        self._run = 0
        choosing.place_changed.connect(self.refresh)
        # A refused value must not stay in the form.
        editing.refused.connect(lambda _line: self.refresh())

    @property
    def form(self) -> KernelForm | None:
        """What the editor shows."""
        chosen, layer = self._choosing, self._choosing.weighted
        if layer is None:
            return None
        return kernel_form(
            self._editing.lesson, self._kernel, self._channel, chosen.track, layer, chosen.alone
        )

    def refresh(self) -> None:
        """Show the form again; a kernel or channel that is gone gives way to the last one."""
        if not is_heard(self, self.form_changed):
            return
        form = self.form
        if form is not None:
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
        """Edit the kernel of a weight that was clicked on the stage, where its layer is the one that is edited."""
        layer = self._choosing.layer_of(ref)
        form = self.form
        if form is None or (ref.track, layer) != (self._choosing.track, self._choosing.weighted):
            return
        self.select(*((ref.row, 0) if form.matrix else divmod(ref.plane, form.channels)))

    def set_weight(self, row: int, column: int, value: float) -> None:
        """Set one weight of the shown plane."""
        form, channel = self.form, self._edited_channel
        edit = partial(kernel_edits.set_weights, kernel=self._kernel, channel=channel, value=value,
                       row=row + (form.first if form is not None else 0), column=column)  # fmt: skip
        self._do(
            f"Set weight ({row}, {column}) to {exact(value)}",
            edit,
            ("weight", self._kernel, channel),
            BURST_SECONDS,
        )

    def set_weight_of(self, ref: CellRef, value: float) -> None:
        """Set the weight of a cell on the stage, whichever layer is edited."""
        layer = self._choosing.layer_of(ref)
        chain = self._editing.lesson.tracks[ref.track]
        params = None if layer is None else chain.params[layer]
        if layer is None or params is None:
            return
        spec = chain.layers[layer]
        index = weight_index(spec, params.weight.shape, ref.plane, ref.row, ref.column)
        if index is None:
            return
        edit = self._choosing.edit(partial(set_weight, cell=index, value=value, layer=layer), ref.track)
        self._editing.apply(f"Set weight ({ref.row}, {ref.column}) to {exact(value)}", edit)
        self.select_cell(ref)

    def set_bias(self, value: float) -> None:
        """Set the bias."""
        edit = partial(kernel_edits.set_output_bias, kernel=self._kernel, value=value)
        self._do(f"Set bias to {exact(value)}", edit, ("bias", self._kernel))

    def set_size(self, key: str, value: int, dragging: bool = False) -> None:
        """Make all kernels of another size, by rows, columns or both."""
        name = {"kernel_size": "size", "kernel_size.rows": "rows", "kernel_size.columns": "columns"}[key]
        seconds = math.inf if dragging else RUN_SECONDS
        edit = partial(set_number, key=key, value=value)
        self._do(f"Kernel {name} {value}", edit, (key, self._run), seconds, absolute=True)

    def end_drag(self) -> None:
        """Let what is done next be another entry."""
        self._run += 1

    def use_named(self, kernel_id: str) -> None:
        """Take a kernel of the catalogue."""
        name = next((kernel.name for kernel in catalogue() if kernel.id == kernel_id), kernel_id)
        edit = partial(
            kernel_edits.use_named, kernel_id=kernel_id, kernel=self._kernel, channel=self._edited_channel
        )
        self._do(f"Kernel {name}", edit)

    def paste(self, text: str) -> None:
        """Take one matrix as this kernel, several as all kernels."""

        def edit(lesson: Lesson, *, track: int, layer: int) -> Lesson:
            from cnnviz.files.kernels import parse_kernels  # not needed before the first paint

            pasted = parse_kernels(text, "pasted text")
            return kernel_edits.paste_kernels(
                lesson, pasted, self._kernel, self._edited_channel, track, layer
            )

        self._do("Paste kernel", edit)

    def open(self, path: str) -> None:
        """Take the kernels of a file, one feature map each."""

        def edit(lesson: Lesson, *, track: int, layer: int) -> Lesson:
            from cnnviz.files.kernels import read_weights  # not needed before the first paint

            return kernel_edits.take_kernels(lesson, *read_weights(path), track=track, layer=layer)

        self._do(f"Open kernel {Path(path).name}", edit)

    def add(self) -> None:
        """Add a copy of this kernel and edit it."""
        form = self.form
        if form is not None and self._do("Add kernel", partial(kernel_edits.add_kernel, kernel=self._kernel)):
            self.select(form.kernels, self._channel)

    def remove(self) -> None:
        """Remove this kernel."""
        self._do("Remove kernel", partial(kernel_edits.remove_kernel, kernel=self._kernel))

    def reset(self) -> None:
        """Put back the kernels that the lesson began with."""
        self._do("Reset kernels", partial(kernel_edits.reset_kernels, origin=self._origin))

    def copy(self, style: Style) -> None:
        """Say the shown plane as text for the clipboard."""
        layer, form = self._choosing.weighted, self.form
        if layer is None or form is None:
            return
        planes = kernel_edits.kernel_planes(self._editing.lesson, self._choosing.track, layer)
        plane = planes[0, 0] if form.matrix else planes[form.kernel, max(form.channel, 0)]
        self.copied.emit(format_matrix(plane, style))

    def _do(
        self,
        words: str,
        edit: Callable[..., Lesson],
        merge: Hashable | None = None,
        seconds: float = RUN_SECONDS,
        absolute: bool = False,
    ) -> bool:
        """Apply an edit that takes track and layer to those that are edited."""
        layer = self._choosing.weighted
        if layer is None:
            self._editing.refused.emit("this track has no weights: choose a layer that has some")
            return False
        here: TrackEdit = partial(edit, layer=layer)
        key = None if merge is None else (self._choosing.track, layer, merge)
        return self._editing.apply(words, self._choosing.edit(here), key, seconds, absolute)

    @property
    def _edited_channel(self) -> int | None:
        return None if self._channel < 0 else self._channel

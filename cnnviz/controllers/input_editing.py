"""Intents of the input form and of the brush as named edits, and what the form shows."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import RUN_SECONDS, Editing
from cnnviz.files.matrices import Style, format_matrix
from cnnviz.lesson.edits import set_cells, set_transforms
from cnnviz.lesson.forms import EDITABLE_CELLS, InputForm, exact, input_form, noise_unit, written
from cnnviz.lesson.inputs import Pattern, set_pattern, set_picture
from cnnviz.lesson.layer_edits import TrackEdit
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.likeness import set_like
from cnnviz.lesson.source import (
    Grey,
    Noise,
    Resize,
    Source,
    Transform,
    materialise,
    with_noise,
    with_rotation,
    with_shift,
)
from cnnviz.timeline.frame import CellRef

Cells = tuple[tuple[tuple[str, ...], ...], ...]
"""Channel, row, column: the cells of a small input as texts."""


class InputEditing(QObject):
    """The input of a lesson: grey or colour, working size, typed and painted cells."""

    form_changed = Signal(object)
    cells_changed = Signal(object)
    copied = Signal(str)

    def __init__(self, editing: Editing, choosing: Choosing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._choosing = choosing
        self._brush: float | None = None
        self._stroke = self._run = 0
        self._said: tuple[object, ...] | None = None
        choosing.place_changed.connect(self._show_if_other)

    @property
    def form(self) -> InputForm:
        """What the form shows."""
        form = input_form(self._editing.lesson, self._choosing.track)
        # Pictures are often called by what they show.
        return replace(form, name="") if self._choosing.asks else form

    @property
    def cells(self) -> Cells:
        """The cells of a small input as texts; nothing for a large one."""
        source = self._source
        if math.prod(source.shape) > EDITABLE_CELLS:
            return ()
        comma = self._editing.lesson.conventions.decimal == "comma"
        return tuple(
            tuple(tuple(written(v, comma) for v in row) for row in plane)
            for plane in materialise(source).tolist()
        )

    def refresh(self) -> None:
        """Show the form and the cells again."""
        self._said = self._facts
        self.form_changed.emit(self.form)
        self.cells_changed.emit(self.cells)

    def _show_if_other(self) -> None:
        # The table of cells is large; a weight or another layer changes none of it.
        if self._said != self._facts:
            self.refresh()

    @property
    def _facts(self) -> tuple[object, ...]:
        """What the form and the cells are made of."""
        return (self._source, self._choosing.track, self._editing.lesson.conventions, self._choosing.asks)

    def set_grey(self, grey: bool) -> None:
        """Work in grey or in colour."""
        kept = tuple(t for t in self._transforms if not isinstance(t, Grey))
        transforms: tuple[Transform, ...] = (Grey(), *kept) if grey else kept
        self._apply("Grey" if grey else "Colour", partial(set_transforms, transforms=transforms))

    def set_size(self, rows: int, columns: int) -> None:
        """Work at another size; the original is kept."""
        kept = tuple(t for t in self._transforms if not isinstance(t, Resize))
        original = self._source.array.shape[1:]
        resize = () if (rows, columns) == original else (Resize(rows, columns),)
        self._apply(
            f"Working size {rows}×{columns}",
            partial(set_transforms, transforms=(*kept, *resize)),
            "working size",
        )

    def set_noise(self, amount: int, dragging: bool = False) -> None:
        """Add noise of so many hundredths of the span; 0 takes it away. A drag of the slider is one entry."""
        sigma = amount * noise_unit(self._source)
        transforms = with_noise(self._transforms, sigma, self.form.seed)
        self._apply(f"Noise {amount}", partial(set_transforms, transforms=transforms), "noise", dragging)

    def draw_noise(self) -> None:
        """Draw the noise anew, from the next seed."""
        form = self.form
        sigma = next((t.sigma for t in self._transforms if isinstance(t, Noise)), 0.0)
        transforms = with_noise(self._transforms, sigma, form.seed + 1)
        self._apply(f"New noise, seed {form.seed + 1}", partial(set_transforms, transforms=transforms))

    def set_shift(self, rows: int, columns: int, dragging: bool = False) -> None:
        """Move the input down and to the right by so many rows and columns."""
        transforms = with_shift(self._transforms, rows, columns)
        self._apply(
            f"Shift {rows}, {columns}", partial(set_transforms, transforms=transforms), "shift", dragging
        )

    def set_rotation(self, degrees: int, dragging: bool = False) -> None:
        """Turn the input anticlockwise about its middle."""
        transforms = with_rotation(self._transforms, float(degrees))
        self._apply(f"Rotate {degrees}°", partial(set_transforms, transforms=transforms), "rotate", dragging)

    def set_like(self, on: bool) -> None:
        """Make the picture like those that the network was trained on, or leave it raw."""
        self._apply("Like the training data" if on else "Raw picture", partial(set_like, on=on))

    def end_drag(self) -> None:
        """Let what is done next be another entry."""
        self._run += 1
        self._editing.settle()

    def set_cells(self, cells: Iterable[tuple[int, int, int, float]], track: int | None = None) -> None:
        """Set typed cells: channel, row, column, value of each."""
        values = {(c, r, k): value for c, r, k, value in cells}
        if not values:
            return
        (cell, value), several = next(iter(values.items())), len(values) > 1
        words = (
            f"Set {len(values)} cells" if several else f"Set cell ({cell[1]}, {cell[2]}) to {exact(value)}"
        )
        self._apply(words, partial(set_cells, cells=values), track=track)

    def set_cell_of(self, ref: CellRef, value: float) -> None:
        """Set the input cell of the stage that was double-clicked."""
        self.set_cells([(ref.plane, ref.row, ref.column, value)], ref.track)

    @property
    def painting(self) -> bool:
        """Whether the brush is out."""
        return self._brush is not None

    def set_brush(self, value: float | None) -> None:
        """Choose what the brush paints; None puts it away."""
        self._brush = value

    def paint(self, ref: CellRef) -> None:
        """Paint a cell; a stroke is one entry of the history."""
        if self._brush is not None:
            cells = {(ref.plane, ref.row, ref.column): self._brush}
            edit = self._choosing.edit(partial(set_cells, cells=cells), ref.track)
            self._editing.apply("Paint", edit, ("stroke", self._stroke), math.inf, quick=True)

    def end_stroke(self) -> None:
        """Let what is painted next be another entry."""
        self._stroke += 1
        self._editing.settle()

    def paste(self, text: str) -> None:
        """Take a table of numbers as another input."""

        def edit(lesson: Lesson, *, track: int) -> Lesson:
            from cnnviz.files.arrays import parse_table  # not needed before the first paint

            return set_picture(lesson, parse_table(text)[None], "pasted table", track=track)

        self._apply("Paste input", edit)

    def copy(self, style: Style, channel: int = 0) -> None:
        """Say a channel of the input as text for the clipboard."""
        self.copied.emit(format_matrix(materialise(self._source)[channel], style))

    def make(self, pattern: Pattern, shape: tuple[int, int, int], low: float, high: float, seed: int) -> None:
        """Make a small input of one's own."""
        edit = partial(set_pattern, pattern=pattern, shape=shape, low=low, high=high, seed=seed)
        self._apply(f"New input {shape[1]}×{shape[2]} {pattern}", edit)

    @property
    def _source(self) -> Source:
        return self._editing.lesson.tracks[self._choosing.track].source

    @property
    def _transforms(self) -> tuple[Transform, ...]:
        return self._source.transforms

    def _apply(
        self,
        words: str,
        edit: TrackEdit,
        merge: Hashable | None = None,
        dragging: bool = False,
        track: int | None = None,
    ) -> None:
        key = None if merge is None else (self._choosing.track, merge, self._run)
        seconds = math.inf if dragging else RUN_SECONDS
        # A refused value must not stay in the form.
        made = self._choosing.edit(edit, track)
        if not self._editing.apply(words, made, key, seconds, absolute=True, quick=dragging):
            self.refresh()

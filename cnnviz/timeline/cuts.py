"""How a section is cut into steps: runs of cells by arithmetic, so that 4K opens as fast as 6×6."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from cnnviz.engine.layers import Shape
from cnnviz.lesson.lesson import Pace

PRODUCT_CELLS = 3
"""How many cells the pace "auto" opens by their products."""

AUTO_STEPS = 84
"""At most so many steps for a lesson of a few layers at the pace "auto": under 90 s at one step a second."""


class Beat(Enum):
    """What happens to a cell in one step."""

    PLACE = "place"
    MULTIPLY = "multiply"
    SUM = "sum"
    WRITE = "write"


class Moment(NamedTuple):
    """A step inside a section: the cell it ends on, its beat and how much of the cell and the map is done."""

    cell: int
    """The focused cell, as flat index of the section's output."""
    first: int
    """The first cell that this step writes (the focused one unless a step writes several)."""
    beat: Beat
    products: int
    """How many of the cell's products are shown; all of them from SUM on."""
    written: int
    """How many cells of the output are written once the step is done."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive cells that are stepped alike.

    Either each cell takes ``groups + 3`` steps (PLACE, its products in ``groups`` steps, SUM, WRITE), or, with
    ``groups`` 0, PLACE and WRITE; or, with ``groups`` −1, ``chunk`` cells are written in one step.
    """

    start: int
    first: int
    cells: int
    groups: int = -1
    chunk: int = 1

    @property
    def beats(self) -> int:
        """Steps a cell; 1 where several cells share a step."""
        return 1 if self.groups < 0 else (2 if self.groups == 0 else self.groups + 3)

    @property
    def steps(self) -> int:
        """Steps in all."""
        return -(-self.cells // self.chunk) if self.groups < 0 else self.cells * self.beats


@dataclass(frozen=True, slots=True)
class Cut:
    """All runs of one section; ``terms`` values make one cell."""

    runs: tuple[Run, ...]
    terms: int

    @property
    def steps(self) -> int:
        """How many steps the section takes."""
        return self.runs[-1].start + self.runs[-1].steps if self.runs else 0

    def moment(self, offset: int) -> Moment:
        """What happens at that step of the section, found by bisection and a division."""
        run = self.runs[bisect_right([r.start for r in self.runs], offset) - 1]
        o = offset - run.start
        if run.groups < 0:
            first = run.first + o * run.chunk
            last = min(first + run.chunk, run.first + run.cells) - 1
            return Moment(last, first, Beat.WRITE, self.terms, last + 1)
        cell, beat = run.first + o // run.beats, o % run.beats
        if beat == 0:
            return Moment(cell, cell, Beat.PLACE, 0, cell)
        if beat == run.beats - 1:
            return Moment(cell, cell, Beat.WRITE, self.terms, cell + 1)
        if beat == run.beats - 2:
            return Moment(cell, cell, Beat.SUM, self.terms, cell)
        return Moment(cell, cell, Beat.MULTIPLY, -(-beat * self.terms // run.groups), cell)

    def offset_of(self, cell: int, beat: Beat = Beat.WRITE, products: int = 0) -> int:
        """The step of the section at which that cell has that beat; its WRITE where the cut has no such beat."""
        run = self.runs[bisect_right([r.first for r in self.runs], cell) - 1]
        if run.groups < 0:
            return run.start + (cell - run.first) // run.chunk
        at = run.start + (cell - run.first) * run.beats
        if beat is Beat.PLACE:
            return at
        if beat is Beat.SUM and run.groups:
            return at + run.beats - 2
        if beat is Beat.MULTIPLY and run.groups:
            return at + max(1, min(run.groups, (products - 1) * run.groups // self.terms + 1))
        return at + run.beats - 1


class _Builder:
    """Lays runs one after the other."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.step = 0
        self.cell = 0

    def add(self, upto: int, groups: int = -1, chunk: int = 1) -> None:
        if upto > self.cell:
            run = Run(self.step, self.cell, upto - self.cell, groups, max(1, chunk))
            self.runs.append(run)
            self.step += run.steps
            self.cell = upto


def cut(pace: Pace, shape: Shape, terms: int, products: bool) -> Cut:
    """Cut a section whose output has that shape at a fixed pace.

    Parameters
    ----------
    pace : Pace
        Any but "auto", which needs a budget: see `cut_auto`.
    shape : (channels, rows, columns)
    terms : int
        Values that make one cell.
    products : bool
        Whether a cell is a sum of products; otherwise it only has PLACE and WRITE.
    """
    _, rows, columns = shape
    total = math.prod(shape)
    builder = _Builder()
    if pace == "multiply":
        builder.add(total, groups=terms if products else 0)
    else:
        chunk = {"cell": 1, "row": columns, "channel": rows * columns}.get(pace, total)
        builder.add(total, chunk=chunk)
    return Cut(tuple(builder.runs), terms)


def cut_auto(shape: Shape, terms: int, products: bool, budget: int) -> Cut:
    """Three cells by products, the first row by cells, then rows, then channels, in about ``budget`` steps at most.

    Where there are too many of one kind several share a step: two rows of a picture are alike, and what matters is
    the first few. With less than eight steps only channels are stepped, with one the whole layer is one step.
    """
    channels, rows, columns = shape
    plane, total = rows * columns, math.prod(shape)
    builder = _Builder()
    if budget < 8:
        builder.add(total, chunk=plane * -(-channels // max(1, budget)))
        return Cut(tuple(builder.runs), terms)
    groups = min(terms, 9) if products else 0
    opened = min(PRODUCT_CELLS, columns)
    if products and budget < opened * (groups + 3) + 8:
        opened = 0
    builder.add(opened, groups=groups) if products else builder.add(opened)
    left = budget - builder.step
    share = max(1, left // 3)
    builder.add(columns, chunk=-(-(columns - builder.cell) // share))
    builder.add(plane, chunk=columns * -(-(rows - 1) // share) if rows > 1 else 1)
    builder.add(total, chunk=plane * -(-(channels - 1) // share) if channels > 1 else 1)
    return Cut(tuple(builder.runs), terms)


def auto_budgets(weights: list[bool]) -> list[int]:
    """Share the steps of "auto" among sections: those that multiply get four times what the others get."""
    parts = [4 if products else 1 for products in weights]
    return [max(1, AUTO_STEPS * part // sum(parts)) for part in parts]

"""Which formulas a box has room for, and in what size: the same for every cell of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from cnnviz.engine.layers import Shape
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.lesson import Conventions
from cnnviz.scene.formula_names import operation_names, size_name
from cnnviz.scene.formula_pointwise import pointwise
from cnnviz.scene.formula_sizes import remainder_words, size_lines
from cnnviz.scene.formulas import outline
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import MINUS
from cnnviz.scene.primitives import Run
from cnnviz.scene.theme import Theme

Runs = tuple[Run, ...]

EM = 1.28
"""An em of the typeset formulas in sizes of the numbers' type, so that their small indices are hardly smaller."""

LINE = 1.26
"""Height of a line of numbers in sizes of its type."""

LEAST_LIVE = 24.0
"""A line of numbers gets at least this width, in sizes of its type."""

AROUND = 11.0
"""What the name of a cell and its result take of it, in sizes of the type."""

BETWEEN = 2.0
"""Between the operation and the size formula when they stand side by side."""

SPARE = 1.02
"""Texts get a little more room than they are measured to need."""


class Asked(NamedTuple):
    """What the choice depends on: the layer, how it is written, and the room."""

    spec: AnyLayer
    in_shape: Shape
    bias: bool
    conventions: Conventions
    theme: Theme
    lives: int
    """How many lines the numbers of a cell can make use of."""
    compared: tuple[Runs, ...]
    """Sizes of several tracks, which are shown instead of the one where they fit."""
    width: float
    height: float
    largest: int
    """Sizes of type that may be chosen."""
    smallest: int
    alone: int | None = None
    """Which of the operation's formulas to show without the size of its output; any, with the size, when None."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is shown: names of formulas (empty for none), how many lines of numbers, and lines of text."""

    operation: str
    lives: int
    size: str
    sizes: tuple[Runs, ...]
    note: Runs
    least: float
    """The width that the numbers get at least, in sizes of their type."""

    @property
    def told(self) -> tuple[Runs, ...]:
        """The lines without their labels: where there are several, each opens with one."""
        return tuple(line[1:] for line in self.sizes) if len(self.sizes) > 1 else self.sizes

    def label_width(self, size: float) -> float:
        """The width of the widest label, so that what follows begins in one column."""
        labels = [line[:1] for line in self.sizes] if len(self.sizes) > 1 else []
        return max((width_of(label, size) * SPARE for label in labels), default=0.0)

    def left_width(self, size: float) -> float:
        """The least width of the operation with its numbers, in type of a size."""
        formula = outline(self.operation).width * size * EM if self.operation else 0.0
        return max(formula, self.least * size)

    def right_width(self, size: float) -> float:
        """The width of the size formula with its numbers."""
        label = self.label_width(size)
        lines = [label + width_of(line, size) * SPARE for line in self.told]
        lines.append(width_of(self.note, size) * SPARE)
        return max([outline(self.size).width * size * EM if self.size else 0.0, *lines])

    def left_height(self, size: float) -> float:
        """The height of the operation with its numbers."""
        return formula_height(self.operation, size) + self.lives * LINE * size

    def right_height(self, size: float) -> float:
        """The height of the size formula with its numbers and the note."""
        return formula_height(self.size, size) + (len(self.sizes) + bool(self.note)) * LINE * size


@dataclass(frozen=True, slots=True)
class Fit:
    """A choice of parts, the size of their type, and the width of the right column (0: all in one column)."""

    parts: Parts
    type: int
    right: float


@lru_cache(maxsize=256)
def fit(asked: Asked) -> Fit | None:
    """The best that fits: more parts before larger type, side by side before one column; None where nothing does."""
    for parts in _choices(asked):
        for size in range(max(asked.largest, asked.smallest), asked.smallest - 1, -1):
            left, right = parts.left_width(size), parts.right_width(size)
            heights = parts.left_height(size), parts.right_height(size)
            beside = left + (BETWEEN * size + right if right else 0)
            if beside <= asked.width and max(heights) <= asked.height:
                return Fit(parts, size, right)
            if max(left, right) <= asked.width and sum(heights) <= asked.height:
                return Fit(parts, size, 0.0)
    return None


def formula_height(name: str, size: float) -> float:
    """The height of a formula beside type of a size; 0 for none."""
    return outline(name).height * size * EM if name else 0.0


def _choices(asked: Asked) -> Iterator[Parts]:
    """What may be shown, from everything to the line of numbers alone."""
    spec, in_shape, theme = asked.spec, asked.in_shape, asked.theme
    names = operation_names(spec, in_shape, asked.bias, asked.conventions)
    words = remainder_words(spec, in_shape)
    note = (Run(words, theme.accent),) if words else ()
    sizes, comma = size_lines(spec, in_shape, theme), (Run(", ", theme.muted),)
    # All may also stand in one line.
    line = tuple(
        run for n, part in enumerate((*sizes, *([note] if note else []))) for run in (*comma[: n > 0], *part)
    )
    short = names[-1]
    least = _least(spec, theme)
    if asked.alone is not None:
        yield Parts(
            names[min(asked.alone, len(names) - 1)], asked.lives, "", (), (), least if asked.lives else 0.0
        )
        return
    if asked.compared:
        for size, name in product((size_name(spec, in_shape), ""), names):
            for lines in range(asked.lives, 0, -1):
                yield Parts(name, lines, size, asked.compared, (), least)
    for name, size in [*((name, size_name(spec, in_shape)) for name in names), (short, "")]:
        for lines in range(asked.lives, 0, -1):
            yield Parts(name, lines, size, sizes, note, least)
            yield Parts(name, lines, size, (line,), (), least)
    yield Parts(short, 1, "", sizes, (), least)
    yield Parts("", 1, "", sizes, (), least)
    yield Parts("", 1, "", sizes, (), LEAST_LIVE)
    yield Parts(short, 1, "", (), (), LEAST_LIVE)
    yield Parts("", 1, "", (), (), LEAST_LIVE)


def _least(spec: AnyLayer, theme: Theme) -> float:
    """The width for the numbers of any cell: sums are cut to it, what acts on one number is not."""
    one = pointwise(spec, Run(f"{MINUS}88.888", theme.input), 0, theme)
    return max(LEAST_LIVE, width_of(one, 1.0) + AROUND) if len(one) > 1 else LEAST_LIVE

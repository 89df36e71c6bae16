"""The operation's formula with this very cell's indices and numbers, as runs of text in the colours of the cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import (
    Add,
    BatchNorm,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
    Softmax,
)
from cnnviz.lesson.lesson import Conventions
from cnnviz.scene.block_formula import added_term, holds, normalised
from cnnviz.scene.formula_cell import cell_name, count_of, operand_names
from cnnviz.scene.formula_pointwise import pointwise, printed_in_full, recomputed
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import MINUS, as_shown, bracketed, decimals_needed, number
from cnnviz.scene.primitives import Run, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, Terms

Runs = tuple[Run, ...]

FEW = 9
"""So many numbers have three decimals."""

VANISHES = 0.005
"""Smaller numbers are 0.00 with two decimals."""

MOST_LISTED = 64
"""No more terms than this are tried to be written out."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far a cell is: how many terms are made, which one just now, and whether its total may be shown."""

    made: int
    total: bool
    current: int | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A formula with numbers, in parts of which some can be left out where room is short.

    ``cell`` is "S(0, 2) = ", ``index`` "Σ I(0+m, 2+n)·K(m, n) = " (empty where there is none), ``opening`` and
    ``closing`` stand around the terms 0 … ``count`` − 1, which ``joint`` joins; ``result`` is " = 30". The term
    ``current`` is always shown.
    """

    cell: Runs
    index: Runs
    opening: Runs
    count: int
    term: Callable[[int], Runs]
    joint: Run
    closing: Runs
    result: Runs
    current: int | None = None

    @property
    def head(self) -> Runs:
        """A line of its own for the index part."""
        return self.cell + self.index[:-1]

    def line(self, width: float, size: float, start: Runs) -> Runs:
        """The numbers in one line of that width, as many terms as fit, after what stands at its start.

        An operation on one number that does not fit is left out as a whole.
        """
        if not self.count and width_of(start + self.opening + self.closing + self.result, size) > width:
            return self.cell[:-1] + self.result
        start = start + self.opening
        end = self.closing + self.result
        return start + self._listed(width - width_of(start + end, size), size) + end

    def _listed(self, room: float, size: float) -> Runs:
        """Terms from the first on, the current and the last one among them, and … for what is left out."""
        if self.count <= MOST_LISTED:
            whole = self._joined(range(self.count))
            if width_of(whole, size) <= room:
                return whole
        joint, gap = width_of((self.joint,), size), width_of((Run("…", self.joint.color),), size)
        wanted = ([] if self.current is None else [self.current]) + [
            0,
            self.count - 1,
            *range(1, MOST_LISTED),
        ]
        shown: list[int] = []
        used = 0.0
        for n in dict.fromkeys(n for n in wanted if 0 <= n < self.count):
            used += width_of(self.term(n), size)
            more = sorted([*shown, n])
            gaps = _gaps(more, self.count)
            if used + gaps * gap + (len(more) + gaps - 1) * joint > room:
                break
            shown = more
        return self._joined(shown)

    def _joined(self, shown: Iterable[int]) -> Runs:
        out: list[Run] = []
        before = -1
        for n in [*shown, self.count]:
            if n > before + 1:
                out += [*([self.joint] if out else []), Run("…", self.joint.color)]
            if n < self.count:
                out += [*([self.joint] if out else []), *self.term(n)]
            before = n
        return tuple(out)


def _gaps(shown: list[int], count: int) -> int:
    """How often something is left out before, between and after the terms shown."""
    return sum(b > a + 1 for a, b in pairwise([-1, *shown, count]))


def live(focus: Focus, in_shape: Shape, told: Told, conventions: Conventions, theme: Theme) -> Live:
    """The formula of a cell with its numbers.

    Parameters
    ----------
    focus : Focus
    in_shape : (channels, rows, columns)
        Of the layer's input.
    told : Told
    conventions : Conventions
        Letters, the first index, point or comma.
    theme : Theme
    """
    made = _live(focus, in_shape, told, conventions, theme)
    if conventions.decimal == "point":
        return made
    # The points themselves become commas with those of the whole stage.
    return replace(made, opening=_parted(made.opening), joint=_parted((made.joint,))[0])


def _live(focus: Focus, in_shape: Shape, told: Told, conventions: Conventions, theme: Theme) -> Live:
    terms, ink = focus.terms, theme.text
    cell = (*cell_name(focus, in_shape, conventions, theme), Run(" = ", ink))
    index = operand_names(focus, in_shape, conventions, theme)
    index = (*index, Run(" = ", ink)) if index else ()
    # The largest number is printed again as the result, so it needs the same decimals.
    copied = isinstance(focus.spec, MaxPool | GlobalMaxPool)
    places = decimals_needed(terms.x) if copied else _decimals(terms.x), _decimals(terms.w)
    result = _result(focus, told, exact(focus, places), theme)
    plus, bracket = Run(" + ", ink), (Run(")", ink),)

    def value(n: int) -> Runs:
        weight = Weight.BOLD if n == terms.winner and told.total else Weight.REGULAR
        return (Run(number(float(terms.x[n]), places[0]), theme.input, weight),)

    size = terms.x.size
    match focus.spec:
        case Conv() | ConvTranspose() | Linear():
            # Onto some cells of a transposed convolution nothing is laid.
            nothing = () if size else (Run("0", theme.muted),)
            return Live(cell, index, nothing, size, lambda n: _product(focus, n, places, told, theme), plus,
                        _bias(terms, theme), result, told.current)  # fmt: skip
        case AvgPool() | GlobalAvgPool():
            mean = (Run(f"1/{count_of(terms)}·(", ink),)
            return Live(cell, index, mean, size, lambda n: _in_sum(value(n)), plus, bracket, result)
        case MaxPool() | GlobalMaxPool():
            largest = (Run("max(", ink),)
            winner = terms.winner if told.total else None
            return Live(cell, index, largest, size, value, Run(", ", ink), bracket, result, winner)
        case Softmax():
            own = (Run("exp(", ink), *value(terms.winner or 0), Run(") / (", ink))
            return Live(cell, (), own, size, lambda n: (Run("exp(", ink), *value(n), *bracket), plus, bracket,
                        result, terms.winner)  # fmt: skip
        case Flatten():
            # A copy: the value stands once, as the result.
            place = Run(f",  {_flat(focus, in_shape, conventions.base)}", theme.muted)
            return Live((*cell, *index[:-1]), (), (), 0, value, plus, (), (*result, place))
        case Add():
            return Live(cell, (), (), size, lambda n: added_term(focus, n, told.made, told.current, theme), plus, (),
                        result, told.current)  # fmt: skip
        case BatchNorm():
            return Live(cell, (), normalised(terms, value(0)[0], theme), 0, value, plus, (), result)
        case PaddedShortcut() if not size:
            return Live(cell, (), (Run("0", theme.muted),), 0, value, plus, (), result)
    spelled = pointwise(focus.spec, value(0)[0], focus.cell[0], theme)
    return Live(cell, (), spelled, 0, value, plus, (), result)


def exact(focus: Focus, decimals: tuple[int, int]) -> bool:
    """Whether the numbers as printed give the total as printed; if not, the formula carries ≈.

    ``decimals`` are those of the values and of the weights.
    """
    terms = focus.terms
    total = float(as_shown([terms.total], decimals_needed([terms.total]))[0])
    if isinstance(focus.spec, MaxPool | GlobalMaxPool) or not np.isfinite([terms.total, *terms.x]).all():
        return True
    x = as_shown(terms.x, decimals[0])
    tolerance = 1e-9 * max(1.0, abs(total))
    match focus.spec:
        case Conv() | ConvTranspose() | Linear():
            bias = terms.bias or 0.0
            parts = x * as_shown(terms.w, decimals[1])
            given = float(parts.sum()) + float(as_shown([bias], decimals_needed([bias]))[0])
            return abs(given - total) <= max(tolerance, 1e-9 * float(np.abs(parts).max(initial=0.0)))
        case AvgPool() | GlobalAvgPool():
            return abs(float(x.sum()) / count_of(terms) - total) <= tolerance
        case Add() | BatchNorm() | PaddedShortcut():
            return holds(focus.spec, terms)
    given = recomputed(focus.spec, x, focus.cell[0])
    return abs(given - total) <= tolerance and printed_in_full(focus.spec, focus.cell[0])


def _product(focus: Focus, n: int, decimals: tuple[int, int], told: Told, theme: Theme) -> Runs:
    """A value with its weight: grey while it is not made yet, bold when it is made just now."""
    terms, done = focus.terms, n < told.made
    weight = Weight.BOLD if n == told.current else Weight.REGULAR
    x, w = (bracketed(number(float(v[n]), d)) for v, d in zip((terms.x, terms.w), decimals, strict=True))
    pair = ((x, theme.input), (w, theme.weight))
    # A matrix stands before its vector.
    first, second = pair[::-1] if isinstance(focus.spec, Linear) else pair
    return (
        Run(first[0], first[1] if done else theme.muted, weight),
        Run(f"·{second[0]}", second[1] if done else theme.muted, weight),
    )


def _bias(terms: Terms, theme: Theme) -> Runs:
    if terms.bias is None:
        return ()
    text = number(abs(terms.bias), decimals_needed([terms.bias]))
    return (Run(" + " if terms.bias >= 0 else f" {MINUS} ", theme.text), Run(text, theme.weight))


def _result(focus: Focus, told: Told, is_exact: bool, theme: Theme) -> Runs:
    total = focus.terms.total
    text = number(total, decimals_needed([total])) if told.total else "?"
    sign = " = " if is_exact or not told.total else " ≈ "
    return (Run(sign, theme.text), Run(text, theme.output, Weight.BOLD))


def _in_sum(runs: Runs) -> Runs:
    """A value as a part of a sum."""
    return tuple(Run(bracketed(run.text), run.color, run.weight) for run in runs)


def _flat(focus: Focus, in_shape: Shape, base: int) -> str:
    """Where a cell stands when all are in one column: 13 = (1·3 + 0)·4 + 1."""
    channel, row, column = focus.window.channels[0], focus.window.row, focus.window.column
    if base == 0:
        return f"{focus.cell[0]} = ({channel}·{in_shape[1]} + {row})·{in_shape[2]} + {column}"
    return f"{focus.cell[0] + 1} = ({channel}·{in_shape[1]} + {row})·{in_shape[2]} + {column + 1}"


def _decimals(values: NDArray[np.float64]) -> int:
    """Decimals of a list of numbers: fewer where they are many, so that more of them fit."""
    return decimals_needed(values, decimals_among(values, values.size))


def decimals_among(values: NDArray[np.floating], count: int) -> int:
    """The decimals of numbers that have no end of digits, where so many of them stand in one formula.

    Two where they are many, unless one would be told as 0.00.
    """
    vanish = (np.abs(values) < VANISHES) & (values != 0)
    return 3 if count <= FEW or bool(vanish.any()) else 2


def _parted(runs: Runs) -> Runs:
    """Semicolons between numbers, which hold commas themselves."""
    return tuple(replace(run, text=run.text.replace(", ", "; ")) for run in runs)

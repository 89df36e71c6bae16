"""The formula of a cell in the place of its arithmetic: large, over all its numbers; the maps keep their size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Conv
from cnnviz.engine.specs import ConvTranspose, Linear, Softmax
from cnnviz.lesson.recipe import Recipe
from cnnviz.scene.areas import Areas, Look
from cnnviz.scene.formula_fit import EM, LEAST_LIVE, LINE, SPARE, formula_height
from cnnviz.scene.formula_lines import broken, lines_of
from cnnviz.scene.formula_live import Live, decimals_among
from cnnviz.scene.formula_names import operation_names
from cnnviz.scene.formula_panel import formula_panel
from cnnviz.scene.formula_place import numbers_of, set_formula
from cnnviz.scene.formulas import outline
from cnnviz.scene.learning_formula import learning_formula
from cnnviz.scene.letters import width_of
from cnnviz.scene.maps import figures
from cnnviz.scene.numbers import MINUS, bracketed, number
from cnnviz.scene.primitives import Align, Box, Formula, Primitive, Run, Text, Weight
from cnnviz.timeline.frame import Focus, TrackFrame

Runs = tuple[Run, ...]

NEAR_LARGEST = 0.8
"""The line of indices is left out rather than that the type becomes smaller than this part of its largest size."""

MOST_LINES = 4
"""The numbers of a cell stand in so many lines."""

BESIDE = 0.36
"""So much of the width the formula of a gradient has beside its arithmetic."""

ABOVE = 0.38
"""So much of the height it has above it."""

UPPER = 0.6
"""So much of the height the formulas of several tracks have above their sums, where these do not stand in them."""

NARROW = 0.85
"""The numbers of several tracks may be so many sizes of small type."""

SMALL = 4096
"""Of tensors with more values the longest number is found from a sample."""


class Needs(NamedTuple):
    """What the choice depends on: the same for all cells of a layer, so that the formula stays still."""

    names: tuple[str, ...]
    """Formulas of the operation, the longer ones first."""
    head: float
    """The width of the line of indices, in sizes of its type; 0 where there is none."""
    start: float
    """That of what stands before the numbers."""
    terms: int
    term: float
    """The width of the widest term."""
    end: float
    """That of what stands behind them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A formula, whether its indices stand below it, in how many lines its numbers do, and the size of all."""

    name: str
    head: bool
    lines: int
    type: int
    wide: float
    """The width of the widest part."""

    @property
    def height(self) -> float:
        """The height of all parts."""
        return formula_height(self.name, self.type) + (self.head + self.lines) * LINE * self.type


def formula_and_room(
    frame: TrackFrame, shown: Focus, areas: Areas, look: Look, tracks: tuple[TrackFrame, ...]
) -> tuple[tuple[Primitive, ...], Box]:
    """The formula in the place of the arithmetic, and what it leaves of that place.

    The formula of a cell of a map tells its numbers, so nothing is left. Those of losses, gradients and updates have
    none: the arithmetic stands beside them. It stays alone where there is no room for a formula.
    """
    area, sums = areas.formula, areas.sums
    if shown.kind != "forward" and frame.learning is not None:
        return _of_gradient(shown, frame.learning.recipe, area, look) or ((), sums)
    if len(tracks) > 1:
        return _of_tracks(frame, shown, areas, look, tracks)
    formula = formula_instead(frame, shown, area, look)
    return formula, Box(sums.x, sums.y, sums.w, 0.0) if formula else sums


def _of_tracks(
    frame: TrackFrame, shown: Focus, areas: Areas, look: Look, tracks: tuple[TrackFrame, ...]
) -> tuple[tuple[Primitive, ...], Box]:
    """The formulas of tracks side by side with their numbers; where these are too long the sums stand below."""
    area, sums = areas.formula, areas.sums
    formula = formula_panel(frame, shown, area, look, tracks)
    if not _beside_another(formula):
        # Rather than one formula alone in small type, those that differ stand beside one another in smaller type.
        small = replace(look.metrics, small=round(look.metrics.small * NARROW))
        closer = formula_panel(frame, shown, area, replace(look, metrics=small), tracks)
        formula = closer if _beside_another(closer) else formula
    if formula and not any("/live" in p.key for p in formula):
        upper = Box(area.x, area.y, area.w, area.h * UPPER)
        if above := formula_panel(frame, shown, upper, look, tracks):
            return above, Box(sums.x, upper.bottom, sums.w, area.bottom - upper.bottom)
    return formula, Box(sums.x, sums.y, sums.w, 0.0) if formula else sums


def _beside_another(formula: tuple[Primitive, ...]) -> bool:
    """Whether each track has its formula."""
    return sum(isinstance(p, Formula) and p.key.endswith("/operation") for p in formula) > 1


def _of_gradient(
    shown: Focus, recipe: Recipe, area: Box, look: Look
) -> tuple[tuple[Primitive, ...], Box] | None:
    """A formula without numbers at the left of its arithmetic, or where it is long above it, and the room it leaves."""
    left = Box(area.x, area.y, area.w * BESIDE, area.h)
    if formula := learning_formula(shown, recipe, left, look):
        x = max(p.box.right for p in formula if isinstance(p, Formula)) + look.metrics.body
        return formula, Box(x, area.y, area.right - x, area.h)
    top = Box(area.x, area.y, area.w, area.h * ABOVE)
    if formula := learning_formula(shown, recipe, top, look):
        return formula, Box(area.x, top.bottom, area.w, area.h - top.h)
    return None


def formula_instead(frame: TrackFrame, shown: Focus, area: Box, look: Look) -> tuple[Primitive, ...]:
    """The formula of the operation over the numbers of a cell, in the middle of its area.

    Parameters
    ----------
    frame : TrackFrame
        The facts of the track that ``shown`` is part of.
    shown : Focus
        The cell whose arithmetic is told.
    area : Box
    look : Look

    Returns
    -------
    tuple of Primitive
        Nothing where it could not be read.
    """
    numbers = numbers_of(frame, shown, look)
    m = look.metrics
    needs = _needs(frame, shown, numbers, look)
    choice = chosen(needs, area.w, area.h, int((m.body + m.large) / 2), int(m.small))
    return () if choice is None else tuple(_placed(choice, numbers, area, look))


@lru_cache(maxsize=256)
def chosen(needs: Needs, width: float, height: float, largest: int, smallest: int) -> Choice | None:
    """The largest type in which all numbers are told, with indices where they cost little; else a line that is cut."""
    for with_head in (True, False) if needs.head else (False,):
        least = max(smallest, round(largest * NEAR_LARGEST)) if with_head else smallest
        for size in range(max(largest, smallest), least - 1, -1):
            for name in needs.names:
                choice = _in_full(needs, name, with_head, size, width)
                if choice.wide <= width and choice.height <= height and choice.lines <= MOST_LINES:
                    return choice
    for size in range(max(largest, smallest), smallest - 1, -1):
        for name in needs.names:
            wide = max(outline(name).width * EM, LEAST_LIVE) * size
            choice = Choice(name, False, 1, size, width if wide <= width else wide)
            if choice.wide <= width and choice.height <= height:
                return choice
    return None


def _in_full(needs: Needs, name: str, head: bool, size: int, width: float) -> Choice:
    """A formula over all numbers in type of a size, in as many lines as they need."""
    room = width / SPARE
    parts = [needs.start * size, *[needs.term * size] * needs.terms, needs.end * size]
    lines = lines_of(parts, room)
    longest = max(sum(parts[first:stop]) for first, stop in lines)
    wide = max(outline(name).width * size * EM, longest * SPARE, needs.head * size * SPARE if head else 0.0)
    return Choice(name, head, len(lines), size, wide)


def _needs(frame: TrackFrame, shown: Focus, numbers: Live, look: Look) -> Needs:
    source, spec = frame.tensor(shown.source), shown.spec
    channels, rows, columns = source.shape
    names = operation_names(
        spec, (channels, rows, columns), shown.terms.bias is not None, look.lesson.conventions
    )
    largest = max(*source.shape, *frame.tensor(shown.target).shape)
    start = _of_any_cell(numbers.cell + numbers.opening, largest)
    end = width_of((*numbers.closing, Run(f" ≈ {MINUS}88.888", "")), 1.0)
    return Needs(
        names,
        _of_any_cell(numbers.head, largest) if numbers.index else 0.0,
        start if numbers.count else max(start, LEAST_LIVE),
        numbers.count,
        _widest_term(frame, shown, numbers),
        end,
    )


def _of_any_cell(runs: Runs, largest: int) -> float:
    """The width of what names a cell, with indices as long as the longest."""
    longest = "8" * len(str(largest))
    return width_of((Run(re.sub(r"\d+", longest, run.text), run.color, run.weight) for run in runs), 1.0)


def _widest_term(frame: TrackFrame, shown: Focus, numbers: Live) -> float:
    """The width of the widest term that a cell of this layer can have."""
    if not numbers.count:
        return 0.0
    x = _widest(frame.tensor(shown.source).values, numbers.count)
    texts = [f"exp({x})" if isinstance(shown.spec, Softmax) else x, numbers.joint.text]
    if isinstance(shown.spec, Conv | ConvTranspose | Linear):
        texts += ["·", _widest(frame.tensor(f"{shown.target}.weight").values, numbers.count)]
    return width_of((Run("".join(texts), "", Weight.BOLD),), 1.0)


def _widest(values: NDArray[np.floating], count: int) -> str:
    """The longest number of a tensor, as it is written among so many terms."""
    printed, small = figures(values), values.size <= SMALL
    known = decimals_among(values, count) if small else 3
    ends = (float(values.min()), float(values.max())) if small else printed.ends
    decimals = printed.decimals if printed.exact else known
    return max((bracketed(number(end, decimals)) for end in ends), key=len)


def _placed(choice: Choice, numbers: Live, area: Box, look: Look) -> Iterator[Primitive]:
    """The parts from top to bottom, all from one left edge."""
    size, theme = choice.type, look.theme
    wide, high = min(choice.wide, area.w), LINE * size
    box = Box(area.cx - wide / 2, area.cy - choice.height / 2, wide, choice.height)
    yield set_formula("formula/operation", choice.name, box, size, theme, Align.LEFT)
    y = box.y + formula_height(choice.name, size)
    start: Runs = numbers.cell
    if choice.head:
        yield Text("formula/index", Box(box.x, y, wide, high), numbers.head, size)
        y += high
        start = (Run("= ", theme.text),)
    for n, line in enumerate(broken(numbers, start, wide / SPARE, size, choice.lines)):
        key = f"formula/live/{n}" if n else "formula/live"
        yield Text(key, Box(box.x, y, wide, high), line, size)
        y += high

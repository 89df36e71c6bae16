"""The formula panel: the operation and the size of its output, typeset and with the numbers of this very cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cnnviz.engine.layers import Shape
from cnnviz.scene.areas import Look
from cnnviz.scene.formula_live import Live, Told, live
from cnnviz.scene.formula_names import operation_names, size_name
from cnnviz.scene.formula_sizes import remainder_words, size_lines
from cnnviz.scene.formulas import Outline, outline
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Box, Formula, Primitive, Run, Text
from cnnviz.scene.theme import Theme
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, TrackFrame

Runs = tuple[Run, ...]

EM = 1.35
"""An em of the typeset formulas in sizes of the numbers' type, so that their small indices are no smaller."""

LINE = 1.38
"""Height of a line of numbers in sizes of its type."""

LEAST_LIVE = 24.0
"""A line of numbers gets at least this width, in sizes of its type."""

BETWEEN = 2.0
"""Between the operation and the size formula when they stand side by side."""

SPARE = 1.02
"""Texts get a little more room than they are measured to need."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is shown: names of formulas (empty for none), how many lines of numbers, and lines of text."""

    operation: str
    lives: int
    size: str
    sizes: tuple[Runs, ...]
    note: Runs


@dataclass(frozen=True, slots=True)
class _Fit:
    """A choice of parts, the size of their type, and the width of the right column (0: all in one column)."""

    parts: _Parts
    type: float
    right: float


def formula_panel(frame: TrackFrame, shown: Focus, area: Box, look: Look) -> tuple[Primitive, ...]:
    """Set the formulas of the operation that makes a cell into a box.

    What does not fit is left out, the least important first; nothing is clipped or smaller than the small type. The
    choice does not depend on the cell, so that the panel stays still while the playhead moves.

    Parameters
    ----------
    frame : TrackFrame
        The facts of the track that ``shown`` is part of.
    shown : Focus
        The cell whose arithmetic is shown.
    area : Box
    look : Look
    """
    in_shape = _shape(frame.tensor(shown.source).shape)
    numbers = live(shown, in_shape, _told(frame, shown, look), look.lesson.conventions, look.theme)
    choices = _choices(shown, in_shape, 2 if numbers.index else 1, look)
    fit = next(_fits(choices, area, look), None)
    if fit is None:
        return ()
    return tuple(_placed(fit, numbers, area, look.theme))


def _told(frame: TrackFrame, shown: Focus, look: Look) -> Told:
    hidden, step = look.viewpoint.hidden, frame.step
    count = shown.terms.x.size
    if shown is not frame.focus:
        return Told(count, "total" not in hidden)
    done = step.beat in (Beat.SUM, Beat.WRITE)
    current = step.products - 1 if step.beat is Beat.MULTIPLY else None
    return Told(count if done else step.products, done and "total" not in hidden, current)


def _choices(shown: Focus, in_shape: Shape, lives: int, look: Look) -> Iterator[_Parts]:
    """What may be shown, from everything to the line of numbers alone."""
    spec, theme = shown.spec, look.theme
    names = operation_names(spec, in_shape, shown.terms.bias is not None, look.lesson.conventions)
    words = remainder_words(spec, in_shape)
    note = (Run(words, theme.accent),) if words else ()
    sizes = size_lines(spec, in_shape, theme)
    size = size_name(spec, in_shape)
    short = names[-1]
    for name in names:
        for lines in range(lives, 0, -1):
            yield _Parts(name, lines, size, sizes, note)
    yield _Parts(short, 1, "", sizes, note)
    yield _Parts(short, 1, "", sizes, ())
    yield _Parts("", 1, "", sizes, ())
    yield _Parts(short, 1, "", (), ())
    yield _Parts("", 1, "", (), ())


def _fits(choices: Iterator[_Parts], area: Box, look: Look) -> Iterator[_Fit]:
    """Every choice that fits, the best first: more parts before larger type, side by side before one column."""
    largest, smallest = int(look.metrics.body), int(look.metrics.small)
    for parts in choices:
        for size in range(max(largest, smallest), smallest - 1, -1):
            left, right = _left_width(parts, size), _right_width(parts, size)
            beside = left + (BETWEEN * size + right if right else 0)
            if beside <= area.w and max(_left_height(parts, size), _right_height(parts, size)) <= area.h:
                yield _Fit(parts, size, right)
            elif (
                max(left, right) <= area.w
                and _left_height(parts, size) + _right_height(parts, size) <= area.h
            ):
                yield _Fit(parts, size, 0.0)


def _left_width(parts: _Parts, size: float) -> float:
    return max(outline(parts.operation).width * size * EM if parts.operation else 0.0, LEAST_LIVE * size)


def _right_width(parts: _Parts, size: float) -> float:
    lines = [width_of(line, size) * SPARE for line in (*parts.sizes, parts.note)]
    return max([outline(parts.size).width * size * EM if parts.size else 0.0, *lines])


def _left_height(parts: _Parts, size: float) -> float:
    return _height(parts.operation, size) + parts.lives * LINE * size


def _right_height(parts: _Parts, size: float) -> float:
    lines = len(parts.sizes) + bool(parts.note)
    return _height(parts.size, size) + lines * LINE * size


def _height(name: str, size: float) -> float:
    return outline(name).height * size * EM if name else 0.0


def _placed(fit: _Fit, numbers: Live, area: Box, theme: Theme) -> Iterator[Primitive]:
    size, parts = fit.type, fit.parts
    room = area.w - (fit.right + BETWEEN * size if fit.right else 0.0)
    left = Box(area.x, area.y, room, area.h)
    heights = _left_height(parts, size), _right_height(parts, size)
    if fit.right:
        right = Box(area.right - fit.right, area.y, fit.right, area.h)
        tops = [area.cy - h / 2 for h in heights]
        if parts.operation and parts.size:
            tops = _aligned(parts, size, area, heights)
    else:
        right = left
        top = area.cy - sum(heights) / 2
        tops = [top, top + heights[0]]
    yield from _left(parts, numbers, _from(left, tops[0]), size, theme)
    yield from _right(parts, _from(right, tops[1]), size, theme)


def _aligned(parts: _Parts, size: float, area: Box, heights: tuple[float, float]) -> list[float]:
    """Tops of both columns: their formulas on one baseline where there is room, else each centred."""
    one, other = outline(parts.operation), outline(parts.size)
    lower = (other.ascent - one.ascent) * size * EM
    tops = [max(lower, 0.0), max(-lower, 0.0)]
    total = max(top + h for top, h in zip(tops, heights, strict=True))
    if total > area.h:
        return [area.cy - h / 2 for h in heights]
    start = area.cy - total / 2
    return [start + top for top in tops]


def _from(box: Box, top: float) -> Box:
    """The box from ``top`` on."""
    return Box(box.x, top, box.w, box.bottom - top)


def _left(parts: _Parts, numbers: Live, box: Box, size: float, theme: Theme) -> Iterator[Primitive]:
    y = box.y
    if parts.operation:
        yield _formula("formula/operation", parts.operation, box, y, size, theme)
        y += _height(parts.operation, size)
    h = LINE * size
    room = box.w / SPARE
    if parts.lives == 2:
        yield Text("formula/index", Box(box.x, y, box.w, h), numbers.head, size)
        y += h
        start: Runs = (Run("= ", theme.text),)
    else:
        whole = numbers.cell + numbers.index
        start = whole if width_of(whole, size) + LEAST_LIVE * size < room else numbers.cell
    runs = numbers.line(room, size, start)
    yield Text("formula/live", Box(box.x, y, box.w, h), runs, size)


def _right(parts: _Parts, box: Box, size: float, theme: Theme) -> Iterator[Primitive]:
    y, h = box.y, LINE * size
    if parts.size:
        yield _formula("formula/size", parts.size, box, y, size, theme)
        y += _height(parts.size, size)
    for number, line in enumerate(parts.sizes):
        yield Text(f"formula/size/{number}", Box(box.x, y, box.w, h), line, size)
        y += h
    if parts.note:
        yield Text("formula/remainder", Box(box.x, y, box.w, h), parts.note, size)


def _formula(key: str, name: str, box: Box, y: float, size: float, theme: Theme) -> Formula:
    set_out: Outline = outline(name)
    at = Box(box.x, y, set_out.width * size * EM, set_out.height * size * EM)
    colors = (
        ("input", theme.input),
        ("weight", theme.weight),
        ("output", theme.output),
        ("text", theme.text),
    )
    return Formula(key, at, name, colors, size * EM)


def _shape(shape: tuple[int, ...]) -> Shape:
    return (shape[0], shape[1], shape[2])

"""The formula panel: the operation and the size of its output, typeset and with the numbers of this very cell."""

from __future__ import annotations

from collections.abc import Iterator

from cnnviz.scene.areas import Look
from cnnviz.scene.formula_fit import (
    BETWEEN,
    EM,
    LEAST_LIVE,
    LINE,
    SPARE,
    Asked,
    Fit,
    Parts,
    fit,
    formula_height,
)
from cnnviz.scene.formula_live import Live, Told, live
from cnnviz.scene.formulas import outline
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Box, Formula, Primitive, Run, Text
from cnnviz.scene.theme import Theme
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, TrackFrame

Runs = tuple[Run, ...]


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
    channels, rows, columns = frame.tensor(shown.source).shape
    in_shape, conventions = (channels, rows, columns), look.lesson.conventions
    numbers = live(shown, in_shape, _told(frame, shown, look), conventions, look.theme)
    bias, lives = shown.terms.bias is not None, 2 if numbers.index else 1
    sizes = int(look.metrics.body), int(look.metrics.small)
    found = fit(Asked(shown.spec, in_shape, bias, conventions, look.theme, lives, area.w, area.h, *sizes))
    return () if found is None else tuple(_placed(found, numbers, area, look.theme))


def _told(frame: TrackFrame, shown: Focus, look: Look) -> Told:
    """How far the cell is: one that hovers or is pinned is done."""
    hidden, step = look.viewpoint.hidden, frame.step
    count = shown.terms.x.size
    if shown is not frame.focus:
        return Told(count, "total" not in hidden)
    done = step.beat in (Beat.SUM, Beat.WRITE)
    current = step.products - 1 if step.beat is Beat.MULTIPLY else None
    return Told(count if done else step.products, done and "total" not in hidden, current)


def _placed(found: Fit, numbers: Live, area: Box, theme: Theme) -> Iterator[Primitive]:
    size, parts = found.type, found.parts
    heights = parts.left_height(size), parts.right_height(size)
    if found.right:
        tops = _tops(parts, size, area, heights)
        left = Box(area.x, tops[0], area.w - found.right - BETWEEN * size, heights[0])
        right = Box(area.right - found.right, tops[1], found.right, heights[1])
    else:
        top = area.cy - sum(heights) / 2
        left = Box(area.x, top, area.w, heights[0])
        right = Box(area.x, left.bottom, area.w, heights[1])
    yield from _left(parts, numbers, left, size, theme)
    yield from _right(parts, right, size, theme)


def _tops(parts: Parts, size: float, area: Box, heights: tuple[float, float]) -> tuple[float, float]:
    """Where both columns begin: with their formulas on one baseline where there is room, else each centred."""
    centred = area.cy - heights[0] / 2, area.cy - heights[1] / 2
    if not (parts.operation and parts.size):
        return centred
    lower = (outline(parts.size).ascent - outline(parts.operation).ascent) * size * EM
    down = max(lower, 0.0), max(-lower, 0.0)
    total = max(d + h for d, h in zip(down, heights, strict=True))
    if total > area.h:
        return centred
    start = area.cy - total / 2
    return start + down[0], start + down[1]


def _left(parts: Parts, numbers: Live, box: Box, size: float, theme: Theme) -> Iterator[Primitive]:
    y, h, room = box.y, LINE * size, box.w / SPARE
    if parts.operation:
        yield _formula("formula/operation", parts.operation, box, size, theme)
        y += formula_height(parts.operation, size)
    if parts.lives == 2:
        yield Text("formula/index", Box(box.x, y, box.w, h), numbers.head, size)
        y += h
        start: Runs = (Run("= ", theme.text),)
    else:
        whole = numbers.cell + numbers.index
        start = whole if width_of(whole, size) + LEAST_LIVE * size < room else numbers.cell
    yield Text("formula/live", Box(box.x, y, box.w, h), numbers.line(room, size, start), size)


def _right(parts: Parts, box: Box, size: float, theme: Theme) -> Iterator[Primitive]:
    y, h = box.y, LINE * size
    if parts.size:
        yield _formula("formula/size", parts.size, box, size, theme)
        y += formula_height(parts.size, size)
    for number, line in enumerate(parts.sizes):
        yield Text(f"formula/size/{number}", Box(box.x, y, box.w, h), line, size)
        y += h
    if parts.note:
        yield Text("formula/remainder", Box(box.x, y, box.w, h), parts.note, size)


def _formula(key: str, name: str, box: Box, size: float, theme: Theme) -> Formula:
    at = Box(box.x, box.y, outline(name).width * size * EM, formula_height(name, size))
    colors = (
        ("input", theme.input),
        ("weight", theme.weight),
        ("output", theme.output),
        ("text", theme.text),
    )
    return Formula(key, at, name, colors, size * EM)

"""The size formula with this layer's numbers, rows and columns apart where they differ, and what it leaves over."""

from __future__ import annotations

from typing import NamedTuple

from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape, pads_of
from cnnviz.engine.specs import (
    AnyLayer,
    Back,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
    out_shape,
)
from cnnviz.scene.formula_names import on_a_line, symmetric
from cnnviz.scene.numbers import MINUS
from cnnviz.scene.primitives import Run, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.remainder import of_picture, skips, uncovered

Runs = tuple[Run, ...]


class Compared(NamedTuple):
    """One of several tracks that do the same operation side by side."""

    name: str
    spec: AnyLayer
    in_shape: Shape


def size_lines(spec: AnyLayer, in_shape: Shape, theme: Theme) -> tuple[Runs, ...]:
    """One line where rows and columns have the same numbers (or there is but one row), else one for each."""
    out = in_shape if isinstance(spec, Back) else out_shape(spec, in_shape)
    result = [(Run(" = ", theme.text), Run(str(n), theme.output, Weight.BOLD)) for n in out]

    def said(*parts: str | Run) -> Runs:
        return tuple(Run(part, theme.text) if isinstance(part, str) else part for part in parts)

    match spec:
        case Flatten():
            return ((Run("·".join(map(str, in_shape)), theme.input), *result[0]),)
        case Linear():
            weights = Run(f"{out[0]}×{in_shape[0]}", theme.weight)
            before, after = Run(str(in_shape[0]), theme.input), Run(str(out[0]), theme.output, Weight.BOLD)
            return (said("weights ", weights, ": from ", before, " to ", after),)
        case GlobalAvgPool() | GlobalMaxPool():
            size = Run(f"{in_shape[1]}×{in_shape[2]}", theme.input)
            return (said(size, " → ", Run("1×1", theme.output, Weight.BOLD)),)
        case PaddedShortcut():
            lines = [
                (*said("⌈", Run(str(in_shape[a + 1]), theme.input), f"/{spec.stride[a]}⌉"), *result[a + 1])
                for a in (0, 1)
            ]
        case Conv() | MaxPool() | AvgPool() | ConvTranspose():
            lines = [(*_length(spec, in_shape, axis, theme), *result[axis + 1]) for axis in (0, 1)]
        case _:
            same = str(out[0]) if out[1:] == (1, 1) else f"{out[1]}×{out[2]}"
            return (said(Run(same, theme.input), " → ", Run(same, theme.output, Weight.BOLD)),)
    if lines[0] == lines[1] or on_a_line(spec, in_shape):
        return (lines[1],)
    return tuple(
        (Run(name, theme.muted), *line) for name, line in zip(("rows ", "columns "), lines, strict=True)
    )


def compared_lines(tracks: tuple[Compared, ...], theme: Theme) -> tuple[Runs, ...]:
    """The size of each of several tracks, each with its name and what it leaves over; none where all have the same."""
    if len({size_lines(track.spec, track.in_shape, theme) for track in tracks}) < 2:
        return ()
    lines: list[Runs] = []
    for track in tracks:
        name, rest = Run(f"{track.name}  ", theme.muted), uncovered(track.spec, track.in_shape)
        told = size_lines(track.spec, track.in_shape, theme)
        for number, line in enumerate(told):
            # One line stands for rows and columns alike, which leave the same then.
            left = rest.columns if number else rest.rows
            lines.append((name, *line, *([Run(f", remainder {left}", theme.accent)] if left else [])))
    return tuple(lines)


def remainder_words(spec: AnyLayer, in_shape: Shape) -> str:
    """Say in a sentence without its full stop what is never covered; nothing where all is.

    Examples
    --------
    >>> remainder_words(MaxPool((2, 2), (2, 2)), (1, 5, 6))
    '1 row is never covered'
    """
    left, own = uncovered(spec, in_shape), of_picture(spec, in_shape)
    parts: dict[str, list[str]] = {"": [], " of padding": []}
    for noun, padded, of_it in (("row", left.rows, own.rows), ("column", left.columns, own.columns)):
        count = of_it or padded
        if count:
            parts["" if of_it else " of padding"].append(f"{count} {noun}" + ("s" if count > 1 else ""))
    named = [" and ".join(words) + what for what, words in parts.items() if words]
    if not named:
        return ""
    alone = (own.rows or left.rows) + (own.columns or left.columns) == 1
    where = " at the end" if skips(spec, in_shape) else ""
    return f"{' and '.join(named)}{where} {'is' if alone else 'are'} never covered"


def _length(spec: Conv | MaxPool | AvgPool | ConvTranspose, in_shape: Shape, axis: int, theme: Theme) -> Runs:
    """The length along one axis with its numbers, without the result."""
    n, f = Run(str(in_shape[axis + 1]), theme.input), Run(str(spec.kernel_size[axis]), theme.weight)
    s = spec.stride[axis]
    ink = theme.text
    if isinstance(spec, ConvTranspose):
        p, d, extra = spec.padding[axis], spec.dilation[axis], spec.output_padding[axis]
        more = f" + {extra}" if spec.output_padding != (0, 0) else ""
        middle = f" {MINUS} 1) {MINUS} 2·{p} + {d}·("
        return (Run(f"{s}·(", ink), n, Run(middle, ink), f, Run(f" {MINUS} 1) + 1{more}", ink))
    pads = pads_of(spec, in_shape)
    start = (Run("⌊(" if isinstance(spec, Conv) or not spec.ceil_mode else "⌈(", ink), n)
    added = f" + {_added(pads, axis)} {MINUS} "
    if isinstance(spec, Conv):
        reach = Run(f"{added}{spec.dilation[axis]}·(", ink)
        return (*start, reach, f, Run(f" {MINUS} 1) {MINUS} 1)/{s}⌋ + 1", ink))
    # A pooling window has no weights, so its size has not their colour.
    text = f"{added}{spec.kernel_size[axis]})/{s}"
    if not spec.ceil_mode:
        return (*start, Run(f"{text}⌋ + 1", ink))
    room = in_shape[axis + 1] + pads[2 * axis] + pads[2 * axis + 1] - spec.kernel_size[axis]
    dropped = -(-room // s) + 1 - spec.out_shape(in_shape)[axis + 1]
    outside = f" {MINUS} {dropped} that would start outside" if dropped else ""
    return (*start, Run(f"{text}⌉ + 1{outside}", ink))


def _added(pads: Pads, axis: int) -> str:
    """The padding along an axis: 2·1, or both amounts where they differ on some side."""
    before, after = pads[2 * axis], pads[2 * axis + 1]
    return f"2·{before}" if symmetric(pads) else f"({before} + {after})"

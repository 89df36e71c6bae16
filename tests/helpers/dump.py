"""A Scene as text, one line a primitive, so that two scenes can be compared by a diff."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnnviz.scene.numbers import number
from cnnviz.scene.primitives import Box, Formula, Gradient, Grid, Link, Primitive, Rect, Ring, Scene, Text

MOST_CELLS = 400
"""Grids of more cells are told by a fingerprint alone, smaller ones with their numbers."""


def dump(scene: Scene) -> str:
    """Tell everything that a scene draws, in drawing order and always in the same words.

    Lengths are rounded to 0.1. Arrays are told by shape and fingerprint, and numbers that are printed in cells as
    they are printed.
    """
    return "\n".join(_lines(scene)) + "\n"


def cell_texts(values: NDArray[np.floating] | NDArray[np.integer], decimals: int) -> list[str]:
    """The text of each cell of a grid, row by row."""
    return [number(float(v), decimals) for v in values.ravel()]


def _lines(scene: Scene) -> Iterator[str]:
    yield f"scene {scene.size[0]:g}×{scene.size[1]:g} on {scene.background or 'nothing'}"
    yield f"caption {scene.caption!r}"
    yield f"spoken {scene.spoken!r}"
    for panel in scene.panels:
        yield ""
        yield f"panel {panel.key} {_box(panel.box)} {panel.title!r}"
        for primitive in panel.primitives:
            yield from _primitive(primitive)
    yield ""
    yield "over"
    for primitive in scene.over:
        yield from _primitive(primitive)


def _primitive(p: Primitive) -> Iterator[str]:
    match p:
        case Grid():
            yield from _grid(p)
        case Ring():
            line = f"  ring {p.key} {_box(p.box)} {p.inner} in {p.outer} width {_length(p.width)}"
            yield line + _filled(p.fill) + (" dashed" if p.dashed else "") + _clipped(p.clip)
        case Rect():
            yield f"  rect {p.key} {_box(p.box)} {p.fill}" + _clipped(p.clip)
        case Text():
            place = p.align.value + (" top" if p.top else "") + (" wrap" if p.wrap else "")
            runs = " + ".join(f"{run.text!r} {run.color} {run.weight.value}" for run in p.runs)
            yield f"  text {p.key} {_box(p.box)} size {_length(p.size)} {place}: {runs}"
        case Link():
            points = " ".join(f"({_length(x)} {_length(y)})" for x, y in p.points)
            shape = (" closed" if p.closed else "") + (" arrow" if p.arrow else "")
            line = f"  link {p.key} {points} {p.stroke} width {_length(p.width)}"
            yield line + _filled(p.fill) + shape
        case Gradient():
            yield f"  gradient {p.key} {_box(p.box)} {p.colors[0]} … {p.colors[-1]} in {len(p.colors)}"
        case Formula():
            colors = " ".join(f"{role} {color}" for role, color in p.colors)
            yield f"  formula {p.key} {_box(p.box)} size {_length(p.size)} {p.align.value}: {p.name!r} {colors}"


def _grid(grid: Grid) -> Iterator[str]:
    tensor, plane, top, left = grid.ref
    yield (
        f"  grid {grid.key} {_box(grid.box)} from ({_length(grid.origin[0])} {_length(grid.origin[1])}), "
        f"{grid.rows}×{grid.columns} cells of {_length(grid.cell, 3)}, shows {tensor}[{plane}] padded {top} {left}"
    )
    yield f"    colours {_digest(grid.colors())}, lines {grid.line}, blank {grid.blank}, written {grid.cells_written()}"
    if grid.values is None:
        return
    printed = f"size {_length(grid.text_size)}" if grid.text_size else "not printed"
    yield f"    numbers {_digest(grid.values)} with {grid.decimals} decimals, {printed}"
    if grid.text_size and grid.values.size <= MOST_CELLS:
        texts = cell_texts(grid.values, grid.decimals)[: grid.cells_written()]
        for row in range(0, len(texts), grid.columns):
            yield "      " + " ".join(texts[row : row + grid.columns])


def _digest(array: NDArray[np.generic]) -> str:
    plain = np.ascontiguousarray(array)
    if np.issubdtype(plain.dtype, np.floating):
        # Other processors differ in the last digits; +0 takes the sign from -0.
        plain = np.asarray(plain.astype(np.float64).round(4) + 0.0)
    shape = "×".join(map(str, plain.shape))
    return f"{shape} {hashlib.blake2b(plain.tobytes(), digest_size=6).hexdigest()}"


def _length(value: float, decimals: int = 1) -> str:
    # + 0.0 makes -0.0 a plain zero.
    return f"{round(float(value), decimals) + 0.0:g}"


def _box(box: Box) -> str:
    return f"[{_length(box.x)} {_length(box.y)} {_length(box.w)}×{_length(box.h)}]"


def _filled(color: str) -> str:
    return "" if color == "#00000000" else f" filled {color}"


def _clipped(box: Box | None) -> str:
    return "" if box is None else f" clipped to {_box(box)}"

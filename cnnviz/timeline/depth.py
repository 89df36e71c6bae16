"""The parts of a deep chain: weighted layers with what follows each, blocks with their shortcuts, stages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cnnviz.engine.branches import shape_after
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
)
from cnnviz.lesson.lesson import Track

DEEP = 12
"""From so many weighted layers on a network is shown as a map of its parts."""

LEAST_ROW = 4
"""Fewer parts than this at either end have no row of their own."""

_BEGIN = (Conv, ConvTranspose, Linear, MaxPool, AvgPool, GlobalAvgPool, GlobalMaxPool, PaddedShortcut)
_WEIGHTED = (Conv, ConvTranspose, Linear)


@dataclass(frozen=True, slots=True)
class Part:
    """A layer with what belongs to it: its norm, its activation, the addition behind it.

    Attributes
    ----------
    first, last : int
        Numbers of its layers in the chain; −1 and −1 for the input.
    number : int
        Its place among the weighted layers of the longest way, from 1 on; 0 where it is none of them.
    side : bool
        Whether it stands on a shortcut.
    shape : (channels, rows, columns)
        What it gives.
    """

    first: int
    last: int
    number: int
    side: bool
    shape: Shape


@dataclass(frozen=True, slots=True)
class Joint:
    """A block: from the array where its ways part to the addition where they meet.

    ``first`` and ``last`` are its parts on the main way, ``side`` are those on the shortcut; ``add`` is the number of
    the addition in the chain, ``used`` whether it adds the shortcut at all.
    """

    first: int
    last: int
    side: tuple[int, ...]
    add: int
    used: bool


@dataclass(frozen=True, slots=True, eq=False)
class Depth:
    """All parts of a chain in its order, its blocks, and the rows of parts that stand in stages of one size."""

    parts: tuple[Part, ...]
    joints: tuple[Joint, ...]
    rows: tuple[tuple[int, ...], ...]
    weighted: int
    """How many weighted layers the longest way has."""
    norms: int
    """How many scales and shifts its batch norms would learn; lessons leave them 1 and 0."""

    def part_of(self, layer: int) -> int:
        """The part that a layer of the chain belongs to; the input for −1."""
        return next(n for n, part in enumerate(self.parts) if part.first <= layer <= part.last)


def is_deep(track: Track) -> bool:
    """Whether a track has so many weighted layers that they do not stand side by side."""
    return sum(isinstance(spec, _WEIGHTED) for spec in track.layers) >= DEEP


def track_depth(track: Track) -> Depth:
    """The parts of a track."""
    return depth_of(track.layers, track.source.shape)


@lru_cache(maxsize=16)  # the same in every step
def depth_of(layers: tuple[AnyLayer, ...], shape: Shape) -> Depth:
    """The parts of the layers of a chain on an input of that shape."""
    shapes = [shape]
    for spec in layers:
        shapes.append(shape_after(spec, shapes))
    sides = _sides(layers)
    parts = [Part(-1, -1, 0, False, shapes[0])]
    number = 0
    for n, spec in enumerate(layers):
        side = n in sides
        before = parts[-1]
        begins = isinstance(spec, _BEGIN) or before.side != side
        if isinstance(spec, Back) or (before.first < 0 and not begins):
            # What goes back belongs to the shortcut; what only prepares the input to the input.
            parts[-1] = Part(before.first, n, before.number, before.side, before.shape)
            continue
        if begins:
            weighted = isinstance(spec, _WEIGHTED) and not side
            number += weighted
            parts.append(Part(n, n, number if weighted else 0, side, shapes[n + 1]))
        else:
            parts[-1] = Part(before.first, n, before.number, side, shapes[n + 1])
    made = tuple(parts)
    norms = sum(2 * at[0] for spec, at in zip(layers, shapes, strict=False) if isinstance(spec, BatchNorm))
    return Depth(made, _joints(layers, made), _rows(made), number, norms)


def _sides(layers: tuple[AnyLayer, ...]) -> set[int]:
    """The layers that stand on shortcuts: from where a chain goes back to, up to where it goes back."""
    return {n for at, spec in enumerate(layers) if isinstance(spec, Back) for n in range(spec.start, at + 1)}


def _joints(layers: tuple[AnyLayer, ...], parts: tuple[Part, ...]) -> tuple[Joint, ...]:
    found = []
    for n, spec in enumerate(layers):
        if not isinstance(spec, Add):
            continue
        last = next(i for i, part in enumerate(parts) if part.first <= n <= part.last)
        side = next((i for i in range(last, 0, -1) if parts[i].side and parts[i].last == spec.other), 0)
        begin = parts[side].first if side else spec.other
        inside = [i for i, part in enumerate(parts) if begin <= part.first and part.last <= parts[last].last]
        main = tuple(i for i in inside if not parts[i].side)
        found.append(Joint(main[0], last, tuple(i for i in inside if parts[i].side), n, spec.shortcut))
    return tuple(found)


def _rows(parts: tuple[Part, ...]) -> tuple[tuple[int, ...], ...]:
    """Parts of one shape stand in a row; single ones, at both ends, with the row beside them."""
    rows: list[list[int]] = []
    for n, part in enumerate(parts):
        if part.side:
            continue
        if rows and parts[rows[-1][-1]].shape == part.shape:
            rows[-1].append(n)
        else:
            rows.append([n])
    while len(rows) > 1 and len(rows[0]) < LEAST_ROW:
        rows[:2] = [rows[0] + rows[1]]
    while len(rows) > 1 and len(rows[-1]) < LEAST_ROW:
        rows[-2:] = [rows[-2] + rows[-1]]
    return tuple(tuple(row) for row in rows)

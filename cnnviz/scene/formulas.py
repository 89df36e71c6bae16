"""Typeset formulas without Qt: which outlines a formula is made of, where they lie, and how much room it takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from cnnviz.resources import resource_text

GAP = 0.2
"""Between two pieces of a formula, in em."""


class Mark(NamedTuple):
    """One outline of a formula: its role, its number among all shapes and where its first point lies, in em."""

    role: str
    shape: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A formula in em: how wide it is, how far it reaches above and below its baseline, and its marks.

    ``y`` of a mark counts downwards from the baseline.
    """

    width: float
    ascent: float
    descent: float
    marks: tuple[Mark, ...]

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.ascent + self.descent


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    em: int
    roles: tuple[str, ...]
    pieces: dict[str, tuple[int, int, int, str]]
    shapes: tuple[str, ...]


@lru_cache(maxsize=256)
def outline(name: str) -> Outline:
    """The formula with that name: its pieces, which are divided by spaces, set side by side on one baseline.

    Raises
    ------
    KeyError
        If there is no such piece.
    """
    parts = [_piece(piece) for piece in name.split()]
    x, marks = 0.0, list[Mark]()
    for part in parts:
        marks += [mark._replace(x=mark.x + x) for mark in part.marks]
        x += part.width + GAP
    return Outline(x - GAP, max(p.ascent for p in parts), max(p.descent for p in parts), tuple(marks))


def shape(number: int) -> tuple[str, int]:
    """An outline as path data (M, L, Q, Z with whole numbers, from its own first point on), and its units of an em."""
    table = _load()
    return table.shapes[number], table.em


def piece_names() -> frozenset[str]:
    """Every piece that is typeset."""
    return frozenset(_load().pieces)


@cache
def _piece(name: str) -> Outline:
    table = _load()
    width, ascent, descent, text = table.pieces[name]
    numbers = [int(n) for n in text.split()]
    marks = tuple(
        Mark(table.roles[role], number, x / table.em, y / table.em)
        for role, number, x, y in zip(*(numbers[i::4] for i in range(4)), strict=True)
    )
    return Outline(width / table.em, ascent / table.em, descent / table.em, marks)


@cache
def _load() -> _Pieces:
    content = json.loads(resource_text("formulas/pieces.json"))
    return _Pieces(content["em"], tuple(content["roles"]), content["pieces"], tuple(content["shapes"]))

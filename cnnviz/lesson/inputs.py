"""Small inputs of one's own by pure functions of size and values, and pictures taken into a lesson."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array, Shape
from cnnviz.lesson.edits import set_source
from cnnviz.lesson.labels import without_old_labels
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.likeness import fitted_picture, known_set
from cnnviz.lesson.source import Grey, Source

Pattern: TypeAlias = Literal["zeros", "ramp", "bar", "cross", "checker", "disc", "noise"]

MAX_SIDE = 256
"""Larger inputs come from pictures."""
MAX_CHANNELS = 64


def _ramp(rows: int, columns: int) -> NDArray[np.float64]:
    row: NDArray[np.float64] = np.arange(columns) / max(1, columns - 1)
    return np.broadcast_to(row, (rows, columns))


def _bar(rows: int, columns: int) -> NDArray[np.float64]:
    return _third(columns)[None, :] * np.ones((rows, 1))


def _cross(rows: int, columns: int) -> NDArray[np.float64]:
    return np.maximum(_third(rows)[:, None], _third(columns)[None, :])


def _checker(rows: int, columns: int) -> NDArray[np.float64]:
    even = (np.arange(rows)[:, None] + np.arange(columns)[None, :]) % 2 == 0
    return np.asarray(even, dtype=np.float64)


def _disc(rows: int, columns: int) -> NDArray[np.float64]:
    y, x = (np.arange(n) - (n - 1) / 2 for n in (rows, columns))
    inside = np.hypot(y[:, None], x[None, :]) <= min(rows, columns) / 3 + 1e-9
    return np.asarray(inside, dtype=np.float64)


def _third(n: int) -> NDArray[np.float64]:
    """1 in the middle third (at least one place, and as far from both ends), 0 beside it."""
    width = max(1, round(n / 3))
    width += (n - width) % 2 if width < n else 0
    start = (n - width) // 2
    return np.asarray((np.arange(n) >= start) & (np.arange(n) < start + width), dtype=np.float64)


_PLANES: dict[Pattern, Callable[[int, int], NDArray[np.float64]]] = {
    "zeros": lambda rows, columns: np.zeros((rows, columns)),
    "ramp": _ramp,
    "bar": _bar,
    "cross": _cross,
    "checker": _checker,
    "disc": _disc,
}

PATTERNS: tuple[Pattern, ...] = (*_PLANES, "noise")


def make_input(pattern: Pattern, shape: Shape, low: float = 0.0, high: float = 10.0, seed: int = 0) -> Source:
    """Make a small input of a simple pattern between two values.

    Parameters
    ----------
    pattern : {"zeros", "ramp", "bar", "cross", "checker", "disc", "noise"}
        All ``low``; from ``low`` at the left to ``high`` at the right; an upright bar, a cross, a chequerboard or a
        disc of ``high`` on ``low``; whole numbers drawn evenly from ``low`` to ``high`` (numbers of any kind where
        these are not whole).
    shape : (channels, rows, columns)
        All channels are alike, but noise differs.
    seed : int
        Of the noise; the same seed gives the same input.

    Raises
    ------
    BadInput
        If the pattern is unknown, a side is not 1 to 256, channels are not 1 to 64 or a value is not finite.
    """
    channels, rows, columns = shape
    if not (1 <= channels <= MAX_CHANNELS and 1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
        raise BadInput(
            f"input of {rows}×{columns}×{channels}: give 1 to {MAX_SIDE} rows and columns "
            f"and 1 to {MAX_CHANNELS} channels"
        )
    if not (math.isfinite(low) and math.isfinite(high)):
        raise BadInput(f"values from {low} to {high}: give finite numbers")
    if pattern == "noise":
        return Source(_noise(shape, low, high, seed), f"{rows}×{columns} noise")
    if pattern not in _PLANES:
        raise BadInput(f"pattern {pattern!r} is unknown: give one of {', '.join(PATTERNS)}")
    plane = low + (high - low) * _PLANES[pattern](rows, columns)
    return Source(np.broadcast_to(plane, shape).copy(), f"{rows}×{columns} {pattern}")


def _noise(shape: Shape, low: float, high: float, seed: int) -> NDArray[np.float64]:
    if not 0 <= seed < 2**63:
        raise BadInput(f"seed {seed}: give a whole number from 0 to 2^63 − 1")
    random = np.random.default_rng(seed)
    low, high = min(low, high), max(low, high)
    if low == int(low) and high == int(high) and high - low < 2**53:
        return np.asarray(low + random.integers(0, int(high - low) + 1, shape), dtype=np.float64)
    return random.uniform(low, high, shape)


def picture_source(lesson: Lesson, array: Array, name: str, track: int = 0) -> Source:
    """A picture or table, (C, H, W), as input of a lesson, so that its network stays.

    Three channels become grey where the lesson's input has one; a grey picture goes into all three where it has three.
    A network that was trained on pictures of a set gets what looks like them: see `cnnviz.lesson.likeness`.
    """
    if known_set(lesson.tracks[track]) is not None:
        return fitted_picture(lesson.tracks[track], array, name)
    wanted, source = lesson.tracks[track].source.shape[0], Source(array, name)
    if source.picture and (source.shape[0], wanted) == (1, 3):
        return Source(np.concatenate([array] * 3), name)
    return replace(source, transforms=(Grey(),)) if (source.shape[0], wanted) == (3, 1) else source


def set_picture(lesson: Lesson, array: Array, name: str, track: int = 0) -> Lesson:
    """Give the lesson another picture; its network stays, a label of the picture before does not."""
    return without_old_labels(lesson, set_source(lesson, picture_source(lesson, array, name, track), track))


def set_pattern(
    lesson: Lesson, pattern: Pattern, shape: Shape, low: float, high: float, seed: int, track: int = 0
) -> Lesson:
    """Give the lesson a small input of one's own; its network stays."""
    made = set_source(lesson, make_input(pattern, shape, low, high, seed), track)
    return without_old_labels(lesson, made)

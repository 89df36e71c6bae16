"""From values to colours: grey levels for inputs, a diverging map centred on zero for signed values."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.blocks import empty
from cnnviz.scene.primitives import Color
from cnnviz.scene.theme import Theme

ColorKind: TypeAlias = Literal["grey", "signed", "heat"]
"""What is coloured: brightness, values on both sides of 0, counts."""

LEVELS = 255
"""An odd number of colours, so that exactly one of them stands for zero."""

STRIP = 1 << 15
"""So many values are coloured at a time: what is in between stays in the processor's cache."""


def rgb(color: Color) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``."""
    return (int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16))


@lru_cache(maxsize=16)
def diverging(theme: Theme) -> NDArray[np.uint8]:
    """The map of signed values: (LEVELS, 3), the middle one is zero."""
    stops = np.array([rgb(theme.negative), rgb(theme.zero), rgb(theme.positive)], dtype=np.float64)
    at = np.linspace(-1, 1, LEVELS)
    # A gentle power makes small values visible beside large ones without moving zero or the ends.
    strength = np.abs(at) ** 0.65
    ends = np.where(at[:, None] < 0, stops[0], stops[2])
    table: NDArray[np.uint8] = np.rint(stops[1] + (ends - stops[1]) * strength[:, None]).astype(np.uint8)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=2)
def greys() -> NDArray[np.uint8]:
    """Black to white: (LEVELS, 3)."""
    table = np.repeat(np.rint(np.linspace(0, 255, LEVELS)).astype(np.uint8)[:, None], 3, axis=1)
    table.setflags(write=False)
    return table


LARGEST = float(np.finfo(np.float32).max)
"""Spans so short that the scale has no float32 keep their ends apart by less than all colours."""


def levels(values: NDArray[np.floating], span: tuple[float, float]) -> NDArray[np.uint8]:
    """The number of the colour of each value in a table of LEVELS colours over the span; NaN has that of 0."""
    flat = np.ascontiguousarray(values).reshape(-1)
    numbers = empty(flat.shape, np.uint8)
    for start in range(0, flat.size, STRIP):
        numbers[start : start + STRIP] = _levels(flat[start : start + STRIP], span)
    return numbers.reshape(values.shape)


LARGE = 1e30
"""Values beyond this are brought down before they are counted in float32."""


def _levels(values: NDArray[np.floating], span: tuple[float, float]) -> NDArray[np.uint8]:
    """The same of so few values that all in between stays in the cache."""
    low, high = span
    reach = max(abs(low), abs(high))
    if LARGE < reach < np.inf:  # a descent that diverges leaves what float32 can hold
        values, low, high = values / reach, low / reach, high / reach
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, posinf=high, neginf=low)
    if values.dtype == np.float64:  # a large one has no float32
        values = np.clip(values, low, high)
    scaled = np.subtract(values, low, dtype=np.float32)
    scaled *= np.float32(min((LEVELS - 1) / (high - low), LARGEST))
    scaled += np.float32(0.5)
    # Clipping comes before the cast: a float outside 0…255 has no defined uint8.
    np.clip(scaled, 0, LEVELS - 0.5, out=scaled)
    numbers: NDArray[np.uint8] = scaled.astype(np.uint8)
    return numbers


def colorise(
    values: NDArray[np.floating], span: tuple[float, float], table: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The colour of each value: (…, 3) uint8; NaN has that of 0."""
    return table[levels(values, span)]


@lru_cache(maxsize=8)
def legend_colors(theme: Theme, kind: ColorKind, count: int = 17) -> tuple[Color, ...]:
    """The colours of a legend."""
    return hex_colors(table_of(kind, theme), count)


def table_of(kind: ColorKind, theme: Theme) -> NDArray[np.uint8]:
    """The colours of a kind of values: (LEVELS, 3)."""
    match kind:
        case "signed":
            return diverging(theme)
        case "heat":
            return heat(theme)
    return greys()


@lru_cache(maxsize=8)
def heat(theme: Theme) -> NDArray[np.uint8]:
    """Counts from none to most: from the stage's tone to the colour of inputs, light enough for numbers on it."""
    none, most = np.array(rgb(theme.surface), np.float64), np.array(rgb(theme.input), np.float64)
    table: NDArray[np.uint8] = np.rint(none + (most - none) * np.linspace(0, 0.85, LEVELS)[:, None]).astype(
        np.uint8
    )
    table.setflags(write=False)
    return table


def hex_colors(table: NDArray[np.uint8], count: int) -> tuple[Color, ...]:
    """That many colours of a table at equal distances, as texts."""
    picks = np.linspace(0, len(table) - 1, count).round().astype(int)
    return tuple("#{:02x}{:02x}{:02x}".format(*table[i]) for i in picks)


def mixed(a: Color, b: Color, share: float) -> Color:
    """The colour ``share`` of the way from ``a`` to ``b``."""
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(rgb(a), rgb(b), strict=True))

"""Colours: from a scene's ``#rrggbb[aa]`` to Qt, and which ink reads best on which cell."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

RGBA = tuple[int, int, int, int]


@lru_cache(maxsize=1024)
def rgba(color: str) -> RGBA:
    """Split into red, green, blue, alpha of 0-255; alpha stands last, where Qt's own text form has it first.

    Examples
    --------
    >>> rgba("#10203080")
    (16, 32, 48, 128)
    """
    digits = color[1:] if color.startswith("#") else ""
    if len(digits) not in (6, 8):
        raise ValueError(f"colour {color!r}: write it as #rrggbb or #rrggbbaa")
    red, green, blue, *alpha = bytes.fromhex(digits)
    return red, green, blue, alpha[0] if alpha else 255


@lru_cache(maxsize=1024)
def qcolor(color: str) -> QColor:
    """Give the same as a QColor."""
    return QColor(*rgba(color))


def visible(color: str) -> bool:
    """Tell whether anything is seen of it."""
    return rgba(color)[3] > 0


def _linear_light() -> NDArray[np.float64]:
    """Tabulate the linear light of each 8-bit sRGB level (IEC 61966-2-1)."""
    level = np.arange(256) / 255
    light = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    light.setflags(write=False)
    return light


_LIGHT = _linear_light()


def luminance(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Compute relative luminance as WCAG 2 defines it, shape (..., 3) to (...): 0 for black, 1 for white."""
    light = _LIGHT[rgb]
    total: NDArray[np.float64] = 0.2126 * light[..., 0] + 0.7152 * light[..., 1] + 0.0722 * light[..., 2]
    return total


def contrast(one: NDArray[np.float64] | float, other: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Compute the contrast ratio ``(lighter + 0.05) / (darker + 0.05)`` of two luminances: 1 to 21."""
    ratio: NDArray[np.float64] = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return ratio


def light_ink(rgb: NDArray[np.uint8], dark: str, light: str) -> NDArray[np.bool_]:
    """Tell where, on cells of these colours, the light ink has more contrast than the dark one."""
    cells = luminance(rgb)
    inks = luminance(np.array([rgba(dark)[:3], rgba(light)[:3]], np.uint8))
    better: NDArray[np.bool_] = contrast(cells, float(inks[1])) > contrast(cells, float(inks[0]))
    return better

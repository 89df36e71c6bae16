"""Makes a picture or a drawing like those a network was trained on: small, centred, bright on dark."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput

SetName: TypeAlias = Literal["digits", "mnist", "fashion", "patches"]

INK_SETS = ("digits", "mnist", "fashion")
"""Sets whose pictures show something bright on black; those of the others fill their whole square."""

MNIST_BOX = 20
DIGITS_SIDE = 32
DIGITS_CELL = 4
DIGITS_WHITE = float(DIGITS_CELL * DIGITS_CELL)

PAPER = 0.2
"""What differs from the ground by less than so much of the darkest ink is the grain of the paper."""

LEAST = 0.05
"""A picture whose values differ by no more than so much of its range has nothing in it."""

LARGEST = 1024
"""Pictures of sets have no more rows and columns."""

Levels: TypeAlias = NDArray[np.float64]
"""From 0 to 1, (rows, columns)."""


def is_blank(values: NDArray[np.generic], white: float) -> bool:
    """Whether there is nothing in a picture; of numbers without a white (0) those that are all the same."""
    return float(values.max()) - float(values.min()) <= LEAST * white


def is_bright(plane: NDArray[np.floating]) -> bool:
    """Whether the ground of a picture is bright: the middle value along its edges, within all there are."""
    edges = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    return float(np.median(edges)) > (float(plane.min()) + float(plane.max())) / 2


def made_like(plane: NDArray[np.floating], data: str, rows: int, columns: int) -> NDArray[np.uint8]:
    """One plane as the pictures of a set are, in whole numbers of theirs.

    What is dark on bright ground is inverted first. Pictures of MNIST fit into 20×20 with their ratio kept, their
    centre of mass at the middle (LeCun et al. 1998); those of the 8×8 digits are counts of 4×4 in a bitmap of 32×32
    (Alpaydin and Kaynak); clothes fill the square with their longer side. Of patches the middle square is taken as it
    is.
    """
    if data not in INK_SETS:
        low, high = float(plane.min()), float(plane.max())
        return _whole(_averaged(_middle_square(plane), rows, columns).clip(low, high))
    ink = _ink(plane)
    return as_in_set(ink, data, rows, columns) if ink.any() else np.zeros((rows, columns), np.uint8)


def as_in_set(ink: Levels, data: str, rows: int, columns: int) -> NDArray[np.uint8]:
    """Ink from 0 to 1, of which there must be some, placed and written as the set does it."""
    if data == "digits" and (rows, columns) == (8, 8):
        return _whole(_counts(ink))
    if data == "mnist" and min(rows, columns) > MNIST_BOX:
        return _whole(255.0 * _placed(_fitted(ink, MNIST_BOX), rows, columns, by_mass=True))
    part = _fitted(ink, min(rows, columns))
    return _whole(255.0 * _placed(part, rows, columns, by_mass=False))


def averaged_ink(ink: Levels, rows: int, columns: int) -> NDArray[np.uint8]:
    """Ink where it is, averaged over areas."""
    return _whole(255.0 * _averaged(ink, rows, columns))


def blank_error(name: str, value: float, data: str) -> BadInput:
    """What is raised for a picture with nothing in it: both sides are named."""
    return BadInput(
        f"{name}: all of it is {value:g} or nearly so, but the network knows pictures of {data}, which have something "
        "in them: give a picture that shows something"
    )


def _whole(values: Levels) -> NDArray[np.uint8]:
    return np.rint(values).astype(np.uint8)


def _ink(plane: NDArray[np.floating]) -> Levels:
    """Ink from 0 to 1 on a ground of 0."""
    values = np.asarray(plane, dtype=np.float64)
    if is_bright(values):
        values = -values
    edges = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    ground = float(np.median(edges))
    reach = float(values.max()) - ground
    if reach <= 0:
        return np.zeros(values.shape)
    ink = ((values - ground) / reach).clip(0.0, 1.0)
    return np.where(ink < PAPER, 0.0, ink)


def _middle_square(plane: NDArray[np.floating]) -> Levels:
    side = min(plane.shape)
    top, left = ((n - side) // 2 for n in plane.shape)
    return np.asarray(plane[top : top + side, left : left + side], dtype=np.float64)


def _averaged(ink: Levels, rows: int, columns: int) -> Levels:
    """Averages over areas: the matrices have a row of shares for each pixel of the result."""
    averaged: Levels = _shares(ink.shape[0], rows) @ ink @ _shares(ink.shape[1], columns).T
    return averaged


def _shares(many: int, few: int) -> Levels:
    edges = np.arange(few + 1) * (many / few)
    places = np.arange(many)
    low = np.maximum(edges[:-1, None], places)
    high = np.minimum(edges[1:, None], places + 1)
    return np.asarray(np.maximum(high - low, 0.0) * (few / many), dtype=np.float64)


def _cropped(ink: Levels) -> Levels:
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0.0) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fitted(ink: Levels, side: int) -> Levels:
    """What is drawn, its longer side as long as that; the ratio of its sides is kept."""
    part = _cropped(ink)
    scale = side / max(part.shape)
    rows, columns = (max(1, round(n * scale)) for n in part.shape)
    return _averaged(part, rows, columns)


def _placed(part: Levels, rows: int, columns: int, by_mass: bool) -> Levels:
    """A part in the middle of a larger ground: its centre of mass there, or its box."""
    mass = part.sum()
    out = np.zeros((rows, columns))
    starts = []
    for axis, whole in ((0, rows), (1, columns)):
        own = part.shape[axis]
        weights = part.sum(axis=1 - axis) if by_mass else np.ones(own)
        middle = float((weights * np.arange(own)).sum() / (mass if by_mass else own))
        starts.append(min(max(math.floor((whole - 1) / 2 - middle + 0.5), 0), whole - own))
    top, left = starts
    out[top : top + part.shape[0], left : left + part.shape[1]] = part
    return out


def _counts(ink: Levels) -> Levels:
    part = _fitted(ink, DIGITS_SIDE) >= 0.5
    bitmap = np.zeros((DIGITS_SIDE, DIGITS_SIDE))
    top, left = ((DIGITS_SIDE - n) // 2 for n in part.shape)
    bitmap[top : top + part.shape[0], left : left + part.shape[1]] = part
    cells = DIGITS_SIDE // DIGITS_CELL
    return np.asarray(bitmap.reshape(cells, DIGITS_CELL, cells, DIGITS_CELL).sum(axis=(1, 3)))

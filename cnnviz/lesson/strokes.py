"""What was drawn by hand as an input of a network: made small and centred like the pictures it was trained on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.edits import set_source
from cnnviz.lesson.labels import without_old_labels
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source

MOST_SIDE = 64
"""Larger inputs are not drawn by hand."""

SIDE = 224
"""Rows and columns of the canvas."""

MNIST_BOX = 20
DIGITS_SIDE = 32
DIGITS_CELL = 4

Levels = NDArray[np.float64]
"""Ink from 0 to 1, (rows, columns)."""


def data_of_track(track: Track) -> str:
    """The set whose pictures a track's input is one of; "" for none."""
    if not track.data and track.recipe is not None and track.recipe.batches is not None:
        return track.recipe.batches.data
    return track.data


def can_draw(track: Track) -> bool:
    """Whether an input is drawn by hand: small, of one channel, and of a set that is known."""
    channels, rows, columns = track.source.shape
    return bool(data_of_track(track)) and channels == 1 and max(rows, columns) <= MOST_SIDE


def drawn_picture(ink: bytes, track: Track) -> Source:
    """The input that a canvas of ``SIDE`` × ``SIDE`` bytes stands for, 255 where the brush was.

    Pictures of MNIST fit into 20×20 with their ratio kept, their centre of mass at the middle (LeCun et al. 1998);
    those of the 8×8 digits are counts of 4×4 in a bitmap of 32×32 (Alpaydin and Kaynak);
    others are averaged as they are.

    Raises
    ------
    BadInput
        Nothing was drawn, or the canvas has another size.
    """
    if len(ink) != SIDE * SIDE:
        raise BadInput(f"drawing: has {len(ink)} pixels, the canvas {SIDE * SIDE}: give as many")
    canvas: Levels = np.frombuffer(ink, np.uint8).reshape(SIDE, SIDE) / 255.0
    if canvas.max() - canvas.min() < 0.05:
        raise BadInput("drawing: there is nothing in it: draw with the brush first")
    _, rows, columns = track.source.shape
    data = data_of_track(track)
    if data == "digits" and (rows, columns) == (8, 8):
        values = _counts(canvas)
    elif data == "mnist" and min(rows, columns) > MNIST_BOX:
        values = 255.0 * _centred(canvas, rows, columns)
    else:
        values = track.source.white * _averaged(canvas, rows, columns)
    return Source(np.rint(values).astype(np.uint8)[None], "drawing")


def set_drawing(lesson: Lesson, ink: bytes, track: int = 0) -> Lesson:
    """Give a track what was drawn as its input; its network stays, a label of the picture before does not."""
    drawn = set_source(lesson, drawn_picture(ink, lesson.tracks[track]), track)
    return without_old_labels(lesson, drawn)


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


def _centred(ink: Levels, rows: int, columns: int) -> Levels:
    part = _fitted(ink, MNIST_BOX)
    mass = part.sum()
    out = np.zeros((rows, columns))
    starts = []
    for axis, whole in ((0, rows), (1, columns)):
        own = part.shape[axis]
        middle = float((part.sum(axis=1 - axis) * np.arange(own)).sum() / mass)
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

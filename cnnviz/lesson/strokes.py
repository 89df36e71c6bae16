"""What was drawn by hand as an input of a network: made small and centred like the pictures it was trained on."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.centring import Levels, as_in_set, averaged_ink, is_blank
from cnnviz.lesson.edits import set_source
from cnnviz.lesson.labels import without_old_labels
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source

MOST_SIDE = 64
"""Larger inputs are not drawn by hand."""

SIDE = 224
"""Rows and columns of the canvas."""


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

    Digits are fitted and centred as those of their set (`cnnviz.lesson.centring`), others averaged where they are.

    Raises
    ------
    BadInput
        Nothing was drawn, or the canvas has another size.
    """
    if len(ink) != SIDE * SIDE:
        raise BadInput(f"drawing: has {len(ink)} pixels, the canvas {SIDE * SIDE}: give as many")
    canvas: Levels = np.frombuffer(ink, np.uint8).reshape(SIDE, SIDE) / 255.0
    if is_blank(canvas, 1.0):
        raise BadInput("drawing: there is nothing in it: draw with the brush first")
    _, rows, columns = track.source.shape
    data = data_of_track(track)
    if data == "digits" and (rows, columns) == (8, 8):
        # Counts, no brightnesses: their white is 16.
        return Source(as_in_set(canvas, data, rows, columns).astype(np.float64)[None], "drawing")
    if data == "mnist":
        return Source(as_in_set(canvas, data, rows, columns)[None], "drawing")
    return Source(averaged_ink(canvas, rows, columns)[None], "drawing")


def set_drawing(lesson: Lesson, ink: bytes, track: int = 0) -> Lesson:
    """Give a track what was drawn as its input; its network stays, a label of the picture before does not."""
    drawn = set_source(lesson, drawn_picture(ink, lesson.tracks[track]), track)
    return without_old_labels(lesson, drawn)

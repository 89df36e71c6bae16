"""Pictures of one's own for a network: made like those it was trained on, or left raw, and what was done in words."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array
from cnnviz.lesson.centring import (
    DIGITS_SIDE,
    INK_SETS,
    MNIST_BOX,
    SetName,
    blank_error,
    is_blank,
    is_bright,
)
from cnnviz.lesson.edits import set_transforms
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Grey, Like, Resize, Source, Transform, materialise
from cnnviz.lesson.strokes import data_of_track


def known_set(track: Track) -> SetName | None:
    """The set that a track's network was trained on, if pictures can be made like its own."""
    data, names = data_of_track(track), get_args(SetName)
    return next((name for name in names if name == data), None)


def fitted_picture(track: Track, array: Array, name: str) -> Source:
    """A picture, (C, H, W), as the input of a network for pictures of a set.

    One of another size, in colour, or dark on bright ground is made like those of the set; tables of numbers stay.

    Raises
    ------
    BadInput
        There is nothing in it: the line names the value and the set.
    """
    data, plain = known_set(track), Source(array, name)
    assert data is not None
    if is_blank(plain.array, plain.white if plain.picture else 0.0):
        raise blank_error(name, float(plain.array.ravel()[0]), data)
    if not plain.picture or not _differs(plain, track):
        return plain
    if array.dtype == np.uint16:
        plain = Source((array // 257).astype(np.uint8), name)
    _, rows, columns = track.source.shape
    return replace(plain, transforms=(Like(data, rows, columns),))


def is_like(track: Track) -> bool | None:
    """Whether a track's picture is made like those of the set; None where there is nothing to be done to it."""
    source = track.source
    if any(isinstance(t, Like) for t in source.transforms):
        return True
    raw = known_set(track) is not None and source.picture and _differs(replace(source, transforms=()), track)
    return False if raw else None


def set_like(lesson: Lesson, on: bool, track: int = 0) -> Lesson:
    """Make the picture like those of the set, or only as grey and as small as the network needs it."""
    own = lesson.tracks[track]
    data, source = known_set(own), own.source
    if data is None:
        raise BadInput(
            "like: this lesson's network was trained on no known set: open one such as mnist-network"
        )
    channels, rows, columns = source.shape
    kept = tuple(t for t in source.transforms if not isinstance(t, Like | Grey | Resize))
    first: tuple[Transform, ...] = (Like(data, rows, columns),)
    if not on:
        grey = (Grey(),) if source.array.shape[0] > channels else ()
        first = (*grey, *((Resize(rows, columns),) if source.array.shape[1:] != (rows, columns) else ()))
    return set_transforms(lesson, (*first, *kept), track)


def likeness(source: Source) -> str:
    """What was done to a picture to make it like those of a set, in one line; "" when nothing was."""
    like = next((t for t in source.transforms if isinstance(t, Like)), None)
    if like is None:
        return ""
    done = ["grey"] if source.array.shape[0] > 1 else []
    size = f"{like.rows}×{like.columns}"
    if like.data not in INK_SETS:
        return f"made like {like.data}: " + ", ".join([*done, f"its middle square averaged to {size}"])
    if is_bright(_grey(source)):
        done.append("inverted")
    if like.data == "digits":
        done.append(f"fitted into {DIGITS_SIDE}×{DIGITS_SIDE}, counted in {size} cells")
    else:
        side = MNIST_BOX if like.data == "mnist" else min(like.rows, like.columns)
        done.append(f"its longer side {side}, in the middle of {size}")
    return f"made like {like.data}: " + ", ".join(done)


def _differs(source: Source, track: Track) -> bool:
    """Whether a picture is of another size or colour than those of the set, or dark on bright ground."""
    if source.array.shape != track.source.shape:
        return True
    return known_set(track) in INK_SETS and is_bright(_grey(source))


def _grey(source: Source) -> NDArray[np.floating]:
    plane: NDArray[np.floating] = materialise(Source(source.array, "", (Grey(),)))[0]
    return plane

"""Labelled pictures to learn from: those that ship, and a person's own .npz file, read safely."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.archive import Refusing, array_from_npy
from cnnviz.files.reading import PathLike, opened, shown
from cnnviz.resources import resource_path, resource_text

LIMIT = 200_000_000
"""Bytes of all pictures together: 250,000 of 28×28."""
MOST_CLASSES = 100
OWN_TRAIN = 0.9
"""So much of a person's own pictures is to train on, the rest to test on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a set that ships before it is read.

    Attributes
    ----------
    id, title, credit : str
    largest : int
        The value of white.
    classes : tuple of str
    train, test : int
        How many pictures are to train on, the first ones, and to test on.
    """

    id: str
    title: str
    largest: int
    classes: tuple[str, ...]
    credit: str
    train: int
    test: int


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """Pictures with their labels.

    Attributes
    ----------
    entry : Entry
    images : ndarray of uint8, (pictures, channels, rows, columns)
    labels : ndarray of uint8, (pictures,)
        Numbers of classes.
    """

    entry: Entry
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, rows and columns of a picture."""
        _, channels, rows, columns = self.images.shape
        return (channels, rows, columns)


@cache
def shipped_sets() -> tuple[Entry, ...]:
    """The sets that ship, from the smallest pictures to the largest."""
    return tuple(
        Entry(e["id"], e["title"], e["largest"], tuple(e["classes"]), e["credit"], e["train"], e["test"])
        for e in json.loads(resource_text("data/index.json"))
    )


@lru_cache(maxsize=2)
def shipped_set(name: str) -> DataSet:
    """The set with that id; `BadInput` names those that ship."""
    for entry in shipped_sets():
        if entry.id == name:
            images, labels = _read(resource_path(f"data/{name}.npz"))
            return _checked(DataSet(entry, images, labels), name)
    known = ", ".join(entry.id for entry in shipped_sets())
    raise BadInput(f"data {shown(name)!r} does not ship; give one of {known}, or a .npz file")


def read_data(path: PathLike) -> DataSet:
    """Read a person's own pictures from a .npz file with the arrays ``images`` and ``labels``.

    ``images`` holds whole numbers from 0 to 255, (pictures, rows, columns) or (pictures, channels, rows, columns);
    ``labels`` a class from 0 for each. The first nine tenths are to train on.

    Raises
    ------
    BadInput
        The file cannot be read, the arrays disagree or hold what is no picture or no label.
    """
    name = shown(path)
    images, labels = _read(path)
    count = len(labels)
    train = int(count * OWN_TRAIN)
    classes = tuple(str(n) for n in range(int(labels.max(initial=0)) + 1))
    entry = Entry(name, name, int(images.max(initial=1)), classes, "", train, count - train)
    return _checked(DataSet(entry, images, labels), name)


def _read(path: PathLike) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Both arrays of a file; their kinds and sizes are checked before anything is unpacked."""
    name = shown(path)
    try:
        with opened(path) as (stream, _), Refusing(), ZipFile(stream) as archive:
            arrays = [_member(archive, member) for member in ("images", "labels")]
    except BadInput as error:
        line = str(error)
        raise BadInput(line if line.startswith(f"{name}:") else f"{name}: {line}") from error
    images, labels = arrays
    if images.ndim == 3:
        images = images[:, None]
    if images.ndim != 4 or labels.ndim != 1:
        raise BadInput(
            f"{name}: images have the shape {images.shape}, labels {labels.shape}; "
            "give (pictures, rows, columns) or (pictures, channels, rows, columns), and a label for each"
        )
    if len(images) != len(labels) or not len(labels):
        raise BadInput(
            f"{name}: has {len(images)} images and {len(labels)} labels; give one label for each image"
        )
    return images, labels


def _member(archive: ZipFile, member: str) -> NDArray[Any]:
    try:
        info = archive.getinfo(f"{member}.npy")
    except KeyError:
        raise BadInput(f"holds no array {member!r}; give a .npz file with images and labels") from None
    if info.file_size > LIMIT:
        raise BadInput(
            f"{member} unpack to {info.file_size:,} bytes, the limit is {LIMIT:,}; give fewer pictures"
        )
    array = array_from_npy(archive.read(info), member)
    if array.dtype != np.uint8:
        raise BadInput(f"{member} are {array.dtype}; give uint8, whole numbers from 0 to 255")
    return array


def _checked(data: DataSet, name: str) -> DataSet:
    """The set itself when every label names a class."""
    classes = len(data.entry.classes)
    if not 2 <= classes <= MOST_CLASSES:
        raise BadInput(f"{name}: has {classes} classes; give 2 to {MOST_CLASSES}")
    largest = int(data.labels.max())
    if largest >= classes:
        raise BadInput(
            f"{name}: holds the label {largest}, there are the classes 0…{classes - 1}; correct the labels"
        )
    if data.entry.train + data.entry.test != len(data.labels) or not (data.entry.train and data.entry.test):
        raise BadInput(
            f"{name}: {data.entry.train} pictures to train on and {data.entry.test} to test on are not the "
            f"{len(data.labels)} there are; give more pictures"
        )
    data.images.setflags(write=False)
    data.labels.setflags(write=False)
    return data

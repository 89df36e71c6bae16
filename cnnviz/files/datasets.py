"""Labelled pictures to learn from: those that ship, and a person's own .npz file, read safely."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import ZipFile

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_array_header_2_0, read_magic
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.archive import Refusing
from cnnviz.files.reading import PathLike, naming, opened, shown
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.pictures import MOST_CLASSES, Pictures
from cnnviz.resources import resource_path, resource_text

LIMIT = 200_000_000
"""Bytes of all pictures together: 250,000 of 28×28."""
NAMES_LIMIT = 100_000
"""Bytes of the names of all classes."""
LONGEST_NAME = 40
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
    named : bool
        Whether the file itself names its classes; else they are called by their numbers.
    """

    entry: Entry
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    named: bool = True

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
            images, labels, _ = _read(resource_path(f"data/{name}.npz"))
            return _checked(DataSet(entry, images, labels), name)
    known = ", ".join(entry.id for entry in shipped_sets())
    raise BadInput(f"data {shown(name)!r} does not ship; give one of {known}, or a .npz file")


def read_data(path: PathLike) -> DataSet:
    """Read a person's own pictures from a .npz file with the arrays ``images`` and ``labels``.

    ``images`` holds whole numbers from 0 to 255, (pictures, rows, columns) or (pictures, channels, rows, columns);
    ``labels`` a class from 0 for each; ``classes``, which may be left out, their names. The first nine tenths are to
    train on.

    Raises
    ------
    BadInput
        The file cannot be read, the arrays disagree or hold what is no picture or no label.
    """
    name = shown(path)
    images, labels, names = _read(path)
    count = len(labels)
    train = int(count * OWN_TRAIN)
    classes = names or tuple(str(n) for n in range(int(labels.max(initial=0)) + 1))
    short = Path(name).name  # a lesson with one of the pictures may be moved to another machine
    entry = Entry(short, short, int(images.max(initial=1)), classes, "", train, count - train)
    return _checked(DataSet(entry, images, labels, bool(names)), name)


_Read: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[str, ...]]


def _read(path: PathLike) -> _Read:
    """Pictures, labels and names of classes; their kinds and sizes are checked before anything is unpacked."""
    name = shown(path)
    with naming(path), opened(path) as (stream, _), Refusing(), ZipFile(stream) as archive:
        images, labels = _pictures(archive), _labels(archive)
        names = _names(archive)
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
    return images, labels, names


def _pictures(archive: ZipFile) -> NDArray[np.uint8]:
    images = _member(archive, "images", LIMIT)
    if images.dtype != np.uint8:
        raise BadInput(f"images are {images.dtype}; give uint8, whole numbers from 0 to 255")
    return images


def _labels(archive: ZipFile) -> NDArray[np.uint8]:
    labels = _member(archive, "labels", LIMIT)
    if labels.dtype.kind not in "iu":
        raise BadInput(f"labels are {labels.dtype}; give whole numbers from 0")
    low, high = (int(labels.min()), int(labels.max())) if labels.size else (0, 0)
    if low < 0 or high >= MOST_CLASSES:
        raise BadInput(
            f"holds the label {low if low < 0 else high}; give classes from 0 to {MOST_CLASSES - 1}"
        )
    return labels.astype(np.uint8)


def _names(archive: ZipFile) -> tuple[str, ...]:
    """The names of the classes, or () where the file has none."""
    if "classes.npy" not in archive.namelist():
        return ()
    names = _member(archive, "classes", NAMES_LIMIT)
    if names.dtype.kind != "U" or names.ndim != 1:
        raise BadInput(f"classes are {names.dtype} of shape {names.shape}; give one text for each class")
    return tuple(" ".join(str(name).split())[:LONGEST_NAME] or str(n) for n, name in enumerate(names))


def _member(archive: ZipFile, member: str, limit: int) -> NDArray[Any]:
    """An array of a file, of any kind but objects; nothing is unpacked that is too large."""
    try:
        info = archive.getinfo(f"{member}.npy")
    except KeyError:
        raise BadInput(f"holds no array {member!r}; give a .npz file with images and labels") from None
    if info.file_size > limit:
        raise BadInput(f"{member} unpack to {info.file_size:,} bytes, the limit is {limit:,}; give fewer")
    data = archive.read(info)
    stream = BytesIO(data)
    try:
        version = read_magic(stream)
        header = read_array_header_1_0 if version == (1, 0) else read_array_header_2_0
        shape, by_columns, dtype = header(stream)
    except ValueError as error:
        raise BadInput(f"{member} is no array of NumPy; write the file with numpy.savez") from error
    if dtype.hasobject or dtype.itemsize == 0:
        raise BadInput(f"{member} are {dtype}, which is not read; give plain numbers")
    if len(data) - stream.tell() != math.prod(shape) * dtype.itemsize:
        raise BadInput(f"{member} holds more or less than its header {shape} says; write the file again")
    flat = np.frombuffer(data, dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if by_columns else "C")


def entry_behind(track: Track) -> Entry | None:
    """What is known of the set whose pictures a track's input is one of; None for no set."""
    batches = None if track.recipe is None else track.recipe.batches
    if batches is not None and batches.pictures is not None:
        return set_of(batches.pictures).entry
    name = track.data or ("" if batches is None else batches.data)
    return next((entry for entry in shipped_sets() if entry.id == name), None)


def set_behind(track: Track) -> DataSet | None:
    """That set itself."""
    batches = None if track.recipe is None else track.recipe.batches
    if batches is not None and batches.pictures is not None:
        return set_of(batches.pictures)
    entry = entry_behind(track)
    return None if entry is None else shipped_set(entry.id)


@lru_cache(maxsize=2)
def set_of(pictures: Pictures) -> DataSet:
    """The pictures that a lesson brings along as a set."""
    count = len(pictures.labels)
    entry = Entry(
        pictures.name, pictures.name, pictures.largest, pictures.classes, "", pictures.train, count - pictures.train
    )  # fmt: skip
    return DataSet(entry, pictures.images, pictures.labels)


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

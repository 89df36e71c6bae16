"""Labelled pictures that a lesson brings along to learn from: those of a person, where no set that ships is meant."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import digest_of

MOST_CLASSES = 100

MOST_BYTES = 100_000_000
"""Of all pictures together: 127,000 of 28×28. They are kept in the lesson's file."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures with their labels, equal where name, classes, division and content are.

    Attributes
    ----------
    name : str
    classes : tuple of str
    train : int
        How many are to train on, the first ones; the rest is to test on.
    images : ndarray of uint8, (pictures, channels, rows, columns)
    labels : ndarray of uint8, (pictures,)
        Numbers of classes.
    """

    name: str
    classes: tuple[str, ...]
    train: int
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    largest: int = field(init=False, repr=False)
    digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raise `BadInput` for arrays that disagree, labels of no class, and nothing to train or to test on."""
        _check(self)
        self.images.setflags(write=False)
        self.labels.setflags(write=False)
        object.__setattr__(self, "largest", max(1, int(self.images.max())))
        object.__setattr__(self, "digest", digest_of(self.images, self.labels))

    @property
    def _key(self) -> tuple[object, ...]:
        return (self.name, self.classes, self.train, self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pictures) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _check(pictures: Pictures) -> None:
    images, labels, classes = pictures.images, pictures.labels, len(pictures.classes)
    name = pictures.name or "pictures"
    if images.ndim != 4 or labels.ndim != 1 or images.dtype != np.uint8 or labels.dtype != np.uint8:
        raise BadInput(
            f"{name}: images of {images.dtype} {images.shape} and labels of {labels.dtype} {labels.shape}: "
            "give uint8 (pictures, channels, rows, columns) and a label for each"
        )
    if len(images) != len(labels) or not images.size:
        raise BadInput(f"{name}: has {len(images)} images and {len(labels)} labels: give one label for each")
    if images.nbytes > MOST_BYTES:
        raise BadInput(
            f"{name}: the pictures have {images.nbytes:,} bytes, a lesson holds {MOST_BYTES:,}: give fewer"
        )
    if not 2 <= classes <= MOST_CLASSES:
        raise BadInput(f"{name}: has {classes} classes: give 2 to {MOST_CLASSES}")
    if int(labels.max()) >= classes:
        raise BadInput(
            f"{name}: holds the label {int(labels.max())}, there are the classes 0…{classes - 1}: correct the labels"
        )
    if not 0 < pictures.train < len(labels):
        raise BadInput(
            f"{name}: {pictures.train} of {len(labels)} pictures to train on: leave some for both, training and testing"
        )

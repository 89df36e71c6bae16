"""Patches of 32×32: textures cut from photographs, and shapes drawn on uneven ground."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SIDE = 32
CLASSES = ("brick", "grass", "gravel", "disc", "square", "triangle", "cross", "stripes")
TRAIN, TEST = 250, 60
"""Of each class."""
SPLIT = 0.72
"""Left of this part of a photograph is cut what is to train on, right of it what is to test on."""
SMALLEST, LARGEST = 40, 80
"""Pixels of a photograph that become a patch."""

Gray = NDArray[np.float64]
Rng = np.random.Generator


def textures_and_shapes(
    photographs: dict[str, NDArray[np.uint8]],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], int]:
    """Make all patches (n, 32, 32) with their labels; those to train on come first, shuffled."""
    rng = np.random.default_rng(32)
    train, test = _part(photographs, rng, TRAIN, True), _part(photographs, rng, TEST, False)
    return np.concatenate([train[0], test[0]]), np.concatenate([train[1], test[1]]), TRAIN * len(CLASSES)


def _part(
    photographs: dict[str, NDArray[np.uint8]], rng: Rng, count: int, train: bool
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Make so many patches of each class, shuffled, and their labels."""
    images, labels = [], []
    for label, name in enumerate(CLASSES):
        for _ in range(count):
            images.append(texture(photographs[name], rng, train) if name in photographs else shape(name, rng))
            labels.append(label)
    order = rng.permutation(len(labels))
    return np.array(images)[order], np.array(labels, np.uint8)[order]


def texture(photograph: NDArray[np.uint8], rng: Rng, train: bool) -> NDArray[np.uint8]:
    """Cut a square of random size out of one side of a photograph, shrink it, mirror it, change its contrast."""
    height, width = photograph.shape
    edge = int(width * SPLIT)
    low, high = (0, edge) if train else (edge, width)
    side = int(rng.integers(SMALLEST, LARGEST + 1))
    top, left = int(rng.integers(0, height - side + 1)), int(rng.integers(low, high - side + 1))
    cut = _shrunk(photograph[top : top + side, left : left + side].astype(np.float64))
    if rng.random() < 0.5:
        cut = cut[:, ::-1]
    contrast = rng.uniform(0.8, 1.2)
    return _bytes((cut - cut.mean()) * contrast + cut.mean() + rng.uniform(-15, 15))


def shape(name: str, rng: Rng) -> NDArray[np.uint8]:
    """Draw a shape, turned and placed at random, lighter or darker than the uneven ground."""
    ground = rng.uniform(70, 185)
    slope = rng.uniform(-25, 25, 2)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    light = ground + slope[0] * rows + slope[1] * columns
    apart = rng.uniform(50, 110) * (1 if ground < 128 else -1)
    cover = _cover(_SHAPES[name], rng)
    return _bytes(light + apart * cover + rng.normal(0, 8, (SIDE, SIDE)))


def _cover(inside: Callable[[Gray, Gray, float], NDArray[np.bool_]], rng: Rng, fine: int = 4) -> Gray:
    """How much of each pixel a shape covers, from 4×4 points in it."""
    points = (np.arange(SIDE * fine) + 0.5) / fine - SIDE / 2
    y, x = np.meshgrid(points, points, indexing="ij")
    middle, angle, size = rng.uniform(-5, 5, 2), rng.uniform(0, 2 * np.pi), rng.uniform(7, 11)
    y, x = y - middle[0], x - middle[1]
    turned = inside(np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x, size)
    share: Gray = turned.reshape(SIDE, fine, SIDE, fine).mean(axis=(1, 3))
    return share


_SHAPES: dict[str, Callable[[Gray, Gray, float], NDArray[np.bool_]]] = {
    "disc": lambda x, y, r: x * x + y * y < r * r,
    "square": lambda x, y, r: np.maximum(np.abs(x), np.abs(y)) < 0.85 * r,
    "triangle": lambda x, y, r: (y > -0.6 * r) & (np.abs(x) * 1.732 + y < 1.2 * r),
    "cross": lambda x, y, r: (
        (np.minimum(np.abs(x), np.abs(y)) < 0.3 * r) & (np.maximum(np.abs(x), np.abs(y)) < r)
    ),
    "stripes": lambda x, y, r: np.floor(x / (0.32 * r)) % 2 == 0,
}


def _shrunk(cut: Gray) -> Gray:
    """Shrink a square to 32×32 by the mean of what each pixel covers."""
    weights = _weights(len(cut))
    return weights @ cut @ weights.T


def _weights(side: int) -> Gray:
    """Give how much each of ``side`` rows counts in each of 32 rows."""
    edges = np.arange(SIDE + 1) * side / SIDE
    rows = np.arange(side)
    overlap = np.minimum(edges[1:, None], rows + 1) - np.maximum(edges[:-1, None], rows)
    weights = np.maximum(overlap, 0)
    share: Gray = weights / weights.sum(axis=1, keepdims=True)
    return share


def _bytes(values: Gray) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)

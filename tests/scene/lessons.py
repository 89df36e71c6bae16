"""Lessons of every shape for the tests of the stage, made by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnnviz.engine.layers import AvgPool, Conv, LayerSpec, MaxPool, Params, Relu
from cnnviz.lesson.lesson import Lesson, Pace, Track
from cnnviz.lesson.source import Source

POOL = MaxPool((2, 2), (2, 2))

EDGE = np.array([[[[1.0, 0, -1]] * 3]])


def bright_left(rows: int = 6, columns: int = 6) -> Source:
    """The source's picture: 10 in the left half, 0 in the right one."""
    values = np.zeros((1, rows, columns))
    values[:, :, : columns // 2] = 10
    return Source(values, "picture")


def photo(rows: int, columns: int, channels: int = 1, seed: int = 0) -> Source:
    """A picture of 8-bit values without any structure."""
    values = np.random.default_rng(seed).integers(0, 256, (channels, rows, columns)).astype(np.uint8)
    return Source(values, "photo")


def kernels(count: int, channels: int, size: tuple[int, int], seed: int = 0, whole: bool = False) -> Params:
    """Random weights between −1 and 1 with biases, or whole ones between −3 and 3 without."""
    random = np.random.default_rng(seed)
    if whole:
        return Params(random.integers(-3, 4, (count, channels, *size)).astype(float))
    return Params(random.uniform(-1, 1, (count, channels, *size)), random.uniform(-1, 1, count))


def chain(source: Source, conv: Conv, params: Params, pool: LayerSpec | None, name: str = "") -> Track:
    """A convolution, its activation, and a pooling where one is wanted."""
    layers: tuple[LayerSpec, ...] = (conv, Relu()) if pool is None else (conv, Relu(), pool)
    return Track(source, layers, (params,) + (None,) * (len(layers) - 1), name)


def vertical_edge(conv: Conv | None = None, pool: bool = True, pace: Pace | None = None) -> Lesson:
    """The 6×6 example."""
    spec = conv or Conv(1, (3, 3))
    track = chain(bright_left(), spec, Params(EDGE), MaxPool((2, 2), (2, 2)) if pool else None)
    return Lesson("Vertical edge", (track,), pace)


def random_lesson(
    shape: tuple[int, int, int],
    count: int = 1,
    size: tuple[int, int] = (3, 3),
    padding: int | str = 0,
    pool: LayerSpec | None = None,
    whole: bool = True,
    pace: Pace | None = None,
) -> Lesson:
    """A picture without structure and random kernels."""
    channels, rows, columns = shape
    spec = Conv(count, size, padding=padding)  # type: ignore[arg-type]  # a plain str from the table
    track = chain(photo(rows, columns, channels), spec, kernels(count, channels, size, whole=whole), pool)
    return Lesson("A picture without structure", (track,), pace)


def deep(shape: tuple[int, int, int], count: int) -> Lesson:
    """Two convolutions, each with its activation, and two poolings."""
    layers: tuple[LayerSpec, ...] = (
        Conv(count, (3, 3), padding=1), Relu(), POOL, Conv(count, (3, 3), padding=1), Relu(), POOL,
    )  # fmt: skip
    params = (kernels(count, shape[0], (3, 3)), None, None, kernels(count, count, (3, 3), 1), None, None)
    return Lesson("Two convolutions", (Track(photo(shape[1], shape[2], shape[0]), layers, params),))


def two_tracks() -> Lesson:
    """The same picture at strides 1 and 2."""
    one, two = (
        chain(bright_left(), Conv(1, (3, 3), stride=(s, s)), Params(EDGE), None, f"stride {s}")
        for s in (1, 2)
    )
    return Lesson("Strides 1 and 2", (one, two))


LESSONS: dict[str, Callable[[], Lesson]] = {
    "6x6": vertical_edge,
    "multiply": lambda: vertical_edge(pace="multiply"),
    "same": lambda: vertical_edge(Conv(1, (3, 3), padding="same")),
    "dilated": lambda: vertical_edge(Conv(1, (3, 3), dilation=(2, 2)), pool=False),
    "average": lambda: random_lesson((1, 6, 6), pool=AvgPool((2, 2), (2, 2))),
    "28x28": lambda: random_lesson((1, 28, 28), pool=POOL),
    "256x256": lambda: random_lesson((1, 256, 256), pool=POOL),
    "4K": lambda: random_lesson((1, 2160, 3840), pool=POOL),
    "rgb": lambda: random_lesson((3, 8, 8), 2, pool=POOL),
    "rgb 64x64": lambda: random_lesson((3, 64, 64), 4, pool=POOL),
    "6 kernels": lambda: random_lesson((1, 28, 28), 6, pool=POOL, whole=False),
    "64 kernels": lambda: random_lesson((1, 12, 12), 64, pool=POOL, whole=False),
    "7x7": lambda: random_lesson((1, 16, 16), size=(7, 7), pool=POOL, whole=False),
    "11x11": lambda: random_lesson((3, 32, 32), size=(11, 11), pool=POOL, whole=False),
    "31x31": lambda: random_lesson((1, 64, 64), size=(31, 31), pool=POOL, whole=False),
    "1x5": lambda: random_lesson((1, 9, 9), size=(1, 5)),
    "5x1": lambda: random_lesson((1, 9, 9), size=(5, 1)),
    "deep": lambda: deep((1, 12, 12), 1),
    "deep rgb": lambda: deep((3, 64, 64), 4),
    "1x1": lambda: random_lesson((1, 1, 1), size=(1, 1)),
    "1x1 padded": lambda: random_lesson((1, 1, 1), padding=1),
    "tall": lambda: random_lesson((1, 120, 5), pool=POOL),
    "wide": lambda: random_lesson((1, 5, 120), pool=POOL),
    "thin": lambda: random_lesson((1, 2000, 1), size=(1, 1)),
    "flat": lambda: random_lesson((1, 1, 2000), size=(1, 1)),
    "two tracks": two_tracks,
}

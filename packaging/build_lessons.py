"""Rebuilds the lessons that ship, in resources/lessons, byte for byte.

Usage, in an environment where cnnviz is installed (or with PYTHONPATH=.):

    python packaging/build_lessons.py [FOLDER]
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.layers import Conv, LayerSpec, MaxPool, Params, Relu
from cnnviz.files.json_text import json_text
from cnnviz.files.lessons import write_lesson
from cnnviz.lesson.kernels import named_kernel
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "lessons"

# What one chain from a grid of numbers through convolution, ReLU and pooling shows of the teaching plan.
SMALL_CHAIN = ("S12", "S13", "S14", "S15", "S18")


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson that ships: its id, the ending of its file, and what makes it."""

    id: str
    ending: str
    make: Callable[[], Lesson]


def network(
    source: Source, kernels: list[list[list[list[float]]]], bias: list[float] | None, pool_stride: int
) -> Track:
    """A convolution at stride 1 without padding, ReLU and 2×2 max pooling."""
    weight = np.array(kernels, dtype=np.float64)
    layers: tuple[LayerSpec, ...] = (
        Conv(weight.shape[0], (weight.shape[2], weight.shape[3])),
        Relu(),
        MaxPool((2, 2), (pool_stride, pool_stride)),
    )
    return Track(source, layers, (Params(weight, None if bias is None else np.array(bias)), None, None))


def edge_lesson(title: str, picture: NDArray[np.float64], kernel: str, systems: tuple[str, ...]) -> Lesson:
    """The 6×6 example: half bright, half dark, and a kernel that answers where they meet."""
    source = Source(np.array(picture, dtype=np.float64)[None], "6×6 picture")
    track = network(source, [[named_kernel(kernel).weights.tolist()]], None, 2)
    return Lesson(title, (track,), group="Convolution", systems=tuple(sorted((*SMALL_CHAIN, *systems))))


def vertical_edge() -> Lesson:
    """Columns 10 10 10 0 0 0: every row of the feature map is 0 30 30 0."""
    picture = np.array([[10.0, 10, 10, 0, 0, 0]] * 6)
    return edge_lesson("Vertical edge", picture, "vertical-edge", ("S23", "S28", "S31", "S32", "S33"))


def horizontal_edge() -> Lesson:
    """The same turned: every column of the feature map is 0 30 30 0."""
    picture = np.array([[10.0, 10, 10, 0, 0, 0]] * 6).T
    return edge_lesson("Horizontal edge", picture, "horizontal-edge", ("S24",))


def photo_edges() -> Lesson:
    """A grey photograph of 256×256 under the Sobel kernel for vertical edges."""
    with Image.open(ROOT / "resources" / "pictures" / "camera.png") as image:
        picture = np.asarray(image.convert("L"))
    source = Source(
        picture[None], "Photograph", credit="Photograph by Lav Varshney, CC0 1.0, from scikit-image"
    )
    track = network(source, [[named_kernel("sobel-x").weights.tolist()]], None, 2)
    systems = ("S07", "S09", "S15", "S16")
    return Lesson("Edges of a photograph", (track,), group="Pictures", systems=systems)


def rgb() -> Lesson:
    """Three channels and two kernels: the products of all channels and the bias meet in one sum."""
    red = [[8, 8, 1, 1, 1]] * 5
    green = [[1] * 5, [1] * 5, [6] * 5, [6] * 5, [6] * 5]
    blue = [[0, 0, 0, 0, 3], [0, 0, 0, 3, 5], [0, 0, 3, 5, 7], [0, 3, 5, 7, 9], [3, 5, 7, 9, 9]]
    source = Source(np.array([red, green, blue], dtype=np.float64), "5×5 RGB picture")
    none: list[list[float]] = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
    middle: list[list[float]] = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    left: list[list[float]] = [[1, 0, -1]] * 3
    below: list[list[float]] = [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]
    track = network(source, [[left, none, middle], [none, below, left]], [1.0, -2.0], 1)
    return Lesson("Three channels, two kernels", (track,), group="Channels", systems=("S14", "S21", "S43"))


ENTRIES = (
    Entry("vertical-edge", ".json", vertical_edge),
    Entry("horizontal-edge", ".json", horizontal_edge),
    Entry("photo-edges", ".cnnviz", photo_edges),
    Entry("rgb", ".json", rgb),
)


def build(folder: Path) -> None:
    """Write every lesson and the index that lists them in teaching order."""
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for entry in ENTRIES:
        lesson = entry.make()
        write_lesson(folder / f"{entry.id}{entry.ending}", lesson)
        index.append(
            {
                "id": entry.id,
                "title": lesson.title,
                "group": lesson.group,
                "systems": list(lesson.systems),
                "file": f"{entry.id}{entry.ending}",
            }
        )
    (folder / "index.json").write_text(json_text(index), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

"""Small black and white drawings that kernels learn on: 1 where a mark stands, else 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.lesson.source import Source
from lessons.making import numbers

FACE = """
..######..
.#......#.
#..#..#..#
#..#..#..#
#........#
#.#....#.#
#..####..#
#........#
.#......#.
..######..
"""

HOUSE = """
.....#......
....###.....
...#####....
..#######.#.
.#########..
.#.......#..
.#.##.##.#..
.#.##.##.#..
.#.......#..
.#...##..#..
.#...##..#..
............
"""

LETTERS = """
#..#.###
#..#..#.
####..#.
#..#..#.
#..#.###
........
.#.#.##.
#.#.#..#
"""


def drawn(text: str) -> NDArray[np.float64]:
    """The marks of a drawing as numbers."""
    return np.array([[float(mark == "#") for mark in line] for line in text.split()])


def face() -> Source:
    """A face, all outlines: neighbours differ nearly everywhere, so every weight shows."""
    return numbers(drawn(FACE), "10×10 drawing of a face")


def house() -> Source:
    """A house with a filled roof."""
    return numbers(drawn(HOUSE), "12×12 drawing of a house")


def letters() -> Source:
    """Letters and a pattern."""
    return numbers(drawn(LETTERS), "8×8 drawing of letters")


def edges() -> tuple[tuple[NDArray[np.float64], int, str], ...]:
    """Pictures of 6×6 with their labels: 1 for an upright edge from bright to dark, 0 for none, in turn."""
    bright, dark = np.ones((6, 6)), np.zeros((6, 6))
    return (
        (_upright(2), 1, "edge"), (_upright(3).T, 0, "horizontal edge"),
        (_upright(3), 1, "edge"), (bright, 0, "bright"),
        (_upright(4), 1, "edge"), (dark, 0, "dark"),
        (_upright(5), 1, "edge"), (_upright(2).T, 0, "horizontal edge"),
    )  # fmt: skip


def _upright(columns: int) -> NDArray[np.float64]:
    """Bright in so many columns from the left."""
    picture = np.zeros((6, 6))
    picture[:, :columns] = 1.0
    return picture

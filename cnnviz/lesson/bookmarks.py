"""Bookmarks that a lesson keeps: places that stay what they are when the pace changes, each with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias
from unicodedata import category

from cnnviz.engine.errors import BadInput

BeatName: TypeAlias = Literal["place", "multiply", "sum", "write"]
"""What happens to the cell: the window is placed, products are made, summed, and the cell is written."""

BEAT_NAMES: tuple[BeatName, ...] = ("place", "multiply", "sum", "write")

MOST_BOOKMARKS = 1000
LONGEST = 60
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the clock stands, told by what is computed there and not by the number of the step.

    Attributes
    ----------
    iteration : int
    tensor : str
        What the section writes, such as "conv1" or "conv1.weight.grad".
    cell : (channel, row, column)
    beat : {"place", "multiply", "sum", "write"}
    products : int
        How many of the cell's products are shown at "multiply".
    """

    iteration: int
    tensor: str
    cell: tuple[int, int, int]
    beat: BeatName = "write"
    products: int = 0


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place that somebody wants to come back to."""

    name: str
    place: Place

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > LONGEST:
            raise BadInput(
                f"a bookmark's name has {len(self.name)} characters: give 1 to {LONGEST} characters"
            )
        if any(category(mark) in ("Cc", "Cs") for mark in self.name):
            raise BadInput("a bookmark's name holds a character that cannot be shown: leave it out")

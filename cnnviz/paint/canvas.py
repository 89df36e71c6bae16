"""What a vector file is asked to draw: filled and framed shapes, lines of words, pictures and formulas, in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.scene.primitives import Align, Box, Color, Weight

Point: TypeAlias = tuple[float, float]
Colors: TypeAlias = tuple[tuple[str, Color], ...]


class Word(NamedTuple):
    """A piece of a line in one colour and weight, and where it starts when it is set in the shipped family."""

    text: str
    color: Color
    weight: Weight
    x: float


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A picture with a pixel for each cell.

    Attributes
    ----------
    image : ndarray, (rows, columns) or (rows, columns, 3) uint8
        Numbers in the palette, or red, green and blue.
    palette : ndarray, (colours, 3) uint8, or None
    smooth : bool
        Whether its pixels are smaller than the ones it is shown with; else each stays a crisp square.
    """

    image: NDArray[np.uint8]
    palette: NDArray[np.uint8] | None
    smooth: bool = False


class Canvas(Protocol):
    """A page of a vector file. Lengths are those of the scene, its origin is the top left corner, y counts down.

    Colours are ``#rrggbb`` or ``#rrggbbaa`` and are visible ones.
    """

    def begin(self, key: str, clip: Box | None = None) -> None:
        """Open a group: what one primitive draws, and where it may be seen."""
        ...

    def end(self) -> None:
        """Close the group opened last."""
        ...

    def rect(self, box: Box, fill: Color, radius: float = 0.0) -> None:
        """Fill a rectangle."""
        ...

    def frame(
        self, box: Box, stroke: Color, width: float, radius: float = 0.0, dash: tuple[float, ...] = ()
    ) -> None:
        """Stroke the edge of a rectangle, half inside and half outside."""
        ...

    def polygon(
        self, points: Sequence[Point], fill: Color | None, stroke: Color | None, width: float
    ) -> None:
        """Fill and stroke a closed shape."""
        ...

    def lines(self, lines: Sequence[Sequence[Point]], stroke: Color, width: float) -> None:
        """Stroke open lines in one colour."""
        ...

    def ramp(self, box: Box, colors: Sequence[Color]) -> None:
        """Fill a rectangle with colours that run from left to right at equal distances."""
        ...

    def picture(self, box: Box, cells: Cells) -> None:
        """Draw a picture that fills a box."""
        ...

    def words(self, words: Sequence[Word], baseline: float, size: float, align: Align, width: float) -> None:
        """Write a line of text.

        Parameters
        ----------
        words : sequence of Word
            Set one behind the other; the line starts at the ``x`` of the first.
        baseline, size : float
        align : Align
            Which point of the line stays where it is when another font is wider.
        width : float
            Of the line in the shipped family.
        """
        ...

    def formula(self, name: str, colors: Colors, x: float, baseline: float, em: float) -> None:
        """Fill the outlines of a formula."""
        ...

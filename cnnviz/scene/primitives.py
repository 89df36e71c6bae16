"""The vocabulary of a Scene: boxes, grids, rings, texts and links as plain values with geometry and colour.

Lengths are logical pixels of a scene of the given size, the origin is its top left corner. Colours are ``#rrggbb`` or
``#rrggbbaa``. Every primitive has a stable ``key``: the same thing has the same key in every frame, so that frames can
be tweened and slides can morph.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Color: TypeAlias = str


class Box(NamedTuple):
    """A rectangle: left, top, width, height in logical pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """Horizontal centre."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """Vertical centre."""
        return self.y + self.h / 2

    def inset(self, dx: float, dy: float | None = None) -> Box:
        """The box made smaller by ``dx`` at left and right and ``dy`` (default ``dx``) at top and bottom."""
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meets(self, other: Box) -> Box:
        """The common part; its width or height is 0 where there is none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Box(
            x, y, max(0.0, min(self.right, other.right) - x), max(0.0, min(self.bottom, other.bottom) - y)
        )


class Align(Enum):
    """Horizontal placing of a text in its box; vertically it is centred unless ``top`` is set."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"

    # That of Enum is a call of Python, and there are hundreds a frame in the keys of what is kept.
    __hash__ = object.__hash__


class Weight(Enum):
    """Weights of the one family in use."""

    REGULAR = 400
    MEDIUM = 500
    BOLD = 700

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A map of cells: one colour a cell, and its number where cells are large enough.

    Attributes
    ----------
    box : Box
        What of the grid may be seen; everything is clipped to it.
    origin : tuple of float
        Where the top left corner of cell (0, 0) lies (x, y); outside ``box`` when zoomed in.
    cell : float
        Side of a cell in logical pixels; whole device pixels when it is 4 or more.
    image : ndarray, (rows, columns) or (rows, columns, 3) uint8
        The colour of each cell: its number in the palette, or red, green and blue where there is no palette.
    values : ndarray, (rows, columns) float, or None
        The numbers to print, shown with ``decimals`` places.
    text_size : float
        Height of the numbers in pixels; 0 prints none.
    written : int
        How many cells, row by row, are written; the others show ``blank``.
    ref : tuple
        ``(tensor name, plane index, rows of padding above, columns of padding at the left)``: what a pointer on a
        cell refers to. Row 0 of the grid is row ``-pad_top`` of the tensor.
    across : int
        Of numbers in a line, one for each plane of the tensor, which are drawn in rows of so many; 0 for a plane.
    palette : ndarray, (colours, 3) uint8, or None
    """

    key: str
    box: Box
    origin: tuple[float, float]
    cell: float
    image: NDArray[np.uint8]
    ref: tuple[str, int, int, int]
    values: NDArray[np.floating] | NDArray[np.integer] | None = None
    decimals: int = 0
    text_size: float = 0.0
    written: int = -1
    blank: Color = "#00000000"
    line: Color = "#00000000"
    ink_dark: Color = "#000000"
    ink_light: Color = "#ffffff"
    palette: NDArray[np.uint8] | None = None
    across: int = 0
    comma: bool = False
    """Whether decimals are parted by a comma."""

    @property
    def of_tensor(self) -> bool:
        """Whether it shows a tensor of a track, and no picture of a plot."""
        return "/" in self.ref[0]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.image.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.image.shape[1])

    def colors(self, rows: slice = slice(None), columns: slice = slice(None)) -> NDArray[np.uint8]:
        """Red, green and blue of some cells: (rows, columns, 3)."""
        part = self.image[rows, columns]
        return part if self.palette is None else self.palette[part]

    def cells_written(self) -> int:
        """How many cells are written; -1 stands for all."""
        return self.rows * self.columns if self.written < 0 else self.written


@dataclass(frozen=True, slots=True)
class Ring:
    """The outline of a rectangle: a double stroke (``outer`` around ``inner``), so that it shows on any cell."""

    key: str
    box: Box
    inner: Color
    outer: Color = "#00000000"
    width: float = 2.0
    fill: Color = "#00000000"
    dashed: bool = False
    radius: float = 0.0
    clip: Box | None = None


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle without outline."""

    key: str
    box: Box
    fill: Color
    radius: float = 0.0
    clip: Box | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one colour and weight."""

    text: str
    color: Color
    weight: Weight = Weight.REGULAR


@dataclass(frozen=True, slots=True)
class Text:
    """Runs of text set one after the other inside a box.

    With ``wrap`` they break into lines between words; without it a line too long for its box is set smaller, down to
    0.7 of ``size``, and then elided.
    """

    key: str
    box: Box
    runs: tuple[Run, ...]
    size: float
    align: Align = Align.LEFT
    top: bool = False
    wrap: bool = False

    @property
    def text(self) -> str:
        """All runs as one string."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Link:
    """A polygon or open line that ties two things: stroked, and filled when ``fill`` is given and it is closed.

    ``span`` is given of the axes of a plot whose curves can be pointed at: the whole numbers at both of its sides.
    """

    key: str
    points: tuple[tuple[float, float], ...]
    stroke: Color
    fill: Color = "#00000000"
    width: float = 1.0
    closed: bool = False
    arrow: bool = False
    span: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Gradient:
    """A horizontal bar of colours at equal distances: the legend of a colour map."""

    key: str
    box: Box
    colors: tuple[Color, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A typeset formula, its middle at half the height of the box.

    Attributes
    ----------
    name : str
        What `cnnviz.scene.formulas.outline` takes.
    colors : tuple of (role, color)
        A colour for each role: input, weight, output and text.
    size : float
        Pixels of an em.
    """

    key: str
    box: Box
    name: str
    colors: tuple[tuple[str, Color], ...]
    size: float
    align: Align = Align.LEFT


Primitive: TypeAlias = Grid | Ring | Rect | Text | Link | Gradient | Formula


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A titled part of the stage and what is drawn in it, in drawing order."""

    key: str
    box: Box
    title: str
    primitives: tuple[Primitive, ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All that is drawn for one frame: no array in it needs arithmetic any more.

    ``background`` is None for a transparent picture. ``over`` is drawn above all panels (links, rings that cross
    them). ``caption`` is the sentence under the stage, ``spoken`` the same step for a screen reader.
    """

    size: tuple[float, float]
    background: Color | None
    panels: tuple[Panel, ...]
    over: tuple[Primitive, ...]
    caption: str
    spoken: str

    def primitives(self) -> tuple[Primitive, ...]:
        """Every primitive in drawing order."""
        return tuple(p for panel in self.panels for p in panel.primitives) + self.over

"""The Frame: every fact that is true at one step, without geometry and without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import Shape
from cnnviz.engine.specs import AnyLayer
from cnnviz.engine.windows import Cell as Cell  # the timeline speaks of the same cells and windows
from cnnviz.engine.windows import Window as Window
from cnnviz.lesson.recipe import Recipe
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.sections import Kind, Section

if TYPE_CHECKING:
    from cnnviz.timeline.plots import Plot
    from cnnviz.timeline.recorded import RunsFrame


class CellRef(NamedTuple):
    """A cell of a named tensor; in a weight tensor ``plane`` is kernel · channels + channel."""

    track: int
    tensor: str
    plane: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Step:
    """Where the clock stands: section, cell and beat, all by arithmetic from the index."""

    index: int
    section: Section
    iteration: int
    cell: Cell
    first: int
    """Flat index of the first cell written in this step."""
    beat: Beat
    products: int
    written: int


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """One array of a track and how much of it is written at this step.

    Attributes
    ----------
    name : str
        input, conv1, relu1, pool1, … and conv1.weight.
    kind : {"input", "map", "weight", "partial", "target", "loss", "grad", "next"}
    layer : int
        The layer that made it (or whose weights it holds); −1 for the input.
    values : ndarray, (C, H, W), or (O, C, kh, kw) for weights
    written : int
        How many values, in row-major order, are written; of a partial map how many of each plane.
    span : tuple of float
        The range of its colours: black to white for an input, minus to plus for signed values.
    group : int
        Tensors of one group share a span at the range "layer".
    pads : Pads
        Padding that the next layer puts around it.
    padded : ndarray
        The values with that padding.
    """

    name: str
    kind: Literal["input", "map", "weight", "partial", "target", "loss", "grad", "next"]
    layer: int
    values: NDArray[np.floating]
    written: int
    span: tuple[float, float]
    group: int
    pads: Pads
    padded: NDArray[np.floating]
    picture: bool = False
    signed: bool = False
    """Whether its colours run both ways from 0, rather than from black to white."""
    heat: bool = False
    """Whether its values are counts, drawn in the colours of a heat-map."""

    @property
    def colors(self) -> Literal["grey", "signed", "heat"]:
        """In which colours its values are drawn."""
        return "heat" if self.heat else ("signed" if self.signed else "grey")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the values."""
        return self.values.shape


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """How one cell comes about, in float64, in the order channel, kernel row, kernel column.

    ``x`` are the values under the window (with padding), ``w`` the weights they meet (empty where there are none),
    ``products`` x·w, ``total`` what they give with the bias. ``layout`` is (channels, rows, columns) of the window.
    ``winner`` is the place of the maximum, and of the value itself among those of a softmax.
    """

    x: NDArray[np.float64]
    w: NDArray[np.float64]
    products: NDArray[np.float64]
    bias: float | None
    total: float
    layout: Shape
    winner: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Focus:
    """The cell under the playhead (or the pointer): where it is, where it looks and how it is made."""

    track: int
    layer: int
    spec: AnyLayer
    source: str
    """Name of the tensor it reads."""
    target: str
    """Name of the tensor it is part of."""
    cell: Cell
    window: Window
    terms: Terms
    kind: Kind = "forward"
    partner: str = ""
    """Of a gradient the tensor that plays the kernel, if there is one."""
    partner_window: Window | None = None
    brought: str = ""
    """Of a gradient where two ways of a block parted: the tensor that comes by the other way, as its terms' bias."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """A count for each cell (row, column) of a plane.

    ``uses``: how many windows hold each pixel of the input. ``field``: on how many ways each pixel of the input leads
    to the cell at work. ``fan-out``: how often each output is fed by ``pixel`` (row, column).
    """

    kind: Literal["uses", "field", "fan-out"]
    tensor: str
    counts: NDArray[np.int64]
    pixel: tuple[int, int] | None = None

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """The rectangle around all counted cells: row, column, rows, columns; empty where none is counted."""
        rows, columns = (np.flatnonzero(self.counts.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return (0, 0, 0, 0)
        return (
            int(rows[0]), int(columns[0]), int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points of a function, from left to right."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """Where the descent of a track stands.

    ``losses`` are those of all iterations that are computed, up to this one and beyond. ``stopped`` says why no more
    follow; ``pending`` that an iteration was asked for that is not computed yet, and the nearest one is shown.
    ``tested`` is the last iteration up to this one before which the network was tested on pictures that it never
    learns from, and the share of right answers; None while there is none. ``moved`` is by how much this iteration's
    update changes the weights, as a part of their length.
    """

    recipe: Recipe
    iteration: int
    loss: float
    losses: NDArray[np.float64]
    filled: int
    stopped: str = ""
    pending: bool = False
    tested: tuple[int, float] | None = None
    moved: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class TrackFrame:
    """The facts of one track; ``heat``, ``curve`` and ``plots`` where the lesson's view asks for them."""

    track: int
    step: Step
    tensors: tuple[Tensor, ...]
    focus: Focus
    heat: HeatMap | None = None
    curve: Curve | None = None
    learning: Learning | None = None
    plots: tuple[Plot, ...] = ()

    def tensor(self, name: str) -> Tensor:
        """The tensor with that name."""
        return next(t for t in self.tensors if t.name == name)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What is true at one step. ``step`` is that of the track that sets the clock."""

    step: Step
    tracks: tuple[TrackFrame, ...]
    runs: RunsFrame | None = None
    """Of a lesson that shows runs of networks where they are."""

    @property
    def lead(self) -> TrackFrame:
        """The track that sets the clock."""
        return self.tracks[self.step.section.track]

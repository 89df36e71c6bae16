"""Tensors as grids of coloured cells: planes tiled in a panel, seen through one camera, with their title and legend."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.scene.colors import ColorKind, legend_colors
from cnnviz.scene.layout import READABLE
from cnnviz.scene.memo import Memo
from cnnviz.scene.numbers import HUGE, LEAST, decimals_needed, number
from cnnviz.scene.planes import planes_of
from cnnviz.scene.plot_numbers import tick_text
from cnnviz.scene.powers import decimals_in, shared_power
from cnnviz.scene.primitives import Align, Box, Color, Gradient, Grid, Primitive, Ring, Run, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.frame import Tensor

DIGIT = 0.64
"""Width of a figure in sizes of the type: tabular figures of the shipped family."""

LARGEST = 64.0
"""Numbers grow no larger than this when one zooms in."""

LONG = 1e5
"""Numbers at a legend that stand in a power of ten have one of their own from here on."""

COMFORTABLE = 12.0
"""Rather than to set numbers smaller than this, digits that have no end are cut off."""

SAMPLE = 20_000
"""So many values, evenly spread, decide the decimals of a large map."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How the numbers of a tensor are printed: decimals, characters of the widest, and the power of ten they share.

    ``least`` are the decimals without which the largest would have less than two digits, ``exact`` says that the
    decimals tell every number in whole, ``ends`` are the least and the greatest number in their power of ten.
    """

    decimals: int
    characters: int
    power: int = 0
    least: int = 0
    exact: bool = True
    ends: tuple[float, float] = (0.0, 0.0)

    def fitting(self, cell: float) -> tuple[int, float]:
        """Decimals and size of type in a cell: of what has no end of digits, as many as can be read well.

        What can be told in whole is cut only where it could not be read otherwise.
        """
        size, decimals = text_size(cell, self.characters), self.decimals
        while cell >= READABLE and decimals > self.least and size < (0.1 if self.exact else COMFORTABLE):
            decimals -= 1
            size = text_size(cell, max(len(number(v, decimals)) for v in self.ends))
        return decimals, size


BARE = Figures(0, 1)
"""Of maps that are drawn without their numbers."""

_figures: Memo[Figures] = Memo(96)


def figures_of(tensor: Tensor) -> Figures:
    """Decimals and width of the numbers of a tensor, the same in every frame."""
    return figures(tensor.values)


def _figures_shown(tensor: Tensor, planes: range) -> Figures:
    """Maps keep their decimals over all planes; a kernel is printed with what its own weights need."""
    if tensor.kind != "weight":
        return figures_of(tensor)
    flat = tensor.values.reshape(-1, *tensor.shape[-2:])
    # Found by the whole: a part of it is another array in every frame.
    key = (planes.start, planes.stop)
    return _figures.get(tensor.values, key, lambda: _measured(flat[planes.start : planes.stop]))


def figures(values: NDArray[np.floating]) -> Figures:
    """Decimals and the widest number's characters of an array."""
    return _figures.get(values, "figures", lambda: _measured(values))


def power_of(tensor: Tensor, planes: range) -> int:
    """The power of ten that the numbers shown of a tensor share."""
    return _figures_shown(tensor, planes).power


def _measured(values: NDArray[np.floating]) -> Figures:
    flat = values.ravel()
    sample = np.asarray(flat[:: max(1, flat.size // SAMPLE)], dtype=np.float64)
    limit = 2 if sample.size > 64 else 3
    power = shared_power(sample, limit)
    decimals = decimals_in(sample, power, limit)
    sample = sample / 10.0**power if power else sample
    ends = (float(sample.min()), float(sample.max())) if sample.size else (0.0, 0.0)
    wide = max(*(len(number(end, decimals)) for end in ends), 1)
    finite = sample[np.isfinite(sample)]
    reach = float(np.abs(finite).max(initial=0.0))
    least = min(decimals, max(0, 1 - math.floor(math.log10(reach)))) if reach else decimals
    exact = not reach or decimals_needed(finite, decimals + 1) <= decimals
    return Figures(decimals, wide, power, least, exact, ends)


def text_size(cell: float, characters: int) -> float:
    """The size at which numbers of so many characters fit a cell; 0 where they could not be read."""
    size = min(0.42 * cell, 0.88 * cell / (DIGIT * characters), LARGEST)
    return size if cell >= READABLE and size >= 6.5 else 0.0


def view_of(
    camera: Camera, box: Box, rows: int, columns: int, cell: float
) -> tuple[tuple[float, float], float]:
    """Origin and side of the cells of a grid that fills ``box`` at zoom 1, seen through the camera."""
    if camera.zoom == 1.0:
        return (box.x, box.y), cell
    side = cell * camera.zoom
    side = float(round(side)) if side >= 4 else side
    x = box.cx - camera.column * columns * side
    y = box.cy - camera.row * rows * side
    x = min(box.x, max(x, box.right - columns * side))
    y = min(box.y, max(y, box.bottom - rows * side))
    return ((round(x), round(y)) if side >= 4 else (x, y)), side


def map_grids(
    tensor: Tensor,
    span: tuple[float, float],
    tiles: tuple[Box, ...],
    cell: float,
    camera: Camera,
    theme: Theme,
    planes: range,
    track: int,
    across: int = 0,
    apart: bool = False,
    bare: bool = False,
    line: Color | None = None,
) -> tuple[Grid, ...]:
    """The grids of some planes of a tensor, each in its tile, as far as they are written.

    With ``apart`` each plane has the range of its own values in place of ``span``; ``bare`` ones have no numbers.
    ``line`` parts their cells, in place of the theme's.
    """
    printed = BARE if bare else _figures_shown(tensor, planes)
    ready = planes_of(tensor, None if apart else span, theme, printed.power)
    size = tensor.shape[-2] * tensor.shape[-1]
    grids = []
    for tile, n in zip(tiles, planes, strict=True):
        plane = ready[n]
        origin, side = view_of(camera, tile, plane.image.shape[0], plane.image.shape[1], cell)
        decimals, size_of_text = (0, 0.0) if bare else printed.fitting(side)
        grids.append(
            Grid(
                key=f"{track}/{tensor.name}/{n}" if not across else f"{track}/{tensor.name}/line",
                box=tile,
                origin=origin,
                cell=side,
                image=plane.image,
                palette=plane.palette,
                ref=(f"{track}/{tensor.name}", n, tensor.pads.top, tensor.pads.left),
                across=across,
                values=None if bare else plane.values,
                decimals=decimals,
                text_size=size_of_text,
                written=padded_written(_written(tensor, n, size), tensor) if not across else tensor.written,
                blank=theme.blank,
                line=theme.line if line is None else line,
            )
        )
    return tuple(grids)


def _written(tensor: Tensor, plane: int, size: int) -> int:
    """How many cells of a plane are written."""
    if tensor.kind == "partial":
        return tensor.written
    return min(max(tensor.written - plane * size, 0), size)


def padded_written(written: int, tensor: Tensor) -> int:
    """Cells of the padded plane to show when so many cells of the plane are written.

    The padding comes with the row that it belongs to, so that an unwritten map shows none.
    """
    rows, columns = tensor.shape[-2:]
    if written >= rows * columns:
        return -1
    if not any(tensor.pads):
        return written
    if written == 0:
        return 0
    wide = columns + tensor.pads.left + tensor.pads.right
    full, rest = divmod(written, columns)
    return (tensor.pads.top + full) * wide + (tensor.pads.left + rest if rest else 0)


def padding_rings(tensor: Tensor, grids: tuple[Grid, ...], theme: Theme) -> tuple[Ring, ...]:
    """The border of the picture itself inside its padding."""
    if not any(tensor.pads):
        return ()
    rows, columns = tensor.shape[-2:]
    return tuple(
        Ring(f"{g.key}/border", cells_box(g, tensor.pads.top, tensor.pads.left, rows, columns), theme.muted,
             width=1.0, clip=g.box)
        for g in grids
    )  # fmt: skip


def cells_box(grid: Grid, row: float, column: float, rows: float, columns: float) -> Box:
    """The rectangle of some cells of a grid, counted with its padding."""
    return Box(
        grid.origin[0] + column * grid.cell,
        grid.origin[1] + row * grid.cell,
        columns * grid.cell,
        rows * grid.cell,
    )


def titled(
    key: str,
    box: Box,
    name: str,
    detail: str,
    color: Color,
    theme: Theme,
    size: float,
    height: float,
    compact: bool = False,
) -> tuple[Primitive, ...]:
    """A panel's title above its box: its name, and its shape under it or, when compact, behind it."""
    if compact:
        line = Box(box.x, box.y - height, box.w, size * 1.3)
        runs = (Run(name, color, Weight.BOLD), Run(f"  {detail}", theme.muted))
        return (Text(f"{key}/title", line, runs, size, Align.CENTER),)
    first, second = size * 1.3, size * 1.0
    at = Box(box.x, box.y - height, box.w, first)
    below = Box(box.x, at.bottom, box.w, second)
    return (
        Text(f"{key}/title", at, (Run(name, color, Weight.BOLD),), size, Align.CENTER),
        Text(f"{key}/shape", below, (Run(detail, theme.muted),), size * 0.75, Align.CENTER),
    )


def legend(
    key: str,
    box: Box,
    span: tuple[float, float],
    kind: ColorKind,
    theme: Theme,
    size: float,
    row: Box,
    power: int = 0,
) -> tuple[Primitive, ...]:
    """A bar of the colours with the numbers at its ends and, for signed values, 0 in the middle; all inside the row.

    The numbers are told in the ``power`` of ten in which those of the cells above stand.
    """
    span = (span[0] / 10.0**power, span[1] / 10.0**power) if power else span
    left = max(row.x, min(box.x, row.right - box.w))
    bar = Box(left, box.y, min(box.w, row.right - left), max(4.0, round(size * 0.45)))
    decimals = decimals_needed(span, 0 if max(map(abs, span)) >= 100 else 2)
    y, h = bar.bottom + 2, size * 1.3
    wide = max(box.w, size * 7)
    around = Box(max(row.x, min(box.cx - wide / 2, row.right - wide)), y, wide, h)

    reach = max(map(abs, span))
    powered = 0 < reach < LEAST or reach >= (LONG if power else HUGE)

    def told(value: float) -> str:
        return tick_text(value, value) if powered else number(value, decimals)

    def at(align: Align, value: float, name: str) -> Text:
        return Text(f"{key}/legend/{name}", around, (Run(told(value), theme.muted),), size, align)

    ends = (at(Align.LEFT, span[0], "low"), at(Align.RIGHT, span[1], "high"))
    longest = max(len(end.text) for end in ends)
    if kind == "signed" and span[0] == -span[1] and 2 * longest * size * DIGIT > wide:
        ends_at = f"±{told(span[1])}"
        both = Text(f"{key}/legend/high", around, (Run(ends_at, theme.muted),), size, Align.CENTER)
        return (Gradient(f"{key}/legend", bar, legend_colors(theme, kind)), both)
    middle = (
        (Text(f"{key}/legend/zero", around, (Run("0", theme.muted),), size, Align.CENTER),)
        if kind == "signed" and (longest + 1) * size * DIGIT < wide / 2
        else ()
    )
    return (Gradient(f"{key}/legend", bar, legend_colors(theme, kind)), *ends, *middle)

"""What points at "now": the window, the cell written, the lines between them, and what hovers."""

from __future__ import annotations

from cnnviz.engine.layers import Conv
from cnnviz.scene.maps import cells_box
from cnnviz.scene.primitives import Box, Color, Grid, Link, Primitive, Rect, Ring
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus
from cnnviz.timeline.relations import Area

LEAST = 9.0
"""No outline is smaller than this, so that a 3×3 window on a photograph can be seen."""

MOST_RINGS = 400
"""Areas of more cells than this are marked by their bounds alone."""


def at_least(box: Box, least: float = LEAST) -> Box:
    """The box grown about its middle to the least size."""
    w, h = max(box.w, least), max(box.h, least)
    return Box(box.cx - w / 2, box.cy - h / 2, w, h)


def find(grids: dict[tuple[str, int], Grid], track: int, tensor: str, plane: int) -> Grid | None:
    """The grid of a plane, where it is on the stage."""
    return grids.get((f"{track}/{tensor}", plane))


def window_box(grid: Grid, focus: Focus) -> Box:
    """Where the window lies on a grid of its input."""
    _, _, top, left = grid.ref
    w = focus.window
    return cells_box(grid, w.row + top, w.column + left, w.height, w.width)


def cell_box(grid: Grid, row: int, column: int) -> Box:
    """Where a cell lies on its grid."""
    return cells_box(grid, row + grid.ref[2], column + grid.ref[3], 1, 1)


def now(
    key: str, box: Box, color: Color, theme: Theme, width: float, clip: Box | None, fill: str = "00"
) -> Ring:
    """A double stroke around what is at work."""
    return Ring(
        key,
        at_least(box),
        color,
        theme.outline,
        width,
        color + fill if fill != "00" else "#00000000",
        clip=clip,
    )


def focus_marks(
    grids: dict[tuple[str, int], Grid],
    focus: Focus,
    color: Color,
    theme: Theme,
    width: float,
    key: str = "now",
) -> tuple[Primitive, ...]:
    """The window on every channel it covers, its taps when dilated, the cell, and lines from window to cell."""
    marks: list[Primitive] = []
    target = find(grids, focus.track, focus.target, focus.cell[0])
    windows: list[tuple[Grid, Box]] = []
    for channel in range(*focus.window.channels):
        grid = find(grids, focus.track, focus.source, channel)
        if grid is not None:
            windows.append((grid, window_box(grid, focus)))
    if target is not None:
        at = cell_box(target, focus.cell[1], focus.cell[2])
        for grid, box in windows[-1:]:  # one channel stands for all: more fills would hide the numbers
            marks += links(f"{key}/link/{grid.key}", box, at, grid.box, target.box, color)
    for grid, box in windows:
        marks += _taps(f"{key}/tap/{grid.key}", grid, focus, color)
        marks.append(now(f"{key}/window/{grid.key}", box, color, theme, width, grown(grid.box, width)))
    if target is not None:
        marks.append(now(f"{key}/cell/{focus.track}", at, color, theme, width, grown(target.box, width)))
    return tuple(marks)


def product_marks(
    grids: dict[tuple[str, int], Grid], focus: Focus, product: int, color: Color, theme: Theme, width: float
) -> tuple[Ring, ...]:
    """The input cell and the weight that are multiplied in this step, where they are large enough to be told apart."""
    _, rows, columns = focus.terms.layout
    channel, rest = divmod(product, rows * columns)
    m, n = divmod(rest, columns)
    w = focus.window
    source = find(grids, focus.track, focus.source, w.channels[0] + channel)
    kernel = find(
        grids, focus.track, f"{focus.target}.weight", focus.cell[0] * focus.terms.layout[0] + channel
    )
    marks = []
    if source is not None and source.cell >= LEAST:
        at = cell_box(source, w.row + m * w.dilation[0], w.column + n * w.dilation[1])
        marks.append(now(f"now/product/x/{focus.track}", at, color, theme, width, grown(source.box, width)))
    if kernel is not None and kernel.cell >= LEAST:
        marks.append(
            now(
                f"now/product/w/{focus.track}",
                cell_box(kernel, m, n),
                color,
                theme,
                width,
                grown(kernel.box, width),
            )
        )
    return tuple(marks)


def grown(box: Box, by: float) -> Box:
    """The box with a margin, so that a stroke on its edge is not cut."""
    return Box(box.x - by * 2, box.y - by * 2, box.w + by * 4, box.h + by * 4)


def links(key: str, window: Box, cell: Box, source: Box, target: Box, color: Color) -> tuple[Link, ...]:
    """Two lines from the right corners of a window to the left corners of a cell, a breath of colour between them.

    Nothing is drawn when one of the two is out of sight (the map is zoomed).
    """
    seen, there = window.meets(source), cell.meets(target)
    if min(seen.w, seen.h, there.w, there.h) <= 0:
        return ()
    a, b = at_least(seen), at_least(there, 3)
    points = ((a.right, a.y), (b.x, b.y), (b.x, b.bottom), (a.right, a.bottom))
    return (
        Link(f"{key}/fill", points, "#00000000", color + "14", closed=True),
        Link(f"{key}/top", points[:2], color + "99", width=1.0),
        Link(f"{key}/bottom", points[2:], color + "99", width=1.0),
    )


def loupe_links(key: str, window: Box, patch: Box, color: Color) -> tuple[Link, ...]:
    """Two lines from the bottom corners of a small window to the top corners of the same window drawn large."""
    a = at_least(window)
    points = ((a.x, a.bottom), (patch.x, patch.y), (patch.right, patch.y), (a.right, a.bottom))
    return (
        Link(f"{key}/fill", points, "#00000000", color + "14", closed=True),
        Link(f"{key}/left", points[:2], color + "99", width=1.0),
        Link(f"{key}/right", points[2:], color + "99", width=1.0),
    )


def area_marks(
    grids: dict[tuple[str, int], Grid], area: Area, track: int, color: Color, theme: Theme
) -> tuple[Primitive, ...]:
    """The cells of an area, each outlined when they are few and large enough, else the bounds of all."""
    marks: list[Primitive] = []
    if area.rows.size == 0 or area.columns.size == 0:
        return ()
    for plane in range(*area.planes):
        grid = find(grids, track, area.tensor, plane)
        if grid is None:
            continue
        first, last = (int(area.rows[0]), int(area.columns[0])), (int(area.rows[-1]), int(area.columns[-1]))
        _, _, top, left = grid.ref
        bounds = cells_box(
            grid, first[0] + top, first[1] + left, last[0] - first[0] + 1, last[1] - first[1] + 1
        )
        clip = grown(grid.box, 2)
        key = f"hover/{grid.key}"
        if area.rows.size * area.columns.size <= MOST_RINGS and grid.cell >= 6:
            marks += [
                Rect(f"{key}/{r}/{c}", cell_box(grid, int(r), int(c)), color + "3c", clip=grid.box)
                for r in area.rows
                for c in area.columns
            ]
        marks.append(now(key, bounds, color, theme, 2.0, clip))
    return tuple(marks)


def _taps(key: str, grid: Grid, focus: Focus, color: Color) -> tuple[Rect, ...]:
    """The cells that a dilated window really reads."""
    spec, w = focus.spec, focus.window
    if not isinstance(spec, Conv) or spec.dilation == (1, 1) or grid.cell < 4:
        return ()
    return tuple(
        Rect(f"{key}/{m}/{n}", cell_box(grid, w.row + m * w.dilation[0], w.column + n * w.dilation[1]),
             color + "33", clip=grid.box)
        for m in range(spec.kernel_size[0])
        for n in range(spec.kernel_size[1])
    )  # fmt: skip

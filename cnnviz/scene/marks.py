"""What points at "now": the window, the cell written, the lines between them, and what hovers."""

from __future__ import annotations

from cnnviz.engine.specs import ConvTranspose, Linear
from cnnviz.engine.windows import transposed_places
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
    """The grid that holds a plane, where it is on the stage; numbers in a line share one."""
    name = f"{track}/{tensor}"
    return grids.get((name, plane)) or grids.get((name, -1))


def window_box(grid: Grid, focus: Focus) -> Box:
    """Where the window lies on a grid of its input."""
    _, _, top, left = grid.ref
    w = focus.window
    if grid.across:
        first, last = (n // grid.across for n in (w.channels[0], w.channels[1] - 1))
        if first == last:
            column = w.channels[0] % grid.across
            return cells_box(grid, first, column, 1, w.channels[1] - w.channels[0])
        return cells_box(grid, first, 0, last - first + 1, grid.across)
    return cells_box(grid, w.row + top, w.column + left, w.height, w.width)


def cell_box(grid: Grid, row: int, column: int, plane: int = 0) -> Box:
    """Where a cell lies on its grid; of numbers in a line it is the plane that counts."""
    if grid.across:
        return cells_box(grid, *divmod(plane, grid.across), 1, 1)
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
        if grid is not None and all(grid is not other for other, _ in windows):
            windows.append((grid, window_box(grid, focus)))
            if grid.across:
                break  # all channels are in this one
    if target is not None:
        at = cell_box(target, focus.cell[1], focus.cell[2], focus.cell[0])
        for grid, box in windows[-1:]:  # one channel stands for all: more fills would hide the numbers
            marks += links(f"{key}/link/{grid.key}", box, at, grid.box, target.box, color)
    for grid, box in windows:
        marks += taps(f"{key}/tap/{grid.key}", grid, focus, color)
        marks.append(now(f"{key}/window/{grid.key}", box, color, theme, width, grown(grid.box, width)))
    if target is not None:
        marks.append(now(f"{key}/cell/{focus.track}", at, color, theme, width, grown(target.box, width)))
    marks += _between(grids, focus, color, theme, width, key)
    marks += _brought(grids, focus, color, theme, width, key)
    return tuple(marks)


def _brought(
    grids: dict[tuple[str, int], Grid], focus: Focus, color: Color, theme: Theme, width: float, key: str
) -> list[Ring]:
    """The cell that a shortcut brings to an addition."""
    if focus.partner_window is None:
        return []
    grid = find(grids, focus.track, focus.partner, focus.cell[0])
    if grid is None:
        return []
    at = cell_box(grid, focus.cell[1], focus.cell[2], focus.cell[0])
    return [now(f"{key}/partner/{grid.key}", at, color, theme, width, grown(grid.box, width))]


def _between(
    grids: dict[tuple[str, int], Grid], focus: Focus, color: Color, theme: Theme, width: float, key: str
) -> list[Ring]:
    """The same cell on the map of each channel, and the row of the weights of a fully connected layer."""
    marks = []
    for (name, _), grid in grids.items():
        if name == f"{focus.track}/{focus.target}.channels":
            at = cell_box(grid, focus.cell[1], focus.cell[2])
            marks.append(now(f"{key}/part/{grid.key}", at, color, theme, width, grown(grid.box, width)))
    if isinstance(focus.spec, Linear):
        matrix = find(grids, focus.track, f"{focus.target}.weight", 0)
        if matrix is not None:
            row = cells_box(matrix, focus.cell[0], 0, 1, matrix.columns)
            name = f"{key}/row/{focus.track}/{matrix.key}"
            marks.append(now(name, row, color, theme, width, grown(matrix.box, width)))
    return marks


def product_marks(
    grids: dict[tuple[str, int], Grid], focus: Focus, product: int, color: Color, theme: Theme, width: float
) -> tuple[Ring, ...]:
    """The input cell and the weight that are multiplied in this step, where they are large enough to be told apart."""
    _, rows, columns = focus.terms.layout
    if product >= focus.terms.products.size:
        return ()
    if isinstance(focus.spec, Linear):
        return _line_product(grids, focus, product, color, theme, width)
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
    if kernel is not None and source is not None and isinstance(focus.spec, ConvTranspose):
        sizes = (source.rows, source.columns)
        taps = [transposed_places(focus.spec, axis, sizes[axis], focus.cell[axis + 1])[1] for axis in (0, 1)]
        m, n = int(taps[0][m]), int(taps[1][n])
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


def _line_product(
    grids: dict[tuple[str, int], Grid], focus: Focus, product: int, color: Color, theme: Theme, width: float
) -> tuple[Ring, ...]:
    """The number of a line and the weight that are multiplied in this step."""
    places = (
        ("x", focus.source, product, (0, 0)),
        ("w", f"{focus.target}.weight", 0, (focus.cell[0], product)),
    )
    marks = []
    for name, tensor, plane, (row, column) in places:
        grid = find(grids, focus.track, tensor, plane)
        if grid is not None and grid.cell >= LEAST:
            at = cell_box(grid, row, column, product)
            marks.append(
                now(f"now/product/{name}/{focus.track}", at, color, theme, width, grown(grid.box, width))
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
    done: list[Grid] = []
    for plane in range(*area.planes):
        grid = find(grids, track, area.tensor, plane)
        if grid is None or any(grid is other for other in done):
            continue
        done.append(grid)
        if grid.across:
            marks += _line_marks(grid, area.planes, color, theme)
            continue
        first, last = (int(area.rows[0]), int(area.columns[0])), (int(area.rows[-1]), int(area.columns[-1]))
        _, _, top, left = grid.ref
        bounds = cells_box(
            grid, first[0] + top, first[1] + left, last[0] - first[0] + 1, last[1] - first[1] + 1
        )
        key = f"hover/{grid.key}"
        if area.rows.size * area.columns.size <= MOST_RINGS and grid.cell >= 6:
            most = max(1, int(area.counts.max()))
            marks += [
                Rect(f"{key}/{r}/{c}", cell_box(grid, int(r), int(c)), color + _strength(int(n), most),
                     clip=grid.box)
                for r, counts in zip(area.rows, area.counts, strict=True)
                for c, n in zip(area.columns, counts, strict=True)
            ]  # fmt: skip
        marks.append(now(key, bounds, color, theme, 2.0, grown(grid.box, 2)))
    return tuple(marks)


def _strength(count: int, most: int) -> str:
    """How strongly a cell is tinted that counts so often, as two hexadecimal digits; the most has that of a mark."""
    return f"{round(0x18 + (0x3C - 0x18) * count / most) if most > 1 else 0x3C:02x}"


def _line_marks(grid: Grid, planes: tuple[int, int], color: Color, theme: Theme) -> list[Primitive]:
    """Some numbers of a line."""
    boxes = [cell_box(grid, 0, 0, plane) for plane in range(*planes)]
    key = f"hover/{grid.key}"
    marks: list[Primitive] = [
        Rect(f"{key}/{n}", box, color + "3c", clip=grid.box) for n, box in enumerate(boxes)
    ]
    if len(boxes) == 1:
        marks.append(now(key, boxes[0], color, theme, 2.0, grown(grid.box, 2)))
    else:
        marks.append(now(key, grid.box, color, theme, 2.0, grown(grid.box, 2)))
    return marks


def taps(key: str, grid: Grid, focus: Focus, color: Color) -> tuple[Rect, ...]:
    """The cells that a dilated window really reads."""
    w, (_, rows, columns) = focus.window, focus.terms.layout
    if w.dilation == (1, 1) or grid.cell < 4:
        return ()
    return tuple(
        Rect(f"{key}/{m}/{n}", cell_box(grid, w.row + m * w.dilation[0], w.column + n * w.dilation[1]),
             color + "33", clip=grid.box)
        for m in range(rows)
        for n in range(columns)
    )  # fmt: skip

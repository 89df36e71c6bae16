"""What points at "now" while a loss, a gradient or an update is at work: windows, their partner, and the cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.apply_backward import backward_layer
from cnnviz.engine.layers import MaxPool
from cnnviz.engine.specs import GlobalMaxPool
from cnnviz.scene.learning_rows import ROW
from cnnviz.scene.marks import (
    LEAST,
    cell_box,
    find,
    focus_marks,
    grown,
    links,
    now,
    product_marks,
    taps,
    window_box,
)
from cnnviz.scene.primitives import Box, Color, Grid, Primitive
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, TrackFrame, Window

MOST_WINNERS = 400
"""On maps of more cells the winners of a pooling are not marked."""

Grids = dict[tuple[str, int], Grid]


def all_marks(
    grids: Grids, focus: Focus, color: Color, theme: Theme, width: float, key: str = "now"
) -> tuple[Primitive, ...]:
    """The window on what is read, that on its partner, the cell, and lines from window to cell."""
    if focus.kind == "forward":
        return focus_marks(grids, focus, color, theme, width, key)
    marks: list[Primitive] = []
    target = find(grids, focus.track, focus.target, focus.cell[0])
    windows = _windows(grids, focus, focus.source, focus.window)
    partners = (
        _windows(grids, focus, focus.partner, focus.partner_window)
        if focus.partner_window is not None
        else []
    )
    at = None if target is None else cell_box(target, focus.cell[1], focus.cell[2], focus.cell[0])
    if target is not None and at is not None and focus.kind not in ("update", "update-bias", "loss"):
        for grid, box in windows[-1:]:
            if target.box.y >= grid.box.bottom:
                continue  # in a column lines would cross what stands above the cell
            marks += links(f"{key}/link/{grid.key}", box, at, grid.box, target.box, color)
    for name, found in (("window", windows), ("partner", partners)):
        for grid, box in found:
            if name == "window":
                marks += taps(f"{key}/tap/{grid.key}", grid, focus, color)
            marks.append(now(f"{key}/{name}/{grid.key}", box, color, theme, width, grown(grid.box, width)))
    if focus.kind in ("update", "update-bias"):
        marks += _same_cell(grids, focus, color, theme, width, key)
    if focus.brought:
        own = Window(focus.cell[1], focus.cell[2], 1, 1, (1, 1), (focus.cell[0], focus.cell[0] + 1))
        for grid, box in _windows(grids, focus, focus.brought, own):
            marks.append(now(f"{key}/way/{grid.key}", box, color, theme, width, grown(grid.box, width)))
    if target is not None and at is not None:
        marks.append(now(f"{key}/cell/{focus.track}", at, color, theme, width, grown(target.box, width)))
    return tuple(marks)


def _windows(grids: Grids, focus: Focus, tensor: str, window: Window) -> list[tuple[Grid, Box]]:
    out: list[tuple[Grid, Box]] = []
    for channel in range(*window.channels):
        grid = find(grids, focus.track, tensor, channel)
        if grid is not None and all(grid is not other for other, _ in out):
            out.append((grid, window_box(grid, replace(focus, window=window))))
    return out


def _same_cell(
    grids: Grids, focus: Focus, color: Color, theme: Theme, width: float, key: str
) -> list[Primitive]:
    """The gradient of the weight that is updated."""
    out: list[Primitive] = []
    row = ROW if focus.source.endswith(ROW) else ""
    source = focus.source.removesuffix(ROW)
    for name in (f"{source}.grad{row}", f"{source}.velocity{row}"):
        grid = find(grids, focus.track, name, focus.cell[0])
        if grid is not None:
            box = cell_box(grid, focus.cell[1], focus.cell[2], focus.cell[0])
            out.append(now(f"{key}/gradient/{grid.key}", box, color, theme, width, grown(grid.box, width)))
    return out


def all_products(
    grids: Grids, focus: Focus, product: int, color: Color, theme: Theme, width: float
) -> tuple[Primitive, ...]:
    """The two numbers that are multiplied in this step, where they are large enough to be told apart."""
    if focus.kind == "forward":
        return product_marks(grids, focus, product, color, theme, width)
    if focus.kind not in ("weight", "input", "bias") or product >= focus.terms.products.size:
        return ()
    _, rows, columns = focus.terms.layout
    channel, rest = divmod(product, rows * columns)
    m, n = divmod(rest, columns)
    pairs: list[tuple[str, str, Window]] = [("x", focus.source, focus.window)]
    if focus.partner_window is not None:
        pairs.append(("w", focus.partner, focus.partner_window))
    marks: list[Primitive] = []
    for name, tensor, w in pairs:
        deep = w.channels[1] - w.channels[0] > 1
        plane = w.channels[0] + (channel if deep else 0)
        down = 0 if deep else channel  # in the matrix of a fully connected layer outputs are rows
        grid = find(grids, focus.track, tensor, plane)
        one_cell = w.height == w.width == 1 and rows * columns > 1
        if grid is None or grid.cell < LEAST or one_cell:
            continue
        box = cell_box(grid, w.row + m * w.dilation[0] + down, w.column + n * w.dilation[1], plane)
        marks.append(
            now(f"now/product/{name}/{focus.track}", box, color, theme, width, grown(grid.box, width))
        )
    return tuple(marks)


def winner_marks(grids: Grids, track: TrackFrame, theme: Theme, width: float) -> tuple[Primitive, ...]:
    """Where the maximum of each window lay: there alone the gradient goes."""
    focus = track.focus
    if focus.kind != "input" or not isinstance(focus.spec, MaxPool | GlobalMaxPool):
        return ()
    x, dout = track.tensor(focus.partner).values, track.tensor(focus.source).values
    if x[0].size > MOST_WINNERS:
        return ()
    routed = backward_layer(focus.spec, None, np.asarray(x, dtype=np.float64), np.ones(dout.shape)).dx
    marks = []
    for plane, row, column in np.argwhere(routed > 0):
        grid = grids.get((f"{focus.track}/{focus.partner}", int(plane)))
        if grid is not None and grid.cell >= LEAST:
            box = cell_box(grid, int(row), int(column)).inset(grid.cell * 0.08)
            key = f"winner/{grid.key}/{row}/{column}"
            marks.append(now(key, box, theme.hover, theme, max(1.5, width * 0.6), grown(grid.box, width)))
    return tuple(marks)

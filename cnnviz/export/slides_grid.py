"""Grids of a scene on a slide: as cells that can be edited and recoloured, as a table, or as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from cnnviz.export.slides_shapes import picture_shape
from cnnviz.export.slides_xml import (
    EMU_OF_POINT,
    NO_FILL,
    RECTANGLE,
    Look,
    Sheet,
    body_frame,
    fill,
    group,
    name_of,
    paragraph,
    properties,
    stroke,
    transform,
    xml_text,
)
from cnnviz.paint.cellnumbers import NUMBERS_FROM, Numbers, numbers_of
from cnnviz.paint.color import visible
from cnnviz.paint.fonts import text_width
from cnnviz.paint.grids import draw_grid
from cnnviz.paint.layers import LINES_FROM
from cnnviz.paint.pixels import Axis, grid_axes
from cnnviz.scene.primitives import Grid

MOST_CELLS = 400
"""A map of more visible cells is a picture."""

LINE = 1.25
"""Height of a line of type in its size."""

SHARPNESS = 3840
"""Pixels that a slide's width would have at the scale of its pictures."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a grid that are seen, in English metric units.

    Attributes
    ----------
    ys, xs : list of int
        Their edges, clipped to what is seen.
    rows, columns : int
        Index of the first row and column.
    colors : list of str
        A fill for each cell, row by row.
    texts : list of str
        What stands in it; empty where nothing is written, or where it is cut off.
    inks : list of str
        The fill of that text.
    size : int
        Height of the text in hundredths of a point.
    line : str
        The line around a cell.
    """

    ys: list[int]
    xs: list[int]
    rows: int
    columns: int
    colors: list[str]
    texts: list[str]
    inks: list[str]
    size: int
    line: tuple[str, float]


def grid_shape(sheet: Sheet, grid: Grid, alt: str, as_picture: bool = False) -> str:
    """A grid as the deck wants it."""
    rows, columns = grid_axes(grid, sheet.look.scale)
    if rows.length <= 0 or columns.length <= 0:
        return ""
    if as_picture or sheet.look.grids == "picture" or seen_cells(grid, sheet.look) > MOST_CELLS:
        relation = sheet.picture(_picture(grid, sheet.look))
        return picture_shape(sheet, name_of(grid.key), grid.box, relation, alt)
    cells = _cells(grid, rows, columns, sheet.look)
    return (_table if sheet.look.grids == "tables" else _shapes)(sheet, grid, cells, alt)


def seen_cells(grid: Grid, look: Look) -> int:
    """How many cells of a grid lie in its box."""
    rows, columns = grid_axes(grid, look.scale)
    return len(_seen(rows)) * len(_seen(columns))


def has_numbers(grid: Grid, look: Look) -> bool:
    """Whether numbers can be read in its cells."""
    return grid.values is not None and grid.text_size * look.scale >= NUMBERS_FROM


def _seen(axis: Axis) -> list[int]:
    """Of the cells of an axis those of which at least a pixel is seen, counted from its first."""
    kept = np.clip(axis.edges, axis.start, axis.stop)
    places: list[int] = np.flatnonzero(np.diff(kept)).tolist()
    return places


def _cells(grid: Grid, rows: Axis, columns: Axis, look: Look) -> Cells:
    down, across = _seen(rows), _seen(columns)
    unit = look.unit / look.scale
    ys, xs = _edges(rows, down, unit), _edges(columns, across, unit)
    colors = grid.colors(rows.cells, columns.cells)
    numbers = numbers_of(grid, rows, columns, look.scale)
    width, written = len(columns.edges) - 1, grid.cells_written()
    tall, wide = (np.diff(np.clip(axis.edges, axis.start, axis.stop)) for axis in (rows, columns))
    dark, light = fill(grid.ink_dark), fill(grid.ink_light)
    fills, texts, inks = [], [], []
    for row in down:
        for column, (red, green, blue) in zip(across, colors[row, across].tolist(), strict=True):
            place = row * width + column
            done = (rows.first + row) * grid.columns + columns.first + column < written
            fills.append(fill(f"#{red:02x}{green:02x}{blue:02x}") if done else fill(grid.blank, look))
            if numbers is None or not done or not _fits(numbers, place, tall[row], wide[column]):
                texts.append("")
                inks.append(dark)
            else:
                texts.append(numbers.texts[numbers.which[place]])
                inks.append(light if numbers.light[place] else dark)
    ruled = grid.cell * look.scale >= LINES_FROM
    size = look.type_size(numbers.size / look.scale if numbers is not None else grid.cell * 0.4)
    line = (grid.line if ruled else "#00000000", 1 / look.scale)
    return Cells(ys, xs, rows.first + down[0], columns.first + across[0], fills, texts, inks, size, line)


def _fits(numbers: Numbers, place: int, tall: int, wide: int) -> bool:
    """Whether what is seen of a cell has room for its number; else that would reach beyond the grid's box."""
    text = numbers.texts[numbers.which[place]]
    return tall >= LINE * numbers.size and wide >= text_width(text, numbers.size)


def _edges(axis: Axis, cells: list[int], unit: float) -> list[int]:
    kept: NDArray[np.int64] = np.clip(axis.edges, axis.start, axis.stop)[cells[0] : cells[-1] + 2]
    return [round(edge * unit) for edge in kept.tolist()]


def _places(cells: Cells) -> Iterator[tuple[int, int, int]]:
    """Row, column and number of each cell."""
    across = len(cells.xs) - 1
    for place in range(len(cells.colors)):
        yield *divmod(place, across), place


def _shapes(sheet: Sheet, grid: Grid, cells: Cells, alt: str) -> str:
    """A rectangle for each cell, in one group."""
    line = stroke(*cells.line, sheet.look)
    head, tail = f"<p:txBody>{body_frame()}", "</p:txBody></p:sp>"
    empty = f'<a:p><a:endParaRPr lang="en-US" sz="{cells.size}"/></a:p>'
    out = []
    for (row, column, place), number_ in zip(_places(cells), sheet.numbers(len(cells.colors)), strict=True):
        x, y = cells.xs[column], cells.ys[row]
        text = cells.texts[place]
        told = paragraph(_run(text, cells.size, cells.inks[place]), "center") if text else empty
        out.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number_}" '
            f'name="row {cells.rows + row}, column {cells.columns + column}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
            f'<a:xfrm><a:off x="{x}" y="{y}"/>'
            f'<a:ext cx="{cells.xs[column + 1] - x}" cy="{cells.ys[row + 1] - y}"/></a:xfrm>'
            f"{RECTANGLE}{cells.colors[place]}{line}</p:spPr>{head}{told}{tail}"
        )
    return group(sheet, name_of(grid.key), grid.box, out, alt)


def _run(text: str, size: int, ink: str) -> str:
    return f'<a:r><a:rPr lang="en-US" sz="{size}">{ink}</a:rPr><a:t>{xml_text(text)}</a:t></a:r>'


def _table(sheet: Sheet, grid: Grid, cells: Cells, alt: str) -> str:
    """A native table."""
    wide = "".join(f'<a:gridCol w="{b - a}"/>' for a, b in zip(cells.xs, cells.xs[1:], strict=False))
    color, width = cells.line
    ruled = f"{fill(color, sheet.look)}" if visible(color) else NO_FILL
    borders = "".join(
        f'<a:ln{side} w="{max(1, sheet.look.emu(width))}">{ruled}</a:ln{side}>' for side in "LRTB"
    )
    across = len(cells.xs) - 1
    rows = []
    for row in range(len(cells.ys) - 1):
        height = cells.ys[row + 1] - cells.ys[row]
        row_cells = "".join(
            _table_cell(cells, place, height, borders) for place in range(row * across, (row + 1) * across)
        )
        rows.append(f'<a:tr h="{height}">{row_cells}</a:tr>')
    frame = (cells.xs[0], cells.ys[0], cells.xs[-1] - cells.xs[0], cells.ys[-1] - cells.ys[0])
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{properties(sheet, name_of(grid.key), alt)}"
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr>'
        f"<p:nvPr/></p:nvGraphicFramePr>{transform(frame, 'p')}"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
        f"<a:tbl><a:tblPr/><a:tblGrid>{wide}</a:tblGrid>{''.join(rows)}</a:tbl>"
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


def _table_cell(cells: Cells, place: int, height: int, borders: str) -> str:
    text = cells.texts[place]
    # A row is made at least as high as the type in it, also where that holds no letter.
    size = min(cells.size, max(100, round(100 * height / EMU_OF_POINT / LINE)))
    inside = (
        _run(text, cells.size, cells.inks[place]) if text else f'<a:endParaRPr lang="en-US" sz="{size}"/>'
    )
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph(inside, 'center')}</a:txBody>"
        f'<a:tcPr marL="0" marR="0" marT="0" marB="0" anchor="ctr">{borders}{cells.colors[place]}</a:tcPr></a:tc>'
    )


def _picture(grid: Grid, look: Look) -> QImage:
    """What the stage shows in the grid's box, enlarged by a whole number so that cells stay sharp."""
    pixel = look.unit * 96 / 914_400  # of a slide at 96 pixels an inch, which is 1280 wide
    times = max(1, round(SHARPNESS / 1280 * pixel))
    left, top = grid.box.x, grid.box.y
    image = QImage(
        max(1, round(grid.box.w * times)),
        max(1, round(grid.box.h * times)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.translate(-round(left * times), -round(top * times))
    draw_grid(painter, grid, times)
    painter.end()
    return image

"""Small maps that follow each other, and their frames, drawn in one go: an overview has hundreds of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.cellnumbers import NUMBERS_FROM
from cnnviz.paint.color import qcolor, rgba, visible
from cnnviz.paint.layers import LINES_FROM, rule_cells
from cnnviz.paint.lru import ByteLru
from cnnviz.paint.pixels import Axis, grid_axes, pixel_rect, px
from cnnviz.paint.shapes import ring_strokes, sides
from cnnviz.scene.primitives import Box, Grid, Primitive, Ring

LEAST = 4
"""So few are drawn one by one: what was rendered of each is kept."""

WIDE = 3
"""Maps that lie scattered over so many times their own area are drawn one by one too."""

MOSAIC_BYTES = 24 << 20

Run: TypeAlias = tuple[Primitive, ...]
Places: TypeAlias = list[tuple[Axis, Axis]]
Words: TypeAlias = NDArray[np.uint32]
Images: TypeAlias = tuple[NDArray[np.uint8] | None, ...]
_Kept: TypeAlias = tuple[Images, Words, QImage]


def _weight(kept: _Kept) -> int:
    return kept[1].nbytes + sum(image.nbytes for image in kept[0] if image is not None)


# The colours are kept with what was made of them, so that no others can come to have their identities; the numbers
# are not, which take much more.
_mosaics: ByteLru[_Kept] = ByteLru(MOSAIC_BYTES, _weight)


def runs(primitives: Iterable[Primitive], dpr: float) -> Iterator[Run]:
    """Cut what is drawn into runs of what can be drawn together, in the same order; all else stands alone."""
    for kind, group in groupby(primitives, lambda p: _kind(p, dpr)):
        together = tuple(group)
        if kind is None or len(together) < LEAST:
            yield from ((p,) for p in together)
        else:
            yield together


def draw_run(painter: QPainter, run: Run, dpr: float) -> bool:
    """Draw a run to the same pixels as one by one, if that can be done together; whether it was."""
    if isinstance(run[0], Ring):
        _draw_rings(painter, tuple(p for p in run if isinstance(p, Ring)), dpr)
        return True
    return _draw_grids(painter, tuple(p for p in run if isinstance(p, Grid)), dpr)


def forget_mosaics() -> None:
    """Empty the cache."""
    _mosaics.clear()


def _kind(p: Primitive, dpr: float) -> Hashable:
    """What those must have alike that are drawn together; None for what stands alone."""
    if isinstance(p, Grid):
        return ("grid", id(p.palette), p.cell, p.line) if _is_plain(p, dpr) else None
    if isinstance(p, Ring):
        plain = not (p.radius or p.dashed or visible(p.fill) or visible(p.outer))
        return ("ring", p.inner, p.width, p.clip) if plain else None
    return None


def _is_plain(grid: Grid, dpr: float) -> bool:
    """Whether a map has no numbers, and all of its cells are written or none of them."""
    count = grid.rows * grid.columns
    return (
        grid.cell * dpr >= 1
        and grid.palette is not None
        and not grid.image.flags.writeable  # what may change is found by its content
        and (grid.values is None or grid.text_size * dpr < NUMBERS_FROM)
        and (grid.written < 0 or grid.written >= count or (not grid.written and not visible(grid.line)))
        and rgba(grid.blank)[3] in (0, 255)
    )


def _draw_grids(painter: QPainter, grids: tuple[Grid, ...], dpr: float) -> bool:
    places = [grid_axes(grid, dpr) for grid in grids]
    seen = [(rows, columns) for rows, columns in places if rows.length > 0 and columns.length > 0]
    if not seen:
        return True
    left, top = min(c.start for _, c in seen), min(r.start for r, _ in seen)
    right, bottom = max(c.stop for _, c in seen), max(r.stop for r, _ in seen)
    if (right - left) * (bottom - top) > WIDE * sum(r.length * c.length for r, c in seen):
        return False
    whole = QRect(left, top, right - left, bottom - top)
    first = grids[0]
    key = (dpr, first.cell, first.line, id(first.palette), tuple(map(_place, grids)))
    image = _mosaics.get(key, lambda: _mosaic(grids, places, whole, dpr))[2]
    painter.drawImage(QPoint(left, top), image)
    return True


def _mosaic(grids: tuple[Grid, ...], places: Places, whole: QRect, dpr: float) -> _Kept:
    """One picture of all the maps, transparent between them."""
    words = np.zeros((whole.height(), whole.width()), np.uint32)
    palette = grids[0].palette
    assert palette is not None
    table, lined = _words(palette), grids[0].cell * dpr >= LINES_FROM and visible(grids[0].line)
    for grid, (rows, columns) in zip(grids, places, strict=True):
        if rows.length <= 0 or columns.length <= 0:
            continue
        part = words[
            rows.start - whole.top() : rows.stop - whole.top(),
            columns.start - whole.left() : columns.stop - whole.left(),
        ]
        if grid.written:
            cells = table.take(grid.image[rows.cells, columns.cells])
            part[...] = cells.take(columns.cell_of_pixel(), 1).take(rows.cell_of_pixel(), 0)
            if lined:
                rule_cells(part, cells, grid.line, rows, columns)
        elif visible(grid.blank):
            red, green, blue, _ = rgba(grid.blank)
            part[...] = 0xFF000000 | red << 16 | green << 8 | blue
    image = QImage(
        words.data,
        whole.width(),
        whole.height(),
        4 * whole.width(),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    return (palette, *(grid.image for grid in grids)), words, image


def _place(grid: Grid) -> tuple[object, ...]:
    return id(grid.image), grid.box, grid.origin, grid.written, grid.blank


def _words(palette: NDArray[np.uint8]) -> Words:
    """The colours as Qt's 0xffRRGGBB words."""
    red, green, blue = palette.T.astype(np.uint32)
    words: Words = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    return words


def _draw_rings(painter: QPainter, rings: tuple[Ring, ...], dpr: float) -> None:
    painter.save()
    clip = rings[0].clip
    if clip is not None:
        painter.setClipRect(pixel_rect(clip, dpr), Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(rings[0].inner))
    painter.drawRects(_bands(tuple(ring.box for ring in rings), px(rings[0].width, dpr), dpr))
    painter.restore()


@lru_cache(maxsize=64)
def _bands(boxes: tuple[Box, ...], width: int, dpr: float) -> list[QRect]:
    """The strokes round some boxes as rectangles; kept, because frames stay where they are from step to step."""
    edges = (ring_strokes(pixel_rect(box, dpr), width) for box in boxes)
    return [side for edge, thick, _ in edges for side in sides(edge, thick)]

"""Grids as cells, tables and pictures."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz.export.raster import pixel_array
from cnnviz.export.slides_grid import grid_shape, has_numbers, seen_cells
from cnnviz.export.slides_xml import NAMESPACES, Look, Sheet
from cnnviz.scene.primitives import Box, Grid
from tests.export.decks import A, P

LOOK = Look(1000, 1.0, {})


def _grid(rows: int = 3, columns: int = 4, **fields: Any) -> Grid:
    """A grid of 20 pixels a cell whose numbers and colours count its cells."""
    count = np.arange(rows * columns).reshape(rows, columns)
    image = np.stack([count % 256, 255 - count % 256, np.full_like(count, 7)], axis=2).astype(np.uint8)
    grid = Grid(
        "0/input/0", Box(100, 50, 20 * columns, 20 * rows), (100, 50), 20, image, ("0/input", 0, 0, 0),
        count - 5.0, 0, 9.0, blank="#eeeeee", line="#c9ced6",
    )  # fmt: skip
    return replace(grid, **fields)


def _made(grid: Grid, look: Look = LOOK) -> tuple[ET.Element, Sheet]:
    sheet = Sheet(look)
    (shape,) = ET.fromstring(f"<root {NAMESPACES}>{grid_shape(sheet, grid, 'Input')}</root>")
    return shape, sheet


def _cells(shape: ET.Element) -> list[tuple[str, str]]:
    """Fill and text of each cell, of a group or a table."""
    out = []
    for cell in shape.findall(f"{P}sp") or list(shape.iter(f"{A}tc")):
        drawn = cell.find(f"{P}spPr") if cell.tag == f"{P}sp" else cell.find(f"{A}tcPr")
        assert drawn is not None
        (color,) = drawn.findall(f"{A}solidFill/{A}srgbClr")
        out.append((str(color.get("val")), "".join(t.text or "" for t in cell.iter(f"{A}t"))))
    return out


@pytest.mark.parametrize("kind", ["shapes", "tables"])
def test_a_cell_has_its_colour_and_number_and_a_blank_one_neither(kind: str) -> None:
    shape, _ = _made(_grid(written=7), replace_look(kind))
    cells = _cells(shape)
    assert cells[:7] == [(f"{n:02X}{255 - n:02X}07", f"{n - 5}".replace("-", "−")) for n in range(7)]
    assert cells[7:] == [("EEEEEE", "")] * 5


def replace_look(kind: str) -> Look:
    return replace(LOOK, grids=kind)


def test_cells_stand_row_by_row_and_fill_the_box() -> None:
    shape, _ = _made(_grid())
    frames = []
    for cell in shape.findall(f"{P}sp"):
        off, ext = cell.find(f".//{A}off"), cell.find(f".//{A}ext")
        assert off is not None
        assert ext is not None
        frames.append(tuple(int(e.get(k, "")) for e, k in ((off, "x"), (off, "y"), (ext, "cx"), (ext, "cy"))))
    assert frames == [
        (100_000 + 20_000 * c, 50_000 + 20_000 * r, 20_000, 20_000) for r in range(3) for c in range(4)
    ]
    names = [str(e.get("name")) for e in shape.iter(f"{P}cNvPr")]
    assert names[0] == "!!0/input/0"
    assert names[-1] == "row 2, column 3"


def test_a_zoomed_grid_shows_the_cells_of_its_box_alone() -> None:
    # 100 to 180 are seen of cells that start at 90: half of the first, four, and half of the sixth.
    grid = _grid(3, 8, box=Box(100, 50, 100, 60), origin=(90, 50))
    shape, _ = _made(grid, replace_look("tables"))
    assert [int(c.get("w", "")) for c in shape.iter(f"{A}gridCol")] == [10_000, *[20_000] * 4, 10_000]
    # Half a cell, 10 pixels, has room for one digit of 9 pixels and none for a sign.
    assert [text for _, text in _cells(shape)][:6] == ["", "−4", "−3", "−2", "−1", "0"]
    assert seen_cells(grid, LOOK) == 18


@pytest.mark.parametrize(("rows", "tag"), [(20, "grpSp"), (21, "pic")])
def test_more_than_400_cells_are_a_picture(rows: int, tag: str) -> None:
    shape, sheet = _made(_grid(rows, 20))
    assert shape.tag == f"{P}{tag}"
    assert len(sheet.pictures) == (tag == "pic")


def test_a_picture_shows_each_cell_sharp() -> None:
    grid = _grid(
        30, 30, cell=2.0, box=Box(10, 10, 60, 60), origin=(10, 10), values=None, line="#00000000", written=70
    )
    # At 1080 lines on 7.5 inches a slide of 3840 pixels has two for each of the stage.
    shape, sheet = _made(grid, Look(6350, 1.0, {}))
    (embedded,) = shape.iter(f"{A}blip")
    assert list(embedded.attrib.values()) == [sheet.pictures[0].relation] == ["rId3"]
    pixels = pixel_array(sheet.pictures[0].image)
    assert pixels.shape == (120, 120, 3)
    wide = np.repeat(np.repeat(grid.image, 4, axis=0), 4, axis=1)
    np.testing.assert_array_equal(pixels[:8], wide[:8])
    np.testing.assert_array_equal(pixels[8:12, :40], wide[8:12, :40])
    assert (pixels[8:12, 40:] == 0xEE).all()
    assert (pixels[12:] == 0xEE).all()


def test_numbers_too_small_to_read_do_not_count() -> None:
    assert has_numbers(_grid(), LOOK)
    assert not has_numbers(_grid(text_size=4.0), LOOK)
    assert not has_numbers(_grid(values=None), LOOK)


def test_a_grid_out_of_its_box_is_not_drawn() -> None:
    assert grid_shape(Sheet(LOOK), _grid(origin=(900.0, 50.0)), "Input") == ""


def test_no_row_of_a_table_is_made_higher_by_type_that_is_not_there() -> None:
    # A tenth of the first row is seen: 2 pixels, which are 2000 units of 12,700 a point.
    shape, _ = _made(_grid(box=Box(100, 68, 80, 42)), replace_look("tables"))
    heights = [int(row.get("h", "")) for row in shape.iter(f"{A}tr")]
    assert heights == [2_000, 20_000, 20_000]
    for row, height in zip(shape.iter(f"{A}tr"), heights, strict=True):
        sizes = {int(e.get("sz", "")) for tag in ("rPr", "endParaRPr") for e in row.iter(f"{A}{tag}")}
        assert max(sizes) <= max(100, 100 * height / 12_700)

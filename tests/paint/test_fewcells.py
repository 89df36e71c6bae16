"""A grid of a few cells looks to the byte as the arrays would have made it."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from cnnviz.paint import fewcells
from cnnviz.paint.layers import forget_layers
from cnnviz.paint.painter import scene_image
from cnnviz.paint.pixels import grid_axes
from cnnviz.scene.primitives import Box, Grid
from tests.paint.scenes import colors, grid, rgb, scene

LEVELS = np.array([[0, 90, 255], [200, 17, 128]])
VALUES = np.array([[0.0, -1.25, 255.0], [1e-9, 17.5, -2680.0]])
PALETTE = np.array([[10, 20, 30], [200, 100, 0], [250, 250, 240]], np.uint8)


def _both(some: Grid, scale: float, monkeypatch: pytest.MonkeyPatch) -> tuple[QImage, QImage]:
    """The picture made by loops, and the one made by arrays."""
    forget_layers()
    loops = scene_image(scene(some, size=(140, 100)), scale)
    forget_layers()
    with monkeypatch.context() as patch:
        patch.setattr(fewcells, "FEW", 0)
        arrays = scene_image(scene(some, size=(140, 100)), scale)
    return loops, arrays


@pytest.mark.parametrize("scale", [1, 1.25, 2])
@pytest.mark.parametrize("cell", [1, 2.5, 7, 20, 39])
@pytest.mark.parametrize(
    "other",
    [
        {},
        {"line": "#00000030"},
        {"line": "#ff0000"},
        {"values": VALUES, "text_size": 9.5, "decimals": 2, "line": "#3060c080"},
        {"values": VALUES, "text_size": 6, "decimals": 1, "comma": True, "ink_light": "#ffff00"},
        {"values": VALUES, "text_size": 15, "box": Box(22, 13, 50, 31), "line": "#00000030"},
        {"values": VALUES, "text_size": 15, "written": 4, "blank": "#eeeeee", "line": "#00000030"},
    ],
)
def test_the_same_pixels(
    cell: float, scale: float, other: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    loops, arrays = _both(grid(colors(LEVELS), cell, (10, 5), **other), scale, monkeypatch)
    assert loops == arrays


def test_the_same_pixels_with_a_palette(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    some = grid(cells, 30, (10, 5), palette=PALETTE, values=VALUES, text_size=10, line="#00000040")
    loops, arrays = _both(some, 1, monkeypatch)
    assert loops == arrays
    assert rgb(loops, 12, 7) == (10, 20, 30)


def test_few_are_told_from_many() -> None:
    some = grid(colors(np.zeros((6, 6))), 10)
    many = grid(colors(np.zeros((6, 7))), 10)
    small = grid(colors(np.zeros((2, 2))), 0.5)
    large = grid(colors(np.zeros((2, 2))), 90, values=np.zeros((2, 2)), text_size=40)
    assert [fewcells.are_few(g, *grid_axes(g, 1), 1) for g in (some, many, small, large)] == [
        True,
        False,
        False,
        False,
    ]

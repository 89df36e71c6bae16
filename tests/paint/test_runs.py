"""Small maps and their frames drawn in one go: the same pixels as one by one."""

import weakref
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.painter import draw_primitive, paint_scene
from cnnviz.paint.runs import _mosaics, forget_mosaics, runs
from cnnviz.scene.primitives import Box, Grid, Primitive, Rect, Ring
from tests.paint.scenes import pixels, scene

PALETTE = np.random.default_rng(1).integers(0, 256, (256, 3)).astype(np.uint8)
SIZE = (300, 260)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget_mosaics()
    yield
    forget_mosaics()


def maps(count: int, side: int, cell: float, seed: int = 0, **other: object) -> tuple[Grid, ...]:
    images = np.random.default_rng(seed).integers(0, 256, (count, side, side)).astype(np.uint8)
    images.setflags(write=False)
    step = side * cell + 3
    boxes = [Box(7.3 + n % 4 * step, 9 + n // 4 * step, side * cell, side * cell) for n in range(count)]
    made = (
        Grid(f"{n}", box, (box.x, box.y), cell, image, ("0/conv1", n, 0, 0), palette=PALETTE)
        for n, (box, image) in enumerate(zip(boxes, images, strict=True))
    )
    return tuple(replace(grid, **other) for grid in made)  # type: ignore[arg-type]  # any field of a grid


def frames(grids: tuple[Grid, ...], clip: Box | None = None) -> tuple[Ring, ...]:
    return tuple(Ring(f"{g.key}/frame", g.box, "#33445580", width=1.0, clip=clip) for g in grids)


def one_by_one(primitives: tuple[Primitive, ...], dpr: float) -> QImage:
    image = QImage(round(SIZE[0] * dpr), round(SIZE[1] * dpr), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    for primitive in primitives:
        draw_primitive(painter, primitive, dpr)
    painter.end()
    return image


def together(primitives: tuple[Primitive, ...], dpr: float) -> QImage:
    image = QImage(round(SIZE[0] * dpr), round(SIZE[1] * dpr), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(dpr, dpr)
    paint_scene(painter, scene(*primitives, size=SIZE, background="#ffffff"), dpr)
    painter.end()
    return image


CASES: dict[str, tuple[Grid, ...]] = {
    "small cells": maps(11, 14, 3.37),
    "cells of a pixel and a bit": maps(12, 40, 1.21),
    "lines between cells": maps(10, 4, 13.0, line="#80808060"),
    "nothing written": maps(9, 14, 3.37, written=0, blank="#eef0f2"),
    "nothing written, nothing drawn": maps(9, 14, 3.37, written=0),
    "all written by their number": maps(9, 14, 3.37, written=196),
    "too scattered": (*maps(4, 5, 2.0), *maps(4, 5, 2.0, box=Box(240, 220, 10, 10), origin=(240, 220))),
    "cut off": tuple(replace(g, box=g.box.meets(Box(20, 20, 90, 77))) for g in maps(9, 14, 3.37)),
}


@pytest.mark.parametrize("dpr", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("name", CASES)
def test_maps_have_the_same_pixels(name: str, dpr: float) -> None:
    grids = CASES[name]
    drawn: tuple[Primitive, ...] = (
        Rect("under", Box(0, 0, 300, 100), "#aabbcc"),
        *grids,
        *frames(grids, Box(0, 0, 100, 90)),
    )
    np.testing.assert_array_equal(pixels(together(drawn, dpr)), pixels(one_by_one(drawn, dpr)))
    again: tuple[Primitive, ...] = (*grids, *frames(grids))
    np.testing.assert_array_equal(pixels(together(again, dpr)), pixels(one_by_one(again, dpr)))


def test_runs_keep_the_order_and_leave_single_things_alone() -> None:
    grids = maps(6, 14, 3.0)
    half = replace(grids[5], written=100)
    numbers = replace(grids[5], values=np.ones((14, 14)), text_size=10.0)
    rect = Rect("r", Box(0, 0, 9, 9), "#ff0000")
    drawn: tuple[Primitive, ...] = (*grids[:5], rect, half, numbers, *frames(grids), *grids[:3])
    cut = list(runs(drawn, 1.0))
    assert [p for run in cut for p in run] == list(drawn)
    assert [len(run) for run in cut] == [5, 1, 1, 1, 6, 1, 1, 1]


def test_other_maps_at_the_same_place_are_drawn_anew() -> None:
    for seed in (1, 2):
        grids = maps(8, 14, 3.0, seed)
        np.testing.assert_array_equal(pixels(together(grids, 1.0)), pixels(one_by_one(grids, 1.0)))


def test_what_was_drawn_is_found_again_by_its_colours_and_holds_no_numbers() -> None:
    grids = maps(8, 14, 3.0, values=None)
    first = pixels(together(grids, 1.0))
    again = tuple(replace(grid, key=f"{grid.key}/again") for grid in grids)
    np.testing.assert_array_equal(pixels(together(again, 1.0)), first)
    assert len(_mosaics) == 1
    numbers = np.zeros((14, 14))
    gone = weakref.ref(numbers)
    together(tuple(replace(grid, values=numbers) for grid in grids), 1.0)
    del numbers
    assert gone() is None
    moved = tuple(replace(grid, written=0, blank="#eef0f2") for grid in grids)
    assert (pixels(together(moved, 1.0)) != first).any()

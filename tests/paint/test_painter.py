"""The painter as a whole: sizes, grounds, parts, order, and where painting may not depend on the past."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.painter import bounds, paint_scene, scene_image
from cnnviz.scene.primitives import Box, Link, Panel, Rect, Ring, Run, Scene, Text
from tests.paint.scenes import colors, grid, pixels, rgb, scene


def _full(background: str | None = "#ffffff") -> Scene:
    rng = np.random.default_rng(4)
    values = rng.integers(-99, 99, (6, 6)).astype(float)
    some = grid(
        colors(rng.integers(0, 256, (6, 6))), 20, (10, 10), values=values, text_size=10.0, line="#80808080", written=20,
        blank="#eeeeee",
    )  # fmt: skip
    title = Text("t", Box(10, 135, 150, 20), (Run("Feature map 6×6", "#111111"),), 14)
    ring = Ring("r", Box(50, 50, 20, 20), "#d01c8b", "#222222", 2)
    link = Link(
        "l", ((70.0, 50.0), (180.0, 80.0), (180.0, 90.0), (70.0, 70.0)), "#d01c8b", "#d01c8b40", 1, True
    )
    return scene(some, title, link, ring, size=(200, 160), background=background)


@pytest.mark.parametrize("scale", [0.5, 1, 1.25, 2])
def test_the_size_is_the_scenes_times_the_scale(scale: float) -> None:
    image = scene_image(_full(), scale)
    assert (image.width(), image.height()) == (200 * scale, 160 * scale)


def test_a_ground_fills_the_picture_and_none_leaves_it_transparent() -> None:
    opaque, clear = scene_image(_full("#123456")), scene_image(_full(None))
    assert opaque.format() == QImage.Format.Format_RGB32
    assert rgb(opaque, 199, 159) == (0x12, 0x34, 0x56)
    assert clear.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert pixels(clear)[159, 199, 3] == 0
    assert pixels(clear)[15, 15, 3] == 255


def test_things_lie_in_drawing_order_with_over_last() -> None:
    low, high = Rect("a", Box(0, 0, 50, 50), "#ff0000"), Rect("b", Box(0, 0, 50, 50), "#00ff00")
    assert rgb(scene_image(scene(low, high)), 10, 10) == (0, 255, 0)
    panel = Panel("p", Box(0, 0, 100, 100), "", (high,))
    assert rgb(scene_image(Scene((100, 100), "#ffffff", (panel,), (low,), "", "")), 10, 10) == (255, 0, 0)


@pytest.mark.parametrize("scale", [1, 1.25, 2])
def test_painting_parts_gives_the_same_bytes_as_painting_the_whole(scale: float) -> None:
    whole = scene_image(_full(), scale)
    parts = QImage(whole.size(), QImage.Format.Format_RGB32)
    parts.fill(0)
    for x in range(0, 200, 40):
        for y in range(0, 160, 32):
            painter = QPainter(parts)
            painter.scale(scale, scale)
            paint_scene(painter, _full(), scale, exposed=Box(x, y, 40, 32))
            painter.end()
    assert np.array_equal(pixels(parts), pixels(whole))


def test_a_part_leaves_the_rest_as_it_is() -> None:
    image = QImage(200, 160, QImage.Format.Format_RGB32)
    image.fill(0xFF0000FF)
    painter = QPainter(image)
    paint_scene(painter, _full(), exposed=Box(20, 20, 10, 10))
    painter.end()
    assert rgb(image, 19, 25) == rgb(image, 30, 25) == (0, 0, 255)
    assert rgb(image, 25, 25) != (0, 0, 255)


def test_the_painter_is_left_as_it_was() -> None:
    image = QImage(200, 160, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    before = painter.transform(), painter.hasClipping(), painter.pen(), painter.renderHints()
    paint_scene(painter, _full(), 1.25, exposed=Box(0, 0, 50, 50))
    assert (painter.transform(), painter.hasClipping(), painter.pen(), painter.renderHints()) == before
    painter.end()


def test_what_was_painted_before_changes_no_byte() -> None:
    first = pixels(scene_image(_full(), 1.25)).tobytes()
    for scale in (1, 1.5, 1.25, 3):
        scene_image(replace(_full("#000000"), size=(150, 150)), scale)
    assert pixels(scene_image(_full(), 1.25)).tobytes() == first


def test_a_picture_of_the_stage_equals_an_exported_one() -> None:
    # A widget's pixels: an image that says how many of its pixels make a logical one.
    stage = QImage(250, 200, QImage.Format.Format_RGB32)
    stage.setDevicePixelRatio(1.25)
    painter = QPainter(stage)
    paint_scene(painter, _full(), 1.25)
    painter.end()
    assert np.array_equal(pixels(stage), pixels(scene_image(_full(), 1.25)))


def test_bounds_of_a_link_are_those_of_its_points() -> None:
    assert bounds(Link("l", ((3.0, 9.0), (1.0, 12.0)), "#000000")) == Box(1, 9, 2, 3)

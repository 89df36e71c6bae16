"""What is painted again is exactly what differs."""

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.painter import paint_scene, scene_image
from cnnviz.scene.primitives import Box, Link, Ring, Scene
from cnnviz.views.damage import damage
from tests.views.scenes import grid, scene

A = Ring("now", Box(100, 60, 40, 40), "#ff0000", width=2)
B = replace(A, box=Box(140, 60, 40, 40))


def holds(boxes: tuple[Box, ...] | None, x: float, y: float) -> bool:
    assert boxes is not None
    return any(box.holds(x, y) for box in boxes)


def test_the_same_scene_has_no_damage() -> None:
    assert damage(scene(A), scene(A)) == ()


def test_what_came_and_what_went_is_damaged() -> None:
    other = replace(B, key="other")
    came, went = damage(scene(A), scene(A, other)), damage(scene(other, A), scene(A))
    assert came == went
    assert holds(came, 160, 80)
    assert not holds(came, 110, 80)


def test_a_key_that_comes_twice_is_painted_whole() -> None:
    assert damage(scene(A), scene(A, B)) is None


def test_a_moved_ring_is_damaged_where_it_was_and_where_it_is() -> None:
    boxes = damage(scene(A), scene(B))
    assert holds(boxes, 99, 80)
    assert holds(boxes, 180, 80)
    assert not holds(boxes, 250, 80)
    assert not holds(boxes, 110, 150)


def test_three_more_cells_written_damage_their_row_only() -> None:
    boxes = damage(scene(written=5), scene(written=8))
    assert holds(boxes, 150, 120)  # row 1 reaches from y = 100 to 140
    assert not holds(boxes, 150, 90)
    assert not holds(boxes, 150, 150)


def test_another_array_damages_the_whole_grid() -> None:
    old = scene()
    panel = replace(old.panels[0], primitives=(grid(pixels=np.zeros((4, 5, 3), np.uint8)),))
    assert holds(damage(old, replace(old, panels=(panel,))), 290, 210)


def test_an_arrow_is_damaged_around_its_points() -> None:
    link = Link("link", ((10, 10), (60, 30)), "#000000", arrow=True)
    boxes = damage(scene(), scene(link))
    assert holds(boxes, 9, 9)
    assert holds(boxes, 66, 36)


def test_another_size_background_or_order_is_painted_whole() -> None:
    old = scene(A, replace(B, key="other"))
    assert damage(None, old) is None
    assert damage(old, replace(old, size=(401, 300))) is None
    assert damage(old, replace(old, background="#000000")) is None
    assert damage(old, replace(old, over=old.over[::-1])) is None


def test_keys_that_come_twice_are_painted_whole() -> None:
    assert damage(scene(A, A), scene(A, A)) is None


def test_painting_the_damage_gives_the_bytes_of_painting_everything() -> None:
    old, new = scene(A, written=5), scene(B, written=8)
    assert pixels(repainted(old, new)) == pixels(scene_image(new))


def repainted(old: Scene, new: Scene) -> QImage:
    image = scene_image(old)
    boxes = damage(old, new)
    assert boxes
    painter = QPainter(image)
    for box in boxes:
        paint_scene(painter, new, exposed=box)
    painter.end()
    return image


def pixels(image: QImage) -> bytes:
    return bytes(image.constBits())

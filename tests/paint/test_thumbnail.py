"""A thumbnail shows the maps, whole and in the middle, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.paint.thumbnail import thumbnail
from cnnviz.scene.composition import UNTITLED
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.telling import telling_step
from cnnviz.timeline.timeline import make_timeline


def scene_of(name: str) -> Scene:
    timeline = make_timeline(shipped_lesson(name))
    return build_scene(timeline, telling_step(timeline), Viewpoint(), (960, 540), LIGHT, composition=UNTITLED)


def drawn(image: QImage) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what differs from the background."""
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3]
    ground = QColor(LIGHT.background or "")
    other = (data != (ground.blue(), ground.green(), ground.red())).any(axis=2)
    rows, columns = np.nonzero(other.any(axis=1))[0], np.nonzero(other.any(axis=0))[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@pytest.mark.parametrize("name", [lesson.id for lesson in shipped()])
def test_the_maps_stand_whole_in_the_middle(name: str) -> None:
    image = thumbnail(scene_of(name), 400, 200)
    left, top, right, bottom = drawn(image)
    assert left >= 4
    assert right <= 395
    assert top >= 2
    assert bottom <= 197
    # They fill most of the one or the other side, and stand in the middle of the width.
    assert right - left >= 240 or bottom - top >= 120
    assert abs((left + right) / 2 - 200) <= 30


def test_the_same_scene_gives_the_same_bytes() -> None:
    scene = scene_of("vertical-edge")
    one, other = thumbnail(scene, 320, 160), thumbnail(scene, 320, 160)
    assert bytes(one.constBits()) == bytes(other.constBits())


def test_an_empty_scene_is_its_background() -> None:
    image = thumbnail(Scene((100, 50), "#123456", (), (), "", ""), 40, 20)
    assert {image.pixelColor(x, y).name() for x in range(40) for y in range(20)} == {"#123456"}

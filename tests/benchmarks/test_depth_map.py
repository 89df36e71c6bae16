"""How long ResNet-34 takes to open, and its map to step, to zoom and to pan."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest

from cnnviz.controllers.opening import cover_for
from cnnviz.engine import drawn
from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Camera, Viewpoint, panned, zoomed
from cnnviz.timeline.progress import beside
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.benchmarks.measuring import Report, milliseconds

pytestmark = pytest.mark.bench

NAME = "resnet-34"
FRAME = 16.7
TIMES = 60
SIZES = ((1280.0, 800.0), (1920.0, 1080.0))


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    made = make_timeline(shipped_lesson(NAME))
    made.frame(0)
    return made


def at(timeline: Timeline, index: int, size: tuple[float, float], camera: Camera) -> Scene:
    return build_scene(timeline, index, Viewpoint(camera), size, LIGHT)


def test_it_opens_before_its_gradients_are_there(report: Report, show: Callable[[Scene], None]) -> None:
    times = []
    for n in range(3):
        drawn._in_use.clear()  # its 21.8 million weights are drawn anew each time
        began = perf_counter()
        opened = beside(make_timeline(shipped_lesson(NAME)))
        show(at(opened, n, SIZES[0], Camera()))
        times.append(1000 * (perf_counter() - began))
    report.add("ResNet-34 opens, 1280×800", times, "ms")


def test_its_picture_is_there_before_its_weights(report: Report, show: Callable[[Scene], None]) -> None:
    times = []
    for _ in range(5):
        began = perf_counter()
        cover = cover_for([NAME])
        assert cover is not None
        show(at(cover, 0, SIZES[0], Camera()))
        times.append(1000 * (perf_counter() - began))
    report.add("ResNet-34's picture while its weights are drawn", times, "ms", 300)


@pytest.mark.parametrize("size", SIZES)
def test_its_map_moves_smoothly(
    report: Report, show: Callable[[Scene], None], timeline: Timeline, size: tuple[float, float]
) -> None:
    what, middle = f"the map of ResNet-34, {size[0]:g}×{size[1]:g}", timeline.count // 2
    steps = milliseconds(lambda n: show(at(timeline, 40 + 3 * n, size, Camera())), TIMES)
    report.add(f"a step in {what}", steps, "ms", FRAME)
    seeks = milliseconds(lambda n: show(at(timeline, 97 * n % timeline.count, size, Camera())), TIMES)
    report.add(f"a seek in {what}", seeks, "ms")
    zooms = [Camera()]
    for _ in range(TIMES + 3):
        zooms.append(zoomed(zooms[-1], 1.03, 0.4, 0.6))
    report.add(f"a zoom in {what}", milliseconds(lambda n: show(at(timeline, middle, size, zooms[n])), TIMES), "ms",
               FRAME)  # fmt: skip
    pans = [Camera(1.5, 0.4, 0.4)]
    for _ in range(TIMES + 3):
        pans.append(panned(pans[-1], 0.005, 0.01))
    report.add(f"a pan in {what}", milliseconds(lambda n: show(at(timeline, middle, size, pans[n])), TIMES), "ms",
               FRAME)  # fmt: skip

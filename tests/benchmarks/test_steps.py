"""How long a step, a zoom, a pan and a seek take: the scene is built, shown in a real view and painted."""

import random
from collections.abc import Callable

import pytest

from cnnviz.engine.layers import Conv
from cnnviz.lesson.lesson import Lesson, Pace, Track
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Camera, Viewpoint, panned, zoomed
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.benchmarks.measuring import Report, milliseconds
from tests.scene.lessons import kernels, photo, random_lesson

pytestmark = pytest.mark.bench

STEP_LIMIT = 4.0
FRAME_LIMIT = 8.3  # 120 frames a second
TIMES = 60
LESSON_4K = (1, 2160, 3840)


def only_conv() -> Lesson:
    """28×28, one kernel, no more: so that every number of both maps can be read."""
    track = Track(photo(28, 28), (Conv(1, (3, 3)),), (kernels(1, 1, (3, 3), whole=True),))
    return Lesson("28×28", (track,), "cell")


def at(timeline: Timeline, index: int, size: tuple[float, float], camera: Camera | None = None) -> Scene:
    view = Viewpoint() if camera is None else Viewpoint(camera)
    return build_scene(timeline, index, view, size, LIGHT)


def test_a_step_of_28x28(report: Report, show: Callable[[Scene], None]) -> None:
    timeline = make_timeline(only_conv())
    steps = milliseconds(lambda n: show(at(timeline, n, (1280, 800))), TIMES)
    report.add("a step, 28×28 at 1280×800", steps, "ms", STEP_LIMIT)
    # The stage that is just high enough for cells of 18 pixels and more.
    heights = (float(h) for h in range(800, 1600, 20))
    large = next((1280.0, h) for h in heights if _readable(at(timeline, 0, (1280.0, h))))
    steps = milliseconds(lambda n: show(at(timeline, n, large)), TIMES)
    report.add(f"a step, 28×28 with cells of 18 pixels at 1280×{large[1]:g}", steps, "ms", STEP_LIMIT)


def _readable(scene: Scene) -> bool:
    return all(p.cell >= 18 for p in scene.primitives() if isinstance(p, Grid))


@pytest.fixture(scope="module")
def timeline_4k() -> Timeline:
    """A picture of 3840×2160 with one kernel."""
    return make_timeline(random_lesson(LESSON_4K, pace="cell"))


def test_a_4k_picture_moves_smoothly(
    report: Report, show: Callable[[Scene], None], timeline_4k: Timeline
) -> None:
    size, index = (1280.0, 800.0), timeline_4k.count // 4
    steps = milliseconds(lambda n: show(at(timeline_4k, index + n, size)), TIMES)
    report.add("a step, 3840×2160", steps, "ms", FRAME_LIMIT)
    zooms = [Camera()]
    for _ in range(TIMES + 3):
        zooms.append(zoomed(zooms[-1], 1.12, 0.4, 0.6))
    zoom_times = milliseconds(lambda n: show(at(timeline_4k, index, size, zooms[n])), TIMES)
    report.add("a zoom, 3840×2160", zoom_times, "ms", FRAME_LIMIT)
    for zoom in (4.0, 60.0, 400.0):
        pans = [Camera(zoom, 0.3, 0.3)]
        for _ in range(TIMES + 3):
            pans.append(panned(pans[-1], 0.02, 0.03))
        moved = milliseconds(lambda n, pans=pans: show(at(timeline_4k, index, size, pans[n])), TIMES)  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        report.add(f"a pan, 3840×2160 at {zoom:g}×", moved, "ms", FRAME_LIMIT)


@pytest.mark.parametrize("pace", ["multiply", "cell"])
def test_a_seek_among_millions_of_cells(report: Report, pace: Pace) -> None:
    timeline = make_timeline(random_lesson(LESSON_4K, pace=pace))
    chance = random.Random(0)
    places = [chance.randrange(timeline.count) for _ in range(TIMES + 3)]
    at(timeline, 0, (1280, 800))
    found = milliseconds(lambda n: at(timeline, places[n], (1280, 800)), TIMES)
    report.add(f"a seek in {timeline.count:,} steps ({pace})", found, "ms", 20)

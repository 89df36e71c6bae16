"""How long the overview of a network takes to open, to zoom and to pan, and a way from level to level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import pytest

from cnnviz.files.datasets import shipped_set
from cnnviz.lesson.source import Source
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.tween import tween_levels
from cnnviz.scene.viewpoint import Camera, Viewpoint, panned, zoomed
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.benchmarks.measuring import Report, milliseconds
from tests.helpers.networks import NETWORKS, network

pytestmark = pytest.mark.bench

OPENED = 300.0
FRAME = 16.7
TIMES = 60
SIZES = ((1280.0, 800.0), (1920.0, 1080.0))
NAMES = ("lenet", "four")


def at(timeline: Timeline, index: int, size: tuple[float, float], **other: object) -> Scene:
    camera, hover = other.pop("camera", Camera()), other.pop("hover", None)
    assert isinstance(camera, Camera)
    assert hover is None or isinstance(hover, CellRef)
    return build_scene(timeline, index, Viewpoint(camera, level="network"), size, LIGHT, hover)


def _name(name: str, timeline: Timeline) -> str:
    return f"{len(timeline.lesson.tracks[0].layers)} layers ({name})"


@pytest.mark.parametrize("name", NAMES)
def test_an_overview_opens(report: Report, show: Callable[[Scene], None], name: str) -> None:
    lesson, size, times = network(name).lesson, SIZES[1], []
    data = shipped_set(NETWORKS[name][0])
    for n in range(7):
        # Another picture each time: what was computed for one is kept.
        track = replace(lesson.tracks[0], source=Source(data.images[data.entry.train + 1 + n], "probe"))
        began = perf_counter()
        timeline = make_timeline(replace(lesson, tracks=(track,)))
        show(at(timeline, timeline.count - 1, size))
        times.append(1000 * (perf_counter() - began))
    report.add(f"the overview of {_name(name, timeline)} opens, 1920×1080", times, "ms", OPENED)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_an_overview_moves_smoothly(
    report: Report, show: Callable[[Scene], None], name: str, size: tuple[float, float]
) -> None:
    timeline = network(name)
    what, last = f"the overview of {_name(name, timeline)}, {size[0]:g}×{size[1]:g}", timeline.count - 1
    steps = milliseconds(lambda n: show(at(timeline, n % timeline.count, size)), TIMES)
    report.add(f"a step in {what}", steps, "ms", FRAME)
    zooms = [Camera()]
    for _ in range(TIMES + 3):
        zooms.append(zoomed(zooms[-1], 1.03, 0.4, 0.6))
    report.add(f"a zoom in {what}", milliseconds(lambda n: show(at(timeline, last, size, camera=zooms[n])), TIMES),
               "ms", FRAME)  # fmt: skip
    pans = [Camera(2.5, 0.3, 0.3)]
    for _ in range(TIMES + 3):
        pans.append(panned(pans[-1], 0.01, 0.02))
    report.add(f"a pan in {what}", milliseconds(lambda n: show(at(timeline, last, size, camera=pans[n])), TIMES),
               "ms", FRAME)  # fmt: skip
    refs = [CellRef(0, "conv2", n % 16, 3, 3) for n in range(TIMES + 3)]
    report.add(f"the pointer in {what}", milliseconds(lambda n: show(at(timeline, last, size, hover=refs[n])), TIMES),
               "ms", FRAME)  # fmt: skip
    layer = build_scene(timeline, timeline.count // 2, Viewpoint(level="layer"), size, LIGHT)
    over = at(timeline, timeline.count // 2, size)
    glide = milliseconds(lambda n: show(tween_levels(layer, over, n / (TIMES + 3))), TIMES)
    report.add(f"a picture on the way from a layer to {what}", glide, "ms", FRAME)

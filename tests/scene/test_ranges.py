"""Ranges of colours: what shares one, over maps, layers, networks and tracks side by side."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.lesson import Lesson, Range, Track, View
from cnnviz.lesson.source import Source
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.panels import range_of, span_of
from cnnviz.scene.primitives import Grid
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.scene.scenes import texts

Span = tuple[float, float]


def spans(timeline: Timeline, view: Viewpoint | None = None) -> list[dict[str, Span]]:
    frame = timeline.frame(timeline.count - 1)
    look = Look(view or Viewpoint(), LIGHT, Metrics.of(1280, 720), timeline.lesson, frame.tracks)
    return [{t.name: span_of(t, track, look) for t in track.tensors} for track in frame.tracks]


def weights(*values: float) -> Params:
    return Params(np.array(values).reshape(-1, 1, 1, 1))


def chain(*factors: float) -> Track:
    """Pixels from 0 to 10, multiplied by each factor in turn, the first of them cut by ReLU."""
    layers: tuple[AnyLayer, ...] = (Conv(1, (1, 1)), Relu(), *(Conv(1, (1, 1)) for _ in factors[1:]))
    params = (weights(factors[0]), None, *(weights(f) for f in factors[1:]))
    return Track(Source(np.array([[[0.0, 4], [6, 10]]])), layers, params)


def one(mode: Range, *factors: float) -> dict[str, Span]:
    return spans(make_timeline(Lesson("One", (chain(*factors),), view=View(range=mode))))[0]


def test_a_map_and_its_activation_share_the_range_of_their_layer() -> None:
    found = one("layer", -2.0, 3.0)
    # −2·10 = −20; ReLU leaves 0 … 0, and 3·0 = 0, which reaches from −1 to 1.
    assert found == {
        "input": (0, 10), "conv1.weight": (-2, 2), "conv1": (-20, 20), "relu1": (-20, 20),
        "conv2.weight": (-3, 3), "conv2": (-1, 1),
    }  # fmt: skip


def test_a_tensor_for_itself() -> None:
    found = one("tensor", -2.0, 3.0)
    assert [found[name] for name in ("conv1", "relu1", "conv2")] == [(-20, 20), (-1, 1), (-1, 1)]


def test_all_maps_of_the_network() -> None:
    found = one("network", 2.0, 0.5)
    assert [found[name] for name in ("conv1", "relu1", "conv2")] == [(-20, 20)] * 3
    assert found["input"] == (0.0, 10.0)  # other colours
    assert found["conv2.weight"] == (-0.5, 0.5)


@pytest.mark.parametrize("mode", ["layer", "network"])
def test_tracks_side_by_side_share_a_range(mode: Range) -> None:
    lesson = Lesson("Two", (chain(2.0), chain(3.0)), view=View(range=mode))
    first, second = spans(make_timeline(lesson))
    assert {first["conv1"], second["conv1"], first["relu1"]} == {(-30, 30)}
    assert [track["conv1.weight"] for track in (first, second)] == [(-2, 2), (-3, 3)]
    assert first["input"] == (0.0, 10.0)
    apart = spans(make_timeline(Lesson("Two", lesson.tracks, view=View(range="tensor"))))
    assert [track["conv1"] for track in apart] == [(-20, 20), (-30, 30)]


def test_the_viewer_goes_before_the_lesson() -> None:
    timeline = make_timeline(Lesson("One", (chain(-2.0),), view=View(range="layer")))
    assert spans(timeline, Viewpoint(range_mode="tensor"))[0]["relu1"] == (-1, 1)
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), timeline.lesson)
    assert range_of(look) == "layer"


def test_a_pooled_picture_stays_between_black_and_white() -> None:
    picture = Source(np.array([[[10, 20], [30, 40]]], dtype=np.uint8))
    track = Track(picture, (MaxPool((2, 2), (2, 2)),), (None,))
    assert spans(make_timeline(Lesson("Pool", (track,))))[0] == {"input": (0, 255), "pool1": (0, 255)}


def test_each_map_in_a_range_of_its_own() -> None:
    # Two kernels, 1 and 100: in a common range the first map is pale, in their own both reach the last colour.
    track = Track(Source(np.array([[[1.0, 2, 3, 4]]])), (Conv(2, (1, 1)),), (weights(1.0, 100.0),))
    colors = {}
    for mode in ("map", "layer"):
        timeline = make_timeline(Lesson("Own", (track,), view=View(range=mode)))
        scene = build_scene(timeline, timeline.count - 1, Viewpoint(), (1280, 720), LIGHT)
        grids = [p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/conv1"]
        colors[mode] = [grid.colors().tolist() for grid in grids]
        assert ("0/conv1/legend/own" in texts(scene)) == (mode == "map")
        assert ("0/conv1/legend/low" in texts(scene)) == (mode == "layer")
    assert colors["map"][0] == colors["map"][1]
    assert colors["layer"][0] != colors["layer"][1]
    assert colors["layer"][1] == colors["map"][1]


def test_the_padding_of_a_maximum_has_no_part_in_a_maps_own_range() -> None:
    layers = (Conv(2, (1, 1)), MaxPool((2, 2), (1, 1), (1, 1)))
    track = Track(Source(np.array([[[-1.0, 2], [3, -4]]])), layers, (weights(1.0, 2.0), None))
    timeline = make_timeline(Lesson("Padded", (track,), view=View(range="map")))
    scene = build_scene(timeline, timeline.count - 1, Viewpoint(), (1280, 720), LIGHT)
    first, second = (p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/conv1")
    assert first.colors(slice(1, 3), slice(1, 3)).tolist() == second.colors(slice(1, 3), slice(1, 3)).tolist()
    assert len({tuple(c) for row in first.colors(slice(1, 3), slice(1, 3)).tolist() for c in row}) == 4

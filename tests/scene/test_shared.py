"""The kernel that tracks share: drawn once where all have the same, else in each track."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.shared import MOST_CELLS, shared_kernel
from cnnviz.scene.shown import Shown, shown_of
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline

EDGE = np.array([[[[1.0, 0, -1]] * 3]])
SOURCE = Source(np.arange(36.0).reshape(1, 6, 6))


def track(weight: np.ndarray = EDGE, stride: int = 1, source: Source = SOURCE) -> Track:
    conv = Conv(weight.shape[0], (weight.shape[2], weight.shape[3]), (stride, stride))
    return Track(source, (conv, Relu()), (Params(weight), None), f"stride {stride}")


def kernel_of(*tracks: Track) -> Shown | None:
    timeline = make_timeline(Lesson("Shared", tracks))
    frame = timeline.frame(0)
    return shared_kernel(
        tuple(shown_of(timeline, own, own.focus, timeline.lesson.view) for own in frame.tracks)
    )


def test_the_same_kernel_is_shared_whatever_else_differs() -> None:
    one = kernel_of(track(), track(stride=2), track(stride=3))
    assert one is not None
    assert one.tensor.values[0, 0].tolist() == EDGE[0, 0].tolist()


@pytest.mark.parametrize(
    "tracks",
    [
        (track(),),
        (track(), track(EDGE * 2)),
        (track(), track(np.ones((1, 1, 5, 5)))),
        (track(), Track(SOURCE, (Relu(),), (None,), "none")),
    ],
)
def test_other_kernels_are_not(tracks: tuple[Track, ...]) -> None:
    assert kernel_of(*tracks) is None


def test_a_kernel_of_many_weights_takes_more_room_than_it_saves() -> None:
    large = Source(np.ones((1, 9, 9)))
    seven, eight = np.ones((1, 1, 7, 7)), np.ones((1, 1, 8, 7))
    assert seven.size == MOST_CELLS
    assert kernel_of(track(seven, source=large), track(seven, 2, large)) is not None
    assert kernel_of(track(eight, source=large), track(eight, 2, large)) is None


def scene() -> Scene:
    timeline = make_timeline(Lesson("Shared", (track(), track(stride=2))))
    return build_scene(timeline, 3, Viewpoint(), (1280, 720), LIGHT)


def test_it_stands_once_at_the_left_of_all_maps_and_answers_to_the_pointer() -> None:
    grids = [p for p in scene().primitives() if isinstance(p, Grid)]
    kernels = [g for g in grids if g.ref[0].endswith(".weight")]
    assert len(kernels) == 1
    (kernel,) = kernels
    assert all(kernel.box.right < g.box.x for g in grids if g is not kernel)
    x, y = kernel.origin[0] + 2.5 * kernel.cell, kernel.origin[1] + 0.5 * kernel.cell
    assert cell_at(scene(), x, y) == CellRef(0, "conv1.weight", 0, 0, 2)

"""What of a track is put on the stage, and how numbers in a line are laid and found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer, Flatten, Linear, Softmax
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.source import Source
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Grid
from cnnviz.scene.shown import Shown, in_line, kernel_shown, shown_of
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.relations import relate
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.random_chains import weights_for


def timeline_of(shape: tuple[int, int, int], *layers: AnyLayer, view: View | None = None) -> Timeline:
    source = Source(np.arange(1.0, np.prod(shape) + 1).reshape(shape))
    params: list[Params | None] = []
    for number, spec in enumerate(layers):
        before = Track(source, layers[:number], tuple(params)).shapes()[-1]
        params.append(weights_for(spec, before, number, bias=False))
    return make_timeline(
        Lesson("Shown", (Track(source, layers, tuple(params)),), "layer", view=view or View())
    )


def shown(timeline: Timeline, index: int = 0) -> dict[str, Shown]:
    frame = timeline.frame(index).lead
    return {one.key: one for one in shown_of(timeline, frame, frame.focus, timeline.lesson.view)}


def test_panels_follow_the_computation() -> None:
    network = (Conv(2, (3, 3)), Relu(), MaxPool((2, 2), (2, 2)), Flatten(), Linear(3), Softmax())
    found = shown(timeline_of((1, 6, 6), *network))
    assert list(found) == [
        "input", "conv1.weight", "conv1", "relu1", "pool1", "flat1", "linear1.weight", "linear1", "softmax1",
    ]  # fmt: skip
    assert [one.kind for one in found.values()].count("kernel") == 2
    assert {key: one.across for key, one in found.items() if one.across} == {
        "flat1": 1,
        "linear1": 1,
        "softmax1": 1,
    }
    assert (found["conv1"].planes, found["conv1.weight"].planes) == (range(2), range(1, 2))
    assert (found["linear1.weight"].rows, found["linear1.weight"].columns) == (3, 8)


def test_the_kernel_of_the_map_at_work_is_shown_with_its_channels() -> None:
    timeline = timeline_of((2, 4, 4), Conv(3, (2, 2)), Relu())
    frame = timeline.frame(0).lead
    for cell, planes in (((0, 0, 0), range(2)), ((2, 1, 1), range(4, 6))):
        focus = timeline.focus(0, 1, cell)
        kernel = next(one for one in shown_of(timeline, frame, focus, View()) if one.kind == "kernel")
        assert (kernel.planes, kernel.kernel) == (planes, cell[0])


def test_which_kernel_stands_behind_a_later_map() -> None:
    layers = (Conv(3, (2, 2)), Relu(), Conv(2, (1, 1)), Flatten(), Linear(2))
    timeline = timeline_of((2, 3, 3), *layers)
    weights = {t.layer: t for t in timeline.frame(0).lead.tensors if t.kind == "weight"}

    def kernels(layer: int, cell: tuple[int, int, int]) -> list[int]:
        focus = timeline.focus(0, layer, cell)
        return [kernel_shown(weights[n], focus, layers) for n in (0, 2, 4)]

    assert kernels(0, (1, 0, 0)) == [1, 0, 0]  # later ones wait with their first
    assert kernels(1, (2, 0, 0)) == [2, 0, 0]  # ReLU keeps the maps apart
    assert kernels(2, (1, 0, 0)) == [2, 1, 0]  # behind another convolution all count: the last
    assert kernels(4, (1, 0, 0)) == [2, 1, 1]


def test_opened_channels_and_curves_stand_before_their_map() -> None:
    view = View(curves=True, channels=True)
    found = shown(timeline_of((3, 4, 4), Conv(2, (2, 2)), Relu(), view=view))
    assert list(found) == ["input", "conv1.weight", "conv1.channels", "conv1", "relu1.curve", "relu1"]
    assert (found["conv1.channels"].planes, found["conv1"].planes, found["relu1"].planes) == (
        range(3), range(1, 2), range(1, 2),
    )  # fmt: skip
    assert (found["relu1.curve"].kind, found["relu1.curve"].rows) == ("curve", 7)


def test_a_single_channel_is_not_opened() -> None:
    assert "conv1.channels" not in shown(timeline_of((1, 4, 4), Conv(2, (2, 2)), view=View(channels=True)))


@pytest.mark.parametrize(
    ("count", "across", "rows"), [(2, 1, 2), (12, 1, 12), (13, 8, 2), (16, 8, 2), (20, 8, 3)]
)
def test_numbers_stand_in_a_column_or_in_rows_of_eight(count: int, across: int, rows: int) -> None:
    timeline = timeline_of((count, 1, 1), Softmax())
    line, found = in_line(timeline.frame(0).lead.tensor("input"))
    assert (found, line.shape) == (across, (1, rows, across))
    assert line.values.ravel()[:count].tolist() == list(range(1, count + 1))


@pytest.mark.parametrize("count", [2, 12, 13, 20, 64])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_number_of_a_line_is_found_at_the_middle_of_its_cell(count: int, size: tuple[int, int]) -> None:
    timeline = timeline_of((count, 1, 1), Linear(3), Softmax())
    scene = build_scene(timeline, 1, Viewpoint(), size, LIGHT)
    lines = [p for p in scene.primitives() if isinstance(p, Grid) and p.across]
    assert [grid.ref[0] for grid in lines] == ["0/input", "0/linear1", "0/softmax1"]
    for grid in lines:
        track, tensor = grid.ref[0].split("/")
        values = timeline.tensors[int(track)].arrays[timeline.tensor_names(0).index(tensor)].ravel()
        for n in range(grid.rows * grid.columns):
            row, column = divmod(n, grid.across)
            x, y = grid.origin[0] + (column + 0.5) * grid.cell, grid.origin[1] + (row + 0.5) * grid.cell
            ref = cell_at(scene, x, y)
            assert ref == CellRef(0, tensor, n, 0, 0)
            relation = relate(timeline, ref)
            assert (relation is not None) == (n < values.size)  # what fills up the last row is no number
            if relation is not None and grid.values is not None:
                assert relation.value == values[n] == grid.values[row, column]


def test_use_counts_replace_only_the_input_of_a_window() -> None:
    counted = shown(timeline_of((1, 4, 4), Conv(1, (3, 3)), view=View(heat="uses")))
    assert counted["input"].tensor.values[0].tolist() == [
        [1, 2, 2, 1],
        [2, 4, 4, 2],
        [2, 4, 4, 2],
        [1, 2, 2, 1],
    ]
    assert list(counted["input"].tensor.span) == [0, 4]
    plain = shown(timeline_of((1, 4, 4), Relu(), view=View(heat="uses")))
    assert plain["input"].tensor.values.max() == 16


def test_a_line_that_is_not_yet_written_shows_only_its_first_numbers() -> None:
    lesson = replace(timeline_of((20, 1, 1), Softmax()).lesson, pace="cell")
    timeline = make_timeline(lesson)
    scene = build_scene(timeline, 4, Viewpoint(), (1280, 720), LIGHT)
    grid = next(p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/softmax1")
    assert grid.cells_written() == 5
    last = build_scene(timeline, 19, Viewpoint(), (1280, 720), LIGHT)
    full = next(p for p in last.primitives() if isinstance(p, Grid) and p.ref[0] == "0/softmax1")
    assert full.cells_written() == 20

"""The overview: a column for each layer, what is written so far, counts, and class bars."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.hit import cell_at, fraction_at, pan_box
from cnnviz.scene.network import counted
from cnnviz.scene.network_columns import LABELS
from cnnviz.scene.primitives import Grid, Link, Rect, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Camera, Viewpoint, zoomed
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.networks import network
from tests.scene.ink import problems
from tests.scene.scenes import texts

FAR = Viewpoint(level="network")


def scene_at(timeline: Timeline, index: int = -1, **other: Any) -> Scene:
    size, theme = other.pop("size", (1280, 800)), other.pop("theme", LIGHT)
    return build_scene(timeline, index % timeline.count, FAR, size, theme, other.pop("hover", None))


def grids_of(scene: Scene) -> list[Grid]:
    return [p for p in scene.primitives() if isinstance(p, Grid)]


def test_every_map_of_every_layer_is_there() -> None:
    planes: dict[str, int] = {}
    for grid in grids_of(scene_at(network("lenet"))):
        planes[grid.ref[0]] = planes.get(grid.ref[0], 0) + 1
    assert list(planes.items())[:7] == [
        *(("0/input", 1), ("0/conv1", 6), ("0/relu1", 6), ("0/pool1", 6)),
        *(("0/conv2", 16), ("0/relu2", 16), ("0/pool2", 16)),
    ]
    assert list(planes)[7:] == [
        f"0/{n}" for n in ("flat1", "linear1", "relu3", "linear2", "relu4", "linear3", "softmax1")
    ]


def test_columns_stand_in_the_order_of_the_layers() -> None:
    scene = scene_at(network("four"))
    left = {grid.ref[0]: grid.box.x for grid in reversed(grids_of(scene))}
    names = [f"0/{n}" for n in network("four").tensor_names(0)]
    assert [left[n] for n in names] == sorted(left[n] for n in names)


def test_on_the_way_back_what_a_gradient_is_made_of_is_marked_on_both_maps() -> None:
    timeline = make_timeline(shipped_lesson("digits-network"))
    # The weight from number 35 to score 9: the last cells of both columns.
    scene = scene_at(timeline, timeline.index_of(CellRef(0, "linear1.weight.grad", 0, 9, 35)))
    rings = {p.key: p.box for p in scene.primitives() if isinstance(p, Ring)}
    columns = {g.ref[0]: g.box for g in grids_of(scene)}
    for ring, column in (
        ("window/0/flat1/line", "0/flat1"),
        ("partner/0/linear1.grad/line", "0/linear1.grad"),
    ):
        assert rings[f"0/now/{ring}"].bottom == pytest.approx(columns[column].bottom, abs=6)


def test_time_runs_through_the_overview() -> None:
    timeline = network("lenet")
    section = timeline.sections[0][3]
    scene = scene_at(timeline, section.start)
    written = {(g.ref[0], g.ref[1]): g.cells_written() for g in grids_of(scene)}
    assert written[("0/pool1", 5)] == 14 * 14
    assert 0 < written[("0/conv2", 0)] < 100
    assert written[("0/conv2", 1)] == written[("0/softmax1", 0)] == 0
    assert [p.key for p in scene.primitives() if p.key.endswith("/work")] == ["0/conv2/work"]


def test_heads_and_counts_tell_each_layer() -> None:
    told = texts(scene_at(network("lenet")))
    assert (told["0/conv2/title"], told["0/conv2/shape"]) == ("Conv 5×5", "16×10×10")
    assert (told["0/conv2/parameters"], told["0/conv2/multiply-adds"]) == ("2,416", "240 k")
    assert "0/relu1/parameters" not in told
    assert told["0/total"] == "61,706 parameters, 416,520 multiply-adds in all"


def test_class_bars_are_as_long_as_the_probabilities() -> None:
    scene = scene_at(network("four"))
    bars = {p.key: p.box.w for p in scene.primitives() if isinstance(p, Rect) and "/class/" in p.key}
    told = texts(scene)
    values = network("four").tensors[0].arrays[-1].ravel()
    for n, p in enumerate(values):
        key = f"0/softmax1/class/{n}"
        assert abs(bars[f"{key}/bar"] - max(1.0, bars[f"{key}/room"] * float(p))) < 1e-6
        assert told[f"{key}/p"].startswith(f"{p:.3f}")
    data = shipped_set("patches")
    right = f"0/softmax1/class/{data.labels[data.entry.train]}/p"
    assert [key for key in told if told[key].endswith("✓")] == [right]


def test_hidden_answers_are_hidden_in_the_bars_too() -> None:
    timeline = network("digits")
    view = Viewpoint(level="network", hidden=frozenset({"total"}))
    scene = build_scene(timeline, timeline.count - 1, view, (1280, 800), LIGHT)
    assert {p.key for p in scene.primitives() if p.key.endswith("/bar")} == set()


def test_the_lesson_says_at_which_level_it_begins() -> None:
    timeline = network("digits")
    cell = build_scene(timeline, 0, Viewpoint(), (1280, 800), LIGHT)
    assert any(panel.key == "sum" for panel in cell.panels)
    assert not any(panel.key == "sum" for panel in scene_at(timeline, 0).panels)


@pytest.mark.parametrize("name", ["digits", "lenet", "four"])
@pytest.mark.parametrize("size", [(860, 520), (1280, 800), (1920, 1080)])
def test_nothing_overlaps_and_everything_can_be_read(name: str, size: tuple[int, int]) -> None:
    timeline = network(name)
    for index in (0, timeline.count // 2, timeline.count - 1):
        assert list(problems(scene_at(timeline, index, size=size))) == []


@pytest.mark.parametrize("name", ["classifier", "rgb", "sixty-four-kernels", "strides", "learn-edge-labels"])
def test_every_kind_of_lesson_has_an_overview(name: str) -> None:
    timeline = make_timeline(shipped_lesson(name))
    for index in (0, timeline.count // 2):
        assert list(problems(scene_at(timeline, index, theme=DARK))) == []


@pytest.mark.parametrize(
    ("n", "text"),
    [(850, "850"), (9_408, "9,408"), (48_120, "48.1 k"), (240_000, "240 k"), (2_400_000, "2.4 M")],
)
def test_counts_have_at_most_four_digits(n: int, text: str) -> None:
    assert counted(n) == text


def test_pointing_at_a_map_lights_up_its_edges_and_shows_its_kernel() -> None:
    timeline = network("lenet")
    scene = scene_at(timeline, hover=CellRef(0, "conv2", 7, 3, 3))
    links = [p for p in scene.over if isinstance(p, Link) and p.key.startswith("edge/")]
    boxes = {(g.ref[0], g.ref[1]): g.box for g in grids_of(scene) if not g.key.startswith("edge/")}
    assert len(links) == 7
    for channel, link in enumerate(links[:6]):
        assert link.points[0] == (boxes[("0/pool1", channel)].right, boxes[("0/pool1", channel)].cy)
        assert link.points[1] == (boxes[("0/conv2", 7)].x, boxes[("0/conv2", 7)].cy)
    kernels = [p for p in scene.over if isinstance(p, Grid)]
    assert [k.ref[:2] for k in kernels] == [("0/conv2.weight", 7 * 6 + c) for c in range(6)]
    own = boxes[("0/conv2", 7)]
    assert all(min(k.box.meets(own).w, k.box.meets(own).h) == 0 for k in kernels)


def test_a_chosen_map_keeps_its_edges() -> None:
    timeline = network("lenet")
    view = Viewpoint(level="network", pinned=CellRef(0, "conv1", 0, 3, 3))
    scene = build_scene(timeline, 0, view, (1280, 800), LIGHT)
    assert any(p.key == "edge/0/own" for p in scene.over)


def test_the_pointer_finds_the_class_behind_a_bar() -> None:
    scene = scene_at(network("four"))
    row = next(p for p in scene.primitives() if isinstance(p, Rect) and p.key == "0/softmax1/class/5")
    assert cell_at(scene, row.box.cx, row.box.cy) == CellRef(0, "softmax1", 5, 0, 0)
    assert cell_at(scene, row.box.cx, 799) is None


def test_the_overview_is_enlarged_about_the_pointer() -> None:
    timeline = network("lenet")
    before = scene_at(timeline)
    grid = next(g for g in grids_of(before) if g.ref[:2] == ("0/conv2", 5))
    spot = (grid.box.cx, grid.box.cy)
    at = fraction_at(before, *spot)
    assert at is not None
    camera = zoomed(Camera(), 3.0, *at)
    after = build_scene(timeline, timeline.count - 1, Viewpoint(camera, level="network"), (1280, 800), LIGHT)
    found = next(g for g in grids_of(after) if g.ref[:2] == ("0/conv2", 5))
    assert abs(found.cell - 3 * grid.cell) < 1e-6
    assert found.box.holds(*spot)
    again = fraction_at(after, *spot)
    assert again is not None
    assert max(abs(a - b) for a, b in zip(at, again, strict=True)) < 1e-9


def test_what_is_enlarged_stays_inside_its_part() -> None:
    timeline = network("four")
    view = Viewpoint(Camera(4.0, 0.3, 0.4), level="network")
    scene = build_scene(timeline, timeline.count // 2, view, (1280, 800), LIGHT)
    area = next(panel.box for panel in scene.panels if panel.key == "network")
    for grid in grids_of(scene):
        assert area.x - 1e-6 <= grid.box.x <= grid.box.right <= area.right + 1e-6
        assert area.y - 1e-6 <= grid.box.y <= grid.box.bottom <= area.bottom + 1e-6
    assert pan_box(scene) == area


def test_on_the_way_back_maps_are_followed_by_their_gradients() -> None:
    timeline = make_timeline(shipped_lesson("backward-convolution"))
    sections = timeline.sections[0]
    section = next(s for s in sections if s.tensor == "conv1.grad")
    shown = {g.ref[0] for g in grids_of(scene_at(timeline, section.start))}
    assert {"0/conv1.grad", "0/pool1.grad", "0/input"} <= shown
    assert "0/pool1" not in shown
    before = {g.ref[0] for g in grids_of(scene_at(timeline, section.start - 1))}
    assert "0/conv1" in before


@pytest.mark.parametrize("name", ["mnist", "patches"])
def test_the_layer_at_work_leaves_the_names_of_the_counts_readable(name: str) -> None:
    """Where the stage is narrow they stand under the layer after the input, which has no counts."""
    timeline = make_timeline(shipped_lesson(f"{name}-network"))
    scene = build_scene(timeline, 0, Viewpoint(level="network"), (1034.0, 696.0), LIGHT)
    things = {p.key: p for p in scene.primitives()}
    work, names = things["0/norm1/work"], [things[f"0/input/{label}"] for label in LABELS]
    assert isinstance(work, Rect)
    for text in names:
        assert isinstance(text, Text)
        assert text.box.right > work.box.x  # it would lie under it
        assert text.box.y >= work.box.bottom

"""The networks of 34 layers that ship: all of a pass as in PyTorch, shown as a map, and quick to step through."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cnnviz.engine.chained import nested
from cnnviz.engine.layers import Conv
from cnnviz.engine.network import count_parameters
from cnnviz.engine.plan import Plan
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.source import materialise
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Box, Grid, Link, Primitive, Rect, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.depth import track_depth
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.sections import Phase
from cnnviz.timeline.timeline import Timeline, make_timeline
from cnnviz.timeline.trace import facts

NAMES = ("resnet-34", "plain-34")
SIZE = (1280.0, 720.0)
WHOLE = Viewpoint()
COUNTS = {"resnet-34": 21_797_672, "plain-34": 21_623_848}


@cache
def timeline(name: str) -> Timeline:
    return make_timeline(shipped_lesson(name))


def scene(name: str, index: int, viewpoint: Viewpoint = WHOLE) -> Scene:
    return build_scene(timeline(name), index, viewpoint, SIZE, LIGHT)


def at(name: str, phase: Phase, kind: str, layer: int) -> int:
    sections = timeline(name).sections[0]
    return next(s.stop - 1 for s in sections if (s.phase, s.kind, s.layer) == (phase, kind, layer))


@pytest.mark.parametrize("name", NAMES)
def test_all_scores_and_gradients_are_those_of_the_plan(name: str) -> None:
    # The plan's own pass is held against PyTorch in tests/engine/test_resnet_torch.py.
    line = timeline(name)
    (track,), it = line.lesson.tracks, line.iteration(0, 0)
    layers, names = nested(track.layers, track.source.shape)
    plan = Plan(layers, track.source.shape, 1, np.float64, loss="cross_entropy", input_gradient=True)
    for own, params in zip(names, track.params, strict=True):
        if params is not None:
            plan.parameters[f"{own}.weight"][...] = params.weight
    scores = plan.forward(materialise(track.source)[None])
    np.testing.assert_allclose(it.arrays[-1], scores[0], rtol=1e-9, atol=1e-9)
    assert it.back.loss == pytest.approx(plan.loss(np.array([281])), rel=1e-10)
    plan.backward()
    reach = float(np.abs(plan.input_gradient).max())
    np.testing.assert_allclose(it.back.maps[0], plan.input_gradient[0], rtol=0, atol=1e-9 * reach)
    weighted = 0
    for n, (own, params) in enumerate(zip(names, track.params, strict=True)):
        if params is not None:
            theirs = plan.gradients[f"{own}.weight"]
            reach = float(np.abs(theirs).max())
            np.testing.assert_allclose(np.asarray(it.back.layers[n].dw), theirs, rtol=0, atol=1e-9 * reach)
            assert reach > 0  # no layer is left out
            weighted += 1
    assert weighted == {"resnet-34": 37, "plain-34": 34}[name]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_counted_as_published(name: str) -> None:
    (track,) = timeline(name).lesson.tracks
    layers = nested(track.layers, track.source.shape).layers
    assert count_parameters(layers, track.source.shape) == COUNTS[name]
    drawn = sum(p.weight.size + (0 if p.bias is None else p.bias.size) for p in track.params if p is not None)
    assert drawn + track_depth(track).norms == COUNTS[name]
    assert any(f"{COUNTS[name]:,} parameters" in p.text for p in texts(scene(name, 0)))


def test_both_networks_have_the_same_weights_where_both_have_them() -> None:
    one, other = (timeline(name).lesson.tracks[0] for name in NAMES)
    depth = track_depth(one)
    main = [one.params[part.first] for part in depth.parts if part.number]
    plain = [params for params in other.params if params is not None]
    assert main == plain
    assert len(plain) == 34


@pytest.mark.parametrize(
    ("name", "last", "second"), [("resnet-34", "25", "312"), ("plain-34", "9.8", "3,310")]
)
def test_the_notes_tell_how_gradients_grow_as_it_is_computed(name: str, last: str, second: str) -> None:
    line = timeline(name)
    parts = {part.number: part.first for part in track_depth(line.lesson.tracks[0]).parts}
    layers = line.iteration(0, 0).back.layers
    lengths = [float(np.linalg.norm(np.asarray(layers[parts[n]].dw))) for n in (34, 2)]
    assert f"{lengths[0]:.2g}" == last
    assert float(f"{lengths[1]:.3g}") == float(second.replace(",", ""))
    assert last in line.lesson.notes
    assert second in line.lesson.notes
    under = {p.key: p.text for p in texts(scene(name, at(name, Phase.BACKWARD, "input", parts[2])))}
    told = under["0/part/3/count"].removeprefix("∂W norm ").replace(",", "")
    assert float(told) == pytest.approx(lengths[1], rel=0.005)


def test_each_addition_adds_what_the_shortcut_brings() -> None:
    line = timeline("resnet-34")
    arrays, (track,) = line.iteration(0, 0).arrays, line.lesson.tracks
    depth = track_depth(track)
    for joint in depth.joints:
        f, y = arrays[joint.add], arrays[joint.add + 1]
        first = depth.parts[joint.side[0] if joint.side else joint.first].first
        # x itself where the shape stays; behind the projection and its norm where it changes.
        x = arrays[first + 2] if joint.side else arrays[first]
        np.testing.assert_array_equal(y, f + x)
    assert len(depth.joints) == 16


@pytest.mark.parametrize("name", NAMES)
def test_the_map_names_every_weighted_layer(name: str) -> None:
    told = [p.text for p in texts(scene(name, 0)) if p.key.startswith("0/part/") and p.key.endswith("/title")]
    # The photograph is at work at first; the other names are those of the published figure.
    wanted = {"7×7, 64, /2": 1, "3×3, 64": 6, "3×3, 128": 7, "3×3, 256": 11, "3×3, 512": 5, "fc 1000": 1}
    wanted |= {f"3×3, {width}, /2": 1 for width in (128, 256, 512)}
    assert {text: told.count(text) for text in wanted} == wanted
    assert told.count("1×1, /2") == (3 if name == "resnet-34" else 0)


def test_arcs_and_the_line_tell_how_far_numbers_and_gradients_have_come() -> None:
    blue, orange, grey, accent = LIGHT.negative, LIGHT.positive, LIGHT.line, LIGHT.accent
    joints = track_depth(timeline("resnet-34").lesson.tracks[0]).joints
    forward = ways(scene("resnet-34", at("resnet-34", Phase.FORWARD, "forward", joints[4].add)))
    assert [forward[f"shortcut/{n}"] for n in range(16)] == [blue] * 4 + [accent] + [grey] * 11
    back = ways(scene("resnet-34", at("resnet-34", Phase.BACKWARD, "input", joints[4].add)))
    assert [back[f"shortcut/{n}"] for n in range(16)] == [blue] * 4 + [accent] + [orange] * 11
    last = ways(scene("resnet-34", timeline("resnet-34").count - 1))
    assert set(last.values()) == {orange}


@pytest.mark.parametrize("name", NAMES)
def test_a_click_on_a_part_meets_one_of_its_maps_and_leads_to_its_layer(name: str) -> None:
    line = timeline(name)
    depth, names = track_depth(line.lesson.tracks[0]), line.tensor_names(0)
    shown = scene(name, at(name, Phase.FORWARD, "forward", len(names) - 2))
    for number, part in enumerate(depth.parts):
        panel = next(p for p in shown.panels if p.key == f"0/part/{number}")
        grid = next(p for p in shown.primitives() if isinstance(p, Grid) and inside(seen(p), panel.box))
        ref = cell_at(shown, grid.box.cx, grid.box.cy)
        assert ref is not None
        assert depth.part_of(names.index(ref.tensor) - 1) == number
        if number:
            step = line.step(line.index_of(ref))
            assert part.first <= step.section.layer <= part.last


def test_what_is_at_work_and_what_is_chosen_have_a_ring() -> None:
    layer = track_depth(timeline("resnet-34").lesson.tracks[0]).parts[20].first
    name = timeline("resnet-34").tensor_names(0)[layer + 1]
    chosen = Viewpoint(pinned=CellRef(0, name, 3, 1, 1))
    shown = scene("resnet-34", 5, chosen)
    rings = [p for p in shown.primitives() if isinstance(p, Ring)]
    assert [ring.key for ring in rings if ring.inner == LIGHT.accent] == ["0/part/3/now"]
    (ring,) = (ring for ring in rings if ring.key == "0/chosen")
    grid = next(p for p in shown.primitives() if isinstance(p, Grid) and p.key.startswith(f"0/{name}/"))
    assert inside(seen(grid), ring.box)


def test_enlarged_the_map_stays_in_its_part_of_the_stage_and_what_is_out_of_sight_is_not_drawn() -> None:
    whole = scene("resnet-34", 70)
    near = scene("resnet-34", 70, Viewpoint(camera=Camera(3.0, 0.5, 0.5)))
    area = next(p.box for p in near.panels if p.key == "network")
    for panel in near.panels:
        if panel.key.startswith("0/part/") or panel.key == "0/ways":
            assert all(inside(seen(p), area) for p in panel.primitives)
    parts = [sum(p.key.startswith("0/part/") for p in one.panels) for one in (whole, near)]
    assert parts[0] == 40
    assert 4 <= parts[1] <= 16


@pytest.mark.parametrize("name", NAMES)
def test_near_levels_show_the_layer_and_not_all_of_its_many_maps(name: str) -> None:
    line = timeline(name)
    (track,) = line.lesson.tracks
    last = max(n for n, spec in enumerate(track.layers) if isinstance(spec, Conv))
    index = at(name, Phase.FORWARD, "forward", last)
    cell = build_scene(line, index, Viewpoint(level="cell"), SIZE, DARK)
    maps = {p.ref[0] for p in cell.primitives() if isinstance(p, Grid) and p.of_tensor}
    names = line.tensor_names(0)
    assert maps == {f"0/{names[last]}", f"0/{names[last + 1]}", f"0/{names[last + 1]}.weight"}
    assert sum(isinstance(p, Grid) and p.of_tensor for p in cell.primitives()) <= 48
    layer = build_scene(line, index, Viewpoint(level="layer"), SIZE, DARK)
    grids = [p for p in layer.primitives() if isinstance(p, Grid)]
    assert sum(p.ref[0] == f"0/{names[last]}" for p in grids) == 64
    assert min(p.box.w for p in grids) >= 8


def test_a_step_of_the_way_back_is_traced() -> None:
    line = timeline("resnet-34")
    add = track_depth(line.lesson.tracks[0]).joints[15].add
    index = at("resnet-34", Phase.BACKWARD, "input", add)
    told = facts(line.frame(index))
    assert told["section"]["op"] == "add_backward"
    assert told["section"]["phase"] == "BACKWARD"
    known = {tensor["name"] for tensor in told["tensors"]}
    assert {"conv36.weight.grad", f"{line.tensor_names(0)[add]}.grad"} <= known


def texts(shown: Scene) -> list[Text]:
    return [p for p in shown.primitives() if isinstance(p, Text)]


def ways(shown: Scene) -> dict[str, str]:
    """The colour of each line and shortcut, by its name."""
    found: dict[str, str] = {}
    for p in shown.primitives():
        if isinstance(p, Link) and p.key.startswith(("0/way/", "0/shortcut/")):
            name = "/".join(p.key.split("/")[1:3])
            assert found.setdefault(name, p.stroke) == p.stroke
    return found


def seen(p: Primitive) -> tuple[tuple[float, float], ...]:
    """The points of a line, or the corners of what is seen of anything else."""
    if isinstance(p, Link):
        return p.points
    box = p.clip if isinstance(p, Ring | Rect) and p.clip is not None else p.box
    return ((box.x, box.y), (box.right, box.bottom))


def inside(points: tuple[tuple[float, float], ...], area: Box) -> bool:
    return all(area.x - 1 <= x <= area.right + 1 and area.y - 1 <= y <= area.bottom + 1 for x, y in points)

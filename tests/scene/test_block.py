"""Residual blocks on the stage: names, lines, numbers, and both ways of the gradient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Relu
from cnnviz.engine.specs import Add, Back, BatchNorm, Layers
from cnnviz.export.notes import arithmetic_line, notes_of
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.lesson import Lesson, Level, View
from cnnviz.scene.block_words import block_names
from cnnviz.scene.marks import cell_box
from cnnviz.scene.primitives import Grid, Link, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Hidden, Viewpoint
from cnnviz.timeline.edges import Edge, End, edges_of
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.relations import relate
from cnnviz.timeline.timeline import make_timeline
from tests.engine.test_branches import IDENTITY, PADDED, PROJECTION
from tests.timeline.test_branches import lesson_of

SIZE = (1280.0, 800.0)


def at(
    lesson: Lesson, op: str, cell: int = 0, hidden: frozenset[Hidden] = frozenset(), kind: str = ""
) -> Scene:
    """The stage at a cell of the first section of that operation."""
    timeline = make_timeline(lesson)
    sections = timeline.sections[timeline.lead]
    section = next(s for s in sections if s.op == op and (not kind or s.kind == kind))
    return build_scene(timeline, section.start + cell, Viewpoint(hidden=hidden), SIZE, LIGHT)


def texts(scene: Scene) -> dict[str, str]:
    return {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}


def grids(scene: Scene) -> dict[str, Grid]:
    return {f"{g.ref[0]}/{g.ref[1]}": g for g in scene.primitives() if isinstance(g, Grid)}


def block(**changes: object) -> Lesson:
    lesson = shipped_lesson("residual-block")
    for name, value in changes.items():
        lesson = set_field(lesson, f"layers.3.{name}", str(value))
    return lesson


def test_the_arrays_of_a_block_have_their_names() -> None:
    two: Layers = (Conv(1, (3, 3), padding=1), Add(0), Relu(), Conv(1, (3, 3), padding=1), Add(3, 0.25))
    assert [(n, name.title) for n, name in sorted(block_names(two).items())] == [
        (1, "f(x)"), (2, "y = f(x) + x"), (4, "f(x)"), (5, "y = 0.25·f(x) + x"),
    ]  # fmt: skip
    projected: Layers = (Conv(2, (1, 1)), Back(0), Conv(2, (3, 3), padding=1), Add(1, shortcut=False))
    assert {n: name.short for n, name in block_names(projected).items()} == {
        0: "x",
        1: "s(x)",
        3: "f(x)",
        4: "y",
    }
    assert block_names(projected)[4].title == "y = f(x)"


def test_the_shortcut_goes_from_x_over_all_titles_to_the_addition() -> None:
    scene = at(block(), "add", 6)
    links = {p.key: p for p in scene.primitives() if isinstance(p, Link)}
    line, found = links["0/shortcut/3/line"], grids(scene)
    x, f, y = found["0/input/0"], found["0/conv2/0"], found["0/add1/0"]
    assert line.points[0][0] == pytest.approx(x.box.right)
    assert f.box.right < line.points[-1][0] < y.box.x
    titles = [
        p.box.y for p in scene.primitives() if isinstance(p, Text) and p.key.endswith(("/title", "/shape"))
    ]
    assert max(line.points[2][1], line.points[3][1]) <= min(titles)
    assert line.arrow
    assert line.stroke == LIGHT.accent


def test_where_the_shortcut_has_layers_a_line_leads_from_x_to_the_body_too() -> None:
    scene = at(shipped_lesson("residual-norm"), "add", 4)
    links, found = {p.key: p for p in scene.primitives() if isinstance(p, Link)}, grids(scene)
    begins, ends = links["0/shortcut/8/body/0"], links["0/shortcut/8/body/1"]
    x, s, kernel = found["0/input/0"], found["0/batchnorm1/0"], found["0/conv2.weight/1"]
    assert begins.points[0][0] == pytest.approx(x.box.right)
    assert ends.points[-1][0] == pytest.approx(kernel.box.x)
    assert kernel.box.y < ends.points[-1][1] < kernel.box.bottom + kernel.box.h
    assert s.box.right < ends.points[-2][0] < kernel.box.x
    assert ends.arrow
    # The shortcut comes up between both parts, and runs above them.
    up, over = links["0/shortcut/8/line"].points[1:3]
    assert begins.points[-1][0] < up[0] == over[0] < ends.points[0][0]
    assert over[1] < begins.points[-1][1] == ends.points[0][1]
    heads = [p for p in scene.primitives() if isinstance(p, Text) and p.key.startswith("0/")]
    assert ends.points[0][1] <= min(p.box.y for p in heads if p.key.endswith("/title"))


def test_going_back_to_x_lights_up_the_way_of_the_body() -> None:
    for op, color in (("back", LIGHT.accent), ("add", LIGHT.muted)):
        links = {
            p.key: p for p in at(shipped_lesson("residual-norm"), op).primitives() if isinstance(p, Link)
        }
        assert links["0/shortcut/8/body/0"].stroke == links["0/shortcut/8/body/1"].stroke == color


def test_an_identity_needs_no_line_to_the_body() -> None:
    assert not any("/body/" in p.key for p in at(block(), "add", 6).primitives())


def test_a_switched_off_shortcut_is_dashed_and_has_no_plus() -> None:
    scene = at(block(shortcut="false"), "add", 6)
    keys = {p.key for p in scene.primitives()}
    assert "0/shortcut/3/line" not in keys
    assert "0/shortcut/3/plus" not in keys
    assert sum(key.startswith("0/shortcut/3/line/") for key in keys) > 10
    assert texts(scene)["0/add1/title"] == "y = f(x)"
    assert texts(scene)["sum/total"] == "= −2"  # f(x) alone: 5 is to become 3


@pytest.mark.parametrize(
    ("scale", "line"), [(1, "−2 + 5 = 3"), (0.5, "0.5·(−2) + 5 = 4"), (0, "0·(−2) + 5 = 5")]
)
def test_the_numbers_of_the_addition(scale: float, line: str) -> None:
    scene = at(block(scale=scale), "add", 6)  # row 1, column 2
    assert texts(scene)["formula/live"] == f"y(1, 2) = {line}"
    assert texts(scene)["sum/total"] == f"= {line.rpartition(' ')[2]}"
    rings = {p.key: p.box for p in scene.primitives() if isinstance(p, Ring)}
    x = grids(scene)["0/input/0"]
    assert rings["now/partner/0/input/0"] == cell_box(x, 1, 2)


def test_the_result_can_be_asked_for() -> None:
    scene = at(block(), "add", 6, frozenset({"total", "cell"}))
    assert texts(scene)["sum/total"] == "= ?"
    assert scene.caption == "Row 1, column 2: what do −2 and 5 make?"


def test_products_are_taken_up_one_by_one() -> None:
    lesson = replace(block(), pace="multiply")
    timeline = make_timeline(lesson)
    section = next(s for s in timeline.sections[0] if s.op == "add")
    shown, told = [], []
    for beat in range(3):
        scene = build_scene(timeline, section.start + beat, Viewpoint(), SIZE, LIGHT)
        told.append(scene.caption.partition(": ")[2])
        cells = {
            p.key: p.written for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith("sum/")
        }
        shown.append((cells["sum/f/0"], cells["sum/s/0"]))
    assert shown == [(0, 0), (1, 0), (1, 1)]
    assert told == ["Addition looks at 2 values.", "f(x) is 0.", "the shortcut brings 0."]


def test_where_ways_part_x_is_drawn_once_with_the_padding_of_its_reader() -> None:
    scene = at(shipped_lesson("residual-norm"), "conv2d", 0)
    names = {key.rpartition("/")[0] for key in grids(scene)}
    assert "0/back1" not in names
    padded = grids(scene)["0/input/0"]
    assert (padded.rows, padded.columns) == (8, 8)
    timeline = make_timeline(shipped_lesson("residual-norm"))
    focus = timeline.focus(0, 3, (1, 2, 2))
    assert (focus.source, focus.window[:4]) == ("input", (3, 3, 3, 3))


def test_batch_norm_tells_mean_and_spread() -> None:
    scene = at(shipped_lesson("residual-norm"), "batch_norm", 1)
    x = np.asarray(make_timeline(shipped_lesson("residual-norm")).tensors[0].arrays[1][0], np.float64)
    total = texts(scene)["sum/total"]
    assert total.startswith(f"({x[0, 1]:g} − {x.mean():.3f}) / {x.std():.3f}")
    assert total.endswith(f"{(x[0, 1] - x.mean()) / np.sqrt(x.var() + 1e-5):.3f}")


def test_at_the_addition_the_gradient_goes_both_ways() -> None:
    scene = at(shipped_lesson("residual-backward"), "add_backward", 5)
    found = grids(scene)
    delta = found["0/add1.grad/0"].values
    assert delta is not None
    for way in ("0/conv2.grad/0", "0/add1.grad.shortcut/0"):
        values = found[way].values
        assert values is not None
        assert np.array_equal(values, delta)
        assert found[way].cells_written() == 6
    assert texts(scene)["sum/total"] == "shortcut: 12,   layers: 1 × 12 = 12"
    rings = [p.key for p in scene.primitives() if isinstance(p, Ring) and p.key.startswith("now/")]
    assert len(rings) == 3


def test_where_the_ways_meet_both_gradients_are_added() -> None:
    scene = at(shipped_lesson("residual-backward"), "conv2d_backward_input", 5, kind="input")
    lesson = shipped_lesson("residual-backward")
    timeline = make_timeline(lesson)
    section = next(s for s in timeline.sections[0] if s.tensor == "input.grad")
    scene = build_scene(timeline, section.start + 5, Viewpoint(), SIZE, LIGHT)
    assert texts(scene)["sum/line"] == "4 + 22 + 0 + 12 by the shortcut"
    assert texts(scene)["sum/total"] == "= 38"
    assert scene.caption == "Through f comes 26, by the shortcut 12: together 38."
    values = grids(scene)["0/input.grad/0"].values
    assert values is not None
    assert values[2, 2] == 38  # behind a border of one cell
    assert "now/way/0/add1.grad/0" in {p.key for p in scene.primitives()}


def test_a_pixel_of_x_feeds_its_windows_and_the_addition() -> None:
    relation = relate(make_timeline(block()), CellRef(0, "input", 0, 1, 2))
    assert relation is not None
    assert [(a.tensor, a.rows.tolist(), a.columns.tolist()) for a in relation.also] == [("add1", [1], [2])]
    behind = relate(make_timeline(shipped_lesson("residual-norm")), CellRef(0, "input", 0, 0, 0))
    assert behind is not None
    assert [(a.tensor, a.planes, a.rows.tolist()) for a in behind.also] == [("conv2", (0, 2), [0])]


def test_edges_go_by_both_ways() -> None:
    timeline = make_timeline(shipped_lesson("residual-norm"))
    added = edges_of(timeline, CellRef(0, "add1", 1, 0, 0))
    assert {e.source for e in added if e.target == End(9, 1)} == {End(8, 1), End(2, 1)}
    from_x = edges_of(timeline, CellRef(0, "input", 0, 0, 0))
    assert set(from_x) == {Edge(End(0, 0), End(n, c)) for n in (1, 4) for c in (0, 1)}
    assert Edge(End(0, 0), End(4, 0)) in edges_of(timeline, CellRef(0, "conv2", 0, 0, 0))


@pytest.mark.parametrize(
    ("name", "op", "line"),
    [("residual-block", "add", "−2 + 5 = 3"), ("residual-norm", "batch_norm", "(2 − 1.111) / 0.994 ≈ 0.894")],
)
def test_a_speaker_reads_the_same(name: str, op: str, line: str) -> None:
    timeline = make_timeline(shipped_lesson(name))
    section = next(s for s in timeline.sections[0] if s.op == op)
    cell = {"add": 6, "batch_norm": 5}[op]
    assert arithmetic_line(timeline.frame(section.start + cell).lead) == line


def test_a_block_of_a_batch_norm_and_no_convolution_can_be_shown() -> None:
    lesson = block()
    track = replace(lesson.tracks[0], layers=(BatchNorm(), Add(0)), params=(None, None))
    scene = at(replace(lesson, tracks=(track,), words=()), "add", 2)
    assert texts(scene)["sum/total"].startswith(("=", "≈"))


@pytest.mark.parametrize("layers", [IDENTITY, PROJECTION, PADDED], ids=["identity", "projection", "padded"])
@pytest.mark.parametrize("level", ["cell", "layer", "network"])
def test_every_section_of_a_block_that_learns_can_be_shown(layers: Layers, level: Level) -> None:
    view = View(heat="field", channels=True, plots="none")
    timeline = make_timeline(replace(lesson_of(layers), pace="cell", view=view))
    for section in timeline.sections[0]:
        index = section.start + min(3, section.steps - 1)
        scene = build_scene(timeline, index, Viewpoint(level=level), SIZE, LIGHT)
        assert scene.caption.endswith((".", "?")), section.name
        assert notes_of(timeline, index, scene.spoken)


def test_gradients_that_come_back_to_where_f_began_are_told_before_they_are_added() -> None:
    timeline = make_timeline(lesson_of(PADDED))
    written = [s.tensor for s in timeline.sections[0] if s.kind == "input"]
    assert written.index("back1.grad") < written.index("padded1.grad") < written.index("input.grad")
    joined = next(s for s in timeline.sections[0] if s.tensor == "input.grad")
    scene = build_scene(timeline, joined.start, Viewpoint(), SIZE, LIGHT)
    assert "by the shortcut comes" in scene.caption.lower()

"""The plots of what learns, pointed at: mark, numbers, what steps back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.hit import cell_at
from cnnviz.scene.plot_numbers import value_of
from cnnviz.scene.primitives import Link, Panel, Rect, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.lesson.learning import scores, two_weights
from tests.scene.ink import problems

SIZE = (1280.0, 720.0)


def rates(count: int = 3) -> Timeline:
    tracks = tuple(
        replace(two_weights(rate=rate, iterations=20).tracks[0], name=f"rate {rate:g}")
        for rate in (0.01, 0.1, 0.21, 0.05, 0.03, 0.02, 0.04)[:count]
    )
    return make_timeline(Lesson("Rates", tracks))


def drawn(
    timeline: Timeline, iteration: int, ref: CellRef | None = None, theme: Theme = LIGHT, hidden: bool = False,
    size: tuple[float, float] = SIZE,
) -> Scene:  # fmt: skip
    view = Viewpoint(hidden=frozenset({"total"} if hidden else ()))
    return build_scene(timeline, timeline.index_at(iteration), view, size, theme, ref)


def plot(scene: Scene) -> Panel:
    return next(p for p in scene.panels if p.key == "plot")


def link(scene: Scene, key: str) -> Link:
    return next(p for p in plot(scene).primitives if isinstance(p, Link) and p.key == key)


def losses(timeline: Timeline, track: int = 0) -> list[float]:
    descent = timeline.descents[track]
    assert descent is not None
    return [float(v) for v in descent.losses()]


@pytest.mark.parametrize("size", [(640.0, 360.0), SIZE, (3840.0, 2160.0)])
def test_a_point_of_the_loss_is_found_marked_and_told(size: tuple[float, float]) -> None:
    timeline = make_timeline(two_weights(rate=0.02, iterations=20))
    shown = drawn(timeline, 12, size=size)
    points = link(shown, "plot0/curve").points
    assert len(points) == 13
    for n in (0, 5, 12):
        ref = cell_at(shown, *points[n])
        assert ref == CellRef(0, "plot/plot0/curve", n, 0, 0)
        asked = drawn(timeline, 12, ref, size=size)
        then = f"after {n} updates" if n else "before any update"
        # Counted from 1, as in the title; the axis counts updates.
        told = re.fullmatch(rf"Iteration {n + 1}, {then}: loss ([\d.]+)\.", asked.caption)
        assert told is not None
        assert float(told[1]) == pytest.approx(losses(timeline)[n], rel=2e-2, abs=6e-4)
        dot = next(
            p for p in plot(asked).primitives if isinstance(p, Rect) and p.key == "plot0/curve/asked/dot0"
        )
        assert (dot.box.cx, dot.box.cy) == pytest.approx(points[n])
        assert asked.spoken.endswith(asked.caption)
        assert (
            next(p for p in asked.primitives() if p.key == "caption" and isinstance(p, Text)).text
            == asked.caption
        )
        if size[0] > 640:
            assert not list(problems(asked))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_curve_comes_forward(theme: Theme) -> None:
    timeline = make_timeline(two_weights(rate=0.02, iterations=20))
    before, after = (
        link(drawn(timeline, 12, ref, theme), "plot0/curve")
        for ref in (None, CellRef(0, "plot/plot0/curve", 4, 0, 0))
    )
    assert after.width == 1.5 * before.width
    assert after.stroke == before.stroke


def test_ahead_of_the_curve_the_iteration_is_told() -> None:
    timeline = make_timeline(two_weights(rate=0.02, iterations=20))
    shown = drawn(timeline, 5)
    _, (left, low), (right, _) = link(shown, "plot0/axes").points
    ref = cell_at(shown, left + (right - left) * 15 / 19, low - 5)
    assert ref == CellRef(0, "plot/plot0/free", 15, 0, 0)
    asked = drawn(timeline, 5, ref)
    assert asked.caption == "A click goes to iteration 16, after 15 updates."
    assert link(asked, "plot0/asked").points[0][0] == pytest.approx(left + (right - left) * 15 / 19)


def test_of_several_examples_the_mean_is_told_too() -> None:
    timeline = make_timeline(scores(iterations=20))
    shown = drawn(timeline, 12)
    mean = link(shown, "plot0/mean").points
    ref = cell_at(shown, *mean[3])
    assert ref is not None
    assert ref.tensor == "plot/plot0/mean"
    recipe = timeline.lesson.tracks[0].recipe
    assert recipe is not None
    examples = len(recipe.examples)
    assert ref.plane == 3 + examples - 1
    own = losses(timeline)
    asked = drawn(timeline, 12, ref)
    told = re.fullmatch(
        rf"Iteration {ref.plane + 1}, after {ref.plane} updates: "
        rf"loss (\S+) of this example, (\S+) over all {examples}\.",
        asked.caption,
    )
    assert told is not None
    assert value_of(told[1]) == pytest.approx(own[ref.plane], abs=6e-4)
    assert value_of(told[2]) == pytest.approx(sum(own[3 : 3 + examples]) / examples, abs=6e-4)


def test_of_several_tracks_the_others_step_back() -> None:
    timeline = rates()
    shown = drawn(timeline, 12)
    middle = link(shown, "plot0/curve0").points[6]
    ref = cell_at(shown, *middle)
    assert ref == CellRef(0, "plot/plot0/curve0", 6, 0, 0)
    asked = drawn(timeline, 12, ref)
    first, second = link(asked, "plot0/curve0"), link(asked, "plot0/curve1")
    assert first.stroke == link(shown, "plot0/curve0").stroke
    assert second.stroke == f"{link(shown, 'plot0/curve1').stroke}4c"
    told = re.fullmatch(
        r"Iteration 7, after 6 updates: loss (\S+) \(rate 0.01\), (\S+) \(rate 0.1\), (\S+) \(rate 0.21\)\.",
        asked.caption,
    )
    assert told is not None
    assert float(told[1]) == pytest.approx(losses(timeline)[6], abs=6e-4)
    names = {
        p.text: p.runs[0].color
        for p in plot(asked).primitives
        if isinstance(p, Text) and p.key.endswith("/name")
    }
    assert names["rate 0.1"] == names["rate 0.21"] == LIGHT.muted != names["rate 0.01"]
    hidden = drawn(timeline, 12, ref, hidden=True)
    assert hidden.caption == "Iteration 7, after 6 updates: loss ? (rate 0.01), ? (rate 0.1), ? (rate 0.21)."


def test_a_name_brings_its_track_forward() -> None:
    timeline = rates()
    shown = drawn(timeline, 12)
    name = next(p for p in plot(shown).primitives if isinstance(p, Text) and p.text == "rate 0.21")
    ref = cell_at(shown, name.box.cx, name.box.cy)
    assert ref == CellRef(2, "plot/plot0/2/name", 0, 0, 0)
    asked = drawn(timeline, 12, ref)
    assert link(asked, "plot0/curve0").stroke.endswith("4c")
    assert len(link(asked, "plot0/curve2").stroke) == 7
    # The losses at the playhead.
    assert asked.caption.startswith("Iteration 13, after 12 updates: loss ")
    assert "(rate 0.21), " in asked.caption
    assert not any("/asked" in p.key for p in plot(asked).primitives)


def test_tracks_are_told_apart_without_their_colours() -> None:
    for count in (2, 4, 6):
        timeline = rates(count)
        for iteration in (0, 12):
            shapes = []
            for track in range(count):
                found = (p for p in plot(drawn(timeline, iteration)).primitives
                         if p.key.startswith(f"plot0/sample{track}/mark"))  # fmt: skip
                shapes.append(tuple(
                    ("round" if p.radius else "square") if isinstance(p, Rect) else len(p.points)
                    for p in found if isinstance(p, Rect | Link)
                ))  # fmt: skip
            assert len(set(shapes)) == count
        assert not list(problems(drawn(timeline, 12)))


def test_a_decimal_comma_is_used_in_what_is_told() -> None:
    lesson = two_weights(rate=0.02, iterations=20)
    timeline = make_timeline(replace(lesson, conventions=replace(lesson.conventions, decimal="comma")))
    asked = drawn(timeline, 12, CellRef(0, "plot/plot0/curve", 4, 0, 0))
    assert re.fullmatch(r"Iteration 5, after 4 updates: loss \d+,\d+\.", asked.caption)


def test_what_is_no_plot_over_iterations_is_left_alone() -> None:
    timeline = make_timeline(two_weights(iterations=20))
    update = next(s for s in timeline.sections[0] if s.kind == "update")
    ref = CellRef(0, "plot/plot0/curve", 4, 0, 0)
    scenes = [build_scene(timeline, update.start, Viewpoint(), SIZE, LIGHT, at) for at in (None, ref)]
    assert scenes[0].caption == scenes[1].caption
    _, (left, low), (right, _) = next(
        p for p in scenes[0].primitives() if isinstance(p, Link) and p.key == "plot0/axes"
    ).points
    found = cell_at(scenes[0], (left + right) / 2, low - 10)
    assert found is None or not found.tensor.startswith("plot")


def test_the_axis_counts_what_is_told() -> None:
    timeline = make_timeline(two_weights(rate=0.02, iterations=20))
    assert [
        p.text
        for p in plot(drawn(timeline, 5)).primitives
        if isinstance(p, Text) and p.key == "plot0/label/x"
    ] == ["updates"]
    first = drawn(timeline, 5, CellRef(0, "plot/plot0/curve", 0, 0, 0))
    assert first.caption.startswith("Iteration 1, before any update: loss ")
    assert drawn(timeline, 5, CellRef(0, "plot/plot0/curve", 1, 0, 0)).caption.startswith(
        "Iteration 2, after 1 update: "
    )


def test_beside_the_plot_that_is_pointed_at_the_other_has_a_line_at_the_same_iteration() -> None:
    timeline = make_timeline(shipped_lesson("learn-digits"))
    timeline.iteration(0, 30)  # it learns as far as that
    shown = drawn(timeline, 30)
    loss = link(shown, "plot0/mean").points[2]
    ref = cell_at(shown, *loss)
    assert ref == CellRef(0, "plot/plot0/mean", 26, 0, 0)  # the third mean of 25 batches
    asked = drawn(timeline, 30, ref)
    assert asked.caption.startswith("Iteration 27, after 26 updates: loss ")
    lines = {p.key: p for p in asked.primitives() if isinstance(p, Link)}
    shares = []
    for key in ("plot0", "plot0/tests"):
        _, (left, _), (right, _) = lines[f"{key}/axes"].points
        shares.append((lines[f"{key}/asked"].points[0][0] - left) / (right - left))
    assert shares == pytest.approx([26 / 1799] * 2)
    dots = [p.key for p in asked.primitives() if isinstance(p, Rect) and "/asked/dot" in p.key]
    assert all(key.startswith("plot0/mean/") for key in dots)

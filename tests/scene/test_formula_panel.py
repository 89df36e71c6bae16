"""The formula panel fits every box, stays still, and never hides what it should tell nor tells what is hidden."""

from __future__ import annotations

import pytest

from cnnviz.lesson.lesson import Conventions
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.formula_panel import formula_panel
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Box, Formula, Primitive, Text
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import Timeline
from tests.scene.formula_examples import EXAMPLES, WRITTEN, beside, timeline_of
from tests.scene.ink import width

BOXES = [
    ((860, 520), Box(10, 7, 500, 50)), ((860, 520), Box(10, 7, 836, 44)), ((1280, 800), Box(29, 450, 1222, 82)),
    ((1280, 800), Box(29, 450, 600, 160)), ((1920, 1080), Box(43, 600, 1834, 122)),
    ((2560, 1440), Box(0, 0, 2400, 200)),
]  # fmt: skip


def panel(
    timeline: Timeline, index: int, size: tuple[int, int], box: Box, view: Viewpoint | None = None
) -> tuple[Primitive, ...]:
    look = Look(view or Viewpoint(), LIGHT, Metrics.of(*size), timeline.lesson)
    frame = timeline.frame(index).lead
    return formula_panel(frame, frame.focus, box, look)


def told(primitives: tuple[Primitive, ...]) -> dict[str, str]:
    return {p.key: p.text for p in primitives if isinstance(p, Text)}


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "rounded"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_stays_in_the_box_and_large_enough(name: str, whole: bool) -> None:
    for conventions in (WRITTEN[0], WRITTEN[3]):
        timeline = timeline_of(name, conventions, whole)
        for size, box in BOXES:
            small = int(Metrics.of(*size).small)
            for index in {0, timeline.count // 2, timeline.count - 1}:
                made = panel(timeline, index, size, box)
                assert "formula/live" in told(made), (size, box)
                for p in made:
                    assert isinstance(p, Text | Formula)
                    assert p.size >= small
                    assert p.box.x >= box.x
                    assert p.box.y >= box.y - 1e-6
                    assert p.box.right <= box.right + 1e-6
                    assert p.box.bottom <= box.bottom + 1e-6
                    if isinstance(p, Text):
                        assert width(p) <= p.box.w, p.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_overlaps(name: str) -> None:
    timeline = timeline_of(name, whole=False)
    for size, box in BOXES:
        made = panel(timeline, timeline.count // 2, size, box)
        boxes = [p.box for p in made if isinstance(p, Text | Formula)]
        for n, one in enumerate(boxes):
            for other in boxes[n + 1 :]:
                common = one.meets(other)
                assert min(common.w, common.h) < 1e-6


@pytest.mark.parametrize("name", ["conv rgb", "conv strided", "max", "softmax", "linear"])
def test_the_panel_stays_still_while_the_playhead_moves(name: str) -> None:
    timeline = timeline_of(name, whole=False, pace="cell")
    for size, box in BOXES:
        places = {
            tuple(
                (p.key, p.box, p.size)
                for p in panel(timeline, index, size, box)
                if isinstance(p, Text | Formula)
            )
            for index in range(timeline.count)
        }
        assert len(places) == 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_stage_of_usual_size_shows_operation_and_size(name: str) -> None:
    timeline = timeline_of(name)
    for size, box in BOXES[4:]:
        keys = {p.key for p in panel(timeline, 0, size, box)}
        assert {"formula/operation", "formula/live", "formula/size/0"} <= keys


def test_a_large_stage_shows_everything_of_the_first_example() -> None:
    made = panel(timeline_of("conv strided"), 3, *BOXES[4])
    formulas = {p.key: p.name for p in made if isinstance(p, Formula)}
    assert formulas == {
        "formula/operation": "sign.IK.corr lhs.IK.ij sum.mn in.IK.0.-.s ker.IK.0.mn", "formula/size": "size.conv",
    }  # fmt: skip
    assert told(made)["formula/index"] == "S(1, 1) = Σ I(2·1+m, 2·1+n)·K(m, n)"
    text = " ".join(told(made).values())
    assert "⌊(6 + 2·0 − 1·(3 − 1) − 1)/2⌋ + 1 = 2" in text
    assert "1 row and 1 column are never covered" in text


def test_products_come_one_by_one_and_the_result_last() -> None:
    timeline = timeline_of("conv", pace="multiply")
    lines = [told(panel(timeline, index, *BOXES[4]))["formula/live"] for index in range(12)]
    assert all(line.endswith("= ?") for line in lines[:10])
    assert not lines[10].endswith("?")
    runs = next(
        p.runs for p in panel(timeline, 3, *BOXES[4]) if p.key == "formula/live" and isinstance(p, Text)
    )
    made = [run.text for run in runs if run.color == LIGHT.input]
    assert len(made) == 3  # the values of three products; the rest are grey
    assert sum(run.color == LIGHT.muted for run in runs) == 2 * 6


@pytest.mark.parametrize("name", ["conv", "relu", "softmax"])
def test_a_hidden_total_is_asked_for(name: str) -> None:
    view = Viewpoint(hidden=frozenset({"total"}))
    timeline = timeline_of(name)
    assert told(panel(timeline, timeline.count - 1, *BOXES[4], view))["formula/live"].endswith("= ?")


def test_a_box_too_small_for_a_line_stays_empty() -> None:
    assert panel(timeline_of("conv"), 0, (1280, 800), Box(0, 0, 100, 10)) == ()


def test_roles_have_the_theme_s_colours() -> None:
    timeline = timeline_of("conv", Conventions("xw"))
    frame = timeline.frame(0).lead
    made = formula_panel(
        frame, frame.focus, BOXES[2][1], Look(Viewpoint(), DARK, Metrics.of(1280, 800), timeline.lesson)
    )
    (formula,) = (p for p in made if p.key == "formula/operation")
    assert isinstance(formula, Formula)
    assert dict(formula.colors) == {
        "input": DARK.input, "weight": DARK.weight, "output": DARK.output, "text": DARK.text,
    }  # fmt: skip


def side_by_side(
    names: tuple[str, ...], index: int, size: tuple[int, int], box: Box
) -> tuple[Primitive, ...]:
    timeline = beside(names)
    look = Look(Viewpoint(), LIGHT, Metrics.of(*size), timeline.lesson)
    frame = timeline.frame(index)
    return formula_panel(frame.lead, frame.lead.focus, box, look, frame.tracks)


def test_tracks_of_one_operation_show_the_size_of_each() -> None:
    text = told(side_by_side(("conv", "conv strided"), 2, *BOXES[4]))
    labels = [line for key, line in text.items() if key.endswith("/label")]
    assert labels == ["conv  ", "conv strided  "]
    assert text["formula/size/0"] == "⌊(6 + 2·0 − 1·(3 − 1) − 1)/1⌋ + 1 = 4"
    assert text["formula/size/1"] == "⌊(6 + 2·0 − 1·(3 − 1) − 1)/2⌋ + 1 = 2, remainder 1"


def test_tracks_of_several_operations_show_the_formula_of_each() -> None:
    made = side_by_side(("relu", "gelu", "sigmoid"), 3, *BOXES[4])
    formulas = {p.key: p for p in made if isinstance(p, Formula)}
    assert list(formulas) == ["formula0/operation", "formula1/operation", "formula2/operation"]
    assert len({p.size for p in formulas.values()}) == 1
    # The baselines lie on one line, each formula in the middle of its third.
    baselines = {round(p.box.y + outline(p.name).ascent * p.size, 6) for p in formulas.values()}
    assert len(baselines) == 1
    thirds = [BOXES[4][1].x + BOXES[4][1].w * part for part in (1 / 6, 1 / 2, 5 / 6)]
    assert [p.box.cx for p in formulas.values()] == pytest.approx(thirds, abs=BOXES[4][1].w / 50)


def test_tracks_that_do_the_same_show_one_formula_and_one_size() -> None:
    keys = {p.key for p in side_by_side(("conv", "conv"), 2, *BOXES[4])}
    assert keys == {"formula/operation", "formula/index", "formula/live", "formula/size", "formula/size/0"}


@pytest.mark.parametrize(
    "names",
    [("conv", "true convolution"), ("max", "average", "global max"), ("relu", "leaky relu", "sigmoid", "elu"),
     ("conv", "conv strided", "conv dilated", "conv rgb"), ("linear", "softmax"), ("conv all", "transposed groups")],
)  # fmt: skip
def test_tracks_side_by_side_stay_in_the_box(names: tuple[str, ...]) -> None:
    for size, box in BOXES:
        made = side_by_side(names, 1, size, box)
        assert made
        for p in made:
            assert isinstance(p, Text | Formula)
            assert p.size >= int(Metrics.of(*size).small)
            assert p.box.meets(box).w == pytest.approx(p.box.w)
            assert p.box.meets(box).h == pytest.approx(p.box.h)
            assert not isinstance(p, Text) or width(p) <= p.box.w
        boxes = [p.box for p in made if isinstance(p, Text | Formula)]
        overlaps = [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if min(a.meets(b)[2:]) > 1e-6]
        assert not overlaps

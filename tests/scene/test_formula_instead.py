"""Formulas in a hall: in the place of the arithmetic, with all of its numbers, while the maps keep their size."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.composition import Composition
from cnnviz.scene.formula_instead import Needs, chosen
from cnnviz.scene.formula_lines import lines_of
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Box, Formula, Grid, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.looks import COMPOSITIONS
from tests.scene.scenes import texts

LARGE, WITH_FORMULAS = COMPOSITIONS["hall"], COMPOSITIONS["hall with formulas"]

SIZES = ((1366.0, 768.0), (1920.0, 1080.0))
LESSONS = (
    "vertical-edge",
    "padding",
    "rgb",
    "pooling",
    "backward-convolution",
    "kernels-5x5",
    "strides",
    "activations",
)


def lesson(name: str) -> Timeline:
    return make_timeline(shipped_lesson(name))


def stage(timeline: Timeline, index: int, how: Composition, size: tuple[float, float] = SIZES[0]) -> Scene:
    return build_scene(timeline, index, Viewpoint(), size, LIGHT, None, how)


def cells(scene: Scene) -> dict[str, tuple[Box, float, float]]:
    """Where every map stands, the side of its cells and the type in them."""
    return {
        p.key: (p.box, p.cell, p.text_size)
        for p in scene.primitives()
        if isinstance(p, Grid) and not p.key.startswith("sum")
    }


def line_of(scene: Scene) -> str:
    """The numbers of the formula, all of its lines one after the other."""
    told = [p.text for p in scene.primitives() if isinstance(p, Text) and p.key.startswith("formula/live")]
    return " ".join(told)


def worth(text: str) -> Fraction:
    """What products such as "10·(−1) + 0.5·2" come to."""
    total = Fraction(0)
    for term in text.split(" + "):
        product = Fraction(1)
        for factor in term.split("·"):
            product *= Fraction(factor.strip("() ").replace("−", "-"))
        total += product
    return total


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", LESSONS)
def test_maps_keep_their_place_and_their_size(name: str, size: tuple[float, float]) -> None:
    timeline = lesson(name)
    steps = {0, 5, timeline.count // 3, timeline.count // 2, timeline.count - 1}
    for index in sorted(i for i in steps if i < timeline.count):
        with_formulas = stage(timeline, index, WITH_FORMULAS, size)
        assert cells(with_formulas) == cells(stage(timeline, index, LARGE, size)), index
        assert [p for p in with_formulas.primitives() if isinstance(p, Formula)], index


@pytest.mark.parametrize(
    ("name", "index", "count"), [("vertical-edge", 9, 9), ("rgb", 5, 28), ("kernels-5x5", 2, 25)]
)
def test_every_product_of_the_cell_is_written_out(name: str, index: int, count: int) -> None:
    timeline = lesson(name)
    scene = stage(timeline, index, WITH_FORMULAS)
    sides = re.split(" [=≈] ", line_of(scene).removeprefix("= "))
    *_, terms, total = sides
    assert len(terms.split(" + ")) == count  # of rgb 27 products and the bias
    assert worth(terms) == worth(total)
    assert not [key for key in texts(scene) if key.startswith("sum/")]


def test_the_formula_stays_still_in_all_cells_of_a_layer() -> None:
    timeline = lesson("vertical-edge")
    for steps in (range(16), range(16, 32), range(32, 36)):
        places = {
            (p.name, p.box, p.size)
            for index in steps
            for p in stage(timeline, index, WITH_FORMULAS).primitives()
            if isinstance(p, Formula)
        }
        assert len(places) == 1


def test_gradients_have_their_formula_beside_or_above_the_arithmetic() -> None:
    timeline = lesson("backward-convolution")
    for kind, beside in (("update", True), ("weight", False)):
        section = next(s for s in timeline.sections[0] if s.kind == kind and s.layer == 0)
        scene = stage(timeline, section.start, WITH_FORMULAS)
        (formula,) = (p.box for p in scene.primitives() if isinstance(p, Formula))
        (total,) = (p.box for p in scene.primitives() if isinstance(p, Text) and p.key == "sum/total")
        assert (formula.right < total.x) is beside
        assert beside or formula.bottom < total.y


@pytest.mark.parametrize("size", SIZES)
def test_every_step_back_has_its_formula(size: tuple[float, float]) -> None:
    timeline = lesson("backward-convolution")
    for section in timeline.sections[0]:
        scene = stage(timeline, section.start, WITH_FORMULAS, size)
        assert [p for p in scene.primitives() if isinstance(p, Formula)], section


def test_tracks_of_different_operations_have_their_formulas_side_by_side() -> None:
    said = stage(lesson("correlation-convolution"), 5, WITH_FORMULAS)
    formulas = [p.name for p in said.primitives() if isinstance(p, Formula)]
    assert [".corr." in formulas[0], ".conv." in formulas[1]] == [True, True]
    # Row 1, column 2 under the bright pixel: weights 4 and, turned, 6.
    lines = {key: text for key, text in texts(said).items() if key.endswith("/live")}
    assert [line[-4:] for line in lines.values()] == [" = 4", " = 6"]


def test_formulas_without_numbers_stand_above_the_sums_of_their_tracks() -> None:
    scene = stage(lesson("activations-smooth"), 6, WITH_FORMULAS)
    formulas = [p.box for p in scene.primitives() if isinstance(p, Formula)]
    sums = [p for p in scene.primitives() if isinstance(p, Text) and p.key.endswith("/total")]
    assert len(formulas) == len(sums) == 3
    assert [p.text for p in sums] == ["1 / (1 + exp(−(3))) ≈ 0.953", "tanh(3) ≈ 0.995", "GELU(3) ≈ 2.996"]
    assert max(box.bottom for box in formulas) < min(p.box.cy - p.size / 2 for p in sums)


def test_parts_fill_one_line_after_the_other() -> None:
    assert lines_of([2, 3, 3, 1], 6) == [(0, 2), (2, 4)]
    assert lines_of([9, 1], 6) == [(0, 1), (1, 2)]  # what is too wide has a line of its own
    assert lines_of([1, 1], 6) == [(0, 2)]


def needs(terms: int, head: float = 10.0) -> Needs:
    return Needs(("lhs.IK.ij relu.IK.ij",), head, 4.0, terms, 5.0, 3.0)


def test_the_type_is_as_large_as_all_numbers_allow() -> None:
    few, many = (chosen(needs(n), 1000, 180, 40, 20) for n in (4, 20))
    assert few is not None
    assert many is not None
    # A line of 4 + 4 · 5 + 3 = 27 ems, with a fiftieth to spare, is 991 pixels at 36 and 1019 at 37.
    assert (few.type, few.lines, few.head) == (36, 1, True)
    assert many.type < 36
    assert many.lines > 1
    for choice in (few, many):
        assert choice.height <= 180
        assert choice.wide <= 1000


def test_indices_give_way_before_numbers_do() -> None:
    # The formula is about 1.3 of its type high, a line 1.26: three lines of type 20 are more than 60 pixels.
    height = outline("lhs.IK.ij relu.IK.ij").height * 20 * 1.28 + 2 * 1.26 * 20
    choice = chosen(needs(4), 1000, height - 1, 30, 20)
    assert choice is not None
    assert (choice.head, choice.lines) == (False, 1)


def test_without_room_for_all_numbers_one_line_is_cut_and_without_any_nothing_is_shown() -> None:
    cut = chosen(needs(500), 1000, 100, 30, 20)
    assert cut is not None
    assert (cut.lines, cut.head) == (1, False)
    assert chosen(needs(500), 100, 100, 30, 20) is None

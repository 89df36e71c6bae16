"""No lesson that ships has words that are crossed, cut or crowded: a sample; the helper `looks` finds the rest."""

from collections.abc import Sequence

import pytest

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.scene.primitives import Align, Box, Formula, Link, Panel, Primitive, Rect, Ring, Run, Scene, Text
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.crowding import crowding
from tests.helpers.looks import faults, some_looks
from tests.scene.ink import width

INK = "#000000"

DEEP = ("resnet-34", "plain-34", "resnet-34-and-plain", "twins")
"""It takes seconds to draw their weights, or their words stand on plots."""


def of(*primitives: Primitive) -> list[str]:
    panel = Panel("one", Box(0, 0, 400, 300), "One", primitives)
    return list(crowding(Scene((400, 300), "#ffffff", (panel,), (), "", "")))


def word(key: str = "word", x: float = 100, size: float = 20, align: Align = Align.LEFT) -> Text:
    return Text(key, Box(x, 100, 100, 30), (Run("number", INK),), size, align)


def line(*points: tuple[float, float]) -> Link:
    return Link("line", points, INK)


# The letters of "number" at 20 pixels are about 76 wide; their heart is from 110 to 120.
@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ((word(), line((0, 115), (400, 115))), ["line runs over word"]),
        ((line((0, 115), (400, 115)), word()), ["line runs under word"]),
        ((word(), line((0, 95), (400, 105))), []),
        ((word(), line((0, 0), (300, 230))), ["line runs over word"]),
        ((word(), line((190, 0), (190, 300))), []),
        ((word(align=Align.RIGHT), line((190, 0), (190, 300))), ["line runs over word"]),
        ((word(), Ring("ring", Box(90, 90, 110, 50), INK)), []),
        ((word(), Ring("ring", Box(90, 90, 50, 50), INK)), ["ring runs over word"]),
        ((word(), Ring("ring", Box(90, 90, 50, 50), INK, clip=Box(0, 0, 99, 300))), []),
        ((word(), Rect("rect", Box(90, 90, 50, 50), INK)), ["rect hides word"]),
        ((word(), Rect("rect", Box(90, 90, 50, 50), INK + "20")), []),
        ((Rect("rect", Box(90, 90, 50, 50), INK), word()), []),
        ((Rect("rect", Box(90, 90, 60, 50), INK, radius=4), word()), ["word leaves the plate rect"]),
        ((line((0, 115), (400, 115)), Rect("ground", Box(95, 100, 90, 30), "#ffffff"), word()), []),
        ((word(), word("next", 101 + width(word()))), ["word and next are 1.0 pixels apart"]),
        ((word(), word("next", 108 + width(word()))), []),
        ((word(size=7),), ["word is set in 7.0 pixels"]),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_nothing_else(marks: Sequence[Primitive], told: list[str]) -> None:
    assert of(*marks) == told


def test_a_tint_may_lie_under_words_and_not_over_them() -> None:
    tint = Link("tint", ((50, 50), (350, 50), (350, 200), (50, 200)), "#00000000", INK + "14", closed=True)
    assert of(tint, word()) == []
    assert of(word(), tint) == ["tint shades word"]


def test_formulas_are_words() -> None:
    formula = Formula("formula", Box(100, 100, 100, 30), "conv", (("text", INK),), 20)
    assert of(line((150, 0), (150, 300)), formula) == ["line runs under formula"]


@pytest.mark.parametrize("lesson_id", [entry.id for entry in shipped() if entry.id not in DEEP])
def test_words_of_a_lesson_can_be_read_however_it_is_looked_at(lesson_id: str) -> None:
    timeline = make_timeline(shipped_lesson(lesson_id))
    for look in some_looks(timeline):
        assert faults(look.scene(timeline)) == [], look

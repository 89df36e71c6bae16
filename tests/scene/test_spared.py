"""Lines between windows and cells are broken at words; tints lie whole under words."""

from __future__ import annotations

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Box, Gradient, Link, Panel, Primitive, Rect, Ring, Run, Text
from cnnviz.scene.spared import AROUND, spared
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.ink import width

INK, TINT, CLEAR = "#000000", "#00000014", "#00000000"


def panel(key: str, *primitives: Primitive) -> Panel:
    return Panel(key, Box(0, 0, 400, 400), key, primitives)


def word(key: str = "title", x: float = 100, y: float = 100) -> Text:
    return Text(key, Box(x, y, 100, 20), (Run("number", INK),), 20)


def drawn(*panels: Panel, over: tuple[Primitive, ...] = ()) -> list[Primitive]:
    shown, above = spared(panels, over)
    return [*(p for one in shown for p in one.primitives), *above]


def test_a_line_is_broken_around_letters() -> None:
    line = Link("now/link/top", ((0, 110), (400, 110)), INK)
    first, second = (p for p in drawn(panel("maps", word()), panel("links", line)) if isinstance(p, Link))
    assert (first.key, second.key) == ("now/link/top", "now/link/top/1")
    assert [first.points[0][0], first.points[1][0]] == pytest.approx([0, 100 - AROUND])
    # Measured without kerning, which makes the letters a little narrower.
    assert second.points[0][0] == pytest.approx(100 + width(word()) + AROUND, abs=1.5)
    assert second.points[1] == (400, 110)


def test_scraps_between_words_are_left_out() -> None:
    after = 100 + width(word()) + 2 * AROUND + 10
    line = Link("now/link/top", ((0, 110), (400, 110)), INK)
    links = [
        p
        for p in drawn(panel("maps", word(), word("next", after)), panel("links", line))
        if isinstance(p, Link)
    ]
    assert len(links) == 2


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("0/shortcut/3/line", word()),
        ("now/link/top", word("0/shortcut/3/plus")),
        ("now/link/top", word(y=200)),
    ],
)
def test_other_lines_other_places_and_a_plus_in_its_circle_change_nothing(key: str, words: Text) -> None:
    panels = (panel("maps", words), panel("links", Link(key, ((0, 110), (400, 110)), INK)))
    assert [p for one in spared(panels, ())[0] for p in one.primitives] == [words, panels[1].primitives[0]]


def test_without_such_lines_the_panels_are_the_same_objects() -> None:
    panels = (panel("maps", word(), Rect("rect", Box(0, 0, 9, 9), INK)),)
    assert spared(panels, ())[0] is panels


def test_words_and_legends_under_a_tint_are_drawn_above_it() -> None:
    points = ((50.0, 50.0), (350.0, 80.0), (350.0, 180.0), (50.0, 150.0))
    tint = Link("now/link/fill", points, CLEAR, TINT, closed=True)
    bar = Gradient("0/input/legend", Box(100, 130, 80, 6), (INK, "#ffffff"))
    far, axis = word("far", 100, 300), Gradient("axis", Box(100, 140, 80, 6), (INK, "#ffffff"))
    keys = [
        p.key for p in drawn(panel("maps", word(), bar, far, axis), panel("links", tint), panel("kernels"))
    ]
    assert keys == ["far", "axis", "now/link/fill", "title", "0/input/legend"]


def test_lines_over_all_panels_come_before_the_words_and_the_other_marks() -> None:
    points = ((50.0, 50.0), (350.0, 50.0), (350.0, 180.0), (50.0, 180.0))
    tint, ring = Link("0/now/link/fill", points, CLEAR, TINT, closed=True), Ring("ring", Box(0, 0, 9, 9), INK)
    shortcut = Link("0/shortcut/3/line", ((0, 110), (400, 110)), INK)
    keys = [p.key for p in drawn(panel("maps", word("0/conv1/sign")), over=(shortcut, ring, tint))]
    assert keys == ["0/now/link/fill", "0/conv1/sign", "0/shortcut/3/line", "ring"]


def test_the_tint_of_a_loupe_goes_on_under_words_that_break_its_edges() -> None:
    points = ((100.0, 0.0), (100.0, 400.0), (140.0, 400.0), (140.0, 0.0))
    tint = Link("loupe/fill", points, CLEAR, TINT, closed=True)
    edge = Link("loupe/left", ((110.0, 0.0), (110.0, 400.0)), INK)
    first, *edges, last = drawn(panel("loupe", tint, edge), panel("formula", word("formula/live")))
    assert (first, last.key) == (tint, "formula/live")
    # Letters of 20 pixels are 18 high, and stand in the middle of their box: from 101 to 119.
    ends = [y for p in edges if isinstance(p, Link) for _, y in p.points]
    assert ends == pytest.approx([0, 101 - AROUND, 119 + AROUND, 400])


def test_no_tint_of_a_photograph_is_cut_into_strips() -> None:
    timeline = make_timeline(shipped_lesson("photo-edges"))
    for index in (0, 9, 30, 45):
        scene = build_scene(timeline, index, Viewpoint(), (1366.0, 768.0), LIGHT)
        tints = [p.key for p in scene.primitives() if isinstance(p, Link) and p.closed and p.fill]
        assert [key for key in tints if key.startswith("loupe/")] == ["loupe/fill"]
        assert len(tints) == len(set(tints))

"""A scene on a canvas: what is asked of a vector file, primitive by primitive."""

from typing import Any

import numpy as np
import pytest

from cnnviz.paint.vector import draw_scene
from cnnviz.scene.primitives import (
    Align,
    Box,
    Formula,
    Gradient,
    Link,
    Primitive,
    Rect,
    Ring,
    Run,
    Text,
    Weight,
)
from tests.paint.scenes import colors, grid, scene

Call = tuple[str, tuple[Any, ...]]


class Recorder:
    """A canvas that only remembers."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.calls.append((name, arguments))


def _drawn(*primitives: Primitive, background: str | None = None, scale: float = 1.0) -> list[Call]:
    canvas = Recorder()
    draw_scene(canvas, scene(*primitives, background=background), scale)
    return canvas.calls


def _only(calls: list[Call], name: str) -> list[tuple[Any, ...]]:
    return [arguments for called, arguments in calls if called == name]


def test_a_ground_is_drawn_where_there_is_one() -> None:
    assert _only(_drawn(background="#102030"), "rect") == [(Box(0, 0, 100, 100), "#102030")]
    assert _drawn() == []


def test_each_thing_is_a_group_with_its_key() -> None:
    calls = _drawn(
        Rect("a", Box(1, 1, 5, 5), "#ff0000"), Gradient("b", Box(1, 1, 5, 5), ("#000000", "#ffffff"))
    )
    assert [arguments[0] for arguments in _only(calls, "begin")] == ["a", "b"]
    assert len(_only(calls, "end")) == 2


def test_cells_are_rectangles_up_to_what_is_written() -> None:
    calls = _drawn(grid(colors([[0, 50], [100, 150]]), 10, (20, 30), written=3, blank="#ff0000"))
    blank, *cells = _only(calls, "rect")
    assert blank == (Box(30, 40, 10, 10), "#ff0000")
    assert cells == [
        (Box(20, 30, 10, 10), "#000000"),
        (Box(30, 30, 10, 10), "#323232"),
        (Box(20, 40, 10, 10), "#646464"),
    ]


def test_numbers_are_words_in_the_middle_of_their_cells_in_readable_ink() -> None:
    calls = _drawn(grid(colors([[0, 255]]), 40, values=np.array([[-1.5, 7.0]]), decimals=1, text_size=16.0))
    (dark, light) = _only(calls, "words")
    assert [(call[0][0].text, call[0][0].color) for call in (dark, light)] == [
        ("−1.5", "#ffffff"),
        ("7.0", "#000000"),
    ]
    for (word,), baseline, size, align, width in (dark, light):
        assert align is Align.CENTER
        assert baseline == pytest.approx(20 + 0.727 * size / 2, abs=0.6)
        assert (word.x + width / 2) % 40 == pytest.approx(20)


def test_a_part_of_a_grid_that_is_zoomed_has_only_the_written_cells_that_are_seen() -> None:
    levels = np.arange(100).reshape(10, 10)
    zoomed = grid(colors(levels), 20, (-60, -40), box=Box(0, 0, 50, 50), written=37)
    calls = _drawn(zoomed)
    assert _only(calls, "begin") == [("grid", Box(0, 0, 50, 50))]
    seen = {int(fill[1:3], 16) for _, fill in _only(calls, "rect")}
    # Rows 2 to 4 and columns 3 to 5 are seen, and cell 36 is the last that is written.
    assert {23, 24, 25, 33, 34, 35} <= seen
    assert max(seen) <= 36


def test_a_map_of_too_many_cells_is_made_smaller_where_it_is_larger_than_the_picture() -> None:
    big = np.zeros((1000, 1000, 3), np.uint8)
    for scale, sides in ((1.0, 125), (4.0, 500), (10.0, 1000)):
        ((box, cells),) = _only(_drawn(grid(big, 0.1), scale=scale), "picture")
        assert cells.image.shape[0] == pytest.approx(sides, abs=3)
        assert cells.smooth == (scale < 10)
        assert box.w == pytest.approx(100, rel=0.02)


def test_a_ring_is_two_strokes_side_by_side() -> None:
    (outer, inner) = _only(_drawn(Ring("r", Box(20, 20, 40, 40), "#ff0000", "#000000", 4)), "frame")
    # The inner one lies on the edge, the outer one around it: 18 to 22 and 16 to 18.
    assert inner[:3] == (Box(20, 20, 40, 40), "#ff0000", 4)
    assert outer[:3] == (Box(17, 17, 46, 46), "#000000", 2)


def test_a_dashed_ring_shows_its_other_colour_between_dashes() -> None:
    calls = _only(_drawn(Ring("r", Box(20, 20, 40, 40), "#ff0000", "#000000", 2, dashed=True)), "frame")
    assert [(call[1], call[4]) for call in calls] == [("#000000", ()), ("#000000", ()), ("#ff0000", (6, 4))]


def test_a_thing_is_cut_off_only_where_it_reaches_over() -> None:
    ring = Ring("r", Box(20, 20, 40, 40), "#ff0000", clip=Box(0, 0, 100, 100))
    cut = Ring("r", Box(20, 20, 40, 40), "#ff0000", clip=Box(0, 0, 50, 100))
    assert _only(_drawn(ring, cut), "begin") == [("r", None), ("r", Box(0, 0, 50, 100))]


def test_an_arrow_ends_in_a_head_and_its_line_where_that_begins() -> None:
    calls = _drawn(Link("l", ((10, 50), (90, 50)), "#0000ff", width=2, arrow=True))
    ((((start, end),), color, width),) = _only(calls, "lines")
    ((head, fill, _, _),) = _only(calls, "polygon")
    assert (start, end, color, width) == ((10, 50), (80, 50), "#0000ff", 2)
    assert (head, fill) == ([(90, 50), (80, 54), (80, 46)], "#0000ff")


def test_what_cannot_be_seen_is_not_drawn() -> None:
    clear = "#00000000"
    calls = _drawn(
        Rect("a", Box(1, 1, 5, 5), clear),
        Link("b", ((0, 0), (9, 9)), clear),
        Ring("c", Box(1, 1, 5, 5), clear),
        Text("d", Box(1, 1, 50, 10), (), 8),
    )
    assert {name for name, _ in calls} <= {"begin", "end"}


def test_runs_of_a_line_are_written_together_and_lines_apart() -> None:
    runs = (Run("one ", "#ff0000", Weight.BOLD), Run("two three", "#0000ff"))
    calls = _only(_drawn(Text("t", Box(0, 0, 60, 60), runs, 14, Align.RIGHT, wrap=True)), "words")
    assert [[word.text for word in call[0]] for call in calls] == [["one ", "two"], ["three"]]
    for words, _, _, align, width in calls:
        assert align is Align.RIGHT
        assert words[0].x + width == pytest.approx(60)


def test_a_formula_starts_where_its_place_in_the_box_says() -> None:
    box = Box(10, 10, 80, 30)
    calls = _drawn(*(Formula("f", box, "bias.line", (), 10, align) for align in Align))
    left, middle, right = (call[2] for call in _only(calls, "formula"))
    assert left == 10
    assert middle - left == pytest.approx(right - middle, abs=1)

"""Texts break, shrink and end in an ellipsis, and what is set stays in its box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.paint.fonts import text_width
from cnnviz.paint.layout import ELLIPSIS, SMALLEST, Setting, set_text
from cnnviz.scene.primitives import Align, Box, Run, Text, Weight


def _text(*words: str, width: float = 200, height: float = 20, size: float = 16, **other: object) -> Text:
    runs = tuple(Run(word, "#000000") for word in words)
    return Text("t", Box(5, 5, width, height), runs, size, **other)  # type: ignore[arg-type]  # fields by name


def _lines(setting: Setting) -> list[str]:
    lines: dict[float, str] = {}
    for piece in setting.pieces:
        lines[piece.baseline] = lines.get(piece.baseline, "") + piece.text
    return list(lines.values())


def test_a_text_that_fits_keeps_its_size() -> None:
    setting = set_text(_text("Feature map"))
    assert setting.size == 16
    assert [(p.text, p.x) for p in setting.pieces] == [("Feature map", 0)]


@pytest.mark.parametrize(("align", "share"), [(Align.LEFT, 0), (Align.CENTER, 0.5), (Align.RIGHT, 1)])
def test_alignment(align: Align, share: float) -> None:
    (piece,) = set_text(_text("abc", align=align)).pieces
    assert piece.x == pytest.approx(share * (200 - text_width("abc", 16)))


def test_runs_follow_one_another() -> None:
    runs = (Run("10", "#ff0000", Weight.BOLD), Run(" + 2", "#0000ff"))
    first, second = set_text(Text("t", Box(0, 0, 200, 20), runs, 16)).pieces
    assert second.x == pytest.approx(text_width("10", 16, Weight.BOLD))
    assert (first.color, first.weight, second.color) == ("#ff0000", Weight.BOLD, "#0000ff")


def test_capitals_are_centred_in_the_box() -> None:
    from cnnviz.paint.fonts import cap_height

    (piece,) = set_text(_text("H", height=40)).pieces
    assert piece.baseline - cap_height(16) / 2 == pytest.approx(20)


def test_a_line_too_long_is_set_smaller() -> None:
    natural = text_width("Feature map", 16)
    setting = set_text(_text("Feature map", width=natural * 0.8))
    assert setting.size == pytest.approx(16 * 0.8)
    assert _lines(setting) == ["Feature map"]


def test_a_line_far_too_long_ends_in_an_ellipsis() -> None:
    natural = text_width("Feature map", 16)
    setting = set_text(_text("Feature map", width=natural * 0.5))
    (line,) = _lines(setting)
    assert setting.size == pytest.approx(16 * SMALLEST)
    assert line.endswith(ELLIPSIS)
    assert "Feature map".startswith(line[:-1])
    assert text_width(line, setting.size) <= natural * 0.5


def test_breaks_between_words() -> None:
    setting = set_text(_text("one two three", width=text_width("one two", 16) + 1, height=100, wrap=True))
    assert _lines(setting) == ["one two", "three"]


def test_a_word_of_two_runs_is_not_broken() -> None:
    # "−22" is bold and its full stop is not, but they belong together.
    width = text_width("sum is −22", 16) + 1
    setting = set_text(_text("sum is −22", ".", width=width, height=100, wrap=True))
    assert _lines(setting) == ["sum is", "−22."]


def test_a_newline_breaks_and_a_no_break_space_does_not() -> None:
    assert _lines(set_text(_text("a\nb", height=100, wrap=True))) == ["a", "b"]
    width = text_width("aa bb", 16) * 0.95
    setting = set_text(_text("aa\u00a0bb", width=width, height=16, wrap=True))
    assert _lines(setting) == ["aa\u00a0bb"]


def test_too_many_lines_are_set_smaller_and_then_cut() -> None:
    words = " ".join(["word"] * 40)
    setting = set_text(_text(words, width=200, height=60, wrap=True))
    lines = _lines(setting)
    assert setting.size == pytest.approx(16 * SMALLEST)
    assert len(lines) == 3  # 11.2 px high, 15.68 apart: two steps and a line take 44.8 of 60, three 60.5
    assert lines[-1].endswith(ELLIPSIS)


def test_a_cut_at_an_empty_line_is_shown_too() -> None:
    assert _lines(set_text(_text("a\n\nb\nc\nd", height=40, wrap=True))) == ["a", ELLIPSIS]


@given(
    st.lists(st.text(alphabet="ab −1\n", max_size=12), max_size=5),
    st.floats(1, 300),
    st.floats(1, 120),
    st.booleans(),
)
def test_nothing_reaches_beyond_the_box(words: list[str], width: float, height: float, wrap: bool) -> None:
    setting = set_text(_text(*words, width=width, height=height, wrap=wrap))
    for piece in setting.pieces:
        assert piece.x >= -1e-6
        assert piece.x + text_width(piece.text, setting.size, piece.weight) <= width * (1 + 1e-6) + 1e-3

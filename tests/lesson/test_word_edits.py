"""A teacher's own words: kept in order, dropped when empty, refused when too long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import BadInput, Lesson, Words
from cnnviz.lesson.word_edits import (
    MOST_CHARACTERS,
    WordField,
    set_lesson_title,
    set_words,
    words_after_drop,
    words_after_insert,
    words_of,
)


@pytest.fixture
def lesson() -> Lesson:
    """The 6×6 example: convolution, ReLU, pooling, without words of its own."""
    return replace(shipped_lesson("vertical-edge"), words=())


def test_a_field_is_set_and_the_others_stay(lesson: Lesson) -> None:
    first = set_words(lesson, 1, "title", "Cut the negatives")
    both = set_words(first, 1, "notes", "Ask:\nwhat becomes of −30?")
    assert words_of(both, 1) == Words(1, "Cut the negatives", "", "Ask:\nwhat becomes of −30?")
    assert words_of(both, 0) == Words(0)
    assert lesson.words == ()


def test_words_stand_in_the_order_of_the_sections(lesson: Lesson) -> None:
    for section in (2, 0, 1):
        lesson = set_words(lesson, section, "caption", f"part {section}")
    assert [w.section for w in lesson.words] == [0, 1, 2]


@pytest.mark.parametrize("blank", ["", "   ", "\n\t "])
def test_blank_words_are_dropped(lesson: Lesson, blank: str) -> None:
    said = set_words(lesson, 0, "caption", "Look at the edge")
    assert set_words(said, 0, "caption", blank) == lesson


def test_title_and_story_are_one_line_and_notes_keep_theirs(lesson: Lesson) -> None:
    text = "one\r\ntwo\u2029three"
    for field, want in (
        ("title", "one two three"),
        ("caption", "one two three"),
        ("notes", "one\ntwo\nthree"),
    ):
        made = words_of(set_words(lesson, 0, field, text), 0)  # type: ignore[arg-type]  # a str of the tuple
        assert getattr(made, field) == want


@pytest.mark.parametrize("field", ["title", "caption", "notes"])
def test_too_long_a_text_is_refused_with_one_line(lesson: Lesson, field: WordField) -> None:
    most = MOST_CHARACTERS[field]
    assert len(getattr(words_of(set_words(lesson, 0, field, "x" * most), 0), field)) == most
    with pytest.raises(BadInput, match=f"{most + 1:,} characters: give at most {most:,}") as refused:
        set_words(lesson, 0, field, "x" * (most + 1))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("section", [-1, 3])
def test_a_section_that_is_not_there_is_refused(lesson: Lesson, section: int) -> None:
    with pytest.raises(BadInput, match=f"section {section} .*give 0 to 2"):
        set_words(lesson, section, "title", "x")


def test_a_control_character_is_refused_with_its_place(lesson: Lesson) -> None:
    with pytest.raises(BadInput, match=r"character 2 \(code 7\)"):
        set_words(lesson, 0, "notes", "ab\a")
    with pytest.raises(BadInput, match=r"character 0 \(code 55357\)"):
        set_words(lesson, 0, "notes", "\ud83d")


def test_scripts_and_emoji_are_words(lesson: Lesson) -> None:
    text = "حافّة · 边缘 · 👩‍🏫 می‌خواهم"
    assert words_of(set_words(lesson, 0, "caption", text), 0).caption == text


def test_the_lesson_has_a_title_of_at_least_a_letter(lesson: Lesson) -> None:
    assert set_lesson_title(lesson, " Edges\n in a picture ").title == "Edges  in a picture"
    with pytest.raises(BadInput, match="empty"):
        set_lesson_title(lesson, "  ")
    with pytest.raises(BadInput, match="201 characters"):
        set_lesson_title(lesson, "x" * 201)


def test_words_stay_with_their_sections_when_one_comes_or_goes() -> None:
    words = (Words(0, "a"), Words(1, "b"), Words(2, "c"))
    assert words_after_insert(words, 1) == (Words(0, "a"), Words(2, "b"), Words(3, "c"))
    assert words_after_drop(words, 1) == (Words(0, "a"), Words(1, "c"))
    assert words_after_drop(words_after_insert(words, 1), 1) == words

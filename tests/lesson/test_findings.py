"""Findings: told while what they rest on is there, gone where it is not, back when it is back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cnnviz.engine.specs import Tanh
from cnnviz.lesson.edits import set_cells, set_weight
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.findings import sealed, told_lesson, told_words
from cnnviz.lesson.layer_edits import set_activation_after
from cnnviz.lesson.lesson import Lesson, Words
from cnnviz.lesson.word_edits import set_words, words_of
from cnnviz.lesson.words import Finding, Premise
from tests.lesson.examples import vertical_edge

FINDINGS = (
    Finding("title", "Slide"),
    Finding("caption", "The kernel slides."),
    Finding("caption", "It answers 30.", ("input", "layers", "weights")),
    Finding("notes", "Four rows.", ("shape", "layers")),
)


def taught() -> Lesson:
    """The 6×6 example with findings for its convolution and its ReLU."""
    relu = Words(
        1, findings=(Finding("caption", "ReLU cuts."), Finding("caption", "Nothing is cut.", ("input",)))
    )
    return sealed(replace(vertical_edge(), words=(Words(0, findings=FINDINGS), relu)))


def said(lesson: Lesson, section: int = 0) -> tuple[str, str, str]:
    words = words_of(lesson, section)
    return words.title, words.caption, words.notes


WHOLE = ("Slide", "The kernel slides. It answers 30.", "Four rows.")


def test_all_is_told_of_the_lesson_that_it_was_written_for() -> None:
    assert said(taught()) == WHOLE
    assert said(taught(), 1) == ("", "ReLU cuts. Nothing is cut.", "")


@pytest.mark.parametrize(
    ("edit", "caption", "notes"),
    [
        (lambda at: set_cells(at, {(0, 2, 2): 7.0}), "The kernel slides.", "Four rows."),
        (lambda at: set_weight(at, (0, 0, 1, 1), 2.0), "The kernel slides.", "Four rows."),
        (
            lambda at: set_field(at, "layers.0.stride", "2"),
            "The kernel slides.",
            "",
        ),
        (
            lambda at: set_field(at, "layers.0.flipped", "true"),
            "The kernel slides.",
            "",
        ),
    ],
)
def test_an_edit_takes_what_rests_on_it(edit: Callable[[Lesson], Lesson], caption: str, notes: str) -> None:
    assert said(edit(taught())) == ("Slide", caption, notes)


def test_what_is_typed_back_by_hand_brings_the_line_back() -> None:
    edited = set_cells(taught(), {(0, 2, 2): 7.0})
    assert said(edited) != WHOLE
    assert said(set_cells(edited, {(0, 2, 2): 10.0})) == WHOLE
    weighed = set_weight(taught(), (0, 0, 1, 1), -0.5)
    assert said(set_weight(weighed, (0, 0, 1, 1), -0.0)) == WHOLE


def test_a_layer_behind_a_section_does_not_make_it_false_and_its_own_kind_does() -> None:
    lesson = taught()
    track = lesson.tracks[0]
    tanh = replace(lesson, tracks=(replace(track, layers=(track.layers[0], Tanh(), track.layers[2])),))
    assert said(tanh) == WHOLE
    assert said(tanh, 1) == ("", "", "")


def test_a_teachers_own_words_stay_and_take_the_place_of_findings() -> None:
    own = set_words(taught(), 0, "caption", "Mine: it answers 30.")
    edited = set_cells(own, {(0, 2, 2): 7.0})
    assert said(own) == ("Slide", "Mine: it answers 30.", "Four rows.")
    assert said(edited) == said(own)
    assert said(set_words(own, 0, "caption", "")) == ("Slide", "", "Four rows.")


def test_typing_what_stands_there_changes_nothing() -> None:
    lesson = taught()
    assert set_words(lesson, 0, "caption", WHOLE[1]) is lesson


def test_a_finding_that_rests_on_what_was_never_written_down_is_not_told() -> None:
    unsealed = replace(vertical_edge(), words=(Words(0, findings=FINDINGS),))
    assert said(unsealed) == ("", "", "")


def test_a_lesson_without_findings_is_told_as_it_is_and_one_with_them_once() -> None:
    plain = replace(vertical_edge(), words=(Words(0, "a"),))
    assert told_lesson(plain) is plain
    lesson = taught()
    assert told_lesson(lesson) is told_lesson(lesson)
    assert all(not words.findings for words in told_words(lesson))


def test_tracks_are_called_what_they_are() -> None:
    layers: Premise = (("layers", ""),)
    one, three = (vertical_edge(stride=(n, n), padding=1).tracks[0] for n in (1, 3))
    lesson = sealed(
        Lesson(
            "Strides",
            (
                replace(one, name="Stride one", name_premise=layers),
                replace(three, name="Stride three", name_premise=layers),
            ),
        )
    )
    assert [t.name for t in told_lesson(lesson).tracks] == ["Stride one", "Stride three"]
    edited = set_field(lesson, "layers.0.stride", "2")
    assert [t.name for t in told_lesson(edited).tracks] == ["Stride 2", "Stride three"]
    mine = set_field(lesson, "tracks.0.name", "Mine")
    edited = set_field(mine, "layers.0.stride", "2")
    assert [t.name for t in told_lesson(edited).tracks] == ["Mine", "Stride three"]


def test_where_an_answer_is_asked_for_no_line_gives_it_away() -> None:
    lesson = set_words(taught(), 1, "notes", "It answers 30, I think.")
    asked = told_lesson(lesson, asks=True)
    assert [words.caption for words in asked.words] == ["The kernel slides.", "ReLU cuts."]
    assert (asked.words[0].notes, asked.words[1].notes) == ("Four rows.", "It answers 30, I think.")
    assert told_lesson(lesson).words[0].caption == WHOLE[1]


def test_a_section_that_moves_keeps_what_is_true_of_its_kind_only() -> None:
    pooled = Words(
        2,
        findings=(Finding("caption", "The largest stays."), Finding("caption", "16 become 4.", ("layers",))),
    )
    lesson = sealed(replace(vertical_edge(), words=(pooled,)))
    assert said(lesson, 2)[1] == "The largest stays. 16 become 4."
    without = set_activation_after(lesson, 0, "none")
    assert [type(spec).__name__ for spec in without.tracks[0].layers] == ["Conv", "MaxPool"]
    assert said(without, 1)[1] == "The largest stays."

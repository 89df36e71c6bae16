"""Words in a lesson file: findings come back with what they rest on, and a wrong field is named in one line."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.words import premise_from_document, words_from_document, words_to_document
from cnnviz.lesson.words import Finding, Words

WORDS = Words(
    3,
    notes="Mine",
    findings=(
        Finding("title", "Sums"),
        Finding("caption", "First."),
        Finding("caption", "It answers 30.", ("input", "weights")),
        Finding("caption", "Last."),
        Finding("notes", "Nine.", ("input", "weights")),
    ),
    premise=(("kind", "0123abcd"), ("input", "ffffffff"), ("weights", "00000000")),
)


def test_findings_come_back_in_their_order() -> None:
    document = words_to_document(WORDS)
    assert words_from_document(document, "words.0") == WORDS
    assert document == {
        "section": 3,
        "notes": "Mine",
        "findings": [
            {"title": "Sums", "caption": "First."},
            {"rests_on": ["input", "weights"], "caption": "It answers 30.", "notes": "Nine."},
            {"caption": "Last."},
        ],
        "written_for": {"kind": "0123abcd", "input": "ffffffff", "weights": "00000000"},
    }


def test_words_without_findings_are_written_as_ever() -> None:
    document = words_to_document(Words(1, "a", "", "c"))
    assert document == {"section": 1, "title": "a", "caption": "", "notes": "c"}
    assert words_from_document({"section": 1, "title": "a"}, "words.0") == Words(1, "a")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"findings": {}}, "words.0.findings: is {}"),
        ({"findings": ["a"]}, "words.0.findings.0: is 'a'; give an object"),
        ({"findings": [{"text": "a"}]}, "words.0.findings.0: unknown field 'text'"),
        ({"findings": [{"title": 1}]}, "words.0.findings.0.title: is 1"),
        ({"findings": [{"title": "a", "rests_on": ["mood"]}]}, "words.0.findings.0.rests_on: holds 'mood'; give"),
        ({"findings": [{}] * 101}, "words.0.findings"),
        ({"written_for": {"mood": "00000000"}}, "words.0.written_for: unknown field 'mood'"),
        ({"written_for": {"input": "0000000"}}, "words.0.written_for.input: is '0000000'; give 8 hexadecimal digits"),
        ({"written_for": {"input": 7}}, "words.0.written_for.input: is 7; give 8 hexadecimal digits"),
        ({"section": -1}, "words.0.section: is -1; give the section's number, from 0"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_in_one_line(change: dict[str, Any], line: str) -> None:
    with pytest.raises(BadInput) as caught:
        words_from_document({**words_to_document(WORDS), **change}, "words.0")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_aspects_are_kept_in_one_order() -> None:
    premise = premise_from_document({"weights": "00000000", "kind": "11111111"}, "here")
    assert premise == (("kind", "11111111"), ("weights", "00000000"))

"""Which findings of a lesson hold: a line about the lesson as it was written is told of nothing else."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from cnnviz.lesson.lesson import Lesson, Words
from cnnviz.lesson.premises import fingerprint, first_whole
from cnnviz.lesson.words import WORD_FIELDS, Aspect, Finding, WordField

_LATEST: deque[tuple[Lesson, tuple[Words, ...]]] = deque(maxlen=4)
"""What is told of the last lessons: asked for many times in every step, and the same until something is edited."""


def told_words(lesson: Lesson) -> tuple[Words, ...]:
    """The words of a lesson with the findings that hold in their places, and without all others."""
    if not any(words.findings for words in lesson.words):
        return lesson.words
    for known, told in tuple(_LATEST):  # a copy: other threads ask as well
        if known is lesson:
            return told
    told = _told(lesson)
    _LATEST.append((lesson, told))
    return told


def told_lesson(lesson: Lesson) -> Lesson:
    """The lesson as it is shown: its words are those that hold now."""
    told = told_words(lesson)
    return lesson if told is lesson.words else replace(lesson, words=told)


def sealed(lesson: Lesson) -> Lesson:
    """The lesson with the premises of its findings written for what it is now: their aspects stay, the rest is anew."""
    asked: dict[tuple[int, Aspect], str] = {}
    return replace(lesson, words=tuple(_sealed(lesson, words, asked) for words in lesson.words))


def _sealed(lesson: Lesson, words: Words, asked: dict[tuple[int, Aspect], str]) -> Words:
    findings = tuple(
        replace(
            finding,
            premise=tuple((a, _fingerprint(lesson, words.section, a, asked)) for a, _ in finding.premise),
        )
        for finding in words.findings
    )
    return replace(words, findings=findings)


def _told(lesson: Lesson) -> tuple[Words, ...]:
    asked: dict[tuple[int, Aspect], str] = {}

    def holds(section: int, finding: Finding) -> bool:
        return all(_fingerprint(lesson, section, a, asked) == wanted for a, wanted in finding.premise)

    out = []
    for words in lesson.words:
        held = tuple(finding for finding in words.findings if holds(words.section, finding))
        title, caption, notes = (_whole(words, held, place) for place in WORD_FIELDS)
        out.append(Words(words.section, title, caption, notes))
    return tuple(out)


def _whole(words: Words, held: tuple[Finding, ...], place: WordField) -> str:
    return " ".join(filter(None, (words.text(place), *(f.text for f in held if f.place == place))))


def _fingerprint(lesson: Lesson, section: int, aspect: Aspect, asked: dict[tuple[int, Aspect], str]) -> str:
    """Each is computed once for all findings of a lesson; sections that rest on all layers rest on the same."""
    section = min(section, first_whole(lesson))
    key = (section, aspect)
    if key not in asked:
        asked[key] = fingerprint(lesson, section, aspect)
    return asked[key]

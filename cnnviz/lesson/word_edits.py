"""A teacher's own words as pure edits: title, story line and notes of each section, and where they stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from unicodedata import category

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.findings import told_words
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.words import WordField as WordField

MOST_CHARACTERS: dict[WordField, int] = {"title": 200, "caption": 2000, "notes": 20_000}
"""A title stands in one line of the stage, a story line over a few; notes are read by the speaker."""

NAMES: dict[WordField, str] = {"title": "title", "caption": "story line", "notes": "notes"}


@dataclass(frozen=True, slots=True)
class WordsForm:
    """What a form of the words shows: the section, the name it has by itself, and what is told of it."""

    section: int
    name: str
    words: Words


def words_of(lesson: Lesson, section: int) -> Words:
    """What is told of a section, its findings only where they hold; empty words where nothing is."""
    return _found(told_words(lesson), section)


def set_words(lesson: Lesson, section: int, field: WordField, text: str) -> Lesson:
    """Other words in one field of a section; blank text takes them away.

    Parameters
    ----------
    section : int
        Number of the section in the leading track, from 0.
    field : {"title", "caption", "notes"}
    text : str
        Title and story line become one line; notes keep theirs.

    Raises
    ------
    BadInput
        If the lesson has no such section, or the text is too long or holds a control character.
    """
    sections = max(_most_sections(track) for track in lesson.tracks)
    if not 0 <= section < sections:
        raise BadInput(f"section {section} is not in this lesson: give 0 to {sections - 1}")
    new = _clean(field, text)
    if new == words_of(lesson, section).text(field):
        return lesson
    return with_own_words(lesson, section, field, new)


def with_own_words(lesson: Lesson, section: int, field: WordField, text: str) -> Lesson:
    """A teacher's own words in one field of a section, as they are; what was found there goes."""
    changed = _found(lesson.words, section).with_own(field, text)
    return replace(lesson, words=_sorted((*_without(lesson.words, section), changed)))


def set_lesson_title(lesson: Lesson, text: str) -> Lesson:
    """Another title of the lesson, in one line; `BadInput` for none at all or one that is too long."""
    title = _clean("title", text).strip()
    if not title:
        raise BadInput("the title of the lesson is empty: type at least one letter")
    return replace(lesson, title=title)


def words_after_insert(words: tuple[Words, ...], at: int) -> tuple[Words, ...]:
    """The words of the other sections where a section was put in at that number."""
    return tuple(replace(w, section=w.section + 1) if w.section >= at else w for w in words)


def words_after_drop(words: tuple[Words, ...], at: int) -> tuple[Words, ...]:
    """The words of the other sections where the section of that number was taken out."""
    kept = _without(words, at)
    return tuple(replace(w, section=w.section - 1) if w.section > at else w for w in kept)


def _clean(field: WordField, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if field != "notes":
        text = text.replace("\n", " ")
    if len(text) > MOST_CHARACTERS[field]:
        raise BadInput(
            f"the {NAMES[field]} would have {len(text):,} characters: give at most {MOST_CHARACTERS[field]:,}"
        )
    for at, mark in enumerate(text):
        # Half a surrogate pair could not be saved, a control character not be drawn.
        if category(mark) in ("Cc", "Cs") and mark not in "\n\t":
            raise BadInput(
                f"the {NAMES[field]}: character {at} (code {ord(mark)}) cannot be shown; leave it out"
            )
    return text if text.strip() else ""


def forward_words(lesson: Lesson) -> tuple[Words, ...]:
    """Those that stay when a layer comes or goes: the sections of loss, backward pass and update become others."""
    if all(track.recipe is None for track in lesson.tracks):
        return lesson.words
    forward = max(len(track.layers) for track in lesson.tracks)
    return tuple(w for w in lesson.words if w.section < forward)


def _most_sections(track: Track) -> int:
    """A section for each layer; in a track that learns also loss and its gradient, and at most five more a layer."""
    return len(track.layers) if track.recipe is None else 6 * len(track.layers) + 2


def _found(words: tuple[Words, ...], section: int) -> Words:
    return next((own for own in words if own.section == section), Words(section))


def _without(words: tuple[Words, ...], section: int) -> tuple[Words, ...]:
    return tuple(w for w in words if w.section != section)


def _sorted(words: tuple[Words, ...]) -> tuple[Words, ...]:
    """In the order of the sections, without those that say nothing."""
    return tuple(
        sorted(
            (w for w in words if w.title or w.caption or w.notes or w.findings),
            key=lambda words: words.section,
        )
    )

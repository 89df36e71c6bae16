"""Which findings of a lesson hold: a line about the lesson as it was written is told of nothing else."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.premises import fingerprint, first_whole, track_fingerprint
from cnnviz.lesson.track_names import plain_name
from cnnviz.lesson.words import ASPECTS, WORD_FIELDS, Aspect, Finding, WordField

KIND: Aspect = "kind"

ANSWERS: frozenset[Aspect] = frozenset({"input", "weights", "target"})
"""What comes out rests on these: such a line gives an answer away."""

_LATEST: deque[tuple[Lesson, bool, Lesson]] = deque(maxlen=4)
"""The last lessons as they are told: asked for many times in every step, and the same until something is edited."""


def told_words(lesson: Lesson) -> tuple[Words, ...]:
    """The words of a lesson with the findings that hold in their places, and without all others."""
    return told_lesson(lesson).words


def told_lesson(lesson: Lesson, asks: bool = False) -> Lesson:
    """The lesson as it is shown: its words are those that hold now, and its tracks are called what they are.

    Parameters
    ----------
    lesson : Lesson
    asks : bool
        Whether answers are hidden from the audience: then captions that tell them are left out.
    """
    if not any(words.findings for words in lesson.words) and not any(t.name_premise for t in lesson.tracks):
        return lesson
    for known, asked, told in tuple(_LATEST):  # a copy: other threads ask as well
        if known is lesson and asked is asks:
            return told
    told = replace(lesson, words=_told(lesson, asks), tracks=_called(lesson))
    _LATEST.append((lesson, asks, told))
    return told


def sealed(lesson: Lesson) -> Lesson:
    """The lesson with all premises written for what it is now: their aspects stay, the fingerprints are anew."""
    asked: dict[tuple[int, Aspect], str] = {}
    tracks = tuple(
        replace(track, name_premise=tuple((a, track_fingerprint(track, a)) for a, _ in track.name_premise))
        for track in lesson.tracks
    )
    return replace(
        lesson, words=tuple(_sealed(lesson, words, asked) for words in lesson.words), tracks=tracks
    )


def _called(lesson: Lesson) -> tuple[Track, ...]:
    """The tracks with names that hold: where one does not, it is called by what tells it from the others."""
    return tuple(
        replace(
            track, name=track.name if _holds(track) else plain_name(lesson.tracks, number), name_premise=()
        )
        if track.name_premise
        else track
        for number, track in enumerate(lesson.tracks)
    )


def _holds(track: Track) -> bool:
    return all(track_fingerprint(track, a) == wanted for a, wanted in track.name_premise)


def _sealed(lesson: Lesson, words: Words, asked: dict[tuple[int, Aspect], str]) -> Words:
    wanted = {KIND, *(aspect for finding in words.findings for aspect in finding.rests_on)}
    found = ((a, _fingerprint(lesson, words.section, a, asked)) for a in ASPECTS if a in wanted)
    return replace(words, premise=tuple(found))


def _told(lesson: Lesson, asks: bool) -> tuple[Words, ...]:
    asked: dict[tuple[int, Aspect], str] = {}
    out = []
    for words in lesson.words:
        there = {a for a, wanted in words.premise if _fingerprint(lesson, words.section, a, asked) == wanted}
        held = tuple(
            f
            for f in words.findings
            if there.issuperset((KIND, *f.rests_on))
            and not (asks and f.place == "caption" and ANSWERS.intersection(f.rests_on))
        )
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

"""Lines of the lessons that ship: all hold as they ship, and what an edit could make false goes with it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Params
from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.lesson.findings import told_lesson, told_words
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Recipe
from cnnviz.lesson.source import Source
from cnnviz.lesson.words import ASPECTS, Aspect
from cnnviz.timeline.timeline import make_timeline

RUNS = "twins"
DEEP = ("resnet-34", "plain-34", "resnet-34-and-plain")
IDS = [entry.id for entry in shipped() if entry.id not in (RUNS, *DEEP)]
"""Of recorded runs nothing can be edited; the deep ones draw millions of weights, and have their own test below."""


@pytest.mark.parametrize("name", [entry.id for entry in shipped() if entry.id != RUNS])
def test_every_finding_holds_as_it_ships(name: str) -> None:
    lesson = shipped_lesson(name)
    told = told_words(lesson)
    for words, shown in zip(lesson.words, told, strict=True):
        for place in ("title", "caption", "notes"):
            assert shown.text(place) == " ".join(f.text for f in words.findings if f.place == place)
            assert not words.text(place), "what ships is a finding: own words are the teacher's"
    assert [t.name for t in told_lesson(lesson).tracks] == [t.name for t in lesson.tracks]


@pytest.mark.parametrize("name", IDS)
def test_another_picture_and_other_weights_leave_a_line_in_every_lesson(name: str) -> None:
    lesson = other(shipped_lesson(name))
    assert any(words.caption for words in told_words(lesson))
    assert all("photograph" not in words.caption for words in told_words(lesson))


def other(lesson: Lesson) -> Lesson:
    """The lesson with another picture, one row higher, other weights, and another rate; nothing is checked."""
    return replace(lesson, tracks=tuple(other_track(track) for track in lesson.tracks))


def other_track(track: Track) -> Track:
    channels, rows, columns = track.source.shape
    source = Source(np.random.default_rng(1).integers(0, 9, (channels, rows + 1, columns)).astype(np.float64))
    params = tuple(None if p is None else Params(p.weight + 0.5, p.bias) for p in track.params)
    return replace(track, source=source, params=params, recipe=other_recipe(track.recipe))


def other_recipe(recipe: Recipe | None) -> Recipe | None:
    return None if recipe is None else replace(recipe, rate=recipe.rate * 2, seed=recipe.seed + 1)


def rests_on(name: str, section: int, part: str) -> tuple[Aspect, ...]:
    """What a line of a lesson rests on, beside the kind of its layers."""
    words = shipped_lesson(name).words[section]
    (found,) = (f for f in words.findings if part in f.text and f.place == "caption")
    return found.rests_on


@pytest.mark.parametrize(
    ("name", "section", "part", "aspects"),
    [
        ("vertical-edge", 0, "answers 30", ("input", "layers", "weights")),
        ("vertical-edge", 0, "slides over", ()),
        ("strides", 0, "never read", ("shape", "layers")),
        ("blur", 0, "made noisy", ("input",)),
        ("classifier", 5, "a cross", ("input", "layers", "weights")),
        ("tiny-network", 0, "6 is wanted", ("input", "weights", "target")),
        ("chain-rule", 4, "7.6", ("input", "weights", "target", "learning")),
        ("resnet-34", 1, "64 maps", ("shape", "layers")),
    ],
)
def test_lines_rest_on_what_they_tell_of(
    name: str, section: int, part: str, aspects: tuple[Aspect, ...]
) -> None:
    assert set(rests_on(name, section, part)) == set(aspects)


ALWAYS = re.compile(
    r"180°|Layer \d+( of 34)?|0\.299 R \+ 0\.587 G \+ 0\.114 B|2\(ŷ|(?<![\d.])[01](?![\d.]\d)"
)
"""Numbers that are true of every picture, kernel and size; a layer's number is that of its kind."""


@pytest.mark.parametrize("name", [entry.id for entry in shipped() if entry.id != RUNS])
def test_a_number_in_a_caption_rests_on_something(name: str) -> None:
    for words in shipped_lesson(name).words:
        for finding in words.findings:
            if finding.place == "caption" and not finding.rests_on:
                assert not re.search(r"\d", ALWAYS.sub("", finding.text)), finding.text


def test_own_weights_in_a_deep_network_take_what_is_said_of_random_ones_only() -> None:
    lesson = shipped_lesson("plain-34")
    track = lesson.tracks[0]
    first = next(n for n, p in enumerate(track.params) if p is not None)
    params = track.params[first]
    assert params is not None
    own = tuple(Params(params.weight + 1) if n == first else p for n, p in enumerate(track.params))
    edited = replace(lesson, tracks=(replace(track, params=own),))
    before, after = told_words(lesson)[first], told_words(edited)[first]
    assert (before.title, before.caption) == (after.title, after.caption)
    assert "random" in before.notes
    assert "random" not in after.notes


def test_the_lessons_play_with_the_words_that_hold() -> None:
    timeline = make_timeline(other(shipped_lesson("both-polarities")))
    assert [title for _, title in timeline.section_starts()] == ["Convolution", "ReLU"]


def test_every_aspect_is_needed() -> None:
    used = {a for e in shipped() for w in shipped_lesson(e.id).words for f in w.findings for a in f.rests_on}
    assert used == set(ASPECTS) - {"kind"}

"""Fingerprints: alike where the lesson computes alike, different where it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.specs import Add, LeakyRelu
from cnnviz.files.lessons import find_lesson
from cnnviz.lesson.edits import set_cells, set_weight
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.premises import fingerprint, first_whole, track_fingerprint
from cnnviz.lesson.source import Shift, Source, transformed
from cnnviz.lesson.words import ASPECTS, Aspect
from tests.lesson.examples import vertical_edge

Edit = Callable[[Lesson], Lesson]


def changed(before: Lesson, after: Lesson, section: int = 0) -> set[Aspect]:
    """The aspects that an edit changes."""
    return {a for a in ASPECTS if fingerprint(before, section, a) != fingerprint(after, section, a)}


def field(path: str, text: str) -> Edit:
    return lambda lesson: set_field(lesson, path, text)


def shifted(lesson: Lesson) -> Lesson:
    track = lesson.tracks[0]
    return replace(lesson, tracks=(replace(track, source=transformed(track.source, (Shift(0, 1),))),))


@pytest.mark.parametrize(
    ("edit", "section", "aspects"),
    [
        (lambda at: set_cells(at, {(0, 0, 0): 3.0}), 0, {"input"}),
        (shifted, 2, {"input"}),
        (lambda at: set_weight(at, (0, 0, 0, 0), 3.0), 0, {"weights"}),
        (field("layers.0.stride", "2"), 0, {"layers"}),
        (field("layers.0.padding", "1"), 1, {"layers"}),
        (field("layers.0.padding", "valid"), 0, set()),  # as the 0 that stands there
        (field("layers.2.stride", "1"), 0, set()),  # behind the section
        (field("layers.2.stride", "1"), 2, {"layers"}),
        (field("title", "Mine"), 0, set()),
        (field("pace", "row"), 0, set()),
        (field("source.name", "mine"), 0, set()),
        (field("tracks.0.name", "mine"), 0, set()),
    ],
)
def test_each_edit_changes_its_aspects(edit: Edit, section: int, aspects: set[Aspect]) -> None:
    lesson = vertical_edge()
    assert changed(lesson, edit(lesson), section) == aspects


def test_another_picture_of_the_same_size_changes_its_values_only() -> None:
    lesson = vertical_edge()
    track = lesson.tracks[0]
    same = replace(lesson, tracks=(replace(track, source=Source(np.ones((1, 6, 6)))),))
    large = replace(lesson, tracks=(replace(track, source=Source(np.ones((1, 7, 6)))),))
    assert changed(lesson, same) == {"input"}
    assert changed(lesson, large) == {"input", "shape"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"padding": 1}, {"padding": (1, 1, 1, 1)}, True),
        ({"padding": 1}, {"padding": "same"}, True),
        ({"padding": 2}, {"padding": "full"}, True),
        ({"padding": 1}, {"padding": "half", "stride": (2, 2)}, False),
        ({"padding": "same", "stride": (2, 2)}, {"padding": "same-lower", "stride": (2, 2)}, False),
    ],
)
def test_paddings_count_by_what_they_add(
    one: dict[str, object], other: dict[str, object], same: bool
) -> None:
    first, second = (vertical_edge(**how) for how in (one, other))
    assert (fingerprint(first, 0, "layers") == fingerprint(second, 0, "layers")) is same


def test_a_bias_of_zeros_is_none_and_the_sign_of_zero_does_not_count() -> None:
    weight = np.array([[[[0.0, 1], [2, -1]]]])
    chains = [
        Track(Source(np.ones((1, 3, 3))), (Conv(1, (2, 2)),), (params,))
        for params in (
            Params(weight),
            Params(weight, np.zeros(1)),
            Params(np.where(weight == 0, -0.0, weight)),
            Params(weight, np.ones(1)),
        )
    ]
    plain, zero, negative, biased = (track_fingerprint(chain, "weights") for chain in chains)
    assert plain == zero == negative
    assert biased != plain


def test_the_kind_is_that_of_the_sections_own_layer() -> None:
    lesson = vertical_edge()
    track = lesson.tracks[0]
    leaky = replace(lesson, tracks=(replace(track, layers=(track.layers[0], LeakyRelu(), track.layers[2])),))
    assert "kind" not in changed(lesson, leaky, 0)
    assert "kind" in changed(lesson, leaky, 1)
    assert "kind" not in changed(lesson, leaky, 2)


def test_an_addition_without_its_shortcut_is_of_another_kind() -> None:
    lesson = find_lesson("residual-block")
    at = next(n for n, spec in enumerate(lesson.tracks[0].layers) if isinstance(spec, Add))
    off = set_field(lesson, f"layers.{at}.shortcut", "false")
    assert {"kind", "layers"} <= changed(lesson, off, at)


def test_tracks_of_different_lengths_rest_on_all_their_layers() -> None:
    chain = vertical_edge().tracks[0]
    short = replace(chain, layers=(chain.layers[0], Relu()), params=chain.params[:2])
    assert first_whole(Lesson("Both", (chain, chain))) == 3
    both = Lesson("Both", (chain, short))
    assert first_whole(both) == 0
    assert changed(both, set_field(both, "tracks.0.layers.2.stride", "1")) == {"layers"}


@pytest.mark.parametrize(
    ("path", "text", "aspects"),
    [
        ("rate", "0.2", {"learning"}),
        ("iterations", "7", {"learning"}),
        ("momentum", "0.5", {"kind", "learning"}),
        ("reduction", "mean", {"kind"}),
        ("examples.0.target.0.0.0", "5", {"target"}),
        ("random", "0", {"weights"}),
        ("seed", "3", set()),  # nothing is drawn by it
    ],
)
def test_what_is_learned_and_how(path: str, text: str, aspects: set[Aspect]) -> None:
    lesson = find_lesson("tiny-network")
    assert changed(lesson, set_field(lesson, path, text), 3) == aspects


def test_first_weights_that_are_drawn_count_by_their_seed() -> None:
    lesson = find_lesson("learn-sobel")
    assert changed(lesson, set_field(lesson, "seed", "9"), 4) == {"weights"}


def test_of_weights_told_by_their_seed_one_edited_number_counts() -> None:
    lesson = find_lesson("plain-34")
    edited = set_field(lesson, "params.1.weight.0.0.0.0", "1")
    assert changed(lesson, edited, 1) == {"weights"}
    assert changed(lesson, edited, 0) == set()

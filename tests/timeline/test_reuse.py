"""A timeline is taken over where only words differ, and made anew where a number may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.edits import set_pace, set_transforms, set_weight
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.recipe_edits import set_rate
from cnnviz.lesson.source import Shift
from cnnviz.lesson.word_edits import set_words
from cnnviz.timeline import descent as descents
from cnnviz.timeline.reuse import at_rest, timeline_for
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.learning_lessons import rates


@pytest.fixture
def timeline() -> Timeline:
    return make_timeline(shipped_lesson("vertical-edge"))


def test_words_keep_the_arrays(timeline: Timeline) -> None:
    lesson = set_words(timeline.lesson, 0, "title", "Edges")
    made = timeline_for(lesson, timeline)
    assert made.lesson is lesson
    assert made.tensors[0] is timeline.tensors[0]
    assert made.count == timeline.count


def test_a_weight_and_a_pace_make_another(timeline: Timeline) -> None:
    heavier = timeline_for(set_weight(timeline.lesson, (0, 0, 0, 0), 3), timeline)
    assert heavier.tensors[0] is not timeline.tensors[0]
    # Three rows of (10 10 10) · (1 0 −1) = 0, and one weight more: 2 · 10.
    assert heavier.frame(0).lead.tensor("conv1").values[0, 0].tolist() == [20, 50, 50, 0]
    by_products = timeline_for(set_pace(timeline.lesson, "multiply"), timeline)
    assert by_products.count > timeline.count


def test_what_does_not_fit_is_refused(timeline: Timeline) -> None:
    with pytest.raises(BadInput, match="no track"):
        timeline_for(replace(timeline.lesson, tracks=()), timeline)


def test_learning_of_a_track_that_is_the_same_goes_on() -> None:
    before = make_timeline(rates(0.01, 0.1, 0.2, iterations=30))
    for descent in before.descents:
        assert descent is not None
        descent.advance(7)
    after = timeline_for(set_rate(before.lesson, 0.05, 1), before)
    assert after.descents[0] is before.descents[0]
    assert after.descents[1] is not before.descents[1]
    assert after.descents[2] is before.descents[2]
    assert [d.filled for d in after.descents if d is not None] == [7, 0, 7]
    paced = timeline_for(replace(before.lesson, pace="iteration"), before)
    assert paced.count == 30
    assert all(a is b for a, b in zip(paced.descents, before.descents, strict=True))
    assert paced.tensors == before.tensors


def test_learning_follows_its_track_to_another_place() -> None:
    before = make_timeline(rates(0.01, 0.1, iterations=30))
    tracks = before.lesson.tracks
    after = timeline_for(replace(before.lesson, tracks=tracks[::-1]), before)
    assert after.descents == before.descents[::-1]
    assert timeline_for(replace(before.lesson, tracks=tracks[1:]), before).descents == before.descents[1:]


def test_learning_is_lent_to_another_picture_until_it_is_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_timeline(shipped_lesson("learn-sharpen"))
    (descent,) = before.descents
    assert descent is not None
    descent.advance(5)
    moved = set_transforms(before.lesson, (Shift(0, 1),))
    lent = timeline_for(moved, before, lends=True)
    assert lent.descents == (descent,)
    assert (
        lent.frame(0).lead.tensor("input").values.tolist()
        != before.frame(0).lead.tensor("input").values.tolist()
    )
    # Words that are edited meanwhile do not make it the picture's own; and back at the old picture it is that again.
    assert timeline_for(set_words(moved, 0, "title", "Moved"), lent).descents != (descent,)
    assert timeline_for(before.lesson, lent).descents == (descent,)
    rested = at_rest(lent)
    assert rested.descents != (descent,)
    assert at_rest(rested) is rested
    # The gradients of millions of weights are not waited for: such a lesson begins anew with its forward pass.
    monkeypatch.setattr(descents, "HEAVY", 0)
    assert timeline_for(moved, before, lends=True).descents != (descent,)

"""A timeline is taken over where only words differ, and made anew where a number may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.edits import set_pace, set_weight
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.word_edits import set_words
from cnnviz.timeline.reuse import timeline_for
from cnnviz.timeline.timeline import Timeline, make_timeline


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

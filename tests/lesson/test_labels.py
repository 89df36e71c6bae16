"""The right answer to a picture of one's own: not known until it is said."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.inputs import set_picture
from cnnviz.lesson.labels import can_label, is_labelled, label_of, set_label
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.strokes import SIDE, set_drawing
from cnnviz.timeline.samples import with_sample


def stroke() -> bytes:
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    canvas[40:180, 100:120] = 255
    return canvas.tobytes()


@pytest.fixture
def lesson() -> Lesson:
    return shipped_lesson("digits-network")


def test_a_drawing_has_no_label_and_a_shifted_picture_keeps_its_own(lesson: Lesson) -> None:
    own = lesson.tracks[0]
    assert is_labelled(own)
    assert label_of(own) is not None
    drawn = set_drawing(lesson, stroke()).tracks[0]
    assert (drawn.recipe, label_of(drawn), drawn.params) == (None, None, own.params)
    assert set_field(lesson, "source.shift", "1,0").tracks[0].recipe == own.recipe


def test_another_picture_has_none_either(lesson: Lesson) -> None:
    other = 15.0 - lesson.tracks[0].source.array
    assert set_picture(lesson, other, "other").tracks[0].recipe is None


def test_a_label_that_is_said_brings_the_loss_back(lesson: Lesson) -> None:
    drawn = set_drawing(lesson, stroke())
    assert can_label(drawn.tracks[0])
    said = set_label(drawn, 7)
    assert label_of(said.tracks[0]) == 7
    assert said.tracks[0].recipe is not None
    assert said.tracks[0].recipe.loss == "cross_entropy"
    assert label_of(set_label(said, 3).tracks[0]) == 3
    assert set_label(said, None) == drawn
    assert set_field(drawn, "label", "7") == said
    assert set_field(said, "label", "none") == drawn


def test_a_label_that_cannot_be_is_refused(lesson: Lesson) -> None:
    with pytest.raises(BadInput, match="label 10: the network has 10 classes: give 0 to 9"):
        set_label(lesson, 10)
    with pytest.raises(BadInput, match="no picture of a known set"):
        set_label(shipped_lesson("vertical-edge"), 1)
    with pytest.raises(BadInput, match="'12' is not one of 0 to 9"):
        set_field(lesson, "label", "12")


def test_what_learns_from_batches_goes_on_learning(lesson: Lesson) -> None:
    learns = shipped_lesson("learn-digits")
    drawn = set_drawing(learns, stroke()).tracks[0]
    assert drawn.recipe == learns.tracks[0].recipe
    assert not can_label(drawn)
    unknown = replace(lesson.tracks[0], data="")
    assert not is_labelled(unknown)


def test_a_picture_of_the_set_brings_its_own_label(lesson: Lesson) -> None:
    data = shipped_set("digits")
    number = int(np.flatnonzero(data.labels == 8)[0])
    for before in (lesson, set_drawing(lesson, stroke())):
        chosen = with_sample(before, data, number)
        assert label_of(chosen.tracks[0]) == 8
        assert chosen.tracks[0].source.array.sum() == data.images[number].sum()

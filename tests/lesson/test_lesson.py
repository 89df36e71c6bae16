"""What a lesson must fulfil to be one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track, check
from cnnviz.lesson.source import Source
from tests.lesson.examples import vertical_edge


def test_the_shapes_of_a_chain() -> None:
    assert vertical_edge().tracks[0].shapes() == ((1, 6, 6), (1, 4, 4), (1, 4, 4), (1, 2, 2))


def test_a_sound_lesson_is_given_back() -> None:
    lesson = vertical_edge()
    assert check(lesson) is lesson


def _changed(**fields: object) -> Lesson:
    lesson = vertical_edge()
    return replace(lesson, tracks=(replace(lesson.tracks[0], **fields),))  # type: ignore[arg-type]


SLOW: Any = "slow"
WEIGHTS = Params(np.ones((1, 1, 3, 3)))


@pytest.mark.parametrize(
    ("lesson", "line"),
    [
        (Lesson("Empty", ()), "'Empty' has no track"),
        (replace(vertical_edge(), pace=SLOW), "pace 'slow' is unknown: give one of multiply, "),
        (_changed(layers=(), params=()), "a track has no layers"),
        (_changed(params=(WEIGHTS, None)), "3 layers have 2 sets of parameters"),
        (_changed(params=(None, None, None)), "layer 0 (conv2d) has no weights"),
        (_changed(params=(Params(np.ones((1, 1, 3, 2))), None, None)), "needs weights (1, 1, 3, 3), got (1, 1, 3, 2)"),
        (_changed(params=(Params(WEIGHTS.weight, np.ones(2)), None, None)), "needs 1 biases, got (2,)"),
        (_changed(source=Source(np.ones((2, 6, 6)))), "needs weights (1, 2, 3, 3), got (1, 1, 3, 3)"),
        (_changed(layers=(Conv(1, (7, 7)), Relu()), params=(WEIGHTS, None)), "kernel 7x7 is larger"),
        (_changed(layers=(Conv(1, (3, 3)), Relu(), MaxPool((5, 5), (1, 1)))), "kernel 5x5 is larger"),
        (_changed(layers=(Conv(1, (3, 3), padding=7, padding_mode="circular"), Relu(), Relu())), "needs at most 6"),
        (_changed(layers=(Conv(1, (3, 3), padding=6, padding_mode="reflect"), Relu(), Relu())), "needs at most 5"),
        (_changed(layers=(Conv(1, (3, 3), padding=10**5), Relu(), Relu())), "at most 300,000,000 are computed"),
        (
            _changed(layers=(Conv(1, (3, 3), (10**5, 10**5), padding=10**5), Relu(), Relu())),
            "the padded input of layer 0 would have 40,002,400,036 values",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_its_numbers(lesson: Lesson, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        check(lesson)
    assert line in str(caught.value)


def test_tracks_may_differ_in_everything() -> None:
    other = Track(Source(np.ones((3, 9, 9))), (MaxPool((3, 3), (3, 3)),), (None,), "pooling only")
    check(replace(vertical_edge(), tracks=(vertical_edge().tracks[0], other)))

"""Sections: one for each layer, end to end on the clock."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import AvgPool, Conv, LayerSpec, MaxPool, Relu
from cnnviz.lesson.edits import set_pace, set_source
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.source import Source
from cnnviz.timeline.sections import default_pace, section_at, sections_of, tensor_names
from tests.lesson.examples import lesson, vertical_edge

POOL = MaxPool((2, 2), (2, 2))
DEEP: tuple[LayerSpec, ...] = (Conv(1, (3, 3)), Relu(), POOL, Conv(1, (1, 1)), AvgPool((1, 1), (1, 1)))


def test_names_number_what_comes_more_than_once() -> None:
    assert tensor_names(DEEP) == ("input", "conv1", "relu1", "pool1", "conv2", "pool2")
    assert section_names(DEEP) == ("Convolution 1", "ReLU", "Max pooling", "Convolution 2", "Average pooling")
    assert section_names((Conv(1, (3, 3)),)) == ("Convolution",)


def test_sections_follow_each_other() -> None:
    sections = sections_of(3, vertical_edge().tracks[0], "cell")
    assert [(s.start, s.stop, s.cells) for s in sections] == [(0, 16, 16), (16, 32, 16), (32, 36, 4)]
    assert [s.op for s in sections] == ["conv2d", "relu", "max_pool2d"]
    assert [s.in_shape for s in sections] == [(1, 6, 6), (1, 4, 4), (1, 4, 4)]
    assert {s.track for s in sections} == {3}
    assert [section_at(sections, i).layer for i in (0, 15, 16, 31, 32, 35)] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(("side", "pace"), [(14, "cell"), (15, "auto")])
def test_the_default_is_by_cells_up_to_400_of_them(side: int, pace: str) -> None:
    # 12×12 + 12×12 + 6×6 = 324 cells; 13×13 + 13×13 + 6×6 = 374; 14×14 + 14×14 + 7×7 = 441
    one = set_source(vertical_edge(), Source(np.zeros((1, side + 1, side))))
    # 13×12 twice and 6×6: 348; 14×13 twice and 7×6: 406
    assert default_pace(one) == pace


def test_the_longest_track_counts_not_their_sum() -> None:
    one = vertical_edge()
    assert default_pace(replace(one, tracks=one.tracks * 12)) == "cell"


def test_a_lesson_may_say_its_pace() -> None:
    assert default_pace(set_pace(vertical_edge(), "multiply")) == "multiply"


def test_auto_stays_under_ninety_steps_for_a_picture_and_three_layers() -> None:
    big = lesson(
        np.zeros((3, 2160, 3840), dtype=np.uint8),
        np.ones((8, 3, 3, 3)),
        after=(Relu(), MaxPool((2, 2), (2, 2))),
    )
    assert sections_of(0, big.tracks[0], "auto")[-1].stop <= 90

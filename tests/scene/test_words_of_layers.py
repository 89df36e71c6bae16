"""The step in words for every operation: a sentence at every beat, true numbers, questions for hidden answers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import (
    AnyLayer,
    ConvTranspose,
    Elu,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    Sigmoid,
    Softmax,
    Tanh,
)
from cnnviz.lesson.lesson import Conventions, Lesson, Pace, Track
from cnnviz.lesson.source import Source
from cnnviz.scene import words
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.relations import relate
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.random_chains import CONVENTIONS, FORWARD_PACES, KINDS, chains


def one(
    spec: AnyLayer, x: object, params: Params | None = None, pace: Pace = "multiply", base: int = 0
) -> Timeline:
    track = Track(Source(np.array(x, dtype=np.float64)), (spec,), (params,))
    conventions = Conventions(base=1) if base else Conventions()
    return make_timeline(Lesson("One", (track,), pace, conventions=conventions))


def told(timeline: Timeline, index: int, *hidden: str) -> str:
    frame = timeline.frame(index)
    return words.caption(timeline.lesson, frame.step, frame.lead.focus, frozenset(hidden))


ONES = Params(np.ones((1, 1, 2, 2)))


@pytest.mark.parametrize(
    ("spec", "x", "params", "caption"),
    [
        (Conv(1, (1, 1)), [[[3]]], Params(np.full((1, 1, 1, 1), 2.0)), "1 product adds up to 6, written into the map."),
        (Conv(1, (2, 2)), [[[1, 2], [3, 4]]], Params(ONES.weight, np.array([0.5])),
         "4 products add up to 10, with the bias 0.5 to 10.5, written into the map."),
        (Conv(1, (1, 1)), [[[1]]], Params(np.full((1, 1, 1, 1), 1 / 3), np.array([1 / 3])),
         "1 product adds up to 0.333, with the bias 0.333 to about 0.667, written into the map."),
        (ConvTranspose(1, (2, 2)), [[[1, 2], [3, 4]]], ONES, "1 product adds up to 1."),
        (Relu(), [[[-2]]], None, "−2 is below 0 and becomes 0."),
        (LeakyRelu(0.5), [[[-2]]], None, "Leaky ReLU of −2 is −1."),
        (Elu(), [[[2]]], None, "ELU of 2 is 2."),
        (Sigmoid(), [[[0]]], None, "Sigmoid of 0 is 0.5."),
        (Tanh(), [[[0]]], None, "Tanh of 0 is 0."),
        (Softmax(), [[[0]], [[0]]], None, "1 of 2 in all is the share 0.5."),
        (MaxPool((2, 2), (2, 2)), [[[1, 2], [3, 4]]], None, "the largest of 4 values is 4."),
        (AvgPool((2, 2), (2, 2)), [[[1, 2], [3, 4]]], None, "the mean of 4 values is 2.5."),
        (GlobalMaxPool(), [[[1, 2, 6]]], None, "the largest of 3 values is 6."),
        (GlobalAvgPool(), [[[1, 2, 6]]], None, "the mean of 3 values is 3."),
        (Flatten(), [[[7]]], None, "7 takes its place in the line."),
        (Linear(1), [[[2]], [[3]]], Params(np.array([[1.0, 2]])), "2 products add up to 8."),
        (Normalise((1.0,), (2.0,)), [[[5]]], None, "(5 − 1) / 2 is 2."),
    ],
)  # fmt: skip
def test_how_a_cell_came_about(spec: AnyLayer, x: object, params: Params | None, caption: str) -> None:
    timeline = one(spec, x, params, "cell")
    assert told(timeline, 0).partition(": ")[2] == caption


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.op)
@settings(max_examples=10)
@given(data=st.data())
def test_there_are_words_at_every_beat_and_hidden_answers_are_asked_for(
    kind: type[AnyLayer], data: st.DataObject
) -> None:
    track = data.draw(chains(most=2, first=kind))
    pace = data.draw(st.sampled_from(FORWARD_PACES))
    lesson = Lesson("Drawn", (track,), pace, conventions=data.draw(CONVENTIONS))
    timeline = make_timeline(lesson)
    for index in {0, *(data.draw(st.integers(0, timeline.count - 1)) for _ in range(6)), timeline.count - 1}:
        plain, asked = told(timeline, index), told(timeline, index, "total", "products")
        for text in (plain, asked):
            assert text[0].isupper() or text[0].isdigit()
            assert text[-1] in ".?"
            assert "\n" not in text
            assert not re.search(r"-\d|nan|inf", text)
        beat = timeline.frame(index).step.beat.value
        if beat in ("sum", "write"):
            assert asked.endswith("?")
            assert plain.endswith(".")
        assert words.section_title(lesson, timeline.step(index))


def test_a_product_that_is_hidden_is_asked_for() -> None:
    timeline = one(Conv(1, (2, 2)), [[[1, 2], [3, 4]]], ONES)
    assert told(timeline, 2) == "Number 0: product 2 of 4 is 2 × 1 = 2."
    assert told(timeline, 2, "products") == "Number 0: product 2 of 4 is 2 × 1 = ?"
    rounded = one(Conv(1, (1, 1)), [[[1]]], Params(np.full((1, 1, 1, 1), 1 / 3)))
    assert told(rounded, 1) == "Number 0: product 1 of 1 is 1 × 0.333 = 0.333."
    thirds = one(Conv(1, (1, 1)), [[[3]]], Params(np.full((1, 1, 1, 1), 1 / 3)))
    assert told(thirds, 1) == "Number 0: product 1 of 1 is 3 × 0.333 ≈ 1."


def test_indices_may_start_at_one() -> None:
    timeline = one(Conv(1, (2, 2), padding=1), [[[1, 2], [3, 4]]], ONES, base=1)
    assert told(timeline, 0) == (
        "Row 1, column 1: the kernel is placed over its window, which starts at row 0, column 0, in the padding."
    )
    assert words.place_words((1, 0, 2), (2, 3, 3), 1) == "map 2, row 1, column 3"
    assert words.place_words((4, 0, 0), (9, 1, 1), 1) == "number 5"
    relation = relate(timeline, CellRef(0, "input", 0, 1, 1))
    assert relation is not None
    assert words.relation_words(relation, 1) == "Input, row 2, column 2 = 4: it feeds 4 outputs."


def test_a_turned_kernel_says_so() -> None:
    timeline = one(Conv(1, (2, 2), flipped=True), [[[1, 2], [3, 4]]], ONES)
    assert ": the kernel, turned by 180°, is placed over its window, which starts at" in told(timeline, 0)


def test_a_transposed_cell_that_nothing_reaches() -> None:
    timeline = one(
        ConvTranspose(1, (1, 1), (2, 2)), [[[1, 2], [3, 4]]], Params(np.ones((1, 1, 1, 1))), "cell"
    )
    assert "no input value reaches it: 0." in told(timeline, 1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.op)
@settings(max_examples=10)
@given(data=st.data())
def test_what_hovers_is_told_for_every_tensor(kind: type[AnyLayer], data: st.DataObject) -> None:
    timeline = make_timeline(Lesson("Drawn", (data.draw(chains(most=2, first=kind)),)))
    for tensor in timeline.frame(0).lead.tensors:
        planes = tensor.values.reshape(-1, *tensor.shape[-2:])
        plane, row, column = (data.draw(st.integers(0, n - 1)) for n in planes.shape)
        relation = relate(timeline, CellRef(0, tensor.name, plane, row, column))
        assert relation is not None
        text = words.relation_words(relation, data.draw(st.sampled_from([0, 1])))
        assert text.endswith(".")
        assert " = " in text

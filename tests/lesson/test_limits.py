"""Limits of a layer's numbers, held against trying every value in a lesson."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, Linear, out_shape
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.edits import set_layer
from cnnviz.lesson.lesson import Lesson, Track, check
from cnnviz.lesson.limits import input_limits, limits
from cnnviz.lesson.source import Source
from tests.lesson.examples import vertical_edge


def made(shape: tuple[int, int, int], *layers: AnyLayer) -> Lesson:
    """A lesson of these layers with weights of 1."""
    params: list[Params | None] = []
    at = shape
    for spec in layers:
        params.append(Params(np.ones(weight_shape(spec, at))) if needs_params(spec) else None)
        at = out_shape(spec, at)
    return check(Lesson("", (Track(Source(np.ones(shape)), layers, tuple(params)),)))


# What is said


def test_the_window_behind_a_stride_must_start_inside() -> None:
    lesson = made((1, 6, 6), Conv(1, (3, 3)))
    limit = limits(lesson)["stride"]
    assert (limit.least, limit.most, limit.why_least) == (1, 5, "")
    assert limit.why_most == "stride 5 is the last: the next window would start outside the 6 rows"


def test_a_kernel_must_fit_the_padded_input() -> None:
    limit = limits(made((1, 6, 9), Conv(1, (3, 3), padding=1)))
    assert limit["kernel_size"].why_most == "kernel 8 is the last: the padded input has 8 rows"
    assert limit["kernel_size.columns"].most == 11
    wide = limits(made((1, 6, 9), Conv(1, (3, 3))))["dilation"]
    assert wide.why_most == "dilation 2 is the last: it would reach over 7, the input has 6 rows"


def test_groups_are_divisors_of_both() -> None:
    limit = limits(made((4, 6, 6), Conv(8, (3, 3))))["groups"]
    assert list(limit.values) == [1, 2, 4]
    assert limit.allowed == (1, 2, 4)
    assert limit.why_most == "groups: 1, 2, 4 divide 4 input and 8 output channels"


def test_a_later_layer_is_named() -> None:
    limit = limits(vertical_edge())["stride"]
    assert (
        limit.why_most
        == "stride 3 is the last: Max pooling after it would get a map of 1×1, too small for 2×2"
    )
    two = made((1, 8, 8), Conv(1, (3, 3)), MaxPool((2, 2), (2, 2)), Relu(), MaxPool((2, 2), (2, 2)))
    assert "Max pooling 2 after it" in limits(two)["kernel_size"].why_most


def test_what_a_fully_connected_layer_has_weights_for_stays() -> None:
    lesson = made((1, 6, 6), Conv(1, (3, 3)), MaxPool((2, 2), (2, 2)), Flatten(), Linear(3))
    limit = limits(lesson)
    assert list(limit["kernel_size"].values) == [2, 3]  # 5×5 and 4×4 are both pooled to 2×2
    assert limit["kernel_size"].why_least.startswith(
        "kernel 2 is the least: Fully connected after it has weights for 4"
    )
    assert limit["stride"].most == 1


def test_values_in_between_may_be_left_out() -> None:
    # With half padding an even kernel keeps the 7th row of the map, so it is pooled to 3 again only when odd... or 4.
    lesson = made((1, 7, 7), Conv(1, (2, 2), padding="half"), MaxPool((2, 2), (2, 2)), Flatten(), Linear(1))
    limit = limits(lesson)["kernel_size"]
    assert limit.allowed == tuple(range(2, 32, 2))
    assert limit.why_least.startswith("kernel 2 is the least")


def test_transposed_convolution() -> None:
    limit = limits(made((1, 4, 4), ConvTranspose(1, (3, 3), (2, 2), (1, 1), (1, 1))))
    assert limit["output_padding"].why_most == (
        "output padding 1 is the last: it must stay smaller than the stride or the dilation"
    )
    assert limit["stride"].least == 2  # output padding 1
    assert limit["padding"].most == 4  # 2·3 + 3 + 1 = 10 rows before, so 2 stay


def test_what_a_file_holds_is_within_the_limits() -> None:
    lesson = made((1, 6, 6), Conv(1, (3, 3), stride=(50, 90), padding=7))
    found = limits(lesson)
    assert (found["stride.rows"].most, found["stride.columns"].most, found["padding"].most) == (50, 90, 7)


def test_tracks_that_would_take_a_change_along_limit_it_too() -> None:
    roomy, tight = (made((1, n, n), Conv(1, (3, 3))).tracks[0] for n in (12, 6))
    lesson = Lesson("", (roomy, replace(tight, name="Small")))
    limit = limits(lesson)["kernel_size"]
    assert limit.most == 6
    assert limit.why_most == "kernel 6 is the last: in Small the input has 6 rows"
    assert limits(lesson, alone=True)["kernel_size"].most == 12
    # Other weights do not follow to another size, another stride does not follow at all.
    apart = replace(tight, params=(Params(np.zeros((1, 1, 3, 3))),))
    assert limits(Lesson("", (roomy, apart)))["kernel_size"].most == 12
    assert limits(Lesson("", (roomy, apart)))["dilation"].most == 2


def test_layers_without_numbers_have_no_limits() -> None:
    assert limits(vertical_edge(), 0, 1) == {}


# Against trying


sizes, few = st.integers(1, 9), st.integers(1, 3)


@st.composite
def convolutions(draw: st.DrawFn) -> Conv:
    padding: Any = draw(
        st.one_of(
            st.sampled_from(["valid", "same", "same-lower", "half", "full"]),
            st.tuples(*[st.integers(0, 3)] * 4),
        )
    )
    mode: Any = draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    return Conv(
        2, draw(st.tuples(few, few)), draw(st.tuples(few, few)), padding, draw(st.tuples(few, few)), 1, mode
    )


@st.composite
def pools(draw: st.DrawFn) -> MaxPool | AvgPool:
    kind: type[MaxPool] | type[AvgPool] = draw(st.sampled_from([MaxPool, AvgPool]))
    size = draw(st.tuples(few, few))
    pads = (draw(st.integers(0, size[0] - 1)), draw(st.integers(0, size[1] - 1)))
    return kind(size, draw(st.tuples(few, few)), pads, draw(st.booleans()))


@st.composite
def transposed(draw: st.DrawFn) -> ConvTranspose:
    pairs, small = st.tuples(few, few), st.tuples(st.integers(0, 2), st.integers(0, 2))
    return ConvTranspose(2, draw(pairs), draw(pairs), draw(small), draw(small), draw(pairs))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, int]:
    shape = (2, draw(sizes), draw(sizes))
    any_layer = st.one_of(convolutions(), pools(), transposed(), st.just(Relu()))
    layers: list[AnyLayer] = [draw(st.one_of(convolutions(), pools(), transposed()))]
    layers += draw(st.lists(any_layer, max_size=2))
    if draw(st.booleans()):
        layers += [Flatten(), Linear(1)]
    return (shape, tuple(layers)), draw(st.integers(0, len(layers) - 1))


def changed(spec: Any, shape: tuple[int, int, int], key: str, value: int) -> Any:
    """The layer with that number, by its key, written out once more."""
    name, _, part = key.partition(".")
    if name == "groups":
        return replace(spec, groups=value)
    if isinstance(spec, Conv) and name == "padding":
        pads = list(pads_around(spec, shape))
        for side, word in enumerate(("top", "bottom", "left", "right")):
            if part in ("", word):
                pads[side] = value
        return replace(spec, padding=(pads[0], pads[1], pads[2], pads[3]))
    rows, columns = getattr(spec, name)
    pair = {"": (value, value), "rows": (value, columns), "columns": (rows, value)}[part]
    both = isinstance(spec, MaxPool | AvgPool) and name == "kernel_size" and spec.stride == spec.kernel_size
    return replace(spec, **{name: pair}, **({"stride": pair} if both else {}))


def is_useless(spec: Any, shape: tuple[int, int, int], key: str, value: int) -> bool:
    """Whether a value that fits is left out because it shows nothing that a smaller one does not."""
    name, _, part = key.partition(".")
    if isinstance(spec, ConvTranspose) or name not in ("stride", "dilation", "padding"):
        return value > 31
    pads = pads_around(spec, shape)
    axes = {
        "": (0, 1),
        "rows": (0,),
        "columns": (1,),
        "top": (0,),
        "bottom": (0,),
        "left": (1,),
        "right": (1,),
    }[part]
    kernel = spec.kernel_size
    if name == "padding":
        apart = spec.dilation if isinstance(spec, Conv) else (1, 1)
        return all(value > apart[axis] * (kernel[axis] - 1) for axis in axes)
    if name == "stride":
        return all(value >= shape[a + 1] + pads[2 * a] + pads[2 * a + 1] for a in axes)
    return all(kernel[a] == 1 or value >= shape[a + 1] for a in axes)


@settings(max_examples=150)
@given(cases())
def test_a_value_is_offered_when_the_lesson_takes_it(case: tuple[Any, int]) -> None:
    (shape, layers), at = case
    try:
        lesson = made(shape, *layers)
    except BadInput:
        return
    in_shape, spec = lesson.tracks[0].shapes()[at], layers[at]
    for key, limit in limits(lesson, 0, at).items():
        zero = key.startswith(("padding", "output_padding"))
        for value in range(0 if zero else 1, min(limit.most, 12) + 4):
            other = changed(spec, in_shape, key, value)
            try:
                set_layer(lesson, at, other)
                fits = True
            except BadInput:
                fits = False
            if value in limit.values:
                assert fits, (key, value)
            else:
                assert not fits or is_useless(spec, in_shape, key, value), (key, value, limit)
        assert limit.values[0] == limit.least
        assert limit.values[-1] == limit.most
        if key != "groups" and limit.most < 31:
            assert str(limit.most) in limit.why_most


@pytest.mark.parametrize("key", ["stride", "kernel_size", "dilation"])
def test_the_limits_of_a_large_picture_come_from_shapes_alone(key: str) -> None:
    limit = limits(made((1, 2160, 3840), Conv(1, (3, 3)), MaxPool((2, 2), (2, 2))))[key]
    assert limit.most == (31 if key == "kernel_size" else 64)
    assert limit.why_most.endswith("are not offered")


def test_a_shift_stays_within_the_input() -> None:
    found = input_limits(vertical_edge())
    assert (found["shift.rows"].least, found["shift.rows"].most) == (-5, 5)
    assert found["shift.rows"].why_most == "shift 5 is the last: the picture would leave its 6 rows"
    assert input_limits(made((1, 2160, 6), Conv(1, (3, 3))))["shift.rows"].most == 64

"""What the layer panel shows of each kind of layer."""

from typing import Any

import numpy as np
import pytest

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    LeakyRelu,
    Linear,
    Normalise,
    PaddedShortcut,
    Softmax,
)
from cnnviz.lesson.layer_form import RULES, Choice, LayerForm, Number, Pair, Real, Sides, Switch, layer_form
from cnnviz.lesson.lesson import Conventions, Lesson, Track
from cnnviz.lesson.source import Source
from tests.lesson.examples import vertical_edge


def item(form: LayerForm, name: str, kind: type) -> Any:
    return next(i for i in form.items if i.name == name and isinstance(i, kind))


def of(spec: AnyLayer, shape: tuple[int, int, int] = (2, 4, 4), weight: Any = None) -> LayerForm:
    params = None if weight is None else Params(weight)
    return layer_form(Lesson("", (Track(Source(np.ones(shape)), (spec,), (params,)),)))


def test_the_form_of_a_convolution() -> None:
    form = layer_form(vertical_edge())
    assert (form.name, form.activation, form.pooling) == ("Convolution", "relu", "max_pool2d")
    assert (form.shapes, form.at) == (((1, 6, 6), (1, 4, 4), (1, 4, 4), (1, 2, 2)), 1)
    stride: Pair = item(form, "stride", Pair)
    assert (stride.rows, stride.columns, stride.row_limit.most) == (1, 1, 3)
    assert item(form, "padding_mode", Choice).value == "zeros"
    assert item(form, "groups", Number).limit.most == 1
    assert not item(form, "flipped", Switch).on


@pytest.mark.parametrize(
    ("padding", "word", "pads"),
    [
        (0, "valid", (0, 0, 0, 0)),
        ((0, 0), "valid", (0, 0, 0, 0)),
        ("same", "same", (1, 1, 1, 1)),
        ("full", "full", (2, 2, 2, 2)),
        ("half", "half", (1, 1, 1, 1)),
        (1, "", (1, 1, 1, 1)),
        ((1, 2), "", (1, 1, 2, 2)),
        ((1, 2, 3, 0), "", (1, 2, 3, 0)),
    ],
)
def test_every_padding_shows_its_rule_and_its_amounts(padding: Any, word: str, pads: tuple[int, ...]) -> None:
    form = layer_form(vertical_edge(padding=padding))
    rule: Choice = item(form, "padding", Choice)
    assert (rule.value, rule.note) == (word, RULES[word])
    assert item(form, "padding", Sides).values == pads


def test_pooling() -> None:
    form = layer_form(vertical_edge(), 0, 2)
    assert (form.activation, form.pooling) == (None, None)
    assert item(form, "kind", Choice).value == "max_pool2d"
    assert item(form, "kernel_size", Pair).row_limit.most == 4
    average = of(AvgPool((2, 2), (2, 2), count_include_pad=False))
    assert not item(average, "count_include_pad", Switch).on


def test_activations_have_their_parameter() -> None:
    assert item(of(LeakyRelu(0.25)), "negative_slope", Real).text == "0.25"
    assert item(of(Elu(1.5)), "alpha", Real).text == "1.5"
    assert item(of(Gelu()), "approximate", Choice).options == ("none", "tanh")
    assert [i.name for i in of(Relu()).items] == [i.name for i in of(Softmax()).items] == ["kind"]
    comma = Lesson(
        "",
        (Track(Source(np.ones((1, 2, 2))), (LeakyRelu(0.25),), (None,)),),
        conventions=Conventions(decimal="comma"),
    )
    assert item(layer_form(comma), "negative_slope", Real).text == "0,25"


def test_normalisation_one_number_or_one_for_each_channel() -> None:
    names = [i.name for i in of(Normalise((0.5,), (1.0, 2.0))).items]
    assert names == ["mean.0", "std.0", "std.1"]


def test_others() -> None:
    up = of(ConvTranspose(1, (2, 2), (2, 2)), weight=np.ones((2, 1, 2, 2)))
    assert [i.name for i in up.items] == [
        "kernel_size",
        "stride",
        "padding",
        "output_padding",
        "dilation",
        "groups",
    ]
    assert of(Flatten()).items == ()
    full = of(Linear(3), (2, 1, 1), np.ones((3, 2)))
    assert (full.items, full.activation, full.pooling) == ((), "none", "none")


def test_a_pooling_behind_an_activation() -> None:
    track = Track(Source(np.ones((1, 4, 4))), (Relu(), MaxPool((2, 2), (2, 2))), (None, None))
    form = layer_form(Lesson("", (track,)))
    assert (form.activation, form.pooling) == (None, "max_pool2d")
    bare = Track(Source(np.ones((1, 4, 4))), (Conv(1, (1, 1)),), (Params(np.ones((1, 1, 1, 1))),))
    assert (layer_form(Lesson("", (bare,))).activation, layer_form(Lesson("", (bare,))).pooling) == (
        "none",
        "none",
    )


def block(add: Add) -> LayerForm:
    chain: tuple[AnyLayer, ...] = (
        PaddedShortcut(3, (2, 2)),
        Back(0),
        BatchNorm(),
        PaddedShortcut(3, (2, 2)),
        add,
    )
    track = Track(Source(np.arange(32.0).reshape(2, 4, 4)), chain, (None,) * 5)
    return layer_form(Lesson("", (track,)), 0, 4)


def test_an_addition_has_a_switch_and_a_slider_in_percent() -> None:
    form = block(Add(1, 0.25))
    assert (form.name, form.note) == ("Addition", "")
    assert item(form, "shortcut", Switch).on
    scale: Number = item(form, "scale", Number)
    assert (scale.value, scale.limit.least, scale.limit.most) == (25, 0, 100)
    assert "what the shortcut brings" in scale.limit.why_least
    assert not item(block(Add(1, shortcut=False)), "shortcut", Switch).on
    # A scale that was set elsewhere stays within its slider.
    assert item(block(Add(1, 1.5)), "scale", Number).limit.most == 150


def test_layers_of_blocks_that_have_nothing_to_set_say_what_they_do() -> None:
    lesson = Lesson(
        "", (Track(Source(np.ones((1, 4, 4))), (BatchNorm(), Back(0), Relu(), Add(1)), (None,) * 4),)
    )
    norm, back = (layer_form(lesson, 0, n) for n in (0, 1))
    assert "this picture alone" in norm.note
    assert (back.note[:12], back.activation, back.pooling) == ("The chain go", None, None)
    assert of(PaddedShortcut(4, (2, 2))).note == (
        "One pixel of each 2×2, and channels of zeros behind, 4 in all. It has no weights."
    )

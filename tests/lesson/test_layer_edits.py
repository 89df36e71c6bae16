"""Edits of any layer of any track."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import Add, AnyLayer, Elu, GlobalAvgPool, LeakyRelu, Normalise, Tanh
from cnnviz.lesson import layer_edits
from cnnviz.lesson.layer_edits import in_track
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.places import places_of
from cnnviz.lesson.source import Source
from tests.lesson.examples import vertical_edge


def layers(lesson: Lesson, track: int = 0) -> tuple[AnyLayer, ...]:
    return lesson.tracks[track].layers


def strides() -> Lesson:
    """Strides 1, 2 and 3 side by side."""
    track = vertical_edge().tracks[0]
    tracks = [
        replace(track, layers=(Conv(1, (3, 3), (s, s)),), params=track.params[:1], name=f"stride {s}")
        for s in (1, 2, 3)
    ]
    return Lesson("Strides", tuple(tracks))


def test_a_number_by_its_key() -> None:
    lesson = vertical_edge()
    assert layers(layer_edits.set_number(lesson, 0, "stride", 2))[0] == Conv(1, (3, 3), (2, 2))
    assert layers(layer_edits.set_number(lesson, 0, "stride.columns", 2))[0] == Conv(1, (3, 3), (1, 2))
    assert layers(layer_edits.set_number(lesson, 0, "padding.left", 1))[0] == Conv(
        1, (3, 3), padding=(0, 0, 1, 0)
    )
    assert layers(layer_edits.set_number(lesson, 0, "padding", 1))[0] == Conv(1, (3, 3), padding=(1, 1, 1, 1))
    assert layers(layer_edits.set_number(lesson, 2, "kernel_size", 3))[2] == MaxPool((3, 3), (3, 3))
    assert layers(layer_edits.set_number(lesson, 2, "stride.rows", 1))[2] == MaxPool((2, 2), (1, 2))


@pytest.mark.parametrize(
    ("layer", "key", "value", "told"),
    [(1, "stride", 2, "has no stride"), (0, "stride.top", 2, "rows, columns"), (0, "groups", 3, "groups 3")],
)
def test_a_number_that_is_not_there_or_does_not_fit(layer: int, key: str, value: int, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        layer_edits.set_number(vertical_edge(), layer, key, value)


def test_options_switches_and_one_number_of_several() -> None:
    lesson = vertical_edge()
    assert layers(layer_edits.set_option(lesson, 0, "flipped", True))[0] == Conv(1, (3, 3), flipped=True)
    assert layers(layer_edits.set_option(lesson, 0, "padding", "same-lower"))[0] == Conv(
        1, (3, 3), padding="same-lower"
    )
    normal: Any = Normalise((1.0, 2.0), (1.0,))
    two = Lesson("", (Track(Source(np.ones((2, 2, 2))), (normal,), (None,)),))
    assert layers(layer_edits.set_option(two, 0, "mean.1", 5.0))[0] == Normalise((1.0, 5.0), (1.0,))
    with pytest.raises(BadInput, match="std"):
        layer_edits.set_option(two, 0, "std.0", 0.0)
    with pytest.raises(BadInput, match="has no alpha"):
        layer_edits.set_option(lesson, 0, "alpha", 1.0)


def test_another_kind_in_its_place() -> None:
    lesson = vertical_edge()
    assert layers(layer_edits.set_kind(lesson, 1, "tanh"))[1] == Tanh()
    wide = layer_edits.set_number(layer_edits.set_number(lesson, 2, "stride", 1), 2, "kernel_size", 3)
    assert layers(layer_edits.set_kind(wide, 2, "avg_pool2d"))[2] == AvgPool((3, 3), (1, 1))
    assert layers(layer_edits.set_kind(lesson, 2, "global_avg_pool2d"))[2] == GlobalAvgPool()
    assert len(layers(layer_edits.set_kind(lesson, 1, "none"))) == 2


def test_what_follows_a_layer_is_put_in_changed_and_taken_out() -> None:
    bare = layer_edits.set_pooling_after(
        layer_edits.set_activation_after(vertical_edge(), 0, "none"), 0, "none"
    )
    assert [type(spec) for spec in layers(bare)] == [Conv]
    pooled = layer_edits.set_pooling_after(bare, 0, "avg_pool2d")
    both = layer_edits.set_activation_after(pooled, 0, "leaky_relu")
    assert layers(both)[1:] == (LeakyRelu(), AvgPool((2, 2), (2, 2)))
    assert layers(layer_edits.set_activation_after(both, 0, "elu"))[1:] == (Elu(), AvgPool((2, 2), (2, 2)))
    assert layer_edits.set_pooling_after(bare, 0, "none") == bare
    alone = Lesson("", (Track(Source(np.ones((1, 2, 2))), (Relu(),), (None,)),))
    with pytest.raises(BadInput, match="no layers"):
        layer_edits.set_kind(alone, 0, "none")


def test_the_words_of_later_sections_stay_with_them() -> None:
    lesson = replace(vertical_edge(), words=(Words(0, "sums"), Words(2, "largest")))
    fewer = layer_edits.set_activation_after(lesson, 0, "none")
    assert [(w.section, w.title) for w in fewer.words] == [(0, "sums"), (1, "largest")]
    more = layer_edits.set_activation_after(fewer, 0, "relu")
    assert [(w.section, w.title) for w in more.words] == [(0, "sums"), (2, "largest")]


def test_a_stride_alike_is_shared_and_one_of_its_own_is_not() -> None:
    lesson = strides()
    pad = partial(layer_edits.set_option, layer=0, name="padding", value="same")
    shared, alone = in_track(lesson, pad, 1, False), in_track(lesson, pad, 1, True)
    assert [spec.padding for t in range(3) for spec in layers(shared, t)] == ["same"] * 3  # type: ignore[union-attr]  # convolutions
    assert [spec.padding for t in range(3) for spec in layers(alone, t)] == [0, "same", 0]  # type: ignore[union-attr]  # convolutions
    step = partial(layer_edits.set_number, layer=0, key="stride", value=4)
    assert [layers(in_track(lesson, step, 1, False), t)[0] for t in range(3)] == [
        Conv(1, (3, 3)), Conv(1, (3, 3), (4, 4)), Conv(1, (3, 3), (3, 3)),
    ]  # fmt: skip


def test_alone_a_track_may_do_what_another_could_not() -> None:
    lesson = strides()
    small = replace(lesson.tracks[2], source=Source(np.ones((1, 3, 3))))
    lesson = replace(lesson, tracks=(*lesson.tracks[:2], small))
    grow = partial(layer_edits.set_number, layer=0, key="dilation", value=2)
    with pytest.raises(BadInput, match="larger than the picture"):
        in_track(lesson, grow, 0, False)
    assert layers(in_track(lesson, grow, 0, True))[0] == Conv(1, (3, 3), dilation=(2, 2))


def test_places_are_named_by_track_and_layer() -> None:
    assert [p.text for p in places_of(vertical_edge())] == ["Convolution", "ReLU", "Max pooling"]
    assert [p.text for p in places_of(vertical_edge(), weighted=True)] == ["Convolution"]
    assert [p.text for p in places_of(strides())][1] == "stride 2 ▸ Convolution"
    unnamed = replace(strides(), tracks=tuple(replace(t, name="") for t in strides().tracks))
    assert places_of(unnamed)[2].text == "Track 2 ▸ Convolution"


def test_params_are_kept_by_the_layers_around() -> None:
    weights = vertical_edge().tracks[0].params[0]
    changed = layer_edits.set_activation_after(vertical_edge(), 0, "none")
    assert changed.tracks[0].params == (weights, None)
    assert isinstance(weights, Params)


def test_how_much_of_f_is_added_is_set_in_percent() -> None:
    track = Track(Source(np.ones((1, 3, 3))), (Relu(), Add(0)), (None, None))
    lesson = Lesson("block", (track,))
    assert layers(layer_edits.set_number(lesson, 1, "scale", 25))[1] == Add(0, 0.25)
    assert layers(layer_edits.set_option(lesson, 1, "shortcut", False))[1] == Add(0, shortcut=False)
    with pytest.raises(BadInput, match="has no scale"):
        layer_edits.set_number(lesson, 0, "scale", 25)


def test_a_layer_put_into_a_block_leaves_its_shortcut_where_it_was() -> None:
    track = Track(Source(np.ones((1, 3, 3))), (Relu(), Relu(), Add(1)), (None,) * 3)
    added = layer_edits.set_activation_after(Lesson("block", (track,)), 2, "tanh")
    assert layers(added) == (Relu(), Relu(), Add(1), Tanh())
    dropped = layer_edits.set_kind(Lesson("block", (track,)), 0, "none")
    assert layers(dropped) == (Relu(), Add(0))

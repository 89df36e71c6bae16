"""What tracks share stays shared, field by field, and what differs stays apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import LeakyRelu, Linear
from cnnviz.lesson import edits
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.sharing import alone, follow_source, shared_change
from cnnviz.lesson.source import Grey, Noise, Source, materialise, override, transformed

X = Source(np.arange(36.0).reshape(1, 6, 6), "ramp")
EDGE = Params(np.array([[[[1.0, 0, -1]] * 3]]))
BLUR = Params(np.full((1, 1, 3, 3), 1 / 9))


def track(conv: Conv | None = None, params: Params = EDGE, source: Source = X) -> Track:
    spec = conv or Conv(1, (3, 3))
    return Track(source, (spec, Relu(), MaxPool((2, 2), (1, 1))), (params, None, None))


STRIDES = tuple(track(Conv(1, (3, 3), (s, s), padding=1)) for s in (1, 2, 3))


def test_a_weight_goes_to_all_that_had_the_same() -> None:
    changed = replace(STRIDES[0], params=(BLUR, None, None))
    tracks = shared_change(STRIDES, 0, changed)
    assert [t.params[0] for t in tracks] == [BLUR] * 3
    assert [t.layers for t in tracks] == [t.layers for t in STRIDES]
    other = (*STRIDES[:2], replace(STRIDES[2], params=(BLUR, None, None)))
    sharpened = replace(STRIDES[0], params=(Params(EDGE.weight * 2), None, None))
    assert [t.params[0] for t in shared_change(other, 0, sharpened)] == [
        sharpened.params[0], sharpened.params[0], BLUR,
    ]  # fmt: skip


def test_a_field_goes_where_it_was_the_same_and_no_further() -> None:
    rest = STRIDES[1].layers[1:]
    padded = replace(STRIDES[1], layers=(Conv(1, (3, 3), (2, 2), 2), *rest))
    convs = [t.layers[0] for t in shared_change(STRIDES, 1, padded)]
    assert [(c.stride, c.padding) for c in convs if isinstance(c, Conv)] == [
        ((1, 1), 2), ((2, 2), 2), ((3, 3), 2),
    ]  # fmt: skip
    wider = replace(STRIDES[1], layers=(Conv(1, (3, 3), (1, 2), 1), *rest))
    convs = [t.layers[0] for t in shared_change(STRIDES, 1, wider)]
    assert [c.stride for c in convs if isinstance(c, Conv)] == [(1, 1), (1, 2), (3, 3)]


def test_the_shape_of_kernels_changes_only_with_the_kernels() -> None:
    two = track(), track(params=BLUR)
    grown = replace(
        two[0],
        layers=(Conv(2, (2, 2)), *two[0].layers[1:]),
        params=(Params(np.ones((2, 1, 2, 2))), None, None),
    )
    assert shared_change(two, 0, grown)[1] == two[1]
    both = track(), track(Conv(1, (3, 3), (2, 2)))
    follower = shared_change(both, 0, grown)[1]
    assert follower.layers[0] == Conv(2, (2, 2), (2, 2))
    assert follower.params[0] == grown.params[0]


def test_another_kind_of_layer_replaces_the_same_one_only() -> None:
    one, other = track(), track()
    other = replace(other, layers=(*other.layers[:2], MaxPool((3, 3), (1, 1))))
    leaky = replace(one, layers=(one.layers[0], LeakyRelu(), AvgPool((2, 2), (1, 1))))
    follower = shared_change((one, other), 0, leaky)[1]
    assert follower.layers == (one.layers[0], LeakyRelu(), MaxPool((3, 3), (1, 1)))


def test_layers_that_come_and_go_change_equal_chains_and_keep_their_weights() -> None:
    chains = track(), track(params=BLUR), track(Conv(1, (3, 3), (2, 2)))
    bare = replace(chains[0], layers=chains[0].layers[:2], params=chains[0].params[:2])
    tracks = shared_change(chains, 0, bare)
    assert [len(t.layers) for t in tracks] == [2, 2, 3]
    assert [t.params[0] for t in tracks] == [EDGE, BLUR, EDGE]


def test_alike_layers_keep_their_own_weights_when_another_goes() -> None:
    # The very same spec stands twice in the chain.
    conv, relu = Conv(1, (1, 1)), Relu()
    one, two, three = (Params(np.full((1, 1, 1, 1), float(n))) for n in (1, 2, 3))
    lead = Track(X, (conv, relu, conv), (one, None, one))
    other = replace(lead, params=(two, None, three))
    gone = replace(lead, layers=(conv, conv), params=(one, one))
    assert shared_change((lead, other), 0, gone)[1].params == (two, three)
    more = replace(lead, layers=(conv, relu, relu, conv), params=(one, None, None, one))
    assert shared_change((lead, other), 0, more)[1].params == (two, None, None, three)
    first = replace(lead, layers=(relu, conv), params=(None, one))
    assert shared_change((lead, other), 0, first)[1].params == (None, three)


def test_the_input_is_followed_part_by_part() -> None:
    colour = Source(np.arange(27, dtype=np.uint8).reshape(3, 3, 3), "a")
    grey, noisy = transformed(colour, (Grey(),)), transformed(colour, (Noise(5.0, 1),))
    new = Source(np.zeros((3, 3, 3), dtype=np.uint8), "b", credit="me")
    assert follow_source(colour, colour, new) == new
    followed = follow_source(noisy, colour, new)
    assert (followed.name, followed.credit, followed.transforms) == ("b", "me", (Noise(5.0, 1),))
    assert followed.array.sum() == 0
    # A transform that was the same changes; one that was not stays.
    assert follow_source(colour, colour, grey) == grey
    assert follow_source(noisy, colour, grey) == noisy
    assert follow_source(new, colour, colour) == new


def test_typed_cells_go_where_none_were_typed() -> None:
    typed = override(X, {(0, 0, 0): 9.0})
    moved = override(X, {(0, 1, 1): 5.0})
    assert follow_source(X, X, typed) == typed
    assert follow_source(moved, X, typed) == moved
    tracks = shared_change((track(), track(source=moved)), 0, track(source=typed))
    assert materialise(tracks[0].source)[0, 0, 0] == 9
    assert materialise(tracks[1].source)[0, 0, 0] == 0


@given(weight=st.integers(0, 8), value=st.integers(-9, 9), lead=st.integers(0, 2))
def test_an_edit_and_the_edit_back_give_the_same_tracks(weight: int, value: int, lead: int) -> None:
    lesson = Lesson("Strides", STRIDES)
    cell = (0, 0, *divmod(weight, 3))
    old = EDGE.weight[cell]
    there = edits.set_weight(lesson, cell, float(value), track=lead)
    assert {t.params[0].weight[cell] for t in there.tracks if t.params[0]} == {value}
    assert edits.set_weight(there, cell, float(old), track=lead) == lesson


def test_an_edit_of_one_track_alone() -> None:
    lesson = Lesson("Two", (track(), track()))
    changed = alone(lesson, edits.set_weight(lesson, (0, 0, 0, 0), 5.0), 0)
    assert changed.tracks[1] == lesson.tracks[1]
    assert changed.tracks[0] == edits.set_weight(lesson, (0, 0, 0, 0), 5.0).tracks[0]
    bad = replace(lesson, tracks=(replace(track(), layers=(Linear(1),), params=(None,)), track()))
    with pytest.raises(BadInput):
        alone(lesson, bad, 0)

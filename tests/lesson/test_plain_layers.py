"""Every layer and transform as plain values and back, through JSON, and one line for whatever is wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.apply import OF_BLOCKS
from cnnviz.engine.errors import BadInput
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.plain import (
    LAYERS,
    TRANSFORMS,
    layer_from_plain,
    layer_to_plain,
    transform_from_plain,
    transform_to_plain,
)
from cnnviz.lesson.source import Grey, Noise, Resize, Shift, Transform
from tests.helpers.random_chains import KINDS, layers


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.op)
@given(data=st.data())
def test_every_layer_there_and_back(kind: type[AnyLayer], data: st.DataObject) -> None:
    spec = data.draw(layers(kind, (6, 4, 4)))
    plain = json.loads(json.dumps(layer_to_plain(spec)))
    assert plain["op"] == kind.op
    again = layer_from_plain(plain, "here")
    assert again == spec
    assert type(again) is kind
    assert hash(again) == hash(spec)


@given(
    transform=st.one_of(
        st.just(Grey()),
        st.builds(Resize, st.integers(1, 99), st.integers(1, 99)),
        st.builds(Noise, st.floats(0, 1e6), st.integers(0, 10**6)),
        st.builds(Shift, st.integers(-99, 99), st.integers(-99, 99)),
    )
)
def test_every_transform_there_and_back(transform: Transform) -> None:
    plain = json.loads(json.dumps(transform_to_plain(transform)))
    assert transform_from_plain(plain, "here") == transform


def test_every_operation_has_a_name() -> None:
    assert len(LAYERS) == len(KINDS) + len(OF_BLOCKS) == 20
    assert sorted(TRANSFORMS) == ["grey", "like", "noise", "resize", "rotate", "shift"]


@pytest.mark.parametrize(
    ("plain", "line"),
    [
        ({"op": "dropout"}, "here.op: is 'dropout'; give one of conv2d, "),
        ({"op": ["relu"]}, "here.op: is ['relu']; give one of conv2d, "),
        ([], "here: is []; give an object with the field 'op'"),
        ({"op": "relu", "slope": 1}, "here: unknown field 'slope'"),
        ({"op": "conv2d", "out_channels": 1}, "here: the field 'kernel_size' is missing; add it"),
        ({"op": "conv2d", "out_channels": 1, "kernel_size": 3, "flipped": 1}, "here.flipped: is 1; give true or false"),
        ({"op": "conv2d", "out_channels": 1, "kernel_size": 3, "padding": "upper"},
         "here.padding: is 'upper'; give one of valid, same, same-lower, half, full "
         "or one, two (rows, columns) or four whole numbers"),
        ({"op": "conv_transpose2d", "out_channels": 1, "kernel_size": 3, "output_padding": -1},
         "here.output_padding: output_padding is -1: it must be at least 0"),
        ({"op": "conv_transpose2d", "out_channels": 1, "kernel_size": 3, "stride": 0}, "here.stride: stride is 0"),
        ({"op": "linear", "out_features": 0}, "here.out_features: out_features is 0: it must be at least 1"),
        ({"op": "linear", "out_features": 1.5}, "here.out_features: is 1.5; give whole numbers"),
        ({"op": "leaky_relu", "negative_slope": "steep"}, "here.negative_slope: is 'steep'; give a number"),
        ({"op": "elu", "alpha": float("inf")}, "here.alpha: is inf; give a number"),
        ({"op": "elu", "alpha": True}, "here.alpha: is True; give a number"),
        ({"op": "gelu", "approximate": "sine"}, "here.approximate: is 'sine'; give one of none, tanh"),
        ({"op": "normalise", "mean": [1], "std": [0]}, "here: normalise: std is [0.0]: every number must be above 0"),
        ({"op": "normalise", "mean": [], "std": []}, "here: normalise: mean has shape (0,)"),
        ({"op": "normalise", "mean": [1, "x"], "std": [1]}, "here.mean.1: is 'x'; give a number"),
    ],
)  # fmt: skip
def test_a_layer_that_cannot_be_is_refused_in_one_line(plain: object, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        layer_from_plain(plain, "here")
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("plain", "line"),
    [
        ({"kind": "turn"}, "here.kind: is 'turn'; give one of grey, resize, noise, shift, rotate, like"),
        ({"kind": "noise"}, "here: the field 'sigma' is missing; add it"),
        ({"kind": "noise", "sigma": -1}, "here: noise -1.0: give a standard deviation from 0 to 1,000,000"),
        ({"kind": "noise", "sigma": "x"}, "here.sigma: is 'x'; give a number"),
        ({"kind": "noise", "sigma": 1, "seed": -1}, "here.seed: seed is -1: it must be at least 0"),
        ({"kind": "shift", "rows": 1}, "here: the field 'columns' is missing; add it"),
        ({"kind": "shift", "rows": 1.5, "columns": 0},
         "here.rows: is 1.5; give a whole number from -1000000 to 1000000"),
        ({"kind": "resize", "rows": 0, "columns": 1}, "here.rows: rows is 0: it must be at least 1"),
    ],
)  # fmt: skip
def test_a_transform_that_cannot_be_is_refused_in_one_line(plain: object, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        transform_from_plain(plain, "here")
    assert str(caught.value) == line

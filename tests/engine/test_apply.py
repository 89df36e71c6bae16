"""What each layer computes: the naive twin's numbers for every operation, and large maps part by part."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import apply, naive
from cnnviz.engine.apply import (
    ACTIVATIONS,
    NARRATED,
    activate,
    apply_layer,
    needs_params,
    used_weight,
    weight_shape,
)
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params, Relu, Shape
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Dropout, Linear, Normalise, out_shape
from tests.helpers.random_chains import KINDS, fits, layers, weights_for
from tests.helpers.twin import layer as naive_layer

EDGE = np.array([[[[1.0, 0, -1]] * 3]])
HALF = np.array([[[10.0, 10, 10, 0, 0, 0]] * 6])


@pytest.mark.parametrize("spec", [kind() for kind in ACTIVATIONS], ids=lambda spec: spec.op)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parts_give_the_numbers_of_the_whole(
    spec: AnyLayer, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "AT_ONCE", 64)
    x = np.random.default_rng(7).normal(0, 3, (2, 9, 11)).astype(dtype)
    found = apply_layer(spec, None, x)
    assert found.shape == x.shape
    assert found.dtype == dtype
    np.testing.assert_allclose(found, activate(spec, x), rtol=1e-6, atol=1e-7)
    assert np.array_equal(found, apply_layer(spec, None, x.copy()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.op)
@given(data=st.data())
def test_every_layer_gives_what_the_loops_give(kind: type[AnyLayer], data: st.DataObject) -> None:
    in_shape: Shape = (
        data.draw(st.integers(1, 4)),
        data.draw(st.integers(1, 6)),
        data.draw(st.integers(1, 6)),
    )
    if kind is Linear:
        in_shape = (in_shape[0] * 3, 1, 1)
    spec = data.draw(layers(kind, in_shape).filter(lambda spec: fits(spec, in_shape)))
    seed = data.draw(st.integers(0, 99))
    params = weights_for(spec, in_shape, seed, data.draw(st.booleans()))
    x = np.random.default_rng(seed).normal(0, 3, in_shape)
    want = naive_layer(spec, params, x)
    found = apply_layer(spec, params, x)
    assert found.shape == want.shape == out_shape(spec, in_shape)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, want, rtol=1e-12, atol=1e-12)
    small = apply_layer(spec, params, x.astype(np.float32))
    assert small.dtype == np.float32
    np.testing.assert_allclose(small, want, rtol=1e-4, atol=1e-4)


def test_a_true_convolution_answers_with_the_other_sign() -> None:
    # The kernel turned by 180° is −1 0 1 in each row.
    assert apply_layer(Conv(1, (3, 3)), Params(EDGE), HALF)[0].tolist() == [[0, 30, 30, 0]] * 4
    flipped = apply_layer(Conv(1, (3, 3), flipped=True), Params(EDGE), HALF)
    assert flipped[0].tolist() == [[0, -30, -30, 0]] * 4


@pytest.mark.parametrize("groups", [1, 2])
def test_a_true_convolution_is_the_sum_with_the_indices_turned(groups: int) -> None:
    random = np.random.default_rng(3)
    x, w = random.normal(size=(2, 6, 5)), random.normal(size=(4, 2 // groups, 3, 2))
    found = apply_layer(Conv(4, (3, 2), groups=groups, flipped=True), Params(w), x)
    want = np.zeros((4, 4, 4))
    for o, i, j in np.ndindex(want.shape):
        for c, m, n in np.ndindex(w.shape[1:]):
            channel = c if groups == 1 else o // 2
            want[o, i, j] += x[channel, i + 2 - m, j + 1 - n] * w[o, c, m, n]
    np.testing.assert_allclose(found, want, atol=1e-12)
    turned = np.array([[plane[::-1, ::-1] for plane in kernel] for kernel in w])
    np.testing.assert_allclose(found, naive.conv2d(x[None], turned, groups=groups)[0], atol=1e-12)


def test_only_kernels_of_a_true_convolution_are_turned() -> None:
    w = np.arange(6.0).reshape(1, 1, 2, 3)
    assert used_weight(Conv(1, (2, 3), flipped=True), w).tolist() == [[[[5, 4, 3], [2, 1, 0]]]]
    for spec in (Conv(1, (2, 3)), ConvTranspose(1, (2, 3)), Linear(1)):
        assert used_weight(spec, w) is w


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (Conv(1, (3, 3)), "conv2d: the layer has no weights: give it some"),
        (ConvTranspose(1, (3, 3)), "conv_transpose2d: the layer has no weights: give it some"),
        (Linear(2), "linear: the layer has no weights: give it some"),
        (Dropout(), "dropout cannot be stepped through yet: choose another layer"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_one_line(spec: AnyLayer, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        apply_layer(spec, None, np.ones((1, 3, 3)))
    assert str(caught.value) == line


def test_numbers_for_another_count_of_channels_are_refused() -> None:
    with pytest.raises(BadInput, match="normalise"):
        apply_layer(Normalise((1.0, 2.0), (1.0, 1.0)), None, np.ones((3, 2, 2)))


def test_which_layers_have_weights_and_of_which_shape() -> None:
    assert {kind.op for kind in NARRATED if hasattr(kind, "weight_shape")} == {
        "conv2d", "conv_transpose2d", "linear",
    }  # fmt: skip
    assert [needs_params(s) for s in (Conv(1, (1, 1)), ConvTranspose(1, (1, 1)), Linear(1), Relu())] == [
        True
    ] * 3 + [False]
    assert weight_shape(Conv(4, (3, 5), groups=2), (6, 9, 9)) == (4, 3, 3, 5)
    assert weight_shape(ConvTranspose(4, (3, 5), groups=2), (6, 9, 9)) == (6, 2, 3, 5)
    assert weight_shape(Linear(4), (6, 1, 1)) == (4, 6)
    assert weight_shape(Relu(), (6, 1, 1)) == ()

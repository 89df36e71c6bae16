"""Terms of every operation: the total is the naive twin's value in float64, and the parts give the total."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.layers import AvgPool, Conv, Params, Shape
from cnnviz.engine.specs import (
    AnyLayer,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    Normalise,
    Softmax,
    out_shape,
)
from cnnviz.timeline.terms import terms_of
from tests.helpers.random_chains import KINDS, fits, layers, weights_for
from tests.helpers.twin import layer as naive_layer


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.op)
@given(data=st.data())
def test_every_cell_of_every_layer_is_what_its_terms_say(kind: type[AnyLayer], data: st.DataObject) -> None:
    in_shape: Shape = (
        data.draw(st.integers(1, 4)),
        data.draw(st.integers(1, 5)),
        data.draw(st.integers(1, 5)),
    )
    if kind is Linear:
        in_shape = (in_shape[0] * 3, 1, 1)
    spec = data.draw(layers(kind, in_shape).filter(lambda spec: fits(spec, in_shape)))
    seed = data.draw(st.integers(0, 99))
    params = weights_for(spec, in_shape, seed, data.draw(st.booleans()))
    x = np.random.default_rng(seed).normal(0, 3, in_shape)
    want = naive_layer(spec, params, x)
    assert want.shape == out_shape(spec, in_shape)
    for cell in np.ndindex(want.shape):
        terms = terms_of(spec, params, x, (int(cell[0]), int(cell[1]), int(cell[2])))
        assert terms.total == pytest.approx(want[cell], rel=1e-12, abs=1e-12)
        assert {a.dtype for a in (terms.x, terms.w, terms.products)} == {np.dtype(np.float64)}
        assert terms.x.size == np.prod(terms.layout)
        if terms.w.size:
            assert terms.w.size == terms.x.size
            assert terms.products.tolist() == (terms.x * terms.w).tolist()
            assert terms.total == pytest.approx(
                terms.products.sum() + (terms.bias or 0), rel=1e-12, abs=1e-12
            )
        if params is not None:
            assert terms.bias == (None if params.bias is None else params.bias[cell[0]])


def test_a_transposed_cell_that_nothing_reaches_is_its_bias() -> None:
    # Stride 3 and a kernel of 1: rows and columns 1 and 2 of 4 stay empty.
    spec = ConvTranspose(1, (1, 1), (3, 3))
    params, x = Params(np.full((1, 1, 1, 1), 2.0), np.array([0.5])), np.array([[[1.0, 3], [5, 7]]])
    assert out_shape(spec, x.shape) == (1, 4, 4)
    totals = [[terms_of(spec, params, x, (0, i, j)).total for j in range(4)] for i in range(4)]
    assert totals == [[2.5, 0.5, 0.5, 6.5], [0.5] * 4, [0.5] * 4, [10.5, 0.5, 0.5, 14.5]]
    empty = terms_of(spec, params, x, (0, 1, 1))
    assert (empty.x.size, empty.w.size, empty.products.size, empty.bias) == (0, 0, 0, 0.5)
    bare = terms_of(spec, Params(params.weight), x, (0, 1, 1))
    assert (bare.total, bare.bias) == (0.0, None)


def test_kernels_that_overlap_in_a_transposed_convolution() -> None:
    # 1 lays 10 20 30 from place 0 on, 2 lays 20 40 60 from place 2 on: 10 20 50 40 60.
    spec = ConvTranspose(1, (1, 3), (1, 2))
    params, x = Params(np.array([[[[10.0, 20, 30]]]])), np.array([[[1.0, 2]]])
    assert [terms_of(spec, params, x, (0, 0, j)).total for j in range(5)] == [10, 20, 50, 40, 60]
    both = terms_of(spec, params, x, (0, 0, 2))
    assert (both.x.tolist(), both.w.tolist(), both.products.tolist()) == ([1, 2], [30, 10], [30, 20])


def test_a_true_convolution_meets_the_kernel_turned() -> None:
    x, w = np.arange(9.0).reshape(1, 3, 3), np.arange(1.0, 5).reshape(1, 1, 2, 2)
    terms = terms_of(Conv(1, (2, 2), flipped=True), Params(w), x, (0, 1, 0))
    assert (terms.x.tolist(), terms.w.tolist()) == ([3, 4, 6, 7], [4, 3, 2, 1])
    assert terms.total == 3 * 4 + 4 * 3 + 6 * 2 + 7


def test_a_share_of_a_softmax() -> None:
    # ln 1, ln 2, ln 5: the shares are 1/8, 2/8 and 5/8.
    x = np.log([1.0, 2, 5]).reshape(3, 1, 1)
    terms = terms_of(Softmax(), None, x, (1, 0, 0))
    assert terms.total == pytest.approx(0.25)
    assert terms.products.tolist() == pytest.approx([0.2, 0.4, 1.0])
    assert terms.winner == 1
    large = terms_of(Softmax(), None, np.array([1000.0, 1000.0]).reshape(2, 1, 1), (0, 0, 0))
    assert large.total == 0.5


def test_a_fully_connected_output() -> None:
    params = Params(np.array([[1.0, 0, -1], [2, 3, 4]]), np.array([0.5, -1]))
    terms = terms_of(Linear(2), params, np.array([5.0, 6, 7]).reshape(3, 1, 1), (1, 0, 0))
    assert (terms.products.tolist(), terms.bias, terms.total) == ([10, 18, 28], -1, 55)
    assert terms.layout == (3, 1, 1)


def test_global_pooling_over_a_channel() -> None:
    x = np.array([[[1.0, 2], [3, 6]], [[-1, -2], [-3, -2]]])
    assert [terms_of(GlobalAvgPool(), None, x, (c, 0, 0)).total for c in (0, 1)] == [3, -2]
    most = terms_of(GlobalMaxPool(), None, x, (1, 0, 0))
    assert (most.total, most.winner, most.layout) == (-1, 0, (1, 2, 2))


def test_one_number_of_a_line_and_one_normalised_by_its_channel() -> None:
    x = np.arange(12.0).reshape(2, 2, 3)
    assert [terms_of(Flatten(), None, x, (n, 0, 0)).total for n in range(12)] == list(range(12))
    assert terms_of(Normalise((1.0, 2.0), (1.0, 4.0)), None, x, (1, 1, 2)).total == (11 - 2) / 4


def test_an_average_whose_window_hangs_over() -> None:
    # 1 2 3 by two at stride 2, rounded up: the last window holds 3 alone, and is over one cell.
    spec = AvgPool((1, 2), (1, 2), ceil_mode=True)
    x = np.array([[[1.0, 2, 3]]])
    assert [terms_of(spec, None, x, (0, 0, j)).total for j in range(2)] == [1.5, 3]

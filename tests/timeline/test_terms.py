"""Terms: the arithmetic of every cell gives the value that stands in the map, whatever the layer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import naive
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer
from cnnviz.engine.windows import window_of
from cnnviz.timeline.terms import terms_of

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))
MODES = ("zeros", "reflect", "replicate", "circular")


@given(data=st.data())
def test_every_cell_of_a_convolution_is_the_sum_of_its_terms(data: st.DataObject) -> None:
    groups = data.draw(st.sampled_from([1, 2]))
    conv = Conv(
        2, data.draw(PAIR), data.draw(PAIR), data.draw(st.tuples(*[st.integers(0, 2)] * 4)), data.draw(PAIR), groups,
        data.draw(st.sampled_from(MODES)),
    )  # fmt: skip
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    x = random.integers(-9, 10, (2, 7, 8)).astype(np.float64)
    params = Params(
        random.integers(-5, 6, conv.weight_shape((2, 7, 8))).astype(np.float64), np.array([3.0, -4.0])
    )
    try:
        want = naive.conv2d(
            x[None],
            params.weight,
            params.bias,
            conv.stride,
            conv.padding,
            conv.dilation,
            groups,
            conv.padding_mode,
        )[0]
    except BadInput:
        return
    for cell in np.ndindex(want.shape):
        terms = terms_of(conv, params, x, cell)
        assert terms.total == want[cell] == terms.products.sum() + terms.bias
        assert terms.products.tolist() == (terms.x * terms.w).tolist()
        assert terms.layout == (2 // groups, *conv.kernel_size)
        assert terms.w.tolist() == params.weight[cell[0]].ravel().tolist()


@given(data=st.data())
def test_every_cell_of_a_pooling_is_what_its_terms_say(data: st.DataObject) -> None:
    size, stride = data.draw(PAIR), data.draw(PAIR)
    padding = (data.draw(st.integers(0, size[0] // 2)), data.draw(st.integers(0, size[1] // 2)))
    ceil, counted = data.draw(st.booleans()), data.draw(st.booleans())
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    x = random.integers(-9, 10, (2, 6, 7)).astype(np.float64)
    top = naive.max_pool2d(x[None], size, stride, padding, ceil_mode=ceil)[0][0]
    mean = naive.avg_pool2d(x[None], size, stride, padding, ceil, counted)[0]
    for cell in np.ndindex(top.shape):
        most = terms_of(MaxPool(size, stride, padding, ceil), None, x, cell)
        assert most.total == top[cell]
        assert most.winner is not None
        assert most.x[most.winner] == most.total == most.x.max()
        assert not (most.x[: most.winner] == most.total).any()
        average = terms_of(AvgPool(size, stride, padding, ceil, counted), None, x, cell)
        assert average.total == pytest.approx(mean[cell], abs=1e-12)


def test_the_first_and_the_second_patch_of_the_example() -> None:
    x = np.array([[[10.0, 10, 10, 0, 0, 0]] * 6])
    params = Params(np.array([[[[1.0, 0, -1]] * 3]]))
    first = terms_of(Conv(1, (3, 3)), params, x, (0, 0, 0))
    assert first.products.reshape(3, 3).sum(axis=1).tolist() == [0, 0, 0]
    second = terms_of(Conv(1, (3, 3)), params, x, (0, 0, 1))
    assert second.products.reshape(3, 3).sum(axis=1).tolist() == [10, 10, 10]
    assert (first.total, second.total, second.bias) == (0, 30, None)


def test_the_maximum_never_takes_its_padding() -> None:
    x = np.full((1, 2, 2), -5.0)
    terms = terms_of(MaxPool((2, 2), (1, 1), (1, 1)), None, x, (0, 0, 0))
    assert terms.x.tolist() == [-np.inf, -np.inf, -np.inf, -5]
    assert (terms.winner, terms.total) == (3, -5)


def test_an_average_with_and_without_its_padding() -> None:
    x = np.array([[[4.0, 8], [12, 16]]])
    assert terms_of(AvgPool((2, 2), (1, 1), (1, 1)), None, x, (0, 0, 0)).total == 1
    assert terms_of(AvgPool((2, 2), (1, 1), (1, 1), count_include_pad=False), None, x, (0, 0, 0)).total == 4


def test_relu_lets_through_what_is_positive() -> None:
    x = np.array([[[-3.0, 4.0]]])
    assert [terms_of(Relu(), None, x, (0, 0, column)).total for column in (0, 1)] == [0, 4]


def test_the_terms_of_a_float32_map_are_float64() -> None:
    # 0.1 has no exact float32; the product with 3 is taken in float64 of what the map holds
    x = np.full((1, 1, 1), 0.1, dtype=np.float32)
    terms = terms_of(Conv(1, (1, 1)), Params(np.full((1, 1, 1, 1), 3.0)), x, (0, 0, 0))
    assert terms.x.dtype == terms.products.dtype == np.float64
    assert terms.total == 3 * float(np.float32(0.1))


@pytest.mark.parametrize(
    ("spec", "cell", "window"),
    [
        (Conv(1, (3, 3)), (0, 1, 2), (1, 2, 3, 3)),
        (Conv(1, (3, 3), (2, 2), 1), (0, 0, 1), (-1, 1, 3, 3)),
        (Conv(1, (3, 2), (1, 1), "full", (2, 3)), (0, 0, 0), (-4, -3, 5, 4)),
        (MaxPool((2, 2), (2, 2)), (3, 1, 1), (2, 2, 2, 2)),
        (Relu(), (2, 4, 3), (4, 3, 1, 1)),
    ],
)
def test_where_a_cell_looks(
    spec: AnyLayer, cell: tuple[int, int, int], window: tuple[int, int, int, int]
) -> None:
    assert window_of(spec, (6, 6, 6), cell)[:4] == window


def test_a_group_sees_its_own_channels() -> None:
    grouped = Conv(4, (1, 1), groups=2)
    assert [window_of(grouped, (6, 3, 3), (o, 0, 0)).channels for o in range(4)] == [
        (0, 3),
        (0, 3),
        (3, 6),
        (3, 6),
    ]

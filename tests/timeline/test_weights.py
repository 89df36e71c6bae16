"""Weights on the stage: each cell leads to the weight whose number it shows, whatever the layer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Linear
from cnnviz.timeline.terms import terms_of
from cnnviz.timeline.weights import shown_weight, weight_index
from tests.helpers.random_chains import convolutions, transposed

SHAPE = (6, 4, 5)


def numbered(spec: Conv | ConvTranspose | Linear, in_shape: tuple[int, int, int] = SHAPE) -> Params:
    """Every weight holds a number of its own."""
    shape = spec.weight_shape(in_shape)
    return Params(np.arange(np.prod(shape), dtype=np.float64).reshape(shape))


@given(spec=st.one_of(convolutions(SHAPE), transposed(SHAPE), st.builds(Linear, st.integers(1, 4))))
def test_the_index_is_the_inverse_of_what_is_shown(spec: Conv | ConvTranspose | Linear) -> None:
    params = numbered(spec)
    shown = shown_weight(spec, params)
    planes = shown.reshape(-1, *shown.shape[-2:])
    found = set()
    for plane, row, column in np.ndindex(planes.shape):
        index = weight_index(spec, params.weight.shape, int(plane), int(row), int(column))
        assert index is not None
        assert params.weight[index] == planes[plane, row, column]
        found.add(index)
    assert len(found) == params.weight.size == shown.size
    assert not shown.flags.writeable


@given(spec=st.one_of(convolutions(SHAPE), transposed(SHAPE)))
def test_the_planes_of_an_output_are_the_kernels_that_make_it(spec: Conv | ConvTranspose) -> None:
    params = numbered(spec)
    shown = shown_weight(spec, params)
    assert shown.shape == (spec.out_channels, 6 // spec.groups, *spec.kernel_size)
    x = np.ones(SHAPE)
    for output in range(spec.out_channels):
        met = set(terms_of(spec, params, x, (output, 0, 0)).w.tolist())
        assert met <= set(shown[output].ravel().tolist())


def test_a_turned_kernel() -> None:
    spec, params = Conv(1, (2, 3), flipped=True), Params(np.arange(6.0).reshape(1, 1, 2, 3))
    assert shown_weight(spec, params)[0, 0].tolist() == [[5, 4, 3], [2, 1, 0]]
    assert weight_index(spec, (1, 1, 2, 3), 0, 0, 1) == (0, 0, 1, 1)


def test_a_matrix_has_a_row_for_each_output() -> None:
    spec, params = Linear(2), Params(np.arange(6.0).reshape(2, 3))
    assert shown_weight(spec, params).tolist() == [[[[0, 1, 2], [3, 4, 5]]]]
    assert weight_index(spec, (2, 3), 0, 1, 2) == (1, 2)


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (Conv(2, (2, 3)), (2, 3, 2, 3)),
        (Conv(2, (2, 3), flipped=True), (2, 3, 2, 3)),
        (ConvTranspose(4, (2, 3), groups=3), (3, 2, 2, 3)),
        (Linear(2), (2, 3)),
    ],
)
@pytest.mark.parametrize("place", [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (6, 0, 0), (0, 2, 0), (0, 0, 3)])
def test_outside_there_is_no_weight(
    spec: AnyLayer, shape: tuple[int, ...], place: tuple[int, int, int]
) -> None:
    assert weight_index(spec, shape, *place) is None

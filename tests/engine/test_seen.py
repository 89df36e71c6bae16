"""What a cell sees: by hand, and where the gradient of that one cell arrives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnviz.engine import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu, Shape
from cnnviz.engine.naive_network import run
from cnnviz.engine.network import parameter_shapes, receptive_fields
from cnnviz.engine.seen import pixels_seen
from cnnviz.engine.specs import (
    AnyLayer,
    BatchNorm,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    Linear,
    Residual,
    chain_shapes,
)


def test_transposed_convolutions_by_hand() -> None:
    # Dumoulin and Visin (2016), figure 4.6: cells on one of the picture see it, those between two see both.
    up = (ConvTranspose(1, (3, 3), (2, 2), (1, 1)),)
    assert [pixels_seen(up, (1, 3, 3), (i, 4))[0] for i in range(5)] == [
        range(1), range(2), range(1, 2), range(1, 3), range(2, 3),
    ]  # fmt: skip
    apart = (ConvTranspose(1, (1, 1), (2, 2)),)  # every second cell sees nothing
    assert [len(pixels_seen(apart, (1, 2, 2), (i, 0))[0]) for i in range(3)] == [1, 0, 1]


def test_a_cell_that_sees_only_padding_sees_nothing() -> None:
    assert pixels_seen((Conv(1, (1, 1), padding=2),), (1, 3, 3), (0, 3)) == (range(0), range(0))
    assert pixels_seen((Conv(1, (1, 1), padding=2),), (1, 3, 3), (2, 4)) == (range(1), range(2, 3))


def test_what_only_the_padding_would_show_is_not_seen() -> None:
    # Cells 0 and 1 of the mean look at columns -2 and 1 of three: the first lies in the padding.
    layers = (Conv(1, (1, 1), (1, 3), (0, 0, 2, 0)), AvgPool((1, 2), (1, 1)))
    assert pixels_seen(layers, (1, 1, 3), (0, 0)) == (range(1), range(1, 2))


def test_inside_of_a_picture_it_is_the_receptive_field() -> None:
    layers = (Conv(1, (3, 3)), MaxPool((2, 2), (2, 2)), Relu(), Conv(1, (3, 1), dilation=(2, 1)))
    field = receptive_fields(layers, (1, 30, 30))[-1]
    rows, columns = pixels_seen(layers, (1, 30, 30), (2, 3))
    assert rows == range(
        field.start[0] + 2 * field.jump[0], field.start[0] + 2 * field.jump[0] + field.size[0]
    )
    assert columns == range(
        field.start[1] + 3 * field.jump[1], field.start[1] + 3 * field.jump[1] + field.size[1]
    )


def test_the_end_of_a_network_sees_all() -> None:
    everything = (range(6), range(7))
    for last in ((Flatten(), Linear(2)), (GlobalAvgPool(),), (GlobalMaxPool(), Linear(3))):
        assert pixels_seen((Conv(1, (3, 3)), *last), (1, 6, 7), (0, 0)) == everything


def test_a_network_may_normalise_what_has_one_place() -> None:
    layers = (Conv(1, (3, 3)), GlobalAvgPool(), Linear(2), BatchNorm())
    assert pixels_seen(layers, (1, 6, 7), (0, 0)) == (range(6), range(7))
    assert receptive_fields(layers, (1, 6, 7))[-1].size == (6, 7)


def test_a_cell_that_is_not_there_is_told() -> None:
    for cell in ((4, 0), (0, -1)):
        with pytest.raises(BadInput, match=r"pixels_seen: there is no cell .* give one from 0 to 3"):
            pixels_seen((Conv(1, (3, 3)),), (1, 6, 6), cell)
    with pytest.raises(BadInput, match="layer 0"):
        pixels_seen((Conv(1, (7, 7)),), (1, 6, 6), (0, 0))


def reached(layers: Layers, shape: Shape) -> dict[tuple[int, ...], tuple[Any, Any]]:
    """For each cell the rows and columns where its gradient arrives, when all kernels are ones."""
    ones = {name: np.ones(size) for name, size in parameter_shapes(layers, shape).items()}
    cells = list(np.ndindex(*chain_shapes(layers, shape)[-1][1:]))
    out, back = run(layers, np.ones((len(cells), *shape)), ones, {})
    dout = np.zeros(out.shape)
    for n, (row, column) in enumerate(cells):
        dout[n, :, row, column] = 1
    dx = back(dout).sum(axis=1)
    return {
        cell: (np.flatnonzero(dx[n].sum(axis=1)), np.flatnonzero(dx[n].sum(axis=0)))
        for n, cell in enumerate(cells)
    }


geometry = st.tuples(
    st.booleans(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2)
)


@given(st.lists(geometry, min_size=1, max_size=3), st.integers(1, 6), st.integers(0, 1))
@settings(max_examples=60, deadline=None)
def test_the_gradient_of_a_cell_arrives_where_it_sees(drawn: Any, n: int, axis: int) -> None:
    layers: list[AnyLayer] = []
    for up, *numbers in drawn:  # along one axis: the other has one place
        kernel, stride, dilation, padding = (
            (rest, number) if axis else (number, rest)
            for number, rest in zip(numbers, (1, 1, 1, 0), strict=True)
        )
        if up:
            layers.append(ConvTranspose(1, kernel, stride, padding, dilation=dilation))
        else:
            layers.append(Conv(1, kernel, stride, padding, dilation))
    shape = (1, 1, n) if axis else (1, n, 1)
    try:
        chain_shapes(tuple(layers), shape)
    except BadInput:
        assume(False)
    for cell, both in reached(tuple(layers), shape).items():
        for seen, found in zip(pixels_seen(tuple(layers), shape, (cell[0], cell[1])), both, strict=True):
            assert seen == (range(found[0], found[-1] + 1) if found.size else range(0))


HALF = (Conv(2, (3, 3), (2, 2), 1),)


@pytest.mark.parametrize(
    "block",
    [
        Residual((Conv(1, (3, 3), padding=1), Conv(1, (3, 3), padding=1))),
        Residual(HALF, "projection"),
        Residual(HALF, "zero-padding"),
        Residual(HALF, "none"),
        Residual((Conv(2, (1, 2), (3, 3)),), "zero-padding"),
        Residual((AvgPool((3, 3), (1, 1), (1, 1)), Residual(()))),
    ],
)
def test_blocks(block: Residual) -> None:
    shape = (1, 8, 8)
    for cell, both in reached((block,), shape).items():
        for seen, found in zip(pixels_seen((block,), shape, (cell[0], cell[1])), both, strict=True):
            assert found.tolist() == list(seen)

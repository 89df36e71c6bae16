"""Which pixels one cell of a network sees, exactly, also through transposed convolutions."""

from __future__ import annotations

import sys
from typing import TypeAlias

from cnnviz.engine.branches import other_of, shapes_along
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import shape_of
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape, pads_of
from cnnviz.engine.network import shortcut_layers
from cnnviz.engine.specs import (
    AnyLayer,
    Back,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    PaddedShortcut,
    Residual,
)

Places: TypeAlias = frozenset[int]

Seen: TypeAlias = tuple[Places, Places]
"""Rows and columns."""

NOTHING: Seen = frozenset(), frozenset()


def pixels_seen(layers: Layers, in_shape: Shape, cell: tuple[int, int]) -> tuple[range, range]:
    """The rows and columns of the picture that a cell of the last layer sees, from the first to the last of them.

    Going back through the layers, cell a of an output sees of its input, with m = 0 to f - 1::

        window       a*s - p + d*m
        transposed   (a + p - d*m) / s, whole quotients only
        whole map    0 to n - 1

    Where windows lie apart, or are dilated, some pixels between may not be seen. The padding is not counted, and
    modes that fill it with pixels are taken as zeros.

    Parameters
    ----------
    layers : tuple of layers
    in_shape : (channels, rows, columns)
    cell : (row, column)

    Returns
    -------
    rows, columns : range
        Empty where the cell sees nothing.

    Raises
    ------
    BadInput
        If layers do not fit together, or there is no such cell.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> down_and_up = (Conv(1, (2, 2), (2, 2)), ConvTranspose(1, (2, 2), (2, 2)))
    >>> [pixels_seen(down_and_up, (1, 8, 8), (0, j))[1] for j in range(4)]
    [range(0, 2), range(0, 2), range(2, 4), range(2, 4)]

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, relationships 6 and 14.
    """
    shape = shapes_along(layers, in_shape)[-1]
    at = shape_of(cell, "pixels_seen: cell", least=-sys.maxsize)
    if len(at) != 2:
        raise BadInput(f"pixels_seen: cell {at} has {len(at)} numbers: give (row, column)")
    rows, columns = (_within(place, n) for place, n in zip(at, shape[1:], strict=True))
    rows, columns = _through(layers, in_shape, (rows, columns))
    return _from_first_to_last(rows), _from_first_to_last(columns)


def _within(at: int, n: int) -> Places:
    if not 0 <= at < n:
        raise BadInput(f"pixels_seen: there is no cell {at}: give one from 0 to {n - 1}")
    return frozenset((at,))


def _from_first_to_last(places: Places) -> range:
    return range(min(places), max(places) + 1) if places else range(0)


def _through(layers: Layers, in_shape: Shape, seen: Seen) -> Seen:
    """What is seen of a chain's input, by all of its ways."""
    shapes = shapes_along(layers, in_shape)
    found = {len(layers): seen}
    for place in range(len(layers) - 1, -1, -1):
        now, layer = found.pop(place + 1, NOTHING), layers[place]
        if not now[0] or not now[1]:
            continue
        other = other_of(layer)
        if other is not None:
            found[other] = _either(now, found.get(other, NOTHING))
        if not isinstance(layer, Back):
            found[place] = _either(_before(layer, shapes[place], now), found.get(place, NOTHING))
    rows, columns = found.get(0, NOTHING)
    return (rows, columns) if rows and columns else NOTHING


def _either(one: Seen, other: Seen) -> Seen:
    """What is seen by one way or the other."""
    return one[0] | other[0], one[1] | other[1]


def _before(layer: AnyLayer, shape: Shape, seen: Seen) -> Seen:
    """What is seen of a layer's input, of this shape, from what is seen of its output."""
    match layer:
        case Conv() | MaxPool() | AvgPool():
            pads = pads_of(layer, shape)
            apart = layer.dilation if isinstance(layer, Conv) else (1, 1)
            rows, columns = (
                _windows(
                    seen[axis],
                    layer.kernel_size[axis],
                    layer.stride[axis],
                    lead,
                    apart[axis],
                    shape[axis + 1],
                )
                for axis, lead in ((0, pads.top), (1, pads.left))
            )
        case ConvTranspose():
            rows, columns = (_laid(seen[axis], layer, axis, shape[axis + 1]) for axis in (0, 1))
        case Flatten() | GlobalAvgPool() | GlobalMaxPool():
            rows, columns = (frozenset(range(n)) for n in shape[1:])
        case PaddedShortcut():
            rows, columns = (
                _windows(part, 1, step, 0, 1, n)
                for part, step, n in zip(seen, layer.stride, shape[1:], strict=True)
            )
        case Residual():
            return _through_block(layer, shape, seen)
        case _:
            return seen
    return rows, columns


def _through_block(block: Residual, shape: Shape, seen: Seen) -> Seen:
    """What is seen through the body or the shortcut."""
    body = _through(block.body, shape, seen)
    if block.shortcut == "none":
        return body
    if block.shortcut == "zero-padding":
        steps = block.step(shape)
        rows, columns = (
            _windows(part, 1, step, 0, 1, n) for part, step, n in zip(seen, steps, shape[1:], strict=True)
        )
        return _either(body, (rows, columns))
    return _either(body, _through(shortcut_layers(block, shape), shape, seen))


def _windows(outputs: Places, kernel: int, stride: int, lead: int, apart: int, n: int) -> Places:
    """What windows see along one axis of n places."""
    seen = (output * stride - lead + apart * tap for output in outputs for tap in range(kernel))
    return frozenset(place for place in seen if 0 <= place < n)


def _laid(outputs: Places, layer: ConvTranspose, axis: int, n: int) -> Places:
    """Which of n inputs lie under the kernel's weights on these outputs along one axis."""
    reach = (
        divmod(output + layer.padding[axis] - layer.dilation[axis] * tap, layer.stride[axis])
        for output in outputs
        for tap in range(layer.kernel_size[axis])
    )
    return frozenset(place for place, rest in reach if not rest and 0 <= place < n)

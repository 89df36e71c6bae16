"""Which pixels one cell of a network sees, exactly, also through transposed convolutions."""

from __future__ import annotations

from typing import TypeAlias

from cnnviz.engine.branches import branched_shapes, other_of
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import extent
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

Seen: TypeAlias = tuple[range, range]
"""Rows and columns."""

NOTHING: Seen = range(0), range(0)


def pixels_seen(layers: Layers, in_shape: Shape, cell: tuple[int, int]) -> tuple[range, range]:
    """The rows and columns of the picture that a cell of the last layer sees, from the first to the last of them.

    Going back through the layers, cells a to b of an output see of its input::

        window       a*s - p                     to  b*s - p + d*(f-1)
        transposed   min of (a + p - d*m) / s    to  max of (b + p - d*m) / s,  m = 0 to f-1, whole quotients only
        whole map    0                           to  n - 1

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
    shape = branched_shapes(layers, in_shape)[-1]
    rows, columns = (_within(at, n) for at, n in zip(cell, shape[1:], strict=True))
    return _through(layers, in_shape, (rows, columns))


def _within(at: int, n: int) -> range:
    if not 0 <= at < n:
        raise BadInput(f"pixels_seen: there is no cell {at}: give one from 0 to {n - 1}")
    return range(at, at + 1)


def _through(layers: Layers, in_shape: Shape, seen: Seen) -> Seen:
    """What is seen of a chain's input, by all of its ways."""
    shapes = branched_shapes(layers, in_shape)
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
    return _both(one[0], other[0]), _both(one[1], other[1])


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
            rows, columns = (range(n if part else 0) for part, n in zip(seen, shape[1:], strict=True))
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
        other = [
            _windows(part, 1, step, 0, 1, n) for part, step, n in zip(seen, steps, shape[1:], strict=True)
        ]
    else:
        other = list(_through(shortcut_layers(block, shape), shape, seen))
    return _both(body[0], other[0]), _both(body[1], other[1])


def _both(one: range, other: range) -> range:
    """From the first to the last of two ranges."""
    if not one or not other:
        return one or other
    return range(min(one.start, other.start), max(one.stop, other.stop))


def _windows(outputs: range, kernel: int, stride: int, lead: int, apart: int, n: int) -> range:
    """What windows see along one axis of n places."""
    first = outputs.start * stride - lead
    last = (outputs.stop - 1) * stride - lead + extent(kernel, apart) - 1
    return range(max(first, 0), max(min(last + 1, n), 0)) if outputs else outputs


def _laid(outputs: range, layer: ConvTranspose, axis: int, n: int) -> range:
    """Which of n inputs lie under the kernel's weights on these outputs along one axis."""
    stride, inputs = layer.stride[axis], []
    for m in range(layer.kernel_size[axis]):
        shift = layer.padding[axis] - layer.dilation[axis] * m
        first = max(-(-(outputs.start + shift) // stride), 0)
        last = min((outputs.stop - 1 + shift) // stride, n - 1)
        inputs += [first, last] if outputs and first <= last else []
    return range(min(inputs), max(inputs) + 1) if inputs else range(0)

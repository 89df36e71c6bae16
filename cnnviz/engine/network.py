"""What follows from a network's layers alone: names and shapes of its numbers, counts, receptive fields."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from cnnviz.engine.branches import other_of, shapes_along
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import extent
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape, pads_of
from cnnviz.engine.specs import (
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    Linear,
    PaddedShortcut,
    Residual,
    chain_shapes,
)


class Placed(NamedTuple):
    """One layer where it stands: its name is its place, such as "3" or "5.body.0"; the shapes around it."""

    name: str
    layer: AnyLayer
    in_shape: Shape
    out_shape: Shape
    has_bias: bool


def placed_layers(layers: Layers, in_shape: Shape, prefix: str = "") -> Iterator[Placed]:
    """All layers in the order in which they run, those inside of residual blocks after their block.

    A convolution directly before a batch norm has no bias, since the norm would take it away again.

    Raises
    ------
    BadInput
        Where layers do not fit together.

    Examples
    --------
    >>> block = Residual((Conv(2, (3, 3), padding=1), BatchNorm()))
    >>> [(at.name, at.out_shape, at.has_bias) for at in placed_layers((block,), (2, 6, 6))][1]
    ('0.body.0', (2, 6, 6), False)
    """
    shapes = chain_shapes(layers, in_shape)
    for place, layer in enumerate(layers):
        before_norm = place + 1 < len(layers) and isinstance(layers[place + 1], BatchNorm)
        name = f"{prefix}{place}"
        yield Placed(name, layer, shapes[place], shapes[place + 1], not before_norm)
        if isinstance(layer, Residual):
            yield from placed_layers(layer.body, shapes[place], f"{name}.body.")
            yield from placed_layers(
                shortcut_layers(layer, shapes[place]), shapes[place], f"{name}.shortcut."
            )


def shortcut_layers(block: Residual, in_shape: Shape) -> Layers:
    """The layers of a block's shortcut: none, or a 1x1 projection where the shape changes (option B).

    Examples
    --------
    >>> [layer.stride for layer in shortcut_layers(Residual((Conv(4, (3, 3), (2, 2), 1),), "projection"), (2, 6, 6))]
    [(2, 2)]
    """
    shape = block.out_shape(in_shape)
    if block.shortcut != "projection" or shape == in_shape:
        return ()
    projection = Conv(shape[0], (1, 1), block.step(in_shape))
    if any(isinstance(layer, BatchNorm) for layer in block.body):
        return (projection, BatchNorm())
    return (projection,)


def parameter_shapes(layers: Layers, in_shape: Shape) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all learnable numbers, shaped as in PyTorch.

    Examples
    --------
    >>> parameter_shapes((Conv(8, (3, 3)), BatchNorm(), Flatten(), Linear(10)), (1, 6, 6))
    {'0.weight': (8, 1, 3, 3), '1.weight': (8,), '1.bias': (8,), '3.weight': (10, 128), '3.bias': (10,)}
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for at in placed_layers(layers, in_shape):
        match at.layer:
            case Conv() | ConvTranspose():
                shapes[f"{at.name}.weight"] = at.layer.weight_shape(at.in_shape)
                if at.has_bias:
                    shapes[f"{at.name}.bias"] = (at.out_shape[0],)
            case Linear():
                shapes[f"{at.name}.weight"] = at.layer.weight_shape(at.in_shape)
                shapes[f"{at.name}.bias"] = (at.out_shape[0],)
            case BatchNorm():
                shapes[f"{at.name}.weight"] = shapes[f"{at.name}.bias"] = (at.in_shape[0],)
            case _:
                pass
    return shapes


def statistic_shapes(layers: Layers, in_shape: Shape) -> dict[str, tuple[int]]:
    """Names and shapes of the running statistics of batch norms, which no gradient changes.

    Examples
    --------
    >>> statistic_shapes((BatchNorm(),), (8, 6, 6))
    {'0.running_mean': (8,), '0.running_var': (8,)}
    """
    return {
        f"{at.name}.{what}": (at.in_shape[0],)
        for at in placed_layers(layers, in_shape)
        if isinstance(at.layer, BatchNorm)
        for what in ("running_mean", "running_var")
    }


def count_parameters(layers: Layers, in_shape: Shape) -> int:
    """How many learnable numbers a network has.

    Examples
    --------
    >>> count_parameters((Flatten(), Linear(10)), (1, 28, 28))
    7850
    """
    return sum(math.prod(shape) for shape in parameter_shapes(layers, in_shape).values())


def count_multiply_adds(layers: Layers, in_shape: Shape) -> dict[str, int]:
    """How many products the convolutions and fully connected layers sum for one sample, layer by layer.

    Products with the zeros of a padding are counted; biases, pooling and normalisation are not.

    Examples
    --------
    >>> count_multiply_adds((Conv(1, (3, 3)), Flatten(), Linear(10)), (1, 6, 6))
    {'0': 144, '2': 160}
    """
    counts = {}
    for at in placed_layers(layers, in_shape):
        match at.layer:
            case Conv():
                weights = math.prod(at.layer.weight_shape(at.in_shape))
                counts[at.name] = weights * math.prod(at.out_shape[1:])
            case ConvTranspose():
                counts[at.name] = math.prod(at.layer.weight_shape(at.in_shape)) * math.prod(at.in_shape[1:])
            case Linear():
                counts[at.name] = math.prod(at.layer.weight_shape(at.in_shape))
            case _:
                pass
    return counts


class Field(NamedTuple):
    """What one cell of a layer sees of the input, each as (rows, columns).

    Cell (i, j) sees `size` pixels from ``start + jump * (i, j)`` on; a start below 0 lies in the padding.
    """

    size: tuple[int, int]
    jump: tuple[int, int]
    start: tuple[int, int]


def receptive_fields(layers: Layers, in_shape: Shape) -> list[Field]:
    """What a cell sees after each layer, by r' = r + (extent - 1) * jump, jump' = jump * stride.

    A residual block sees what its body sees, which is never less than its shortcut. Flattened and global
    layers see all that their input sees together. A transposed convolution with stride 1 is a convolution with
    padding extent - 1 - p.

    Raises
    ------
    BadInput
        For a transposed convolution with a larger stride, whose cells do not all see the same number of pixels,
        nor a whole number of them further on than their neighbours: `pixels_seen` tells it for each cell.

    Examples
    --------
    >>> three = (Conv(1, (3, 3)), Conv(1, (3, 3)), Conv(1, (3, 3)))
    >>> [field.size for field in receptive_fields(three, (1, 28, 28))]
    [(3, 3), (5, 5), (7, 7)]

    References
    ----------
    Dumoulin and Visin (2016); Araujo, Norris and Sim (2019), Computing receptive fields of convolutional
    neural networks, equations 1 to 3.
    """
    fields = [Field((1, 1), (1, 1), (0, 0))]
    for layer, shape in zip(layers, shapes_along(layers, in_shape), strict=False):
        fields.append(_seen_by(layer, shape, fields))
    return fields[1:]


def _seen_by(layer: AnyLayer, shape: Shape, fields: list[Field]) -> Field:
    """The field after a layer of a chain that may branch, from those of all arrays before it."""
    other = other_of(layer)
    if isinstance(layer, Back):
        return fields[layer.start]
    field = _seen_through(layer, shape, fields[-1])
    return field if other is None else _both(field, fields[other])


def _both(one: Field, other: Field) -> Field:
    """The smallest field that holds two, of cells as far apart."""
    first, stop = [], []
    for axis in (0, 1):
        first.append(min(one.start[axis], other.start[axis]))
        stop.append(max(f.start[axis] + f.size[axis] for f in (one, other)))
    return Field((stop[0] - first[0], stop[1] - first[1]), one.jump, (first[0], first[1]))


def _seen_through(layer: AnyLayer, shape: Shape, field: Field) -> Field:
    """The field after a layer, from that before it."""
    match layer:
        case Conv() | MaxPool() | AvgPool():
            pads = pads_of(layer, shape)
            dilation = layer.dilation if isinstance(layer, Conv) else (1, 1)
            reach = [extent(k, d) for k, d in zip(layer.kernel_size, dilation, strict=True)]
            return _widened(field, (reach[0], reach[1]), layer.stride, (pads.top, pads.left))
        case PaddedShortcut():
            return _widened(field, (1, 1), layer.stride, (0, 0))
        case Flatten() | GlobalAvgPool() | GlobalMaxPool():
            return _widened(field, shape[1:], (1, 1), (0, 0))
        case Residual():
            for inner, at in zip(layer.body, chain_shapes(layer.body, shape), strict=False):
                field = _seen_through(inner, at, field)
            return field
        case ConvTranspose():
            if layer.stride != (1, 1):
                raise BadInput(
                    f"receptive field: the cells of {layer.op} with stride {layer.stride} do not all see the same "
                    "number of pixels: ask before this layer, or ask pixels_seen for one cell"
                )
            reach = [extent(k, d) for k, d in zip(layer.kernel_size, layer.dilation, strict=True)]
            lead = [r - 1 - p for r, p in zip(reach, layer.padding, strict=True)]
            return _widened(field, (reach[0], reach[1]), (1, 1), (lead[0], lead[1]))
        case _:
            return field


def _widened(field: Field, reach: tuple[int, int], stride: tuple[int, int], lead: tuple[int, int]) -> Field:
    rows, columns = (
        (
            field.size[axis] + (reach[axis] - 1) * field.jump[axis],
            field.jump[axis] * stride[axis],
            field.start[axis] - lead[axis] * field.jump[axis],
        )
        for axis in (0, 1)
    )
    return Field(*zip(rows, columns, strict=True))

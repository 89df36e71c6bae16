"""Chains with branches: layers that go back to an earlier array, or add one, and the blocks that these make."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.engine.specs import Add, AnyLayer, Back, BatchNorm, Layers, chain_shapes, read_network


def other_of(spec: AnyLayer) -> int | None:
    """The number of the array that a layer reads beside its input, or in its place; None for all others.

    Array 0 is the input, array n the output of layer n − 1.
    """
    match spec:
        case Back():
            return spec.start
        case Add():
            return spec.other if spec.shortcut else None
    return None


def own_array(layers: Layers, number: int) -> int:
    """The array that a number stands for: behind `Back` it is the one that it goes back to.

    Examples
    --------
    >>> from cnnviz.engine.layers import Relu
    >>> own_array((Relu(), Back(0), Relu()), 2), own_array((Relu(), Back(0), Relu()), 3)
    (0, 3)
    """
    while number and isinstance(spec := layers[number - 1], Back):
        number = spec.start
    return number


def arrays_read(layers: Layers, layer: int) -> tuple[int, ...]:
    """The arrays that a layer reads, or would read with its shortcut on, by the numbers under which they were made.

    Examples
    --------
    >>> from cnnviz.engine.layers import Relu
    >>> arrays_read((Relu(), Relu(), Add(0)), 2)
    (2, 0)
    """
    spec = layers[layer]
    match spec:
        case Back():
            return (own_array(layers, spec.start),)
        case Add():
            return own_array(layers, layer), own_array(layers, spec.other)
    return (own_array(layers, layer),)


class Joint(NamedTuple):
    """Where two ways of a chain meet.

    Attributes
    ----------
    add : int
        The layer that adds.
    start : int
        The array that both ways begin with.
    end : int
        The array that the shortcut brings: ``start`` itself where it is the identity.
    shortcut, body : range
        The layers of either way.
    """

    add: int
    start: int
    end: int
    shortcut: range
    body: range


def joints(layers: Layers) -> tuple[Joint, ...]:
    """The residual blocks of a chain, whether their shortcuts are on or off.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv, Relu
    >>> joints((Conv(2, (1, 1)), Back(0), Conv(2, (3, 3), padding=1), Add(1), Relu()))
    (Joint(add=3, start=0, end=1, shortcut=range(0, 1), body=range(2, 3)),)
    """
    found = []
    for at, spec in enumerate(layers):
        if not isinstance(spec, Add):
            continue
        end = spec.other
        back = layers[end] if end < at else None
        if isinstance(back, Back):
            found.append(Joint(at, back.start, end, range(back.start, end), range(end + 1, at)))
        else:
            start = own_array(layers, end)
            found.append(Joint(at, start, start, range(0), range(end, at)))
    return tuple(found)


def readers(layers: Layers) -> dict[int, tuple[int, ...]]:
    """For each array that layers read out of their turn the numbers of these layers.

    Examples
    --------
    >>> from cnnviz.engine.layers import Relu
    >>> readers((Relu(), Relu(), Add(0)))
    {0: (2,)}
    """
    found: dict[int, tuple[int, ...]] = {}
    for number, spec in enumerate(layers):
        other = other_of(spec)
        if other is not None:
            found[other] = (*found.get(other, ()), number)
    return found


def readers_behind(layers: Layers) -> dict[int, int]:
    """For each array that a chain goes back to the layer behind that, whose padding stands around the array."""
    backs = ((spec.start, at + 1) for at, spec in enumerate(layers) if isinstance(spec, Back))
    return {start: reader for start, reader in reversed(list(backs)) if reader < len(layers)}


def renumbered(layers: Layers, at: int, step: int) -> Layers:
    """The layers when so many are put in before number ``at`` (or taken out there, with a negative ``step``).

    What reads an array behind that place reads it under its new number.
    """

    def moved(array: int) -> int:
        return array + step if array > at else array

    out: list[AnyLayer] = []
    for spec in layers:
        match spec:
            case Back():
                out.append(replace(spec, start=moved(spec.start)))
            case Add():
                out.append(replace(spec, other=moved(spec.other)))
            case _:
                out.append(spec)
    return tuple(out)


def shape_after(spec: AnyLayer, shapes: list[Shape] | tuple[Shape, ...]) -> Shape:
    """Shape after a layer from the shapes of all arrays before it, the last of which is its input.

    Raises
    ------
    BadInput
        Where the layer does not fit its input, or the array that it goes back to or adds.
    """
    other = other_of(spec)
    if other is not None and not 0 <= other < len(shapes):
        raise BadInput(f"{spec.op}: there is no array {other} before it: give 0 to {len(shapes) - 1}")
    if isinstance(spec, Back):
        return shapes[spec.start]
    if isinstance(spec, Add) and other is not None and shapes[other] != shapes[-1]:
        raise BadInput(
            f"{spec.op}: {shapes[-1]} and {shapes[other]} have different shapes: let the shortcut change its shape "
            "by a projection or by padding"
        )
    if isinstance(spec, BatchNorm) and shapes[-1][1] * shapes[-1][2] < 2:
        raise BadInput(
            f"{spec.op}: a channel of {shapes[-1][1]}×{shapes[-1][2]} has no spread to divide by: normalise before "
            "the maps are that small"
        )
    shape: Shape = spec.out_shape(shapes[-1])
    return shape


def branched_shapes(layers: Layers, in_shape: Shape) -> list[Shape]:
    """Shapes before the first layer and after each, of a chain that may branch; raises `BadInput` with the place."""
    chain, shape = read_network(layers, in_shape)
    shapes = [shape]
    for place, layer in enumerate(chain):
        try:
            shapes.append(shape_after(layer, shapes))
        except (BadInput, TypeError) as error:
            raise type(error)(f"layer {place}: {error}") from error
    return shapes


def shapes_along(layers: Layers, in_shape: Shape) -> list[Shape]:
    """The same of any layers: those that do not branch may be a network's, whose batches have a spread at 1×1, too."""
    branches = any(isinstance(layer, Add | Back) for layer in layers)
    return (branched_shapes if branches else chain_shapes)(layers, in_shape)

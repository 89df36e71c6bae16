"""Chains with branches: layers that go back to an earlier array, or add one, and the nested blocks they stand for."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Shape
from cnnviz.engine.specs import Add, AnyLayer, Back, BatchNorm, Layers, PaddedShortcut, Residual, Shortcut


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


class Nested(NamedTuple):
    """A chain as plans run it, and where each layer of the chain is in it.

    Attributes
    ----------
    layers : tuple of layers
        With `Residual` blocks, as `cnnviz.engine.plan.Plan` takes them.
    names : tuple of str
        For each layer of the chain the name that the plan's parameters begin with, such as "3.body.0".
    """

    layers: Layers
    names: tuple[str, ...]


def nested(layers: Layers) -> Nested:
    """The residual blocks that a chain with branches stands for.

    Raises
    ------
    BadInput
        For branches within branches, a shortcut that is neither the identity, a padding nor a 1×1 projection, and
        a residual that is scaled: only the forward pass of single pictures knows these.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv, Relu
    >>> made = nested((Conv(1, (3, 3), padding=1), Relu(), Add(0), Relu()))
    >>> [layer.op for layer in made.layers], made.names
    (['residual', 'relu'], ('0.body.0', '0.body.1', '0', '1'))
    """
    out: list[AnyLayer] = []
    names = [""] * len(layers)
    first = 0  # the first layer of the chain that is in no block yet
    for end, spec in enumerate(layers):
        if isinstance(spec, Add):
            ways = _ways(layers, end, spec, first)
            first = _append(layers, range(first, ways.start), out, names)
            block = str(len(out))
            for place, n in enumerate(ways.body):
                names[n] = f"{block}.body.{place}"
            for place, n in enumerate(ways.shortcut):
                names[n] = f"{block}.shortcut.{place}"
            names[end] = block
            shortcut = tuple(layers[n] for n in ways.shortcut)
            kind: Shortcut = _kind(shortcut, end) if spec.shortcut else "none"
            out.append(Residual(tuple(layers[n] for n in ways.body), kind))
            first = end + 1
    _append(layers, range(first, len(layers)), out, names)
    return Nested(tuple(out), tuple(names))


class _Ways(NamedTuple):
    """The two ways of a block, as numbers of layers."""

    start: int
    shortcut: range
    body: range


def _ways(layers: Layers, end: int, spec: Add, first: int) -> _Ways:
    back = next((n for n in range(first, end) if isinstance(layers[n], Back)), None)
    if back is None:
        ways = _Ways(spec.other, range(0), range(spec.other, end))
    else:
        start = _start(layers[back])
        ways = _Ways(start, range(start, back), range(back + 1, end))
    if ways.start < first or (back is not None and spec.other != back) or not ways.body:
        raise BadInput(f"layer {end}: its branches begin within another block: part the blocks")
    if spec.scale != 1.0:
        raise BadInput(f"layer {end}: the residual is scaled by {spec.scale}: learn with the scale 1")
    return ways


def _append(layers: Layers, numbers: range, out: list[AnyLayer], names: list[str]) -> int:
    """Take layers over as they are; gives the number of the layer after them."""
    for n in numbers:
        if isinstance(layers[n], Back):
            raise BadInput(f"layer {n}: it goes back, but nothing is added after it: add the shortcut")
        names[n] = str(len(out))
        out.append(layers[n])
    return numbers.stop


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
    shapes = [in_shape]
    for place, layer in enumerate(layers):
        try:
            shapes.append(shape_after(layer, shapes))
        except BadInput as error:
            raise BadInput(f"layer {place}: {error}") from error
    return shapes


def _start(spec: AnyLayer) -> int:
    assert isinstance(spec, Back)
    return spec.start


def _kind(shortcut: Layers, end: int) -> Shortcut:
    if not shortcut:
        return "identity"
    match shortcut[0]:
        case PaddedShortcut() if len(shortcut) == 1:
            return "zero-padding"
        case Conv(kernel_size=(1, 1)):
            return "projection"
    raise BadInput(
        f"layer {end}: its shortcut is neither the identity, a padding nor a 1×1 convolution: change it"
    )

"""Residual blocks laid out as a chain with branches, as lessons step through it, and nested again, as plans run it."""

from __future__ import annotations

from typing import NamedTuple

from cnnviz.engine.branches import Joint, branched_shapes, joints
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.engine.network import shortcut_layers
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    Layers,
    PaddedShortcut,
    Residual,
    Shortcut,
    out_shape,
)


def chained(layers: Layers, in_shape: Shape) -> Layers:
    """The chain that nested layers stand for; `nested` gives them back.

    Where the shape changes the layers of the shortcut come first, then the chain goes back to where it began, and at
    the end of the body both ways are added. A block whose shortcut is "none" is its body alone, and an addition that
    is switched off where it scales the body.

    Raises
    ------
    BadInput
        Where layers do not fit together.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv, Relu
    >>> block = Residual((Conv(4, (3, 3), (2, 2), 1),), "projection")
    >>> [layer.op for layer in chained((block, Relu()), (2, 6, 6))]
    ['conv2d', 'back', 'conv2d', 'add', 'relu']
    """
    out: list[AnyLayer] = []
    shape = in_shape
    for layer in layers:
        if isinstance(layer, Residual):
            out += _block(layer, shape, len(out))
        else:
            out.append(layer)
        shape = out_shape(layer, shape)
    return tuple(out)


class Nested(NamedTuple):
    """A chain as plans run it, and where each layer of the chain is in it.

    Attributes
    ----------
    layers : tuple of layers
        With `Residual` blocks, as `cnnviz.engine.plan.Plan` takes them.
    names : tuple of str
        For each layer of the chain the name that the plan's parameters begin with, such as "3.body.0"; "" for a
        layer that no plan has: one that goes back, and those of a shortcut that is switched off.
    """

    layers: Layers
    names: tuple[str, ...]


def nested(layers: Layers, in_shape: Shape) -> Nested:
    """The residual blocks that a chain with branches stands for.

    Raises
    ------
    BadInput
        Where layers do not fit together, and for what only the forward pass of single pictures knows: branches
        within branches, and a shortcut that is neither the identity, a padding nor a 1×1 projection.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv, Relu
    >>> made = nested((Conv(1, (3, 3), padding=1), Relu(), Add(0), Relu()), (1, 4, 4))
    >>> [layer.op for layer in made.layers], made.names
    (['residual', 'relu'], ('0.body.0', '0.body.1', '0', '1'))
    """
    shapes = branched_shapes(layers, in_shape)
    out: list[AnyLayer] = []
    names = [""] * len(layers)
    first = 0  # the first layer of the chain that is in no block yet
    for joint in joints(layers):
        _check_ways(layers, joint, first)
        _append(layers, range(first, joint.start), out, names)
        name = names[joint.add] = str(len(out))
        block = _nested_block(layers, joint, shapes[joint.start])
        for place, n in enumerate(joint.body):
            names[n] = f"{name}.body.{place}"
        if block.shortcut == "projection":
            for place, n in enumerate(joint.shortcut):
                names[n] = f"{name}.shortcut.{place}"
        out.append(block)
        first = joint.add + 1
    _append(layers, range(first, len(layers)), out, names)
    return Nested(tuple(out), tuple(names))


def _block(block: Residual, in_shape: Shape, start: int) -> list[AnyLayer]:
    """The layers of a block whose input is array ``start``."""
    if block.shortcut == "none":
        off = () if block.scale == 1.0 else (Add(start, block.scale, shortcut=False),)
        return [*block.body, *off]
    shortcut = _shortcut(block, in_shape)
    if not shortcut:
        return [*block.body, Add(start, block.scale)]
    return [*shortcut, Back(start), *block.body, Add(start + len(shortcut), block.scale)]


def _shortcut(block: Residual, in_shape: Shape) -> Layers:
    """The layers of a block's shortcut as a chain has them: none where it is the identity."""
    shape = block.out_shape(in_shape)
    if block.shortcut == "zero-padding" and shape != in_shape:
        return (PaddedShortcut(shape[0], block.step(in_shape)),)
    return shortcut_layers(block, in_shape)


def _check_ways(layers: Layers, joint: Joint, first: int) -> None:
    """Refuse a block that does not stand by itself, from where its ways part to where they are added."""
    ways = (*joint.shortcut, *joint.body)
    backs = isinstance(layers[joint.end], Back)
    if (
        joint.start < first
        or not joint.body
        or len(ways) + backs != joint.add - joint.start
        or any(isinstance(layers[n], Back) for n in ways)
    ):
        raise BadInput(f"layer {joint.add}: its branches begin within another block: part the blocks")


def _nested_block(layers: Layers, joint: Joint, in_shape: Shape) -> Residual:
    spec = layers[joint.add]
    assert isinstance(spec, Add)
    body, shortcut = (tuple(layers[n] for n in way) for way in (joint.body, joint.shortcut))
    if not spec.shortcut:
        return Residual(body, "none", spec.scale)
    block = Residual(body, _kind(shortcut), spec.scale)
    if shortcut and _shortcut(block, in_shape) != shortcut:
        raise BadInput(
            f"layer {joint.add}: its shortcut is neither the identity, a padding nor a 1×1 convolution with the "
            "strides of the layers beside it (and a batch norm where these have one): change it"
        )
    return block


def _kind(shortcut: Layers) -> Shortcut:
    if not shortcut:
        return "identity"
    return "zero-padding" if isinstance(shortcut[0], PaddedShortcut) else "projection"


def _append(layers: Layers, numbers: range, out: list[AnyLayer], names: list[str]) -> None:
    """Take layers over as they are."""
    for n in numbers:
        if isinstance(layers[n], Back):
            raise BadInput(f"layer {n}: it goes back, but nothing is added after it: add the shortcut")
        names[n] = str(len(out))
        out.append(layers[n])

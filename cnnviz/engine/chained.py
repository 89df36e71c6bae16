"""Residual blocks laid out as a chain with branches, as lessons step through it: the inverse of `nested`."""

from __future__ import annotations

from cnnviz.engine.layers import Shape
from cnnviz.engine.network import shortcut_layers
from cnnviz.engine.specs import Add, AnyLayer, Back, Layers, PaddedShortcut, Residual, out_shape


def chained(layers: Layers, in_shape: Shape) -> Layers:
    """The chain that nested layers stand for; `cnnviz.engine.branches.nested` gives them back.

    Where the shape changes the layers of the shortcut come first, then the chain goes back to where it began, and at
    the end of the body both ways are added. A block whose shortcut is "none" is its body alone.

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


def _block(block: Residual, in_shape: Shape, start: int) -> list[AnyLayer]:
    """The layers of a block whose input is array ``start``."""
    shape = block.out_shape(in_shape)
    if block.shortcut == "none":
        return [*block.body]
    if shape == in_shape:
        return [*block.body, Add(start)]
    shortcut = shortcut_layers(block, in_shape) or (PaddedShortcut(shape[0], block.step(in_shape)),)
    arrived = start + len(shortcut)
    return [*shortcut, Back(start), *block.body, Add(arrived)]

"""Narrow networks of any depth, plain and residual, and where in them a layer's weights and its response stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Relu, Shape
from cnnviz.engine.network import placed_layers
from cnnviz.engine.specs import AnyLayer, BatchNorm, GlobalAvgPool, Layers, Linear, Residual, Shortcut

WIDTHS = (8, 16, 32)
"""Channels of the three stages of the narrow twins."""


def plain(blocks: Sequence[int], classes: int, widths: Sequence[int] = WIDTHS, norm: bool = True) -> Layers:
    """The plain twin of `residual`: the same layers and weights, and nothing added.

    Examples
    --------
    >>> len(weighted(plain((3, 3, 2), 10), (3, 16, 16))), len(weighted(plain((5, 6, 5), 10), (3, 16, 16)))
    (18, 34)
    """
    return _stacked(blocks, classes, widths, norm, "none")


def residual(
    blocks: Sequence[int],
    classes: int,
    widths: Sequence[int] = WIDTHS,
    norm: bool = True,
    shortcut: Shortcut = "zero-padding",
) -> Layers:
    """A narrow residual network: a first convolution, blocks of two 3x3 convolutions, and a linear layer.

    ``f = conv - [norm] - relu - conv - [norm]`` is what a block learns, ``y = relu(f(x) + x)`` what it gives. The first
    block of each stage but the first has stride 2. With shortcuts of zeros (option A of He et al., 2015) it has
    exactly the weights of its plain twin.

    Parameters
    ----------
    blocks : sequence of int
        Blocks of each stage; 2 + 2 times their sum is the number of layers with weights.
    classes : int
    widths : sequence of int
        Channels of each stage.
    norm : bool
        Whether a batch norm follows each convolution; without it convolutions have a bias.
    shortcut : {"identity", "zero-padding", "projection", "none"}

    Raises
    ------
    BadInput
        Where stages and widths are not as many, or one has no block.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Deep residual learning for image recognition, sections 3.3 and 4.2.
    """
    return _stacked(blocks, classes, widths, norm, shortcut)


class Weighted(NamedTuple):
    """A layer with weights by its name, and the layer whose output is its response: its batch norm, else itself."""

    name: str
    response: str
    out_shape: Shape


def weighted(layers: Layers, in_shape: Shape) -> tuple[Weighted, ...]:
    """Every convolution and linear layer on the main way, in the order in which they run.

    The response of a layer is what stands after its batch norm and before the activation or the addition, as in
    figure 7 of He et al. (2015). Projections of shortcuts are left out: they are not part of the depth.

    Examples
    --------
    >>> [at.response for at in weighted((Conv(4, (3, 3)), BatchNorm(), Relu(), GlobalAvgPool(), Linear(2)), (1, 8, 8))]
    ['1', '4']
    """
    found: list[Weighted] = []
    for at in placed_layers(layers, in_shape):
        if ".shortcut." in at.name:
            continue
        if isinstance(at.layer, Conv | Linear):
            found.append(Weighted(at.name, at.name, at.out_shape))
        elif isinstance(at.layer, BatchNorm) and found and _follows(found[-1].name, at.name):
            found[-1] = found[-1]._replace(response=at.name)
    return tuple(found)


def _follows(name: str, following: str) -> bool:
    """Whether the second layer stands directly behind the first, such as "3.body.1" behind "3.body.0"."""
    *outer, place = name.split(".")
    return following.split(".") == [*outer, str(int(place) + 1)]


def _stacked(
    blocks: Sequence[int], classes: int, widths: Sequence[int], norm: bool, shortcut: Shortcut
) -> Layers:
    if len(blocks) != len(widths) or not blocks or min(blocks) < 1 or min(widths) < 1:
        raise BadInput(
            f"depth: blocks {tuple(blocks)} of widths {tuple(widths)}: give each stage one block or more, and a width"
        )
    layers: list[AnyLayer] = [*_conv(widths[0], 1, norm), Relu()]
    for stage, (count, width) in enumerate(zip(blocks, widths, strict=True)):
        for block in range(count):
            step = 2 if stage and not block else 1
            body = (*_conv(width, step, norm), Relu(), *_conv(width, 1, norm))
            layers += [Residual(body, shortcut), Relu()]
    return (*layers, GlobalAvgPool(), Linear(classes))


def _conv(width: int, step: int, norm: bool) -> Layers:
    conv = Conv(width, (3, 3), (step, step), 1)
    return (conv, BatchNorm()) if norm else (conv,)

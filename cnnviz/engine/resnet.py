"""ResNet-34 and the plain network of equal depth, as nested layers (He et al., 2015, table 1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.specs import AnyLayer, BatchNorm, GlobalAvgPool, Layers, Linear, Residual

PICTURE = (3, 224, 224)
"""Channels, rows and columns of the pictures that the published table is about."""

BlockShortcut = Literal["projection", "zero-padding"]


class Stage(NamedTuple):
    """Blocks behind each other that have maps of one size; the first may halve it."""

    blocks: int
    width: int


STAGES = (Stage(3, 64), Stage(4, 128), Stage(6, 256), Stage(3, 512))
"""The four stages of ResNet-34: 16 blocks of two convolutions."""


def resnet34(
    classes: int = 1000, shortcut: BlockShortcut = "projection", plain: bool = False, momentum: float = 0.1
) -> Layers:
    """ResNet-34: a stem, 16 residual blocks in stages of 3, 4, 6 and 3, the means of all maps, scores.

    Parameters
    ----------
    classes : int
    shortcut : {"projection", "zero-padding"}
        Of the three blocks in which the shape changes: option B of the paper, and that of torchvision, or option A.
    plain : bool
        Without shortcuts: the plain network of equal depth.
    momentum : float
        How much of a batch's statistics goes into the running ones.

    Raises
    ------
    BadInput
        For no classes, or another shortcut.

    Examples
    --------
    >>> from cnnviz.engine.network import count_parameters
    >>> count_parameters(resnet34(), PICTURE), count_parameters(resnet34(shortcut="zero-padding"), PICTURE)
    (21797672, 21623848)

    References
    ----------
    He, Zhang, Ren and Sun (2015), Deep residual learning for image recognition, table 1 and figure 3.
    """
    if classes < 1:
        raise BadInput(f"resnet34: {classes} classes: give at least one")
    if shortcut not in ("projection", "zero-padding"):
        raise BadInput(f"resnet34: shortcut {shortcut!r} is unknown: give projection or zero-padding")
    norm = BatchNorm(momentum)
    layers: list[AnyLayer] = [Conv(64, (7, 7), (2, 2), 3), norm, Relu(), MaxPool((3, 3), (2, 2), (1, 1))]
    for body, changes in _bodies(norm):
        if plain:
            layers += body
        else:
            layers.append(Residual(body, shortcut if changes else "identity"))
        layers.append(Relu())
    return (*layers, GlobalAvgPool(), Linear(classes))


def basic_block(width: int, step: int = 1, norm: BatchNorm | None = None) -> Layers:
    """The two 3×3 convolutions of a block, each with its batch norm where there is one; the first has the stride."""
    norms = () if norm is None else (norm,)
    first, second = Conv(width, (3, 3), (step, step), 1), Conv(width, (3, 3), padding=1)
    return (first, *norms, Relu(), second, *norms)


def _bodies(norm: BatchNorm) -> Iterator[tuple[Layers, bool]]:
    """The layers of each block, and whether its shape changes."""
    width = STAGES[0].width
    for stage in STAGES:
        for _ in range(stage.blocks):
            changes = stage.width != width
            yield basic_block(stage.width, 2 if changes else 1, norm), changes
            width = stage.width

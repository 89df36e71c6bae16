"""The layers by which a chain branches and its ways meet again: geometry only, no arrays."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import ClassVar

from cnnviz.engine.activations import finite
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import two, whole
from cnnviz.engine.layers import Pair, Shape


@dataclass(frozen=True, slots=True)
class Back:
    """Goes back to an earlier array of a chain, so that a second way begins there.

    Attributes
    ----------
    start : int
        The array: 0 is the input of the chain, n the output of layer n − 1.
    """

    start: int
    op: ClassVar[str] = "back"

    def __post_init__(self) -> None:
        if whole(self.start, "back: start", -sys.maxsize) < 0:
            raise BadInput(f"{self.op}: there is no array {self.start}: give a number from 0 on")

    def out_shape(self, in_shape: Shape) -> Shape:
        """The shape of the array that it goes back to is not known here: `cnnviz.engine.branches.shape_after`."""
        raise BadInput(f"{self.op}: it works in a chain of a lesson only, on array {self.start}")


@dataclass(frozen=True, slots=True)
class Add:
    """``y = scale * f + s``: where two ways of a chain meet (He et al., 2015).

    Attributes
    ----------
    other : int
        The array s that the shortcut brings: 0 is the input of the chain, n the output of layer n − 1. The other
        summand f is the output of the layer before.
    scale : float
        How much of f is added: at 0 the shortcut alone is left.
    shortcut : bool
        Whether s is added at all; without it the block is a plain one.
    """

    other: int
    scale: float = 1.0
    shortcut: bool = True
    op: ClassVar[str] = "add"

    def __post_init__(self) -> None:
        finite(self.scale, "add: scale")
        if whole(self.other, "add: other", -sys.maxsize) < 0:
            raise BadInput(f"add: there is no array {self.other}: give a number from 0 on")

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer: that of both summands."""
        return in_shape


@dataclass(frozen=True, slots=True)
class PaddedShortcut:
    """Every stride-th pixel, and channels of zeros behind: the shortcut without weights (He et al., 2015, option A)."""

    out_channels: int
    stride: Pair = (1, 1)
    op: ClassVar[str] = "padded_shortcut"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape (out_channels, ⌈H / stride⌉, ⌈W / stride⌉); raises `BadInput` where channels would be lost."""
        two(self.stride, f"{self.op}: stride")
        if whole(self.out_channels, f"{self.op}: out_channels", least=0) < in_shape[0]:
            raise BadInput(
                f"{self.op}: zero padding cannot make {self.out_channels} channels of {in_shape[0]}: give at least "
                f"{in_shape[0]}"
            )
        rows, columns = (-(-n // step) for n, step in zip(in_shape[1:], self.stride, strict=True))
        return (self.out_channels, rows, columns)

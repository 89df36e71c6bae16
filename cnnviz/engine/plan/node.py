"""What every part of a plan can do, and what it is built from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.exact import Grid

Watch: TypeAlias = Callable[[str, Array], None]
"""Is told the output of a node (row, channel, column, batch) while it stands."""


class Node(Protocol):
    """One operation with its buffers (row, channel, column, batch)."""

    @property
    def out(self) -> Array:
        """What `forward` writes."""

    @property
    def keeps_out(self) -> bool:
        """Whether `backward` reads the output, so that the next node may not write over it."""

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        """Prepare the backward pass; gives the gradient of the input, or None where it is not wanted.

        Where dout is `owned`, the node may write over it, and may give it back as the gradient of the input.
        """

    def forward(self, training: bool) -> None:
        """Compute the output from the input."""

    def backward(self) -> None:
        """Compute the gradients from that of the output."""


@dataclass(slots=True)
class Clock:
    """What differs from pass to pass: which random numbers it draws, to repeat them, and who watches.

    ``watch`` is given the name of each node, such as "5.body.0", and its output, before others write over it.
    """

    draw: int = 0
    watch: Watch | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What the nodes of a plan share: memory, and the named arrays, the convolutions' in the plan's own order.

    Where a plan is not for `training`, nobody calls `attach`, and what only `backward` reads need not be kept. With a
    `grid` all that is multiplied and added is rounded to it.
    """

    arena: Arena
    weights: dict[str, Array]
    gradients: dict[str, Array]
    statistics: dict[str, Array]
    batch: int
    clock: Clock
    training: bool = True
    grid: Grid | None = None

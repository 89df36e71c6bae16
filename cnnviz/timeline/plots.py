"""The facts of the plots beside a lesson that learns: sampled curves and surfaces, and the chain rule as a graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class LossCurve:
    """The loss of every iteration up to this one, however many more are computed: a rewound frame is the same.

    ``means[n]`` is the mean of the last ``examples`` losses up to iteration n + examples − 1, where there are several
    examples: each iteration is shown another one, or with ``batches`` another batch. ``planned`` is the number of all
    iterations. ``ahead`` are the losses of the run by which its axis is chosen, those behind this iteration as well;
    none where they are not looked for.
    """

    losses: Floats
    iteration: int
    loss: float
    planned: int
    examples: int
    means: Floats
    batches: bool = False
    ahead: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, slots=True, eq=False)
class AccuracyCurve:
    """The share of right answers to the pictures kept to test on, as often as it is known up to this iteration.

    ``shares[n]`` is that with the weights before the update of iteration ``iterations[n]``: after so many updates.
    It is a part of so many ``pictures``.
    """

    iterations: Floats
    shares: Floats
    planned: int
    pictures: int


@dataclass(frozen=True, slots=True, eq=False)
class Parabola:
    """The squared error over one prediction: its points, where the prediction stands, the target and the slope."""

    x: Floats
    y: Floats
    prediction: float
    target: float
    loss: float
    slope: float


@dataclass(frozen=True, slots=True)
class Node:
    """A number of the chain: its name, its value, and what it is."""

    name: str
    value: float
    role: Literal["input", "weight", "output", "loss"]
    column: int
    """Its distance from the left end of the chain."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One number acting on another: the numbers of both nodes, and the derivative of the one by the other."""

    source: int
    target: int
    derivative: float
    reason: str = ""
    """What the derivative is, as a name, such as ``x₁``."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The chain rule as a graph: what acts on what, and the path from the weight at work to the loss.

    ``path`` are the numbers of its edges from the loss backwards, ``product`` what their derivatives multiply to.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    path: tuple[int, ...] = ()
    product: float | None = None

    @property
    def start(self) -> Node | None:
        """The node whose derivative the path gives."""
        return self.nodes[self.edges[self.path[-1]].source] if self.path else None


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The loss over two weights: ``values[i, j]`` is that of ``y[i]`` as second and ``x[j]`` as first weight.

    ``path`` are the weights of the iterations so far, (iterations, 2); ``gradient`` the derivatives at the last.
    """

    x: Floats
    y: Floats
    values: Floats
    path: Floats
    gradient: Pair
    loss: float
    names: tuple[str, str] = ("w₁", "w₂")

    @property
    def point(self) -> Pair:
        """The weights of this iteration."""
        return (float(self.path[-1, 0]), float(self.path[-1, 1]))


@dataclass(frozen=True, slots=True)
class Slope:
    """A central difference ``(L(w + h) − L(w − h)) / 2h``: the losses at both sides and what it gives."""

    h: float
    below: float
    above: float

    @property
    def value(self) -> float:
        """The difference quotient."""
        return (self.above - self.below) / (2 * self.h)


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One weight's derivative by the chain rule and by differences, on the curve of the loss over this weight.

    ``drawn`` is a difference wide enough to be seen, ``fine`` the one that is compared; ``relative`` is the
    distance of the fine one from the analytic derivative, as a part of the larger of the two.
    """

    name: str
    tensor: str
    index: tuple[int, ...]
    x: Floats
    y: Floats
    weight: float
    loss: float
    analytic: float
    drawn: Slope
    fine: Slope

    @property
    def relative(self) -> float:
        """The relative difference; 0 where both derivatives are 0."""
        larger = max(abs(self.analytic), abs(self.fine.value))
        return abs(self.analytic - self.fine.value) / larger if larger else 0.0


Plot: TypeAlias = LossCurve | AccuracyCurve | Parabola | Chain | Surface | Check
"""What stands beside the maps of a track that learns."""

"""Recipes of networks that are trained beside each other, to be compared: the same data, order, rate and seed."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.depth import residual
from cnnviz.engine.layers import AvgPool
from cnnviz.engine.specs import Layers, Normalise, Shortcut
from cnnviz.lesson.recipe import Recipe

EACH = 20
"""After so many first iterations the networks take turns at each."""

TURN = 10
"""And later after so many."""

TESTED_EVERY = 100
"""A network is tested before its first update and after every so many."""


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the networks.

    Attributes
    ----------
    name : str
        Such as "plain-18".
    blocks : tuple of int
        Residual blocks of each stage.
    shortcut : {"none", "identity", "zero-padding", "projection"}
        "none" for a plain network.
    norm : bool
        Whether a batch norm follows each convolution.
    """

    name: str
    blocks: tuple[int, ...]
    shortcut: Shortcut
    norm: bool

    @property
    def depth(self) -> int:
        """How many layers with weights it has."""
        return 2 + 2 * sum(self.blocks)

    @property
    def plain(self) -> bool:
        """Whether nothing is added to what its blocks give."""
        return self.shortcut == "none"


@dataclass(frozen=True, slots=True)
class Runs:
    """What is run.

    Attributes
    ----------
    id, title : str
    recipe : Recipe
        Batches, rate, momentum, iterations and seed of all; it has no examples.
    pool : int
        Side of the average pooling that makes the pictures smaller before the first layer; 1 for none.
    mean, std : tuple of float
        What the pictures are normalised by, channel by channel.
    widths : tuple of int
        Channels of each stage.
    twins : tuple of Twin
    """

    id: str
    title: str
    recipe: Recipe
    pool: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    widths: tuple[int, ...]
    twins: tuple[Twin, ...]

    @property
    def data(self) -> str:
        """The set of pictures that they learn from, by its id."""
        assert self.recipe.batches is not None
        return self.recipe.batches.data


def layers_of(runs: Runs, twin: Twin, classes: int) -> Layers:
    """A twin's layers: the pictures are made smaller and normalised before the first that learns."""
    smaller = (AvgPool((runs.pool, runs.pool), (runs.pool, runs.pool)),) if runs.pool > 1 else ()
    own = residual(twin.blocks, classes, runs.widths, twin.norm, twin.shortcut)
    return (*smaller, Normalise(runs.mean, runs.std), *own)


def turns(iterations: int) -> tuple[int, ...]:
    """After how many updates each network waits for the others: often at first, when there is most to see.

    Examples
    --------
    >>> turns(45)[-6:]
    (18, 19, 20, 30, 40, 45)
    """
    ends = {*range(1, EACH), *range(EACH, iterations, TURN), iterations}
    return tuple(sorted(end for end in ends if end <= iterations))


def examined(iterations: int) -> tuple[int, ...]:
    """After how many updates the networks are tested.

    Examples
    --------
    >>> examined(250)
    (0, 100, 200, 250)
    """
    return tuple(sorted({*range(0, iterations, TESTED_EVERY), iterations}))

"""Recipes of networks that are trained beside each other, to be compared: the same data, order, rate and seed."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.depth import residual
from cnnviz.engine.layers import AvgPool
from cnnviz.engine.specs import Layers, Normalise, Shortcut
from cnnviz.lesson.recipe import Recipe

EACH = 20
"""So many of the first iterations are all sampled."""

FINE = (200, 20)
"""Up to that iteration every so-many-th is sampled."""

COARSE = 50
"""And every so-many-th of all others."""

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


def sampled(iterations: int) -> tuple[int, ...]:
    """The iterations at which gradients and responses are measured: all of the first ones, fewer later, and the last.

    Examples
    --------
    >>> sampled(25)
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 24)
    >>> sampled(400)[19:24], sampled(400)[-5:]
    ((19, 20, 40, 60, 80), (200, 250, 300, 350, 399))
    """
    end, step = FINE
    places = {*range(EACH), *range(EACH, end, step), *range(end, iterations, COARSE), iterations - 1}
    return tuple(sorted(place for place in places if place < iterations))


def examined(iterations: int) -> tuple[int, ...]:
    """After how many updates the networks are tested.

    Examples
    --------
    >>> examined(250)
    (0, 100, 200, 250)
    """
    return tuple(sorted({*range(0, iterations, TESTED_EVERY), iterations}))

"""Weights that were drawn from a seed: a large network is told by a few numbers, and is the same everywhere."""

from __future__ import annotations

import math

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.engine.initialisation import INIT_KINDS, draw
from cnnviz.engine.layers import Drawn, Params

MOST_DRAWN = 60_000_000
"""More weights in a layer are refused before anything is allocated."""

LARGEST_SEED = 2**32 - 1


def drawn_params(shape: tuple[int, ...], drawn: Drawn, bias: bool = False) -> Params:
    """Weights of that shape, drawn as told, and biases of 0 where asked.

    Parameters
    ----------
    shape : (out, in, …)
    drawn : Drawn
        Kind as in `cnnviz.engine.initialisation.draw`; seed and number together begin the stream.

    Raises
    ------
    BadInput
        For an unknown kind, a seed or number outside 0 … 4,294,967,295, and more than 60 million weights.

    Examples
    --------
    >>> one = drawn_params((2, 1, 3, 3), Drawn("kaiming-normal", 7, 0))
    >>> one == drawn_params((2, 1, 3, 3), Drawn("kaiming-normal", 7, 0)), one.weight.shape
    (True, (2, 1, 3, 3))
    """
    if drawn.kind not in INIT_KINDS:
        raise BadInput(f"drawn weights: {drawn.kind!r} is unknown: give one of {', '.join(INIT_KINDS)}")
    if not all(0 <= n <= LARGEST_SEED for n in (drawn.seed, drawn.number)):
        raise BadInput(
            f"drawn weights: seed {drawn.seed}, number {drawn.number}: give whole numbers from 0 to {LARGEST_SEED}"
        )
    if math.prod(shape) > MOST_DRAWN:
        raise BadInput(
            f"drawn weights: {math.prod(shape):,} of them: at most {MOST_DRAWN:,} are drawn; choose fewer"
        )
    kind = next(kind for kind in INIT_KINDS if kind == drawn.kind)
    weight = draw(shape, kind, np.random.default_rng((drawn.seed, drawn.number)))
    weight.setflags(write=False)
    return Params(weight, np.zeros(shape[0]) if bias else None, drawn)

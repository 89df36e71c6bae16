"""Weights that were drawn from a seed: a large network is told by a few numbers, and is the same everywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import shape_of, whole
from cnnviz.engine.initialisation import INIT_KINDS, draw
from cnnviz.engine.layers import Drawn, Params
from cnnviz.engine.threads import side_by_side, thread_count

MOST_DRAWN = 60_000_000
"""More weights in a layer are refused before anything is allocated."""

LARGEST_SEED = 2**32 - 1

_in_use: WeakValueDictionary[tuple[tuple[int, ...], Drawn], NDArray[np.float64]] = WeakValueDictionary()
"""Weights that somebody still has: whoever asks for the same gets the same array."""


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
    whole(drawn.seed, "drawn weights: seed", 0, LARGEST_SEED)
    whole(drawn.number, "drawn weights: number", 0, LARGEST_SEED)
    shape_of(shape, "drawn weights: shape", least=1)
    if math.prod(shape) > MOST_DRAWN:
        raise BadInput(
            f"drawn weights: {math.prod(shape):,} of them: at most {MOST_DRAWN:,} are drawn; choose fewer"
        )
    return Params(_weight(shape, drawn), np.zeros(shape[0]) if bias else None, drawn)


def drawn_together(wanted: Sequence[tuple[tuple[int, ...], Drawn]]) -> tuple[NDArray[np.float64], ...]:
    """The weights of many layers, drawn side by side on the threads there are.

    Each layer has a stream of its own, so that they are the same on any number of threads. `drawn_params` finds them
    as long as what is given back is held. The kinds, seeds and numbers must be right.

    Examples
    --------
    >>> how = Drawn("kaiming-normal", 7, 0)
    >>> (held,) = drawn_together([((2, 1, 3, 3), how)])
    >>> drawn_params((2, 1, 3, 3), how).weight is held
    True
    """
    # The largest first, in turn, so that all threads end at about the same time.
    order = sorted(set(wanted), key=lambda one: math.prod(one[0]), reverse=True)
    out: dict[int, NDArray[np.float64]] = {}
    turns = max(1, min(thread_count(), len(order)))

    def work(turn: int) -> None:
        for n in range(turn, len(order), turns):
            out[n] = _weight(*order[n])

    side_by_side(work, turns)
    return tuple(out.values())


def _weight(shape: tuple[int, ...], drawn: Drawn) -> NDArray[np.float64]:
    weight = _in_use.get((shape, drawn))
    if weight is None:
        kind = next(kind for kind in INIT_KINDS if kind == drawn.kind)
        weight = draw(shape, kind, np.random.default_rng((drawn.seed, drawn.number)))
        weight.setflags(write=False)
        _in_use[shape, drawn] = weight
    return weight

"""How far an update moves all weights at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.quiet import quiet
from cnnviz.timeline.fold import State

AT_ONCE = 1 << 15

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


@quiet()
def moved_by(before: State, after: State) -> float:
    """``‖w′ − w‖ / ‖w‖`` over all weights and biases; 0 where all weights are 0.

    Examples
    --------
    >>> from cnnviz.engine.layers import Params
    >>> w, v = (State((Params(np.array([[a, b]])),), ()) for a, b in ((3.0, 4.0), (3.0, 4.5)))
    >>> moved_by(w, v)
    0.1
    """
    pairs = [
        (old, new)
        for one, other in zip(before.params, after.params, strict=True)
        if one is not None and other is not None
        for old, new in ((one.weight, other.weight), (one.bias, other.bias))
        if old is not None and new is not None
    ]
    sums = [_squared(old[part], new[part]) for old, new in map(_in_lines, pairs) for part in _parts(old.size)]
    length = sum(own for own, _ in sums)
    return (sum(step for _, step in sums) / length) ** 0.5 if length else 0.0


def _in_lines(pair: Pair) -> Pair:
    return pair[0].reshape(-1), pair[1].reshape(-1)


def _parts(size: int) -> list[slice]:
    """So many numbers at a time stay in the processor's cache: there may be millions."""
    return [slice(n, n + AT_ONCE) for n in range(0, size, AT_ONCE)]


def _squared(old: NDArray[np.float64], new: NDArray[np.float64]) -> tuple[float, float]:
    return float(np.square(old).sum()), float(np.square(new - old).sum())

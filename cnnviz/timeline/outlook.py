"""The losses that a run comes to, as far ahead as they cost little: the axis of its plot is chosen by them, once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cnnviz.timeline.descent import Descent

MOST = 1_000
"""No more iterations are looked ahead: the smallest take a quarter of a millisecond each."""

WORK = 50_000_000
"""Nor more multiply-adds forward: the iterations of a large network are waited for only when they are shown."""


def outlook(descent: Descent, patient: bool) -> NDArray[np.float64]:
    """The losses of the first iterations of a run, whichever of them is shown.

    Parameters
    ----------
    descent : Descent
    patient : bool
        Whether those that are missing are computed now; otherwise they are left out while they are missing.

    Returns
    -------
    ndarray, (iterations,)
        Of most lessons those of the whole run. None of what learns from batches, whose axis needs no more than the
        first loss, nor of networks of which one iteration takes long.
    """
    count = looked_ahead(descent)
    if patient and count:
        descent.reach(count - 1)
    losses = descent.losses()[:count] if count else np.empty(0)
    losses.setflags(write=False)
    return losses


def settled(descents: Iterable[Descent]) -> bool:
    """Whether all is known by which axes are chosen."""
    return all(descent.done or descent.filled >= looked_ahead(descent) for descent in descents)


def looked_ahead(descent: Descent) -> int:
    """So many iterations are looked ahead, by arithmetic on shapes: the same on every machine."""
    if descent.recipe.batches is not None or descent.heavy:
        return 0
    from cnnviz.timeline.counts import total_count  # not needed before anything learns

    return min(descent.recipe.iterations, MOST, WORK // max(1, total_count(descent.track).multiply_adds))

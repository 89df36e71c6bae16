"""How many of its examples a network gets right, at iterations evenly spread over a descent."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from cnnviz.timeline.fold import Breathe, ParamsList, no_breath, track_at

Floats = NDArray[np.float64]

POINTS = 500
"""At most so many iterations are examined, and none more often than all examples were shown once."""


class Accuracy:
    """The share of examples whose label has the highest score, the first one of several that are as high.

    All examples are run forward with the weights before the update of an iteration, one at each call of `look`, so that
    other work can go on between. Defined for cross-entropy over several examples only: nothing is `due` elsewhere.
    """

    def __init__(self, track: Track) -> None:
        recipe = track.recipe
        assert recipe is not None
        self._track, self._recipe = track, recipe
        self.defined = recipe.loss == "cross_entropy" and recipe.batches is None and len(recipe.examples) > 1
        self.every = max(len(recipe.examples), math.ceil(recipe.iterations / POINTS))
        """So many iterations lie between two that are examined."""
        self._shares = array("d")
        self._looked = self._right = 0
        self._params: ParamsList = ()
        self._lock = RLock()

    @property
    def due(self) -> int:
        """The iteration that is examined next."""
        return len(self._shares) * self.every if self.defined else sys.maxsize

    def curve(self) -> tuple[Floats, Floats]:
        """The iterations that were examined, and the share of examples that was right."""
        shares = np.array(self._shares)
        return np.arange(len(shares), dtype=np.float64) * self.every, shares

    def look(self, params: Callable[[], ParamsList], breathe: Breathe = no_breath) -> None:
        """Run the next example forward; ``params`` gives the weights of the iteration that is due."""
        with self._lock:
            if not self._looked:
                self._params = params()
            place, weights = (len(self._shares), self._looked), self._params
        right = self._is_right(place[1], weights, breathe)
        with self._lock:
            if place == (len(self._shares), self._looked):  # else another thread came first
                self._count(right)

    def _count(self, right: bool) -> None:
        self._looked += 1
        self._right += right
        if self._looked == len(self._recipe.examples):
            self._shares.append(self._right / self._looked)
            self._looked = self._right = 0
            self._params = ()

    def _is_right(self, number: int, params: ParamsList, breathe: Breathe) -> bool:
        example = self._recipe.examples[number]
        now = track_at(self._track, example, params)
        x = np.asarray(materialise(now.source), dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            for spec, own in zip(now.layers, params, strict=True):
                breathe()
                x = np.asarray(apply_layer(spec, own, x), dtype=np.float64)
        return bool(np.isfinite(x).all()) and int(x.argmax()) == int(example.target.ravel()[0])

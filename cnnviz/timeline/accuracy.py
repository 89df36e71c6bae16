"""How many pictures a network gets right, of its examples or of those kept to test on, at some iterations."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.run import run_chain
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from cnnviz.timeline.fold import Breathe, ParamsList, no_breath, track_at

Floats = NDArray[np.float64]

POINTS = 500
"""At most so many iterations are examined, and none more often than all examples were shown once."""


TEST_EVERY = 25
"""A network that learns from batches is tested before so many updates each time."""


class Accuracy:
    """The share of examples whose label has the highest score, the first one of several that are as high.

    All examples are run forward with the weights before the update of an iteration, one at each call of `look`, so that
    other work can go on between. Defined for cross-entropy over several examples only: nothing is `due` elsewhere.

    Of a track that learns from batches it is the share of the pictures kept to test on, a part of them at each call.
    """

    def __init__(self, track: Track) -> None:
        recipe = track.recipe
        assert recipe is not None
        self._track, self._recipe = track, recipe
        self.tested = recipe.batches is not None
        """Whether it is known of pictures that are never trained on."""
        self.defined = self.tested or (recipe.loss == "cross_entropy" and len(recipe.examples) > 1)
        least = TEST_EVERY if self.tested else len(recipe.examples)
        self.every = max(least, math.ceil(recipe.iterations / POINTS))
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

    def last_up_to(self, iteration: int) -> tuple[int, float] | None:
        """The last iteration up to that one that is examined, and its share; None where there is none."""
        at = min(len(self._shares), iteration // self.every + 1) - 1
        return None if at < 0 else (at * self.every, self._shares[at])

    def look(self, params: Callable[[], ParamsList], breathe: Breathe = no_breath) -> None:
        """Run the next example, or part of the pictures, forward.

        ``params`` gives the weights of the iteration that is due.
        """
        with self._lock:
            if not self._looked:
                self._params = params()
            place, weights = (len(self._shares), self._looked), self._params
        right, looked, count = self._part(place[1], weights, breathe)
        with self._lock:
            if place == (len(self._shares), self._looked):  # else another thread came first
                self._count(right, looked, count)

    def _part(self, first: int, params: ParamsList, breathe: Breathe) -> tuple[int, int, int]:
        """How many of the next ones are right, of how many, and how many there are in all."""
        if self._recipe.batches is None:
            return int(self._is_right(first, params, breathe)), 1, len(self._recipe.examples)
        # Imported here: the engine's plans take time to load, and few lessons need them.
        from cnnviz.timeline.batches import right_from

        return right_from(self._track, params, self._recipe.batches, first)

    def _count(self, right: int, looked: int, count: int) -> None:
        self._looked += looked
        self._right += right
        if self._looked == count:
            self._shares.append(self._right / self._looked)
            self._looked = self._right = 0
            self._params = ()

    def _is_right(self, number: int, params: ParamsList, breathe: Breathe) -> bool:
        example = self._recipe.examples[number]
        now = track_at(self._track, example, params)
        with np.errstate(over="ignore", invalid="ignore"):
            x = run_chain(now.layers, params, materialise(now.source), breathe)[-1]
        return bool(np.isfinite(x).all()) and int(x.argmax()) == int(example.target.ravel()[0])

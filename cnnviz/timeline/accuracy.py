"""How many pictures a network gets right, of its examples or of those kept to test on, at some iterations."""

from __future__ import annotations

import math
import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.quiet import quiet
from cnnviz.engine.run import run_chain
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from cnnviz.timeline.fold import Breathe, ParamsList, no_breath, track_at

Floats = NDArray[np.float64]

POINTS = 500
"""At most so many iterations are examined, and none more often than all examples were shown once."""


TEST_EVERY = 25
"""A network that learns from batches is tested before so many updates each time, and in between later."""

EASY = 20_000_000
"""Of a network that needs no more multiply-adds for all test pictures it is known before every update at once."""

MOST = 10_000
"""At most so many iterations are examined in the end."""

FINER = 5
"""So many times as often in each turn, once all iterations are computed."""


class Accuracy:
    """The share of examples whose label has the highest score, the first one of several that are as high.

    All examples are run forward with the weights before the update of an iteration, one at each call of `look`, so that
    other work can go on between. Defined for cross-entropy over several examples only: nothing is `due` elsewhere.

    Of a track that learns from batches it is the share of the pictures kept to test on, a part of them at each call.
    It is known before every update in the end: at first every so often, as learning goes on, then in between.
    """

    def __init__(self, track: Track) -> None:
        recipe = track.recipe
        assert recipe is not None
        self._track, self._recipe = track, recipe
        self.tested = recipe.batches is not None
        """Whether it is known of pictures that are never trained on."""
        self.defined = self.tested or (recipe.loss == "cross_entropy" and len(recipe.examples) > 1)
        self.pictures = _pictures(track)
        """So many examples or pictures are looked at each time."""
        self.every, self._finest = _spacing(track, self.pictures)
        """So many iterations lie between two that are examined as learning goes on."""
        # Rising iterations, and the share at each: an array is quickly cut where a step is.
        self._at, self._shares = array("q"), array("d")
        self._due = 0
        self._between = (self.every, 0)
        self._half: tuple[int, ParamsList, int, int] | None = None
        self._lock = RLock()

    @property
    def due(self) -> int:
        """The iteration that is examined next."""
        return self._due if self.defined else sys.maxsize

    @property
    def count(self) -> int:
        """At so many iterations it is known."""
        return len(self._shares)

    def between(self, filled: int) -> int | None:
        """Of so many iterations the next one of those in between, ever finer; None when all are known."""
        with self._lock:
            while self.tested:
                stride, at = self._between
                while at < filled and self.known(at):
                    at += stride
                self._between = (stride, at)
                if at < filled:
                    return at
                if stride == self._finest:
                    break
                self._between = (max(self._finest, stride // FINER), 0)
        return None

    def curve(self, up_to: int = sys.maxsize, own: bool = True) -> tuple[Floats, Floats]:
        """The iterations that were examined, and the share of examples that was right.

        Parameters
        ----------
        up_to : int
            The last iteration that counts.
        own : bool
            Whether all count that are known; else, whatever was examined meanwhile, those that are as learning goes on,
            and the last one.
        """
        with self._lock:
            stop = bisect_right(self._at, up_to)
            at, shares = np.array(self._at[:stop]), np.array(self._shares[:stop])
        if not own:
            kept = (at % self.every == 0) | (at == up_to)
            at, shares = at[kept], shares[kept]
        return at.astype(np.float64), shares.astype(np.float64)

    def last_up_to(self, iteration: int) -> tuple[int, float] | None:
        """The last iteration up to that one that is examined, and its share; None where there is none."""
        x, y = self.curve(iteration)
        return (int(x[-1]), float(y[-1])) if x.size else None

    def known(self, iteration: int) -> bool:
        """Whether that iteration is examined."""
        with self._lock:
            place = bisect_right(self._at, iteration) - 1
            return place >= 0 and self._at[place] == iteration

    def look(
        self, params: Callable[[], ParamsList], breathe: Breathe = no_breath, at: int | None = None
    ) -> None:
        """Run the next example, or part of the pictures, forward.

        ``params`` gives the weights of the iteration that is due, or of iteration ``at``. What was begun of another one
        begins anew.
        """
        with self._lock:
            number = self.due if at is None else at
            if self._half is None or self._half[0] != number:
                self._half = (number, params(), 0, 0)
            half = self._half
        part = self._part(half[2], half[1], breathe)
        with self._lock:
            if self._half is half:  # else another thread came first
                self._count(*part)

    def _part(self, first: int, params: ParamsList, breathe: Breathe) -> tuple[int, int, int]:
        """How many of the next ones are right, of how many, and how many there are in all."""
        if self._recipe.batches is None:
            return int(self._is_right(first, params, breathe)), 1, len(self._recipe.examples)
        # Imported here: the engine's plans take time to load, and few lessons need them.
        from cnnviz.timeline.batches import right_from

        right, looked, count = right_from(self._track, params, self._recipe.batches, first)
        at_once = self.every == self._finest  # to keep pace with the updates
        while at_once and first + looked < count:
            more, further, _ = right_from(self._track, params, self._recipe.batches, first + looked)
            right, looked = right + more, looked + further
        return right, looked, count

    def _count(self, right: int, looked: int, count: int) -> None:
        assert self._half is not None
        number, params, before, so_far = self._half
        self._half = (number, params, before + looked, so_far + right)
        if before + looked == count:
            place = bisect_right(self._at, number)
            self._at.insert(place, number)
            self._shares.insert(place, (so_far + right) / count)
            self._half = None
            while self.known(self._due):
                self._due += self.every

    def _is_right(self, number: int, params: ParamsList, breathe: Breathe) -> bool:
        example = self._recipe.examples[number]
        now = track_at(self._track, example, params)
        with quiet():
            x = run_chain(now.layers, params, materialise(now.source), breathe)[-1]
        return bool(np.isfinite(x).all()) and int(x.argmax()) == int(example.target.ravel()[0])


def _pictures(track: Track) -> int:
    recipe = track.recipe
    assert recipe is not None
    if recipe.batches is None:
        return len(recipe.examples)
    from cnnviz.timeline.batches import data_of

    data = data_of(recipe.batches)
    return len(data.labels) - data.entry.train


def _spacing(track: Track, pictures: int) -> tuple[int, int]:
    """The iterations between two that are examined as learning goes on, and in the end."""
    recipe = track.recipe
    assert recipe is not None
    if recipe.batches is None:
        every = max(pictures, math.ceil(recipe.iterations / POINTS))
        return every, every
    from cnnviz.timeline.counts import total_count

    finest = math.ceil(recipe.iterations / MOST)
    if pictures * total_count(track).multiply_adds <= EASY:
        return finest, finest
    return max(TEST_EVERY, math.ceil(recipe.iterations / POINTS)), finest

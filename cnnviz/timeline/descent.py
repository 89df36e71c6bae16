"""Gradient descent as a fold: the parameters at any iteration, the same whichever way one comes there."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from threading import RLock
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply_backward import Grads
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe
from cnnviz.timeline.accuracy import Accuracy
from cnnviz.timeline.checkpoints import Checkpoints
from cnnviz.timeline.cost import Cost
from cnnviz.timeline.fold import Backward, Breathe, State, first_state, no_breath, stepped, why_stopped
from cnnviz.timeline.recent import Recent

Floats = NDArray[np.float64]
T = TypeVar("T")

OVERHEAD = 800
"""So many bytes the objects around a layer's parameters take, beside their numbers."""

LIMIT = 128 << 20
"""So many bytes of states are kept for a lesson."""

MOMENT = 0.008
"""Seconds for which the window may go on from a checkpoint; what takes longer is shown when it is there."""

HEAVY = 2_000_000
"""Of a network with more weights nobody waits for the first iteration: its forward pass is shown meanwhile."""

SHOWN = 4
"""So many iterations are kept as they were shown."""


class Batch(NamedTuple):
    """What the batch of an iteration gives: the state after it, its gradients, and what was found out of both."""

    after: State
    back: Backward
    known: dict[object, Any]


class Descent:
    """The states of a track at all iterations: computed in turn, kept as checkpoints within a limit of bytes.

    Asking for an iteration gives the same bits whether it is reached step by step or resumed from a checkpoint.

    Several threads may compute at once, and none waits for another: where two have done the same iteration, both came
    to the same bits, and what comes second is dropped.
    """

    def __init__(self, track: Track, limit: int = LIMIT) -> None:
        assert track.recipe is not None
        self.track, self.recipe = track, track.recipe
        self._lock = RLock()
        start = first_state(track, track.recipe)
        self._kept = Checkpoints(start, _size(start, track.recipe), limit)
        self._last = (0, start)
        # In arrays of doubles, not in lists of objects: there can be a million.
        self._losses = array("d")
        self._norms = array("d")
        self.stopped = ""
        self._cost = Cost()
        self.accuracy = Accuracy(track)
        self._shown: Recent[object] = Recent(SHOWN)
        self._batch: tuple[int, Batch] | None = None
        self._fresh: tuple[int, State, Backward] | None = None
        self.prepared = -1
        """Of a heavy network the iteration of which all that is shown was found out last; −1 before there is one."""

    @property
    def heavy(self) -> bool:
        """Whether an iteration takes so long that the window does not wait for it."""
        return sum(p.weight.size for p in self.track.params if p is not None) > HEAVY

    @property
    def filled(self) -> int:
        """How many iterations are computed."""
        return len(self._losses)

    @property
    def done(self) -> bool:
        """Whether no more follow: all planned are computed, or the descent has diverged."""
        return bool(self.stopped) or self.filled >= self.recipe.iterations

    def losses(self) -> Floats:
        """The loss of each iteration that is computed, before its update."""
        with self._lock:
            return np.array(self._losses)

    def norms(self) -> Floats:
        """Of each iteration the norms of all gradients and of all weights: (iterations, 2)."""
        with self._lock:
            return np.array(self._norms).reshape(-1, 2)

    def advance(self, count: int = 1, breathe: Breathe = no_breath) -> int:
        """Compute up to so many more iterations; gives how many are computed in all.

        ``breathe`` is called after each layer, in which a thread may rest.
        """
        for _ in range(count):
            if self.done:
                break
            number, state = self._last
            after, back = self._stepped(state, number, breathe)
            # Before the lock, for which the window may wait: there may be millions of numbers to look through.
            stopped = why_stopped(self.recipe, number, back.loss, after)
            norms = (_norm(back.layers, state), _weight_norm(state))
            with self._lock:
                self._keep(number, after, back, norms, stopped)
        return self.filled

    def reach(self, iteration: int) -> int:
        """Compute as far as that iteration, if it can be reached; gives the nearest one that there is."""
        while self.filled <= iteration and not self.done:
            self.advance(16)
        return self.last_up_to(iteration)

    def last_up_to(self, iteration: int) -> int:
        """That iteration where it is computed, else the last one that is."""
        return max(0, min(iteration, self.filled - 1))

    def at_hand(self, iteration: int) -> bool:
        """Whether an iteration that is computed can be shown in a moment: a checkpoint is not far before it."""
        with self._lock:
            return (iteration - self._kept.before(iteration)[0]) * self._cost.seconds <= MOMENT

    def nearest(self, iteration: int) -> int:
        """The nearest iteration at hand; none is computed for it but the first of all."""
        if not self.filled:
            self.advance()
        there = self.last_up_to(iteration)
        with self._lock:
            return there if self.at_hand(there) else self._kept.nearest(there, self.filled)

    def lacks(self, iteration: int) -> bool:
        """Whether another iteration than that would be shown now: it is not computed, not at hand or not prepared."""
        if not self.done and iteration >= max(0 if self.heavy else 1, self.filled):
            return True
        if self.heavy:
            return self.prepared != self.last_up_to(iteration)
        return self.filled > 0 and not self.at_hand(self.last_up_to(iteration))

    def approach(self, iteration: int, breathe: Breathe = no_breath) -> bool:
        """Do one step of what is left until the state of an iteration is there; whether it is."""
        if not self.done and iteration >= self.filled:
            self.advance(1, breathe)
            return False
        wanted = self.last_up_to(iteration)
        with self._lock:
            at, state = self._kept.before(wanted)
        if at < wanted:
            self._passed(at, state, breathe)
        return at + 1 >= wanted

    def remembered(self, iteration: int, shown: Track, make: Callable[[], T]) -> T:
        """What was made of one of the iterations shown last, with the picture of the track that is ``shown``."""
        key = (iteration, shown.source, None if shown.recipe is None else shown.recipe.examples)
        found = self._shown.get(key)
        if found is None:
            found = make()
            self._shown.keep(key, found)
        return cast("T", found)

    def batch_of(self, iteration: int, state: State) -> Batch:
        """The update by the batch of an iteration; kept for the last one, whichever picture is looked at meanwhile."""
        with self._lock:
            if self._batch is not None and self._batch[0] == iteration:
                return self._batch[1]
        made = Batch(*stepped(self.track, self.recipe, state, iteration), {})
        with self._lock:
            self._batch = (iteration, made)
        return made

    def fresh(self, iteration: int) -> tuple[State, Backward] | None:
        """The state after an iteration and its gradients, where it is the one that was computed last."""
        last = self._fresh
        return None if last is None or last[0] != iteration else (last[1], last[2])

    def state(self, iteration: int) -> State:
        """The state before the update of an iteration that is computed."""
        with self._lock:
            at, state = self._kept.before(iteration)
        for number in range(at, iteration):
            state = self._passed(number, state, no_breath)
        return state

    def pass_on(self, iteration: int, after: State) -> None:
        """Keep the state after an iteration that somebody has computed to show it."""
        with self._lock:
            if not self._kept.has(iteration + 1):
                velocity = (
                    after.velocity if self.recipe.momentum else self._kept.before(iteration)[1].velocity
                )
                self._kept.passed(iteration + 1, State(after.params, velocity))

    def _passed(self, number: int, state: State, breathe: Breathe) -> State:
        after = self._stepped(state, number, breathe)[0]
        with self._lock:
            self._kept.passed(number + 1, after)
        return after

    def _keep(
        self, number: int, after: State, back: Backward, norms: tuple[float, float], stopped: str
    ) -> None:
        if number != self.filled or self.done:
            return  # another thread came first
        if not (stopped and self._losses):
            self._losses.append(back.loss)
            self._norms.extend(norms)
        self.stopped = stopped
        self._fresh = (number, after, back) if self.recipe.batches is None else None
        if not stopped:
            self._last = (number + 1, after)
            self._kept.add(number + 1, after)

    def _stepped(self, state: State, iteration: int, breathe: Breathe = no_breath) -> tuple[State, Backward]:
        # The time of the thread, not that of the clock: other work on the machine makes no step dearer.
        since = time.thread_time()
        made = stepped(self.track, self.recipe, state, iteration, breathe)
        self._cost.add(time.thread_time() - since)
        return made


def _size(state: State, recipe: Recipe) -> int:
    """Bytes of a state; without momentum the velocities of all states are the same arrays."""
    arrays = [a for p in state.params if p is not None for a in (p.weight, p.bias) if a is not None]
    layers = sum(p is not None for p in state.params)
    return (1 + bool(recipe.momentum)) * (sum(a.nbytes for a in arrays) + (1 + layers) * OVERHEAD)


@np.errstate(over="ignore")
def _norm(grads: tuple[Grads, ...], state: State) -> float:
    """The norm of all gradients that are used: a layer without a bias has none, though one is handed back."""
    squares = [float(np.square(g.dw).sum()) for g in grads if g.dw is not None]
    squares += [
        float(np.square(g.db).sum())
        for g, p in zip(grads, state.params, strict=True)
        if g.db is not None and p is not None and p.bias is not None
    ]
    return float(np.sqrt(sum(squares)))


@np.errstate(over="ignore")
def _weight_norm(state: State) -> float:
    return float(np.sqrt(sum(float(np.square(p.weight).sum()) for p in state.params if p is not None)))

"""Gradient descent as a fold: the parameters at any iteration, the same whichever way one comes there."""

from __future__ import annotations

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.apply_backward import Grads, backward_layer
from cnnviz.engine.layers import Params
from cnnviz.engine.losses import cross_entropy, cross_entropy_backward, squared_error, squared_error_backward
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.first_weights import first_params
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source, materialise
from cnnviz.timeline.checkpoints import Checkpoints
from cnnviz.timeline.cost import Cost

Floats = NDArray[np.float64]
T = TypeVar("T")

OVERHEAD = 800
"""So many bytes the objects around a layer's parameters take, beside their numbers."""

LIMIT = 128 << 20
"""So many bytes of states are kept for a lesson."""

MOMENT = 0.008
"""Seconds for which the window may go on from a checkpoint; what takes longer is shown when it is there."""

SHOWN = 4
"""So many iterations are kept as they were shown."""

ParamsList = tuple[Params | None, ...]
Breathe = Callable[[], None]


def no_breath() -> None:
    """Go on at once: for whoever is waited for."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What goes from iteration to iteration: the parameters and, with momentum, their velocities."""

    params: ParamsList
    velocity: ParamsList


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """The gradients of one iteration.

    ``maps[n]`` is that of the n-th array (the input, then each layer's output), ``layers[n]`` what layer n handed
    back. Below the lowest layer with weights nothing is needed, and ``maps`` is computed all the same: it is shown.
    """

    loss: float
    maps: tuple[Floats, ...]
    layers: tuple[Grads, ...]


def first_state(track: Track, recipe: Recipe) -> State:
    """The parameters before the first update: the track's own, and random ones where the recipe says so."""
    params = first_params(track, recipe)
    return State(params, tuple(None if p is None else _zeros(p) for p in params))


def example_at(recipe: Recipe, iteration: int) -> Example:
    """The example that an iteration is shown: all in turn."""
    return recipe.examples[iteration % len(recipe.examples)]


def track_at(track: Track, example: Example, params: ParamsList) -> Track:
    """The track as it stands in an iteration: with its parameters, and the example as its input."""
    source = track.source
    if example.source is not None:
        source = Source(example.source, example.name or source.name)
    return replace(track, source=source, params=params)


def loss_of(recipe: Recipe, prediction: Floats, target: Floats) -> float:
    """The loss of a prediction (C, H, W)."""
    if recipe.loss == "cross_entropy":
        return float(cross_entropy(prediction.reshape(1, -1), target.ravel().astype(np.int64), "sum"))
    return float(squared_error(prediction, target, recipe.reduction))


def loss_gradient(recipe: Recipe, prediction: Floats, target: Floats) -> Floats:
    """The gradient of the loss with respect to the prediction."""
    one = np.float64(1.0)
    if recipe.loss == "cross_entropy":
        labels = target.ravel().astype(np.int64)
        flat = cross_entropy_backward(one, prediction.reshape(1, -1), labels, "sum")
        return np.asarray(flat, dtype=np.float64).reshape(prediction.shape)
    return np.asarray(squared_error_backward(one, prediction, target, recipe.reduction), dtype=np.float64)


def backward(
    layers: tuple[AnyLayer, ...],
    params: ParamsList,
    arrays: tuple[Floats, ...],
    recipe: Recipe,
    target: Floats,
    breathe: Breathe = no_breath,
) -> Backward:
    """All gradients of one iteration, from the loss back to the input; between two layers one may ``breathe``."""
    dout = loss_gradient(recipe, arrays[-1], target)
    maps, grads = [dout], []
    for number in range(len(layers) - 1, -1, -1):
        breathe()
        handed = backward_layer(layers[number], params[number], arrays[number], dout)
        grads.append(handed)
        dout = np.asarray(handed.dx, dtype=np.float64)
        maps.append(dout)
    return Backward(loss_of(recipe, arrays[-1], target), tuple(maps[::-1]), tuple(grads[::-1]))


def updated(state: State, grads: tuple[Grads, ...], recipe: Recipe) -> State:
    """The state after one update: ``v ← μ·v + g, w ← w − η·v``."""
    params, velocity = [], []
    for p, v, g in zip(state.params, state.velocity, grads, strict=True):
        if p is None or v is None or g.dw is None:
            params.append(p)
            velocity.append(v)
            continue
        dw = _moved(v.weight, g.dw, recipe)
        db = None if p.bias is None or v.bias is None or g.db is None else _moved(v.bias, g.db, recipe)
        weight = _less(p.weight, dw, recipe)
        bias = None if p.bias is None or db is None else _less(p.bias, db, recipe)
        params.append(Params(weight, bias))
        velocity.append(Params(dw, db))
    return State(tuple(params), tuple(velocity))


def _moved(velocity: Floats, gradient: NDArray[np.floating], recipe: Recipe) -> Floats:
    made = np.asarray(gradient, dtype=np.float64)
    if recipe.momentum:
        made = recipe.momentum * velocity + made
    return _fixed(made)


def _less(values: Floats, velocity: Floats, recipe: Recipe) -> Floats:
    return _fixed(values - recipe.rate * velocity)


def _fixed(values: Floats) -> Floats:
    # What could still be written to would be copied.
    values.setflags(write=False)
    return values


def finite(state: State) -> bool:
    """Whether all numbers of a state are finite."""
    return all(
        bool(np.isfinite(p.weight).all() and (p.bias is None or np.isfinite(p.bias).all()))
        for p in state.params
        if p is not None
    )


def stepped(
    track: Track, recipe: Recipe, state: State, iteration: int, breathe: Breathe = no_breath
) -> tuple[State, Backward]:
    """The state after one iteration, and its gradients; between two layers one may ``breathe``."""
    if recipe.batches is not None:
        return _stepped_by_batch(track, recipe, state, iteration, breathe)
    example = example_at(recipe, iteration)
    now = track_at(track, example, state.params)
    with np.errstate(over="ignore", invalid="ignore"):
        arrays = [np.asarray(materialise(now.source), dtype=np.float64)]
        for spec, params in zip(now.layers, now.params, strict=True):
            breathe()
            arrays.append(np.asarray(apply_layer(spec, params, arrays[-1]), dtype=np.float64))
        back = backward(now.layers, state.params, tuple(arrays), recipe, example.target, breathe)
        breathe()
        after = updated(state, back.layers, recipe)
    # Without momentum nothing of a velocity goes on; what is not kept takes no memory in the checkpoints.
    return (after if recipe.momentum else State(after.params, state.velocity)), back


def _stepped_by_batch(
    track: Track, recipe: Recipe, state: State, iteration: int, breathe: Breathe
) -> tuple[State, Backward]:
    # Imported here: most lessons learn from single examples, and the engine's plans take time to load.
    from cnnviz.timeline.batches import gradients

    loss, grads = gradients(track, recipe, state.params, iteration, breathe)
    with np.errstate(over="ignore", invalid="ignore"):
        after = updated(state, grads, recipe)
    return (after if recipe.momentum else State(after.params, state.velocity)), Backward(loss, (), grads)


def why_stopped(recipe: Recipe, iteration: int, loss: float, after: State) -> str:
    """Why a descent cannot go on from an iteration; "" when it can."""
    why = f"{recipe.rate} is too large a rate"
    if not np.isfinite(loss):
        return f"the loss of iteration {iteration} is no finite number: {why}"
    if not finite(after):
        return f"a weight is no finite number after iteration {iteration}: {why}"
    return ""


def _zeros(params: Params) -> Params:
    return Params(np.zeros_like(params.weight), None if params.bias is None else np.zeros_like(params.bias))


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
        self._shown: OrderedDict[int, Any] = OrderedDict()

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
            with self._lock:
                self._keep(number, state, after, back)
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
        """Whether another iteration than that would be shown now: it is not computed, or not at hand."""
        if not self.done and iteration >= max(1, self.filled):
            return True
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

    def remembered(self, iteration: int, make: Callable[[], T]) -> T:
        """What was made of one of the iterations shown last."""
        with self._lock:
            if iteration in self._shown:
                self._shown.move_to_end(iteration)
                found: T = self._shown[iteration]
                return found
        made = make()
        with self._lock:
            self._shown[iteration] = made
            while len(self._shown) > SHOWN:
                self._shown.popitem(last=False)
        return made

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
                velocity = after.velocity if self.recipe.momentum else self._kept.before(iteration)[1].velocity
                self._kept.passed(iteration + 1, State(after.params, velocity))

    def _passed(self, number: int, state: State, breathe: Breathe) -> State:
        after = self._stepped(state, number, breathe)[0]
        with self._lock:
            self._kept.passed(number + 1, after)
        return after

    def _keep(self, number: int, state: State, after: State, back: Backward) -> None:
        if number != self.filled or self.done:
            return  # another thread came first
        stopped = why_stopped(self.recipe, number, back.loss, after)
        if not (stopped and self._losses):
            self._losses.append(back.loss)
            self._norms.extend((_norm(back.layers, state), _weight_norm(state)))
        self.stopped = stopped
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

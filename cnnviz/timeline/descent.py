"""Gradient descent as a fold: the parameters at any iteration, the same whichever way one comes there."""

from __future__ import annotations

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

Floats = NDArray[np.float64]
T = TypeVar("T")

OVERHEAD = 800
"""So many bytes the objects around a layer's parameters take, beside their numbers."""

SHOWN = 4
"""So many iterations are kept as they were shown."""

ParamsList = tuple[Params | None, ...]


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
) -> Backward:
    """All gradients of one iteration, from the loss back to the input."""
    dout = loss_gradient(recipe, arrays[-1], target)
    maps, grads = [dout], []
    for number in range(len(layers) - 1, -1, -1):
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
        dw = recipe.momentum * v.weight + g.dw
        weight = p.weight - recipe.rate * dw
        db = bias = None
        if p.bias is not None and v.bias is not None and g.db is not None:
            db = recipe.momentum * v.bias + g.db
            bias = p.bias - recipe.rate * db
        params.append(Params(weight, bias))
        velocity.append(Params(dw, db))
    return State(tuple(params), tuple(velocity))


def finite(state: State) -> bool:
    """Whether all numbers of a state are finite."""
    return all(
        bool(np.isfinite(p.weight).all() and (p.bias is None or np.isfinite(p.bias).all()))
        for p in state.params
        if p is not None
    )


def stepped(track: Track, recipe: Recipe, state: State, iteration: int) -> tuple[State, Backward]:
    """The state after one iteration, and its gradients."""
    example = example_at(recipe, iteration)
    now = track_at(track, example, state.params)
    with np.errstate(over="ignore", invalid="ignore"):
        arrays = [np.asarray(materialise(now.source), dtype=np.float64)]
        for spec, params in zip(now.layers, now.params, strict=True):
            arrays.append(np.asarray(apply_layer(spec, params, arrays[-1]), dtype=np.float64))
        back = backward(now.layers, state.params, tuple(arrays), recipe, example.target)
        return updated(state, back.layers, recipe), back


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

    Any thread may compute ahead while another asks: what is there is handed out at once.
    """

    def __init__(self, track: Track, limit: int = 64 << 20) -> None:
        assert track.recipe is not None
        self.track, self.recipe = track, track.recipe
        self._limit = limit
        self._computing = RLock()
        self._waiting = 0
        self._lock = RLock()
        start = first_state(track, track.recipe)
        self._kept: dict[int, State] = {0: start}
        self._stride = 1
        self._last = self._asked = (0, start)
        # In arrays of doubles, not in lists of objects: there can be a million.
        self._losses = array("d")
        self._norms = array("d")
        self.stopped = ""
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

    def advance(self, count: int = 1) -> int:
        """Compute up to so many more iterations; gives how many are computed in all."""
        with self._lock:
            self._waiting += 1
        with self._computing:
            with self._lock:
                self._waiting -= 1
            for _ in range(count):
                if self.done:
                    break
                self._one()
            return self.filled

    @property
    def awaited(self) -> bool:
        """Whether somebody waits to compute: a thread that computes on and on makes way then."""
        return self._waiting > 0

    def reach(self, iteration: int) -> int:
        """Compute as far as that iteration, if it can be reached; gives the nearest one that there is."""
        while self.filled <= iteration and not self.done:
            self.advance(16)
        return max(0, min(iteration, self.filled - 1))

    def nearest(self, iteration: int) -> int:
        """The nearest iteration that there is, without computing more than the first."""
        if not self.filled:
            self.advance()
        return max(0, min(iteration, self.filled - 1))

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
            at = iteration - iteration % self._stride
            while at not in self._kept:
                at -= self._stride
            state = self._kept[at]
            # What plays asks for one after the other: it goes on from the last one.
            if at < self._asked[0] <= iteration:
                at, state = self._asked
        for number in range(at, iteration):
            state = self._stepped(state, number)[0]
        with self._lock:
            self._asked = (iteration, state)
        return state

    def _one(self) -> None:
        number, state = self._last
        after, back = self._stepped(state, number)
        with self._lock:
            self._keep(number, state, after, back)

    def _keep(self, number: int, state: State, after: State, back: Backward) -> None:
        self.stopped = why_stopped(self.recipe, number, back.loss, after)
        if self.stopped and self._losses:
            return
        self._losses.append(back.loss)
        self._norms.extend((_norm(back.layers, state), _weight_norm(state)))
        if self.stopped:
            return
        self._last = (number + 1, after)
        if (number + 1) % self._stride == 0:
            self._kept[number + 1] = after
            self._thin(after)

    def _thin(self, state: State) -> None:
        """Keep every second checkpoint when they have grown beyond the limit."""
        size = sum(
            2 * (OVERHEAD + p.weight.nbytes + (p.bias.nbytes if p.bias is not None else 0))
            for p in state.params
            if p
        )
        while len(self._kept) * size > self._limit and len(self._kept) > 2:
            self._stride *= 2
            self._kept = {n: kept for n, kept in self._kept.items() if n % self._stride == 0}

    def _stepped(self, state: State, iteration: int) -> tuple[State, Backward]:
        return stepped(self.track, self.recipe, state, iteration)


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

"""One step of gradient descent: the gradients of an iteration, and the parameters after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply_backward import Grads, backward_layer
from cnnviz.engine.branches import other_of
from cnnviz.engine.layers import Params
from cnnviz.engine.losses import cross_entropy, cross_entropy_backward, squared_error, squared_error_backward
from cnnviz.engine.quiet import quiet
from cnnviz.engine.run import no_breath as no_breath  # handed on: who drives a descent gives it another
from cnnviz.engine.run import run_chain
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.first_weights import first_params
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source, materialise

Floats = NDArray[np.float64]

ParamsList = tuple[Params | None, ...]
Breathe = Callable[[], None]


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
    maps: Sequence[Floats]
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
    also: dict[
        int, Floats
    ] = {}  # what layers further on hand back to arrays that they read out of their turn
    for number in range(len(layers) - 1, -1, -1):
        breathe()
        other = other_of(layers[number])
        if other is not None:
            also[other] = also[other] + dout if other in also else dout
        handed = backward_layer(layers[number], params[number], arrays[number], dout)
        grads.append(handed)
        dout = np.asarray(handed.dx, dtype=np.float64)
        if number in also:
            dout = dout + also.pop(number)
        maps.append(dout)
    return Backward(loss_of(recipe, arrays[-1], target), tuple(maps[::-1]), tuple(grads[::-1]))


def updated(state: State, grads: tuple[Grads, ...], recipe: Recipe) -> State:
    """The state after one update: ``v ← μ·v + g, w ← w − η·v``."""
    params: list[Params | None] = []
    velocity = velocities(state, grads, recipe)
    for p, v, g in zip(state.params, velocity, grads, strict=True):
        if p is None or v is None or g.dw is None:
            params.append(p)
            continue
        bias = None if p.bias is None or v.bias is None else _less(p.bias, v.bias, recipe)
        params.append(Params(_less(p.weight, v.weight, recipe), bias))
    return State(tuple(params), velocity)


def velocities(state: State, grads: tuple[Grads, ...], recipe: Recipe) -> ParamsList:
    """What an update takes a part of from the weights: ``v ← μ·v + g``."""
    out: list[Params | None] = []
    for p, v, g in zip(state.params, state.velocity, grads, strict=True):
        if p is None or v is None or g.dw is None:
            out.append(v)
            continue
        db = None if p.bias is None or v.bias is None or g.db is None else _moved(v.bias, g.db, recipe)
        out.append(Params(_moved(v.weight, g.dw, recipe), db))
    return tuple(out)


def _moved(velocity: Floats, gradient: NDArray[np.floating], recipe: Recipe) -> Floats:
    made = np.asarray(gradient, dtype=np.float64)
    if recipe.momentum:
        made = recipe.momentum * velocity + made
    return _fixed(made)


def _less(values: Floats, velocity: Floats, recipe: Recipe) -> Floats:
    less = np.multiply(recipe.rate, velocity)
    return _fixed(np.subtract(values, less, out=less))


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
    with quiet():
        arrays = run_chain(now.layers, now.params, materialise(now.source), breathe)
        back = backward(now.layers, state.params, arrays, recipe, example.target, breathe)
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
    with quiet():
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
    return Params(_no(params.weight), None if params.bias is None else _no(params.bias))


def _no(values: Floats) -> Floats:
    # Such zeros take no memory before they are read, and what cannot be written to is not copied.
    return _fixed(np.zeros(values.shape))

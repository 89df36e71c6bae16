"""Learning from batches of labelled pictures: which ones an iteration is shown, and the gradient of their mean loss."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import used_weight
from cnnviz.engine.apply_backward import Grads
from cnnviz.engine.chained import Nested, nested
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Params, Shape
from cnnviz.engine.plan import Plan
from cnnviz.engine.specs import AnyLayer, BatchNorm, Layers
from cnnviz.files.datasets import DataSet, set_of, shipped_set
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Batches, Recipe

Floats = NDArray[np.float64]
ParamsList = tuple[Params | None, ...]

TESTED_AT_ONCE = 250
"""So many pictures are run forward together when a network is tested."""

_own = threading.local()
"""The plans of each thread: their buffers are written to by every step."""


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """How a network does on pictures that it was never trained on.

    Attributes
    ----------
    right, count : int
    loss : float
        The mean over the pictures.
    answers : ndarray, (count,)
        The class with the highest score.
    sure : ndarray, (count,)
        Its probability under the softmax.
    """

    right: int
    count: int
    loss: float
    answers: NDArray[np.intp]
    sure: Floats

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.right / self.count


def data_of(batches: Batches) -> DataSet:
    """The set that is learned from; `BadInput` when there is none of that name."""
    return shipped_set(batches.data) if batches.pictures is None else set_of(batches.pictures)


def check_batches(track: Track) -> None:
    """Refuse pictures and batches that do not fit the track or the set, and layers that no plan can run."""
    recipe = track.recipe
    if recipe is None or recipe.batches is None:
        return
    data, shapes = data_of(recipe.batches), track.shapes()
    if data.shape != shapes[0]:
        raise BadInput(
            f"recipe: the pictures of {data.entry.id} have the shape {data.shape}, the track's input {shapes[0]}: "
            "make them the same"
        )
    own = recipe.batches.pictures is not None and len(data.entry.classes) <= shapes[-1][0]
    if len(data.entry.classes) != shapes[-1][0] and not own:
        raise BadInput(
            f"recipe: {data.entry.id} has {len(data.entry.classes)} classes, the last layer gives {shapes[-1][0]} "
            "scores: make them as many"
        )
    if recipe.batches.size > data.entry.train:
        raise BadInput(
            f"recipe: batches of {recipe.batches.size} of the {data.entry.train} pictures of {data.entry.id}: "
            "give smaller ones"
        )
    _nested(track.layers, track.source.shape)


def batch_at(recipe: Recipe, iteration: int) -> NDArray[np.intp]:
    """The numbers of the pictures that an iteration is shown.

    Each epoch goes through them in an order of its own, drawn from the seed and the epoch's number.
    """
    assert recipe.batches is not None
    count, size = data_of(recipe.batches).entry.train, recipe.batches.size
    epoch, place = divmod(iteration, count // size)
    return _order(recipe.seed, epoch, count)[place * size : (place + 1) * size]


def gradients(
    track: Track, recipe: Recipe, params: ParamsList, iteration: int, breathe: Callable[[], None]
) -> tuple[float, tuple[Grads, ...]]:
    """The mean loss of an iteration's batch and its gradients, by layer.

    They are computed in float32, as such networks are trained; the weights themselves are kept in float64.
    """
    assert recipe.batches is not None
    data = data_of(recipe.batches)
    chosen = batch_at(recipe, iteration)
    plan = _plan(track, recipe.batches.size, True)
    _load(plan, track, params)
    breathe()
    plan.forward(data.images[chosen].astype(np.float32), training=True)
    breathe()
    loss = plan.loss(data.labels[chosen].astype(np.int64))
    plan.backward()
    breathe()
    names = _nested(track.layers, track.source.shape).names
    return loss, tuple(_grads(plan, *layer) for layer in zip(track.layers, names, params, strict=True))


def evaluate(track: Track, params: ParamsList, batches: Batches, most: int | None = None) -> Tested:
    """Test a network on the pictures kept for it, or on the first ``most`` of them."""
    return evaluate_on(track, params, data_of(batches), most)


def evaluate_on(track: Track, params: ParamsList, data: DataSet, most: int | None = None) -> Tested:
    """The same on any set: on the pictures of it that are not to train on."""
    images, labels = data.images[data.entry.train :][:most], data.labels[data.entry.train :][:most]
    plan = _plan(track, min(TESTED_AT_ONCE, len(labels)), False)
    _load(plan, track, params)
    scores = np.concatenate(
        [_scores(plan, images[n : n + plan.batch]) for n in range(0, len(images), plan.batch)]
    )
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    answers = scores.argmax(axis=1)
    own = np.arange(len(labels))
    return Tested(
        int((answers == labels).sum()), len(labels), float(-logs[own, labels].mean()), answers,
        np.exp(logs[own, answers]),
    )  # fmt: skip


def right_from(track: Track, params: ParamsList, batches: Batches, first: int) -> tuple[int, int, int]:
    """Test on the next few pictures kept for it, from number ``first`` on.

    Returns
    -------
    right, looked, count : int
        How many are answered rightly, of how many that were looked at, and how many there are in all.
    """
    data = data_of(batches)
    images, labels = data.images[data.entry.train :], data.labels[data.entry.train :]
    plan = _plan(track, min(TESTED_AT_ONCE, len(labels)), False)
    _load(plan, track, params)
    part = slice(first, first + plan.batch)
    scores = _scores(plan, images[part])
    right = np.isfinite(scores).all(axis=1) & (scores.argmax(axis=1) == labels[part])
    return int(right.sum()), len(scores), len(labels)


def _scores(plan: Plan, images: NDArray[np.uint8]) -> Floats:
    """The scores of at most a plan's batch of pictures: (pictures, classes)."""
    whole = np.zeros((plan.batch, *images.shape[1:]), np.float32)
    whole[: len(images)] = images
    return np.array(plan.forward(whole, training=False), dtype=np.float64).reshape(plan.batch, -1)[
        : len(images)
    ]


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, count: int) -> NDArray[np.intp]:
    return np.random.default_rng((seed, epoch)).permutation(count)


def _plan(track: Track, batch: int, training: bool) -> Plan:
    """The plan of a network in this thread; the last few are kept."""
    plans: dict[tuple[object, ...], Plan] = getattr(_own, "plans", {})
    _own.plans = plans
    key = (track.layers, track.source.shape, batch, training)
    if key not in plans:
        while len(plans) > 3:
            del plans[next(iter(plans))]
        plans[key] = Plan(
            _nested(track.layers, track.source.shape).layers, track.source.shape, batch, np.float32,
            loss="cross_entropy" if training else None, training=training,
        )  # fmt: skip
    return plans[key]


@lru_cache(maxsize=8)
def _nested(layers: Layers, in_shape: Shape) -> Nested:
    """The layers as a plan runs them; `BadInput` for those that it cannot learn with, or be tested with."""
    for number, spec in enumerate(layers):
        if isinstance(spec, BatchNorm):
            raise BadInput(
                f"layer {number}: batch_norm needs running means to be tested with, which lessons do not keep: take "
                "it out, or learn from single examples"
            )
    return nested(layers, in_shape)


def _load(plan: Plan, track: Track, params: ParamsList) -> None:
    """Give a plan these weights; `Plan.parameters` are views."""
    into, names = plan.parameters, _nested(track.layers, track.source.shape).names
    for spec, name, own in zip(track.layers, names, params, strict=True):
        if own is not None and name:
            into[f"{name}.weight"][...] = used_weight(spec, own.weight)
            into[f"{name}.bias"][...] = 0.0 if own.bias is None else own.bias


def _grads(plan: Plan, spec: AnyLayer, name: str, own: Params | None) -> Grads:
    nothing = np.empty(0, np.float32)
    if own is None:
        return Grads(nothing, None, None)
    if not name:  # on a shortcut that is off
        bias = None if own.bias is None else np.zeros(own.bias.shape, np.float32)
        return Grads(nothing, np.zeros(own.weight.shape, np.float32), bias)
    named = plan.gradients
    bias = None if own.bias is None else named[f"{name}.bias"].copy()
    return Grads(nothing, used_weight(spec, named[f"{name}.weight"]).copy(), bias)

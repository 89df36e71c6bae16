"""The loss as a curve: over the iterations, over the one number that is predicted, and at any weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Params
from cnnviz.engine.quiet import quiet
from cnnviz.engine.run import run_on
from cnnviz.timeline.fold import loss_of
from cnnviz.timeline.frame import Learning
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.plots import LossCurve, Parabola

Floats = NDArray[np.float64]

BATCHES = 25
"""The losses of so many batches are averaged: each is that of other pictures."""

SAMPLES = 81
"""An odd number, so that the target is one of them."""


def loss_curve(learning: Learning, ahead: Floats | None = None) -> LossCurve:
    """The losses of all iterations up to this one, and their means over all examples in turn.

    ``ahead`` are those by which the axis is chosen.
    """
    losses, batches = learning.losses[: learning.iteration + 1], learning.recipe.batches is not None
    examples = BATCHES if batches else len(learning.recipe.examples)
    means = means_of(losses, examples)
    for values in (losses, means):
        values.setflags(write=False)
    return LossCurve(
        losses, learning.iteration, learning.loss, learning.recipe.iterations, examples, means, batches,
        np.empty(0) if ahead is None else ahead,
    )  # fmt: skip


def means_of(losses: Floats, examples: int) -> Floats:
    """The mean of each so many losses in a row; none of one example, or of fewer losses."""
    if not 1 < examples <= losses.size:
        return np.empty(0)
    with quiet():
        sums = np.cumsum(np.concatenate(([0.0], losses)))
        means: Floats = (sums[examples:] - sums[:-examples]) / examples
    return means


def has_parabola(it: Iteration) -> bool:
    """Whether the loss is the squared error of one number."""
    return it.recipe.loss == "squared_error" and it.arrays[-1].size == 1


def parabola(it: Iteration) -> Parabola:
    """``L(ŷ) = (ŷ − y)²`` around the target, as wide as the prediction is far from it, rounded up.

    The slope at the prediction is ``2(ŷ − y)``.
    """
    prediction, target = it.arrays[-1].reshape(1, 1, 1), float(it.target.ravel()[0])
    now = float(prediction.ravel()[0])
    reach = steady_reach(abs(now - target))
    x = np.linspace(target - reach, target + reach, SAMPLES)
    y = np.array([loss_of(it.recipe, np.full((1, 1, 1), v), it.target) for v in x])
    for values in (x, y):
        values.setflags(write=False)
    return Parabola(x, y, now, target, it.back.loss, float(it.back.maps[-1].ravel()[0]))


def steady_reach(distance: float) -> float:
    """A width of 2, 5 or 10 times a power of ten that holds a distance with room: it stays while the distance shrinks.

    Examples
    --------
    >>> steady_reach(1.0), steady_reach(0.9), steady_reach(0.0)
    (2.0, 2.0, 1.0)
    """
    if not (np.isfinite(distance) and distance > 1e-12):
        return 1.0
    power = 10.0 ** np.floor(np.log10(distance))
    return next((float(m * power) for m in (2, 5, 10) if m * power >= 1.5 * distance), float(20 * power))


def loss_from(it: Iteration, layer: int, params: Params | None) -> float:
    """The loss of this iteration's example by the real forward pass, with other parameters in one layer.

    What lies before that layer is not touched by its parameters and is taken as it was computed.
    """
    changed = (*it.track.params[:layer], params, *it.track.params[layer + 1 :])
    with quiet():
        prediction = run_on(it.track.layers, changed, it.arrays[: layer + 1])[-1]
        return loss_of(it.recipe, prediction, it.target)


def with_value(params: Params, name: str, index: tuple[int, ...], value: float) -> Params:
    """The parameters with one number of ``weight`` or ``bias`` replaced."""
    arrays = {"weight": params.weight, "bias": params.bias}
    changed = np.array(arrays[name], dtype=np.float64)
    changed[index] = value
    return Params(changed, params.bias) if name == "weight" else Params(params.weight, changed)

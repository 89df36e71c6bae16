"""The gradient check: a weight's derivative by the chain rule beside a difference of two real forward passes."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from cnnviz.engine.layers import Params
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.frame import Cell, CellRef
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.loss_curve import loss_from, steady_reach, with_value
from cnnviz.timeline.plots import Check, Slope
from cnnviz.timeline.sections import Section, tensor_names
from cnnviz.timeline.weights import weight_index

FINE = 1e-5
"""The distance of a central difference in float64, relative to weights above 1: smaller ones lose digits."""

WIDE = 4
"""The distance of the difference that is drawn, as a part of half the curve: seen, and not too far from the tangent."""

SAMPLES = 41
FEW_SAMPLES = 13

LARGE = 200_000
"""Networks with more values than this are sampled at fewer places."""


class Weight(NamedTuple):
    """One number that is learned: its layer, weight or bias, and its place in the layer's own array."""

    layer: int
    name: Literal["weight", "bias"]
    place: tuple[int, ...]


def weight_at(it: Iteration, section: Section, cell: Cell, asked: CellRef | None = None) -> Weight:
    """The weight that is asked for, else the one at work, else the first of the layer at work or above it."""
    found = None if asked is None else _named(it.track, asked)
    if found is None and section.kind in ("weight", "update"):
        found = _of_cell(it.track, section.layer, cell)
    if found is None and section.kind in ("bias", "update-bias"):
        found = Weight(section.layer, "bias", cell[:1])
    if found is not None:
        return found
    learned = [n for n, params in enumerate(it.track.params) if params is not None]
    layer = next((n for n in learned if n == section.layer), learned[0])
    return Weight(layer, "weight", (0,) * _params(it.track, layer).weight.ndim)


def _named(track: Track, ref: CellRef) -> Weight | None:
    for n, name in enumerate(tensor_names(track.layers)[1:]):
        stem, _, rest = ref.tensor.partition(".")
        params = track.params[n]
        if stem != name or params is None or not rest:
            continue
        if rest.startswith("bias"):
            plane = ref.plane
            return (
                Weight(n, "bias", (plane,)) if params.bias is not None and plane < params.bias.size else None
            )
        if rest.startswith("weight"):
            return _of_cell(track, n, (ref.plane, ref.row, ref.column))
    return None


def _of_cell(track: Track, layer: int, cell: Cell) -> Weight | None:
    index = weight_index(track.layers[layer], _params(track, layer).weight.shape, *cell)
    return None if index is None else Weight(layer, "weight", index)


def _params(track: Track, layer: int) -> Params:
    params = track.params[layer]
    assert params is not None
    return params


def check_of(it: Iteration, weight: Weight) -> Check:
    """Compare ``∂L/∂w`` with ``(L(w + h) − L(w − h)) / 2h``; every loss is that of a whole forward pass in float64."""
    params, grads = _params(it.track, weight.layer), it.back.layers[weight.layer]
    array, grad = (params.weight, grads.dw) if weight.name == "weight" else (params.bias, grads.db)
    assert array is not None
    assert grad is not None
    now, analytic = float(array[weight.place]), float(grad[weight.place])

    def loss_at(value: float) -> float:
        return loss_from(it, weight.layer, with_value(params, weight.name, weight.place, value))

    def slope(h: float) -> Slope:
        return Slope(h, loss_at(now - h), loss_at(now + h))

    reach = steady_reach(_distance(it.back.loss, analytic, now))
    size = sum(a.size for a in it.arrays)
    x = now + np.linspace(-reach, reach, SAMPLES if size < LARGE else FEW_SAMPLES)
    y = np.array([loss_at(float(v)) for v in x])
    for values in (x, y):
        values.setflags(write=False)
    tensor = f"{tensor_names(it.track.layers)[weight.layer + 1]}.{weight.name}"
    return Check(
        weight_name(it.track, weight), tensor, weight.place, x, y, now, it.back.loss, analytic,
        slope(reach / WIDE), slope(FINE * max(1.0, abs(now))),
    )  # fmt: skip


def _distance(loss: float, slope: float, weight: float) -> float:
    """How far the weight may be from the least loss: of a parabola that reaches 0 it is ``2L / |slope|``."""
    if np.isfinite(loss) and np.isfinite(slope) and abs(slope) > 1e-9:
        return min(2 * loss / abs(slope), max(1.0, abs(weight)))
    return 0.0


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def weight_name(track: Track, weight: Weight) -> str:
    """``w₁`` to ``w₈`` in a chain of few weights, else ``W[o, c, m, n]`` of its layer, of one kernel ``W[m, n]``."""
    counts = [p.weight.size for p in track.params if p is not None]
    before = sum(p.weight.size for p in track.params[: weight.layer] if p is not None)
    params = _params(track, weight.layer)
    if weight.name == "bias":
        one = params.bias is not None and params.bias.size == 1 and len(counts) == 1
        return "b" if one else f"b[{weight.place[0]}]"
    if sum(counts) <= 8:
        flat = int(np.ravel_multi_index(weight.place, params.weight.shape))
        return "w" + str(before + flat + 1).translate(SUBSCRIPTS)
    alone = params.weight.ndim == 4 and params.weight.shape[:2] == (1, 1)
    inside = ", ".join(map(str, weight.place[2:] if alone else weight.place))
    return f"W[{inside}]"

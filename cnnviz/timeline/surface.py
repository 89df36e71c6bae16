"""The loss over the two weights of a tiny network, with the way that gradient descent has gone on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Params
from cnnviz.engine.quiet import quiet
from cnnviz.engine.run import run_chain
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe
from cnnviz.lesson.source import materialise
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.fold import (
    Backward,
    Breathe,
    ParamsList,
    State,
    backward,
    example_at,
    first_state,
    loss_of,
    no_breath,
    track_at,
)
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.plots import Surface
from cnnviz.timeline.recent import Recent

Floats = NDArray[np.float64]

SIDE = 33
"""The losses are computed at so many values of each weight."""

MOST_PLACES = 300
"""A path has at most so many places: of a longer one they are taken at equal distances."""

ROOM = 2.4
"""The surface reaches so many times as far as half the way across its valley."""


KEPT = 8
"""So many surfaces are kept."""


class _Field(NamedTuple):
    x: Floats
    y: Floats
    values: Floats


_FIELDS: Recent[_Field] = Recent(KEPT)


def has_surface(track: Track) -> bool:
    """Whether exactly two numbers are learned."""
    sizes = [p.weight.size + (0 if p.bias is None else p.bias.size) for p in track.params if p is not None]
    return track.recipe is not None and sum(sizes) == 2


def prepare_surface(track: Track, breathe: Breathe = no_breath) -> None:
    """Compute the losses around the start for the first example: a thousand forward passes; one may ``breathe``."""
    if has_surface(track):
        _field(track, 0, breathe)


def surface_of(descent: Descent, it: Iteration) -> Surface:
    """The loss around the start for this iteration's example, and the weights of the iterations up to this one."""
    field = _field(descent.track, it.number % len(descent.recipe.examples))
    numbers = np.arange(it.number + 1)
    if numbers.size > MOST_PLACES:
        numbers = np.unique(np.linspace(0, it.number, MOST_PLACES).round().astype(int))
    path = np.array([pair_of(descent.state(int(n)).params) for n in numbers])
    path.setflags(write=False)
    first, second = _gradient(it.before.params, it.back).tolist()
    return Surface(field.x, field.y, field.values, path, (first, second), it.back.loss, _names(descent.track))


def pair_of(params: ParamsList) -> tuple[float, float]:
    """The two numbers that are learned."""
    first, second = np.concatenate([np.ravel(a) for a in _arrays(params)]).tolist()
    return (first, second)


def _arrays(params: ParamsList) -> list[Floats]:
    return [a for p in params if p is not None for a in (p.weight, p.bias) if a is not None]


def _gradient(params: ParamsList, back: Backward) -> Floats:
    """The derivatives of what is learned, in the order of `pair_of`; a layer hands back more."""
    out = []
    for own, handed in zip(params, back.layers, strict=True):
        if own is not None:
            out += [handed.dw] if own.bias is None else [handed.dw, handed.db]
    return np.concatenate([np.ravel(np.asarray(g, dtype=np.float64)) for g in out])


def _names(track: Track) -> tuple[str, str]:
    names = []
    for params in track.params:
        if params is not None:
            names += [f"w{'₁₂'[n]}" for n in range(params.weight.size)] + ["b"] * (params.bias is not None)
    return ("w₁", "w₂") if len(set(names)) < 2 else (names[0], names[1])


def _placed(params: ParamsList, pair: tuple[float, float]) -> ParamsList:
    """The parameters with other numbers."""
    left = list(pair)
    out: list[Params | None] = []
    for p in params:
        if p is None:
            out.append(None)
            continue
        weight = np.array([left.pop(0) for _ in range(p.weight.size)]).reshape(p.weight.shape)
        bias = None if p.bias is None else np.array([left.pop(0) for _ in range(p.bias.size)])
        out.append(Params(weight, bias))
    return tuple(out)


def _run(track: Track, x: Floats, params: ParamsList) -> tuple[Floats, ...]:
    return run_chain(track.layers, params, x)


def _field(track: Track, number: int, breathe: Breathe = no_breath) -> _Field:
    """The losses of one example around the valley below the first weights, each by the real forward pass."""
    found = _FIELDS.get((track, number))
    if found is None:
        found = _field_around(track, number, breathe)
        _FIELDS.keep((track, number), found)
    return found


def _field_around(track: Track, number: int, breathe: Breathe) -> _Field:
    recipe = track.recipe
    assert recipe is not None
    start = first_state(track, recipe)
    example = example_at(recipe, number)
    x = np.asarray(materialise(track_at(track, example, start.params).source), dtype=np.float64)

    def loss_at(pair: tuple[float, float]) -> float:
        breathe()
        return loss_of(recipe, _run(track, x, _placed(start.params, pair))[-1], example.target)

    with quiet():
        middle, reach = _extent(track, recipe, start, x, example.target)
        axes = [np.linspace(m - reach, m + reach, SIDE) for m in middle]
        values = np.array([[loss_at((float(a), float(b))) for a in axes[0]] for b in axes[1]])
    for array in (*axes, values):
        array.setflags(write=False)
    return _Field(axes[0], axes[1], values)


def _extent(
    track: Track, recipe: Recipe, start: State, x: Floats, target: Floats
) -> tuple[tuple[float, float], float]:
    """The middle of the valley across which the first gradient points, and how far around it is shown.

    The loss along the gradient is taken for a parabola: it has its least value at half the width of the valley.
    """
    arrays = _run(track, x, start.params)
    back = backward(track.layers, start.params, arrays, recipe, target)
    g = _gradient(start.params, back)
    here = np.array(pair_of(start.params))
    square = float(g @ g)
    step = back.loss / square if square > 1e-18 else 0.0
    there = (float(here[0] - step * g[0]), float(here[1] - step * g[1]))
    ahead = loss_of(recipe, _run(track, x, _placed(start.params, there))[-1], target)
    bend = ahead - back.loss + step * square
    best = min(step * step * square / (2 * bend), 10 * step) if bend > 1e-12 else step
    middle = here - best * g
    reach = ROOM * float(np.linalg.norm(best * g))
    if not (np.isfinite(reach) and reach > 1e-9):
        return (float(here[0]), float(here[1])), max(1.0, float(np.abs(here).max()))
    return (float(middle[0]), float(middle[1])), reach

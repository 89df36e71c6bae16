"""One iteration of a track that learns: its arrays and gradients, and the arithmetic of each of their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply_backward import Grads
from cnnviz.engine.branches import readers
from cnnviz.engine.layers import NO_PADS, Conv, Params, sample_shape
from cnnviz.engine.quiet import quiet
from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import AnyLayer, Back, ConvTranspose
from cnnviz.engine.windows import Window
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe
from cnnviz.timeline.backward_terms import (
    Made,
    bias_cell,
    handed_on,
    input_cell,
    is_spread,
    spread,
    update_cell,
    weight_cell,
    with_shortcut,
)
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.fold import (
    Backward,
    State,
    backward,
    example_at,
    loss_of,
    track_at,
    updated,
    velocities,
)
from cnnviz.timeline.frame import Cell, Focus, Step, Tensor, Terms
from cnnviz.timeline.late import LateArrays, late_tensor
from cnnviz.timeline.learning_ranges import both_ways, params_span
from cnnviz.timeline.lending import lent
from cnnviz.timeline.sections import Section, tensor_names
from cnnviz.timeline.tensors import TrackTensors
from cnnviz.timeline.updates import moved_by
from cnnviz.timeline.weights import shown_weight, weight_index

Floats = NDArray[np.float64]
T = TypeVar("T")
TensorKind = Literal["input", "map", "weight", "partial", "target", "loss", "grad", "next"]


@dataclass(frozen=True, slots=True, eq=False)
class Iteration:
    """A track as it stands in one iteration, before its update and after it."""

    number: int
    track: Track
    tensors: TrackTensors
    back: Backward
    before: State
    after: State
    target: Floats
    draft: bool = False
    """Whether only its forward pass is computed yet: all gradients are 0."""
    _known: dict[object, Any] = field(default_factory=dict, repr=False)
    """What was found out of its weights and all their gradients, of which there may be millions: it is the same in
    every step, and of what learns from batches whichever picture is looked at."""

    def known(self, what: object, find: Callable[[], T]) -> T:
        """What was found out before of the weights, else what ``find`` does now."""
        if what not in self._known:
            self._known[what] = find()
        found: T = self._known[what]
        return found

    @property
    def moved(self) -> float:
        """How far the update moves all weights, as a part of their length."""
        return 0.0 if self.draft else self.known("moved", lambda: moved_by(self.before, self.after))

    @property
    def recipe(self) -> Recipe:
        """How it learns."""
        assert self.track.recipe is not None
        return self.track.recipe

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """The input and each layer's output in float64."""
        return tuple(np.asarray(a, dtype=np.float64) for a in self.tensors.arrays)


def iteration_of(descent: Descent, shown: Track, number: int) -> Iteration:
    """The iteration with that number, which must be computed, of the track with the picture that is ``shown``.

    That is the descent's own track, except where the picture is not learned from, or not yet.
    """
    assert shown.recipe is not None
    state = descent.state(number)
    example = example_at(shown.recipe, number)
    track = track_at(shown, example, state.params)
    tensors = TrackTensors(track)
    exact = all(a.dtype == np.float64 for a in tensors.arrays) and not lent(descent, shown)
    fresh = descent.fresh(number) if exact else None
    if fresh is not None:  # the same arithmetic
        after, back = fresh
        if not descent.recipe.momentum:  # what a descent keeps has no velocity then: it is the gradient
            after = State(after.params, velocities(state, back.layers, descent.recipe))
        return Iteration(number, track, tensors, back, state, after, example.target)
    arrays = tuple(np.asarray(a, dtype=np.float64) for a in tensors.arrays)
    known: dict[object, Any] = {}

    def gradients() -> Backward:
        with quiet():
            return backward(track.layers, track.params, arrays, descent.recipe, example.target)

    if descent.recipe.batches is None:
        back = gradients()
        with quiet():
            after = updated(state, back.layers, descent.recipe)
    else:  # the maps are those of the picture that is shown, the gradients of weights those of the batch
        after, batch, known = descent.batch_of(number, state)
        back = replace(batch, maps=LateArrays(lambda: gradients().maps))
    if exact:
        # The same arithmetic as the descent's: whoever plays on need not do it again.
        descent.pass_on(number, after)
    return Iteration(number, track, tensors, back, state, after, example.target, _known=known)


def draft_of(descent: Descent, shown: Track) -> Iteration:
    """The first iteration with its forward pass alone, for whoever cannot wait for millions of gradients."""
    state, example = descent.state(0), example_at(descent.recipe, 0)
    track = track_at(shown, example, state.params)
    tensors = TrackTensors(track)
    last = np.asarray(tensors.arrays[-1], dtype=np.float64)
    maps = tuple(_nothing(a.shape) for a in tensors.arrays)
    layers = tuple(
        Grads(x)
        if p is None
        else Grads(x, _nothing(p.weight.shape), None if p.bias is None else _nothing(p.bias.shape))
        for x, p in zip(maps, state.params, strict=False)
    )
    back = Backward(loss_of(descent.recipe, last, example.target), maps, layers)
    return Iteration(0, track, tensors, back, state, state, example.target, draft=True)


def _nothing(shape: tuple[int, ...]) -> Floats:
    """Zeros that take no memory, since nobody writes to them."""
    out = np.zeros(shape)
    out.setflags(write=False)
    return out


def focus_in(it: Iteration, section: Section, cell: Cell, track: int) -> Focus:
    """How a cell of a loss, a gradient or an update comes about."""
    n, names = section.layer, tensor_names(it.track.layers)
    spec = it.track.layers[n]
    source, partner, made = _made(it, section, cell, names)
    return Focus(
        track,
        n,
        spec,
        source,
        section.tensor,
        cell,
        made.window,
        made.terms,
        section.kind,
        partner,
        made.partner,
        _brought(it, section, names),
    )


def _brought(it: Iteration, section: Section, names: tuple[str, ...]) -> str:
    """The gradient that comes by another way to what a layer reads; empty where there is none, or are several."""
    also = readers(it.track.layers).get(section.layer, ()) if section.kind == "input" else ()
    alone = len(also) == 1 and not isinstance(it.track.layers[section.layer], Back)
    return f"{names[also[0] + 1]}.grad" if alone else ""


def _made(it: Iteration, section: Section, cell: Cell, names: tuple[str, ...]) -> tuple[str, str, Made]:
    n, arrays = section.layer, it.arrays
    spec, params = it.track.layers[n], it.track.params[n]
    behind, grad = names[n], f"{names[n + 1]}.grad"
    if section.kind in ("update", "update-bias"):
        own = section.kind == "update"
        made = _update(it, n, cell, own)
        source = f"{names[n + 1]}.{'weight' if own else 'bias'}"
        return source, f"{source}.grad", made
    x, dout = arrays[n], it.back.maps[n + 1]
    match section.kind:
        case "loss":
            return names[-1], "target", _loss(it)
        case "error":
            return names[-1], "target", _error(it, cell)
        case "weight":
            # A transposed convolution's window slides over the gradient, and its input is the kernel.
            laid = isinstance(spec, ConvTranspose)
            return *((grad, behind) if laid else (behind, grad)), weight_cell(spec, x, dout, cell)
        case "bias":
            return grad, "", bias_cell(dout, cell)
        case _:
            also = [m + 1 for m in readers(it.track.layers).get(n, ())]
            if isinstance(spec, Back):
                # Nothing comes through the layer itself: it only goes back.
                return f"{names[also[0]]}.grad", "", handed_on(it.back.maps[also[0]], cell)
            source = f"{grad}.spread" if is_spread(spec) else grad
            made = input_cell(spec, params, x, dout, cell)
            for m in also:
                made = with_shortcut(made, float(it.back.maps[m][cell]))
            return source, f"{names[n + 1]}.weight" if params is not None else "", made


def _whole(x: Floats) -> Window:
    return Window(0, 0, x.shape[1], x.shape[2], (1, 1), (0, x.shape[0]))


def _loss(it: Iteration) -> Made:
    prediction = it.arrays[-1]
    flat, layout = prediction.ravel(), sample_shape(prediction)
    if it.recipe.loss == "cross_entropy":
        powers = np.exp(flat - flat.max())
        terms = Terms(flat, np.empty(0), powers, None, it.back.loss, layout, int(it.target.ravel()[0]))
        return Made(terms, _whole(prediction))
    error = flat - it.target.ravel()
    w = error / (error.size if it.recipe.reduction == "mean" else 1)
    products = error * w
    return Made(Terms(error, w, products, None, float(products.sum()), layout), _whole(prediction))


def _error(it: Iteration, cell: Cell) -> Made:
    prediction = it.arrays[-1]
    window = Window(cell[1], cell[2], 1, 1, (1, 1), (cell[0], cell[0] + 1))
    if it.recipe.loss == "cross_entropy":
        p = softmax(prediction, axis=0)[cell]
        x, w = np.array([p, float(cell[0] == int(it.target.ravel()[0]))]), np.array([1.0, -1.0])
    else:
        share = 2.0 / (prediction.size if it.recipe.reduction == "mean" else 1)
        x, w = np.array([prediction[cell], it.target[cell]]), np.array([share, -share])
    products = x * w
    return Made(Terms(x, w, products, None, float(products.sum()), (1, 1, 2)), window, window)


def _update(it: Iteration, n: int, cell: Cell, weight: bool) -> Made:
    params, step = it.before.params[n], it.after.velocity[n]
    assert params is not None
    assert step is not None
    window = Window(cell[1], cell[2], 1, 1, (1, 1), (cell[0], cell[0] + 1))
    if weight:
        index = weight_index(it.track.layers[n], params.weight.shape, *cell)
        assert index is not None
        return Made(update_cell(params.weight, step.weight, it.recipe.rate, index), window, window)
    assert params.bias is not None
    assert step.bias is not None
    return Made(update_cell(params.bias, step.bias, it.recipe.rate, cell[:1]), window, window)


def learning_tensors(it: Iteration, sections: tuple[Section, ...], step: Step) -> tuple[Tensor, ...]:
    """The target, and all that loss, backward pass and update write, as far as they have come."""
    last = len(it.track.layers) - 1
    top = it.arrays[-1]
    out = []
    if it.recipe.loss == "squared_error":
        out.append(_tensor("target", "target", last, it.target, it.target.size, both_ways(top, it.target)))
    spans = {"update": spans_of(it), "update-bias": spans_of(it, "bias")}
    out += list(_biases(it, spans["update-bias"]))
    for section in sections:
        if section.kind == "forward":
            continue
        at = step.section
        size = math.prod(section.shape)
        written = size if section.start < at.start else (step.written if section is at else 0)
        out.append(_told_as_tensor(it, section, written, spans))
    if step.section.kind == "input" and is_spread(it.track.layers[step.section.layer]):
        out.append(_spread(it, step.section))
    return tuple(out)


def _told_as_tensor(
    it: Iteration, section: Section, written: int, spans: dict[str, dict[int, tuple[float, float]]]
) -> Tensor:
    """What a section writes; a gradient of maps that is not needed by the descent only when it is asked for."""
    kind: TensorKind = (
        "loss" if section.kind == "loss" else ("next" if section.kind.startswith("update") else "grad")
    )

    def make() -> Tensor:
        values, own = _told(it, section)
        span = spans[section.kind][section.layer] if section.kind in spans else own
        return _tensor(section.tensor, kind, section.layer, values, written, span)

    aside = it.recipe.batches is not None and section.kind in ("error", "input")
    return late_tensor(section.tensor, kind, section.layer, make) if aside else make()


def _biases(it: Iteration, spans: dict[int, tuple[float, float]]) -> Iterator[Tensor]:
    names = tensor_names(it.track.layers)
    for n, params in enumerate(it.track.params):
        if params is not None and params.bias is not None:
            values = params.bias.reshape(-1, 1, 1)
            yield _tensor(f"{names[n + 1]}.bias", "weight", n, values, values.size, spans[n])


def _spread(it: Iteration, section: Section) -> Tensor:
    n = section.layer
    spec, dout = it.track.layers[n], it.back.maps[n + 1]
    x = it.arrays[n]
    assert isinstance(spec, Conv)
    wide = spread(spec, sample_shape(x), dout)
    name = f"{tensor_names(it.track.layers)[n + 1]}.grad.spread"
    return _tensor(name, "grad", n, wide, wide.size, both_ways(dout))


def _told(it: Iteration, section: Section) -> tuple[Floats, tuple[float, float]]:
    """What a section writes, and its range of colours; of an update the range is that of its weights."""

    def find() -> tuple[Floats, tuple[float, float]]:
        values = np.ascontiguousarray(_values(it, section))
        if section.kind.startswith("update"):
            return values, (0.0, 0.0)
        unknown = it.draft and section.kind != "loss"  # nothing but zeros, millions of them
        return values, both_ways(values[:0] if unknown else values)

    of_maps = it.recipe.batches is not None and section.kind in ("loss", "error", "input")
    return find() if of_maps else it.known(section.number, find)


def _values(it: Iteration, section: Section) -> Floats:
    n, back = section.layer, it.back
    spec = it.track.layers[n]
    match section.kind:
        case "loss":
            return np.full((1, 1, 1), back.loss)
        case "error":
            return back.maps[-1]
        case "input":
            return back.maps[n]
        case "weight":
            grads = back.layers[n].dw
            assert grads is not None
            return _planes(spec, np.asarray(grads, dtype=np.float64))
        case "bias":
            return np.asarray(back.layers[n].db, dtype=np.float64).reshape(-1, 1, 1)
    after = it.after.params[n]
    assert after is not None
    if section.kind == "update":
        return _planes(spec, after.weight)
    assert after.bias is not None
    return after.bias.reshape(-1, 1, 1)


def _planes(spec: AnyLayer, weight: Floats) -> Floats:
    """Weights or their gradient in the order of the stage, (planes, rows, columns)."""
    fixed = weight.view()
    fixed.setflags(write=False)  # what could be written to would be copied, and there may be millions
    shown = shown_weight(spec, Params(fixed))
    return shown.reshape(-1, *shown.shape[-2:])


def spans_of(it: Iteration, name: Literal["weight", "bias"] = "weight") -> dict[int, tuple[float, float]]:
    """The range of the weights or biases of each layer that has any, before and after the update."""

    def find() -> dict[int, tuple[float, float]]:
        return {
            n: params_span(before, after, name)
            for n, (before, after) in enumerate(zip(it.before.params, it.after.params, strict=True))
            if before is not None and after is not None and (name == "weight" or before.bias is not None)
        }

    return it.known(name, find)


def _tensor(
    name: str, kind: TensorKind, layer: int, values: Floats, written: int, span: tuple[float, float]
) -> Tensor:
    values = np.ascontiguousarray(values)
    values.setflags(write=False)
    return Tensor(name, kind, layer, values, written, span, 5000 + layer, NO_PADS, values, signed=True)

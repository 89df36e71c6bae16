"""The sections of one iteration of a track that learns: forward, loss, backward, update."""

from __future__ import annotations

from typing import NamedTuple

from cnnviz.engine.apply import needs_params
from cnnviz.engine.branches import readers
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import Back, BatchNorm, ConvTranspose, GlobalAvgPool, GlobalMaxPool, Linear, Softmax
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Pace, Track
from cnnviz.timeline.cuts import auto_budgets, cut, cut_auto
from cnnviz.timeline.sections import Kind, Phase, Section, sections_of, tensor_names

LOSS = "loss"


class _Part(NamedTuple):
    """A section before it has a place on the clock."""

    phase: Phase
    kind: Kind
    layer: int
    op: str
    name: str
    tensor: str
    in_shape: Shape
    shape: Shape
    terms: int


def training_sections(number: int, track: Track, pace: Pace) -> tuple[Section, ...]:
    """All sections of one iteration, one after the other."""
    forward = sections_of(number, track, "cell" if pace == "iteration" else pace)
    parts = [*_loss(track), *_backward(track), *_updates(track)]
    sums = [part.terms > 1 for part in parts]
    budgets = auto_budgets(sums)
    out, start = list(forward), forward[-1].stop
    for part, adds, budget in zip(parts, sums, budgets, strict=True):
        if pace == "auto":
            how = cut_auto(part.shape, part.terms, adds, budget)
        else:
            how = cut("cell" if pace == "iteration" else pace, part.shape, part.terms, adds)
        out.append(
            Section(number, part.phase, part.layer, part.op, part.name, part.tensor, start, part.in_shape,
                    part.shape, how, part.kind, len(out))
        )  # fmt: skip
        start += how.steps
    return tuple(out)


def _loss(track: Track) -> list[_Part]:
    recipe, shapes = track.recipe, track.shapes()
    assert recipe is not None
    last, shape = len(track.layers) - 1, shapes[-1]
    size = shape[0] * shape[1] * shape[2]
    top = tensor_names(track.layers)[-1]
    return [
        _Part(Phase.LOSS, "loss", last, recipe.loss, "Loss", LOSS, shape, (1, 1, 1), size),
        _Part(
            Phase.BACKWARD, "error", last, f"{recipe.loss}_backward", "Gradient of the loss", f"{top}.grad",
            (1, 1, 1), shape, 2,
        ),
    ]  # fmt: skip


def lowest_weights(track: Track) -> int:
    """The first layer with weights: below it no gradient is needed."""
    return next((n for n, spec in enumerate(track.layers) if needs_params(spec)), len(track.layers))


def _backward(track: Track) -> list[_Part]:
    shapes, names, titles = track.shapes(), tensor_names(track.layers), section_names(track.layers)
    least = lowest_weights(track)
    read = readers(track.layers)  # where ways part the gradient is wanted too
    parts = []
    for n in range(len(track.layers) - 1, min(least, *read, least) - 1, -1):
        spec, params = track.layers[n], track.params[n]
        before, after = shapes[n], shapes[n + 1]
        plane = after[1] * after[2]
        if params is not None:
            terms = 1 if isinstance(spec, Linear) else plane
            if isinstance(spec, ConvTranspose):
                terms = before[1] * before[2]
            parts.append(
                _Part(Phase.BACKWARD, "weight", n, f"{spec.op}_backward_weight",
                      f"Gradient of the weights, {titles[n]}", f"{names[n + 1]}.weight.grad", before,
                      weight_planes(track, n), terms)
            )  # fmt: skip
            if params.bias is not None:
                parts.append(
                    _Part(Phase.BACKWARD, "bias", n, f"{spec.op}_backward_bias", f"Gradient of the bias, {titles[n]}",
                          f"{names[n + 1]}.bias.grad", after, (after[0], 1, 1), plane)
                )  # fmt: skip
        # Where a way through f began at an array, its gradient comes back to that array as well.
        if n > least or n in read or (n and isinstance(track.layers[n - 1], Back)):
            suffix = "_backward_input" if params is not None else "_backward"
            title = (
                "Gradient to the shortcut" if isinstance(spec, Back) else f"Gradient back through {titles[n]}"
            )
            parts.append(
                _Part(Phase.BACKWARD, "input", n, f"{spec.op}{suffix}", title, f"{names[n]}.grad", after, before,
                      _terms_back(track, n))
            )  # fmt: skip
    return parts


def _terms_back(track: Track, n: int) -> int:
    spec, after = track.layers[n], track.shapes()[n + 1]
    match spec:
        case Conv():
            return spec.kernel_size[0] * spec.kernel_size[1] * (spec.out_channels // spec.groups)
        case Linear() | Softmax():
            return after[0]
        case MaxPool() | AvgPool():
            rows, columns = (-(-k // s) for k, s in zip(spec.kernel_size, spec.stride, strict=True))
            return rows * columns
        case ConvTranspose():
            return spec.kernel_size[0] * spec.kernel_size[1] * (spec.out_channels // spec.groups)
        case GlobalAvgPool() | GlobalMaxPool():
            return 1
        case BatchNorm():
            return after[1] * after[2]
    return 1


def _updates(track: Track) -> list[_Part]:
    shapes, names, titles = track.shapes(), tensor_names(track.layers), section_names(track.layers)
    parts = []
    for n, params in enumerate(track.params):
        if params is None:
            continue
        planes = weight_planes(track, n)
        parts.append(
            _Part(Phase.UPDATE, "update", n, "sgd", f"Update of the weights, {titles[n]}",
                  f"{names[n + 1]}.weight.next", planes, planes, 2)
        )  # fmt: skip
        if params.bias is not None:
            line = (shapes[n + 1][0], 1, 1)
            parts.append(
                _Part(Phase.UPDATE, "update-bias", n, "sgd", f"Update of the bias, {titles[n]}",
                      f"{names[n + 1]}.bias.next", line, line, 2)
            )  # fmt: skip
    return parts


def weight_planes(track: Track, layer: int) -> Shape:
    """The weights of a layer as planes on the stage: (outputs · channels, rows, columns)."""
    params, spec = track.params[layer], track.layers[layer]
    assert params is not None
    shape = params.weight.shape
    return (1, shape[0], shape[1]) if isinstance(spec, Linear) else (shape[0] * shape[1], shape[2], shape[3])

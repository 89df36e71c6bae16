"""The columns of the overview: what stands in each, how large, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from cnnviz.engine.layers import NO_PADS, AvgPool, Conv, MaxPool
from cnnviz.engine.specs import AnyLayer, Back, ConvTranspose, GlobalAvgPool, GlobalMaxPool, Linear, Normalise
from cnnviz.lesson.lesson import Track
from cnnviz.scene.areas import Metrics
from cnnviz.scene.layout import Item, Place, Spacing, place_row
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Box, Run, Weight
from cnnviz.scene.shown import in_line
from cnnviz.scene.words import TITLES
from cnnviz.timeline.frame import Tensor, TrackFrame
from cnnviz.timeline.sections import Phase

MOST_PLANES = 64
"""A column shows no more maps than this; its head says how many there are."""

LINE_CELL = 5.0
"""Numbers in a line stand in so many columns that their cells are no smaller, where that is possible."""

MOST_ACROSS = 24

HEAD_LINES = 2.5
FOOT_LINES = 2.4
"""Heights above and below the maps, in sizes of small type."""

LABELS = ("parameters", "multiply-adds")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One array of a track as a column: its maps, or its numbers in a line.

    Attributes
    ----------
    tensor : Tensor
        Without its padding; numbers in a line as one plane.
    layer : int
        The layer that made it; −1 for the input.
    planes : range
    across : int
        Numbers in a row, or 0 for maps.
    title, shape : str
        What stands above.
    """

    tensor: Tensor
    layer: int
    planes: range
    across: int
    title: str
    shape: str
    at_work: bool = False


def columns_of(track: Track, frame: TrackFrame, whole: bool, height: float) -> tuple[Column, ...]:
    """The input and each layer's output, in the order of the computation.

    On the way back a map is followed by its gradient, from the first number of it on.
    """
    tensors = [t for t in frame.tensors if t.kind in ("input", "map") and "." not in t.name]
    # What a chain goes back to stands there already.
    tensors = [t for t in tensors if t.layer < 0 or not isinstance(track.layers[t.layer], Back)]
    if frame.step.section.phase in (Phase.BACKWARD, Phase.UPDATE) and not whole:
        grads = {t.name: t for t in frame.tensors if t.kind == "grad" and t.written}
        tensors = [_followed(t, grads.get(f"{t.name}.grad")) for t in tensors]
    return tuple(
        replace(_column(t, track, height), at_work=not whole and _at_work(t, frame)) for t in tensors
    )


def _at_work(tensor: Tensor, frame: TrackFrame) -> bool:
    """Whether a column is what the step is about: what is written, or on the way back its layer."""
    section = frame.step.section
    if section.kind == "forward":
        return section.tensor == tensor.name
    return section.phase is not Phase.LOSS and section.layer == tensor.layer


def _followed(tensor: Tensor, grad: Tensor | None) -> Tensor:
    """The gradient of a map where it is there already."""
    return tensor if grad is None or grad.shape != tensor.shape else replace(grad, layer=tensor.layer)


def op_title(spec: AnyLayer) -> str:
    """What a layer does, in one or two words."""
    match spec:
        case Conv():
            return f"Conv {spec.kernel_size[0]}×{spec.kernel_size[1]}"
        case ConvTranspose():
            return f"Transposed {spec.kernel_size[0]}×{spec.kernel_size[1]}"
        case MaxPool():
            return f"Max {spec.kernel_size[0]}×{spec.kernel_size[1]}"
        case AvgPool():
            return f"Mean {spec.kernel_size[0]}×{spec.kernel_size[1]}"
        case GlobalAvgPool():
            return "Means"
        case GlobalMaxPool():
            return "Maxima"
        case Linear():
            return "Linear"
        case Normalise():
            return "Norm"
    return {"Flattened": "Flatten", "Probabilities": "Softmax"}.get(TITLES[type(spec)], TITLES[type(spec)])


def place_columns(
    columns: tuple[Column, ...], area: Box, m: Metrics, heads: tuple[float, ...]
) -> tuple[Place, ...]:
    """Place the columns side by side, each in the middle of the height; ``heads`` are the widths of their titles."""
    items = tuple(
        Item(c.tensor.name, len(c.planes), c.tensor.shape[-2], c.tensor.shape[-1], least=wide)
        for c, wide in zip(columns, heads, strict=True)
    )
    gap = max(6.0, min(m.body * 1.2, area.w * 0.2 / len(columns)))
    spacing = Spacing(gap, max(2.0, round(m.small * 0.25)), round(m.body * 1.5))
    return _placed(items, area, spacing)


@lru_cache(maxsize=32)  # the same in every frame
def _placed(items: tuple[Item, ...], area: Box, spacing: Spacing) -> tuple[Place, ...]:
    inside = area.inset(2, 0)  # heads are a little wider than what they stand above
    return tuple(_lowered(place, area) for place in place_row(items, inside, spacing))


def heads_of_columns(columns: tuple[Column, ...], m: Metrics, counted: bool) -> tuple[float, ...]:
    """The width that each column wants for what stands above it; the same for columns of the same shape.

    Where the first layer is ``counted`` the names of the counts need their room under the input.
    """
    widths = [max(_bold(c.title, m.small), _plain(c.shape, m.small * 0.85)) * 0.8 for c in columns]
    alike = [(len(c.planes), c.tensor.shape[-2:]) for c in columns]
    wide = [max(w for w, kind in zip(widths, alike, strict=True) if kind == own) for own in alike]
    free = 0.0 if counted or len(wide) < 2 else wide[1]
    wide[0] = max(wide[0], labels_width(m) - free)
    return tuple(wide)


def labels_width(m: Metrics) -> float:
    """How wide the names of the counts are."""
    return max(_plain(label, m.small * 0.85) for label in LABELS) * 1.02


def _column(tensor: Tensor, track: Track, height: float) -> Column:
    layer, (channels, rows, columns) = tensor.layer, tensor.shape
    title = "Input" if layer < 0 else op_title(track.layers[layer])
    if rows == columns == 1 and channels > 1:
        line, across = in_line(tensor, _across(channels, height))
        return Column(line, layer, range(1), across, title, f"{channels}")
    bare = replace(tensor, padded=tensor.values, pads=NO_PADS)
    shown = range(min(channels, MOST_PLANES))
    shape = f"{channels}×{rows}×{columns}" if channels > 1 else f"{rows}×{columns}"
    return Column(
        bare, layer, shown, 0, title, shape if channels <= MOST_PLANES else f"{shape}, first {MOST_PLANES}"
    )


def _across(count: int, height: float) -> int:
    """In how many columns so many numbers stand."""
    for across in range(1, MOST_ACROSS):
        if -(-count // across) * LINE_CELL <= height:
            return across
    return MOST_ACROSS


def _lowered(place: Place, area: Box) -> Place:
    """The place in the middle of the height."""
    by = round(max(0.0, (area.h - place.box.h) / 2))
    tiles = tuple(Box(t.x, t.y + by, t.w, t.h) for t in place.tiles)
    return replace(place, box=Box(place.box.x, place.box.y + by, place.box.w, place.box.h), tiles=tiles)


def _bold(text: str, size: float) -> float:
    return width_of((Run(text, "", Weight.BOLD),), size)


def _plain(text: str, size: float) -> float:
    return width_of((Run(text, ""),), size)

"""What of a layer stands side by side when it is looked at alone: inputs, kernel, what each channel gives, output."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import NO_PADS, Conv, Shape
from cnnviz.engine.specs import Add, AnyLayer, ConvTranspose, Flatten, Linear
from cnnviz.engine.windows import Sliding
from cnnviz.lesson.lesson import Track
from cnnviz.scene.memo import Memo
from cnnviz.scene.shown import in_line
from cnnviz.scene.words import kernel_title, map_title, size_words
from cnnviz.timeline.channels import channel_tensor, opened
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame
from cnnviz.timeline.timeline import Timeline

MOST_CHANNELS = 64
"""A layer with more channels is shown with so many of them: all of them are added."""

LONG_LINE = 12
"""Numbers in a line stand in one column up to so many."""

_reshaped: Memo[NDArray[np.floating]] = Memo(64)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Planes of a tensor, tiled; ``across`` as for numbers in a line, ``share`` of the width as it wants it.

    Blocks that are ``tied`` tile their planes alike, so that what belongs to one channel stands at one place.
    """

    tensor: Tensor
    planes: range
    title: str
    detail: str
    share: float = 1.0
    across: int = 0
    tied: bool = False
    sign: str = ""
    """What stands between it and the block before."""


def blocks_of(timeline: Timeline, frame: TrackFrame, focus: Focus) -> tuple[Block, ...]:
    """The blocks of the layer of a focus, from what goes in to the map at work."""
    track = timeline.lesson.tracks[frame.track]
    source, target = frame.tensor(focus.source), frame.tensor(focus.target)
    base = timeline.lesson.conventions.base
    if isinstance(focus.spec, Linear):
        return _linear(frame, focus, flattened(track, focus.layer), base)
    if isinstance(focus.spec, Flatten):
        return (_inputs(track, source, range(source.shape[0])), _output(track, target, focus, base))
    reads = range(*focus.window.channels) or range(1)  # channels of zeros that are added read none
    if not isinstance(focus.spec, Sliding | ConvTranspose) or track.params[focus.layer] is None:
        return (
            _inputs(track, source, reads),
            *_added(frame, focus, track),
            _output(track, target, focus, base),
        )
    blocks = [_inputs(track, source, reads[:MOST_CHANNELS]), _kernel(frame, focus, base)]
    if opened(track, focus.layer):
        blocks.append(_each(timeline, frame, focus, target))
    return (*blocks, _output(track, target, focus, base, "Σ + b" if len(blocks) == 3 else "="))


def _added(frame: TrackFrame, focus: Focus, track: Track) -> tuple[Block, ...]:
    """What the shortcut brings to an addition."""
    if not isinstance(focus.spec, Add) or not focus.partner:
        return ()
    other = frame.tensor(focus.partner)
    return (replace(_inputs(track, other, range(focus.cell[0], focus.cell[0] + 1)), sign="+"),)


def bare(tensor: Tensor) -> Tensor:
    """A map without the padding that the next layer puts around it."""
    return replace(tensor, padded=tensor.values, pads=NO_PADS) if any(tensor.pads) else tensor


def line_of(tensor: Tensor) -> tuple[Tensor, int]:
    """Numbers in a line, and how many stand in a row; a map as it is."""
    channels, rows, columns = tensor.shape
    if rows == columns == 1 and channels > 1:
        return in_line(tensor, 1 if channels <= LONG_LINE else max(2, round((channels / 2.5) ** 0.5)))
    return tensor, 0


def _inputs(track: Track, source: Tensor, planes: range) -> Block:
    """What the map at work is made from."""
    line, across = line_of(source)
    if across:
        return Block(
            line, range(1), map_title(source, track.layers), f"{source.shape[0]} values", 0.7, across
        )
    some = f", {len(planes)} of {source.shape[0]}" if len(planes) < source.shape[0] else ""
    return Block(
        source, planes, map_title(source, track.layers), size_words(source) + some, tied=len(planes) > 1
    )


def _kernel(frame: TrackFrame, focus: Focus, base: int) -> Block:
    weights = frame.tensor(f"{focus.target}.weight")
    each = weights.shape[1]
    title, detail = kernel_title(weights, focus.cell[0], focus.spec, base)
    planes = range(focus.cell[0] * each, (focus.cell[0] + 1) * each)[:MOST_CHANNELS]
    detail += f", first {len(planes)}" if len(planes) < each else ""
    return Block(weights, planes, title, detail, 0.5, tied=each > 1, sign=star_of(focus.spec))


def star_of(spec: AnyLayer) -> str:
    """The sign of what a kernel does, as in its formula: ⋆ where it slides as it is written, ∗ where turned by 180°.

    A transposed convolution is a true convolution of the input that is spread.
    """
    turned = isinstance(spec, ConvTranspose) or (isinstance(spec, Conv) and spec.flipped)
    return "∗" if turned else "⋆"


def _each(timeline: Timeline, frame: TrackFrame, focus: Focus, target: Tensor) -> Block:
    """The map that each input channel gives by itself."""
    track, x = timeline.lesson.tracks[frame.track], timeline.tensors[frame.track].arrays[focus.layer]
    part = channel_tensor(track, target, focus.cell[0], x, frame.step)
    if frame.step.section.kind != "forward":
        part = replace(part, written=part.shape[1] * part.shape[2])
    planes = range(part.shape[0])[:MOST_CHANNELS]
    return Block(part, planes, "Each channel", "its part of the sum", tied=True, sign="=")


def _output(track: Track, target: Tensor, focus: Focus, base: int, sign: str = "=") -> Block:
    """The map at work, or all numbers where they are a line."""
    title = map_title(target, track.layers)
    line, across = line_of(target)
    if across:
        return Block(line, range(1), title, f"{target.shape[0]} values", 0.7, across, sign=sign)
    channels, rows, columns = target.shape
    n = focus.cell[0]
    name = title if channels == 1 else f"{title.removesuffix('s')} {n + base}"
    return Block(bare(target), range(n, n + 1), name, f"{rows}×{columns}", sign=sign)


def flattened(track: Track, layer: int) -> Shape:
    """The shape of the maps that were put in line before a fully connected layer, else that of the line."""
    shapes = track.shapes()
    for number in range(layer - 1, -1, -1):
        spec = track.layers[number]
        if isinstance(spec, Flatten):
            return shapes[number]
        if shapes[number] != shapes[layer]:
            break
    return shapes[layer]


def _linear(frame: TrackFrame, focus: Focus, shape: Shape, base: int) -> tuple[Block, ...]:
    """Inputs, the weights of one output and their products, laid out like the maps that were flattened."""
    n = focus.cell[0]
    source, target = frame.tensor(focus.source), frame.tensor(focus.target)
    weights = frame.tensor(f"{focus.target}.weight")
    row = laid(weights, weights.values, n, weights.values[0, 0, n], shape, "row")
    x = laid(source, source.values, 0, source.values, shape, "laid")
    # One scale for the products of all outputs, so that colours do not jump from class to class.
    reach = float(np.abs(weights.values[0, 0]).max() * np.abs(source.values).max()) or 1.0
    product = laid(weights, weights.values, (n, id(source.values)), weights.values[0, 0, n] * source.values.ravel(),
                    shape, "products")  # fmt: skip
    product = replace(product, span=(-reach, reach), written=product.values.size)
    tiles = range(x.shape[0])
    size = (
        f"{shape[0]} of {shape[1]}×{shape[2]}" if shape[1] * shape[2] > 1 else f"{source.values.size} values"
    )
    line, across = line_of(target)
    titles = (("Inputs x", ""), (f"Weights of {n + base}", "×"), ("Products", "="))
    return (
        *(_laid_block(t, tiles, title, size, sign) for t, (title, sign) in zip((x, row, product), titles, strict=True)),
        Block(line, range(line.shape[0]) if not across else range(1), "Scores" if across else "Score",
              f"{target.shape[0]} values", 0.6, across, sign="Σ + b"),
    )  # fmt: skip


def laid(
    like: Tensor,
    owner: NDArray[np.floating],
    key: object,
    values: NDArray[np.floating],
    shape: Shape,
    name: str,
) -> Tensor:
    """Numbers of a line as the maps they came from, kept as long as what they are part of."""

    def compute() -> NDArray[np.floating]:
        out = np.array(values).reshape(shape)
        out.setflags(write=False)
        return out

    laid = _reshaped.get(owner, (name, key, shape), compute)
    stem = like.name.removesuffix(".weight")
    written = laid.size if like.kind == "weight" or like.written >= like.values.size else like.written
    return replace(
        like, name=f"{stem}.{name}", kind="map", values=laid, padded=laid, pads=NO_PADS, written=written
    )


def _laid_block(tensor: Tensor, tiles: range, title: str, size: str, sign: str) -> Block:
    line, across = line_of(tensor)
    return Block(line, range(1) if across else tiles, title, size, across=across, tied=not across, sign=sign)

"""What of a track is put on the stage, in its order: which tensors, which of their planes, and what else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import needs_params
from cnnviz.engine.layers import NO_PADS
from cnnviz.engine.specs import AnyLayer, Back, ConvTranspose, Flatten, Linear, Softmax
from cnnviz.engine.windows import Sliding
from cnnviz.lesson.lesson import Track, View
from cnnviz.scene.memo import Memo
from cnnviz.timeline.channels import channel_tensor, opened
from cnnviz.timeline.curves import has_curve
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame
from cnnviz.timeline.heat import uses
from cnnviz.timeline.timeline import Timeline

LONGEST_LINE = 12
"""Numbers in a line stand one under another up to so many, and in rows of 8 beyond."""

CURVE_CELLS = 7
"""A curve takes the room of so many cells in rows and columns."""


ONE = "1 number"
"""The size of a single number; the cell says it too."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One panel of a track before it has a place.

    Attributes
    ----------
    key : str
        The tensor's name, or that of the curve.
    kind : {"map", "kernel", "curve"}
    tensor : Tensor
        What is drawn; of a curve the tensor that comes out of it.
    planes : range
        Which planes are drawn.
    across : int
        Numbers in a row where the tensor is a line of numbers; 0 for a map.
    kernel : int
        Of a kernel and its channels' maps: which output it belongs to.
    title, detail : str
        What stands above it, where that is not told by the tensor alone.
    grows : bool
        Whether its cells may be larger than those of the maps beside it.
    """

    key: str
    kind: Literal["map", "kernel", "curve"]
    tensor: Tensor
    planes: range
    across: int = 0
    kernel: int = 0
    title: str = ""
    detail: str = ""
    grows: bool = False

    @property
    def rows(self) -> int:
        """Rows of cells of a plane."""
        return CURVE_CELLS if self.kind == "curve" else int(self.tensor.padded.shape[-2])

    @property
    def columns(self) -> int:
        """Columns of cells of a plane."""
        return CURVE_CELLS if self.kind == "curve" else int(self.tensor.padded.shape[-1])


_lines: Memo[NDArray[np.floating]] = Memo(32)
_counts: Memo[NDArray[np.floating]] = Memo(8)


def shown_of(timeline: Timeline, frame: TrackFrame, focus: Focus, view: View) -> tuple[Shown, ...]:
    """The panels of a track, from its input to its last map, with the kernels of the focus."""
    track = timeline.lesson.tracks[frame.track]
    out: list[Shown] = []
    kept: int | None = None
    for tensor in frame.tensors:
        layer = tensor.layer
        spec = track.layers[layer] if layer >= 0 else None
        if isinstance(spec, Back):
            continue  # the array stands there already
        if tensor.kind == "partial":
            continue  # made below for the kernel in view, which need not be that of the playhead
        if tensor.kind in ("loss", "grad", "next") or tensor.name.endswith(".bias"):
            continue  # shown when they are at work
        if tensor.kind == "target":
            out.append(replace(map_shown(tensor, None), title="Target y", detail=size_of(tensor)))
            continue
        if tensor.kind == "weight":
            out.append(_kernel(tensor, spec, focus, track.layers))
            continue
        if spec is not None:
            if view.channels and opened(track, layer):
                kept = out[-1].kernel
                x = timeline.tensors[frame.track].arrays[layer]
                part = channel_tensor(track, tensor, kept, x, frame.step)
                out.append(Shown(part.name, "map", part, range(part.shape[0]), kernel=kept))
            elif not _keeps_channels(spec):
                kept = None
            if view.curves and has_curve(spec):
                out.append(Shown(f"{tensor.name}.curve", "curve", tensor, range(1)))
        elif view.heat == "uses":
            tensor = _counted(tensor, track)
        out.append(map_shown(tensor, kept))
    return tuple(out)


def _keeps_channels(spec: AnyLayer) -> bool:
    """Whether output channel n comes from input channel n alone."""
    return not needs_params(spec) and not isinstance(spec, Flatten | Softmax)


def map_shown(tensor: Tensor, kept: int | None, across: int = 0) -> Shown:
    """A map as a panel: all of its planes, or the one that is kept in view; ``across`` as for `in_line`."""
    channels, rows, columns = tensor.shape
    if rows == columns == 1 and channels > 1:
        line, across = in_line(tensor, across)
        return Shown(tensor.name, "map", line, range(1), across)
    planes = range(channels) if kept is None else range(kept, kept + 1)
    return Shown(tensor.name, "map", tensor, planes)


def size_of(tensor: Tensor) -> str:
    """The shape of an array in words, as far as it is more than one number."""
    channels, rows, columns = tensor.shape
    if rows == columns == 1:
        return f"{channels} values" if channels > 1 else ONE
    return f"{rows}×{columns}" if channels == 1 else f"{channels} of {rows}×{columns}"


def in_line(tensor: Tensor, across: int = 0) -> tuple[Tensor, int]:
    """Channels of one cell each as one plane, row by row, and how many stand in a row, where that is not given."""
    count = tensor.shape[0]
    across = across or (1 if count <= LONGEST_LINE else 8)
    rows = -(-count // across)

    def compute() -> NDArray[np.floating]:
        # What fills up the last row is never written.
        flat = np.concatenate([tensor.values.ravel(), np.repeat(tensor.values[-1], rows * across - count)])
        flat.setflags(write=False)
        return flat.reshape(1, rows, across)

    values = _lines.get(tensor.values, across, compute)
    return replace(tensor, values=values, padded=values, pads=NO_PADS), across


def _counted(tensor: Tensor, track: Track) -> Tensor:
    """The input with the use counts of its pixels in place of their values."""
    spec, shape = track.layers[0], track.shapes()
    if not isinstance(spec, Sliding | ConvTranspose):
        return tensor
    counts = uses(spec, shape[0], shape[1]).counts

    def compute() -> NDArray[np.floating]:
        rows, columns = tensor.padded.shape[-2:]
        around = replace(spec, padding=(0, 0))
        whole = (
            counts if isinstance(spec, ConvTranspose) else uses(around, (1, rows, columns), shape[1]).counts
        )
        plane = whole.astype(np.float32)
        top, left = tensor.pads.top, tensor.pads.left
        plane[top : top + counts.shape[0], left : left + counts.shape[1]] = counts
        plane = plane[None]
        plane.setflags(write=False)
        return plane

    padded = _counts.get(counts, tensor.padded.shape, compute)
    top, left = tensor.pads.top, tensor.pads.left
    values = padded[:, top : top + counts.shape[0], left : left + counts.shape[1]]
    most = float(max(1, counts.max()))
    return replace(
        tensor, values=values, padded=padded, span=(0.0, most), heat=True, written=values.size, picture=False
    )


def _kernel(weights: Tensor, spec: AnyLayer | None, focus: Focus, layers: tuple[AnyLayer, ...]) -> Shown:
    kernel = kernel_shown(weights, focus, layers)
    if isinstance(spec, Linear):
        return Shown(weights.name, "kernel", weights, range(1), kernel=kernel)
    channels = weights.shape[1]
    return Shown(
        weights.name, "kernel", weights, range(kernel * channels, (kernel + 1) * channels), kernel=kernel
    )


def kernel_shown(weights: Tensor, focus: Focus, layers: tuple[AnyLayer, ...]) -> int:
    """The kernel behind the map at work, as far as maps keep their number; before its turn the first, else the last."""
    if focus.layer < weights.layer:
        return 0
    between = layers[weights.layer + 1 : focus.layer + 1]
    outputs = weights.shape[-2] if isinstance(layers[weights.layer], Linear) else weights.shape[0]
    return focus.cell[0] if all(_keeps_channels(layer) for layer in between) else outputs - 1

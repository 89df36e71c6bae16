"""The border of a gradient that belongs to the padding: computed like the rest, and then cropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import used_weight
from cnnviz.engine.conv_backward import input_gradient
from cnnviz.engine.geometry import Pads, extent
from cnnviz.engine.layers import Conv, pads_of, sample_shape
from cnnviz.engine.quiet import quiet
from cnnviz.engine.specs import ConvTranspose
from cnnviz.engine.strips import windows
from cnnviz.scene.maps import cells_box
from cnnviz.scene.marks import LEAST
from cnnviz.scene.primitives import Grid, Primitive, Rect, Ring
from cnnviz.scene.remainder import hatching
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame
from cnnviz.timeline.iteration import Iteration

MOST_OUTLINED = 256
"""Of larger gradients the numbers are not outlined."""

Grids = dict[tuple[str, int], Grid]


def with_border(it: Iteration, focus: Focus, tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The tensors with the gradient of a convolution's input as it is before its padding is cropped."""
    spec, params = focus.spec, it.track.params[focus.layer]
    if isinstance(spec, ConvTranspose) and focus.kind in ("input", "weight") and any(spec.padding):
        return tuple(_framed(t, spec.padding) if t.name == focus.source else t for t in tensors)
    if focus.kind != "input" or not focus.source.endswith(".spread"):
        return tensors
    if not isinstance(spec, Conv) or params is None:
        return tensors
    x = it.arrays[focus.layer]
    pads = pads_of(spec, sample_shape(x))
    if not any(pads):
        return tensors
    size = pads.top + x.shape[1] + pads.bottom, pads.left + x.shape[2] + pads.right
    weight = used_weight(spec, params.weight)

    def find() -> NDArray[np.float64]:
        walk = windows(size, weight.shape[2:], spec.stride, 0, spec.dilation, spec.op)
        with quiet():
            whole = input_gradient(it.back.maps[focus.layer + 1][None], weight, walk, size, spec.groups)
        padded = np.ascontiguousarray(whole[0], dtype=np.float64)
        if focus.brought:  # where two ways of a block meet the picture has what came by both
            padded[:, pads.top : pads.top + x.shape[1], pads.left : pads.left + x.shape[2]] = it.back.maps[
                focus.layer
            ]
        padded.setflags(write=False)
        return padded

    padded = it.known(("border", focus.layer), find)
    return tuple(replace(t, pads=pads, padded=padded) if t.name == focus.target else t for t in tensors)


def _framed(tensor: Tensor, padding: tuple[int, int]) -> Tensor:
    """The gradient of what a transposed convolution cropped: a border of zeros, on which its kernel lies too."""
    (p, q), values = padding, tensor.values
    padded = np.pad(values, ((0, 0), (p, p), (q, q)))
    padded.setflags(write=False)
    return replace(tensor, pads=Pads(p, p, q, q), padded=padded)


def _own_cells(grids: Grids, track: TrackFrame, theme: Theme) -> Iterator[Primitive]:
    """Outlines of the numbers of δ among the zeros that its stride and the room around it bring."""
    focus, spec = track.focus, track.focus.spec
    assert isinstance(spec, Conv)
    _, rows, columns = track.tensor(focus.source.removesuffix(".spread")).shape
    reach = [extent(k, d) - 1 for k, d in zip(spec.kernel_size, spec.dilation, strict=True)]
    for (name, plane), grid in grids.items():
        if name != f"{track.track}/{focus.source}" or grid.cell < LEAST or rows * columns > MOST_OUTLINED:
            continue
        for i in range(rows):
            for j in range(columns):
                box = cells_box(grid, reach[0] + i * spec.stride[0], reach[1] + j * spec.stride[1], 1, 1)
                yield Ring(f"own/{plane}/{i}/{j}", box, theme.text, width=1.0, clip=grid.box)


def border_marks(grids: Grids, track: TrackFrame, theme: Theme) -> Iterator[Primitive]:
    """The border hatched, as far as it is written, and what of the spread gradient is no zero put in between."""
    focus = track.focus
    if focus.kind != "input" or not focus.source.endswith(".spread"):
        return
    yield from _own_cells(grids, track, theme)
    pads = track.tensor(focus.target).pads
    for (name, plane), grid in grids.items():
        if name != f"{track.track}/{focus.target}" or not any(pads) or not grid.cells_written():
            continue
        rows, columns = grid.rows - pads.top - pads.bottom, grid.columns - pads.left - pads.right
        strips = (
            (0, 0, pads.top, grid.columns),
            (pads.top + rows, 0, pads.bottom, grid.columns),
            (pads.top, 0, rows, pads.left),
            (pads.top, pads.left + columns, rows, pads.right),
        )
        for number, strip in enumerate(strips):
            box = cells_box(grid, *strip).meets(grid.box)
            if min(box.w, box.h) > 0:
                key = f"border/{name}/{plane}/{number}"
                yield Rect(key, box, theme.surface + "99", clip=grid.box)
                yield from hatching(key, box, theme.muted)

"""How one cell comes about: its window, its products and its total, always in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import AvgPool, Conv, LayerSpec, MaxPool, Params, Relu, Shape, pads_of, window_of
from cnnviz.timeline.frame import Cell, Terms, Window
from cnnviz.timeline.tensors import fill_of, mode_of, source_indices


def window_at(spec: LayerSpec, in_shape: Shape, cell: Cell) -> Window:
    """Where an output cell looks on its input."""
    row, column, height, width = window_of(spec, in_shape, cell[1], cell[2])
    if isinstance(spec, Conv):
        per_group = in_shape[0] // spec.groups
        group = cell[0] // (spec.out_channels // spec.groups)
        return Window(row, column, height, width, spec.dilation, (group * per_group, (group + 1) * per_group))
    return Window(row, column, height, width, (1, 1), (cell[0], cell[0] + 1))


def patch(
    spec: LayerSpec, x: NDArray[np.floating], window: Window
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values under a window, (channels, kernel rows, kernel columns) float64, and which of them are pixels.

    Outside the padded picture (a window that hangs over with ``ceil_mode``) there is the fill as well.
    """
    pads, (_, rows, columns) = pads_of(spec, x.shape), x.shape
    r = _reach(
        source_indices(rows, pads.top, pads.bottom, mode_of(spec)),
        window.row + pads.top,
        window.height,
        window.dilation[0],
    )
    c = _reach(
        source_indices(columns, pads.left, pads.right, mode_of(spec)),
        window.column + pads.left,
        window.width,
        window.dilation[1],
    )
    inside = np.broadcast_to(
        (r[:, None] >= 0) & (c[None, :] >= 0), (window.channels[1] - window.channels[0], r.size, c.size)
    )
    values = x[slice(*window.channels)][:, r][:, :, c].astype(np.float64)
    return np.where(inside, values, fill_of(spec)), inside


def terms_of(spec: LayerSpec, params: Params | None, x: NDArray[np.floating], cell: Cell) -> Terms:
    """The arithmetic of one output cell.

    For a convolution ``total = Σ x·w + b``; for average pooling the weights are 1/n; the maximum and ReLU have no
    weights and no products.
    """
    window = window_at(spec, x.shape, cell)
    values, inside = patch(spec, x, window)
    flat, layout = values.ravel(), values.shape
    none = np.empty(0)
    match spec:
        case Conv():
            assert params is not None
            w = params.weight[cell[0]].ravel()
            products = flat * w
            bias = None if params.bias is None else float(params.bias[cell[0]])
            return Terms(flat, w, products, bias, float(products.sum()) + (bias or 0.0), layout)
        case Relu():
            return Terms(flat, none, none, None, max(0.0, float(flat[0])), layout)
        case MaxPool():
            winner = int(flat.argmax())
            return Terms(flat, none, none, None, float(flat[winner]), layout, winner)
        case AvgPool():
            w = np.full(flat.size, 1.0 / _divisor(spec, x.shape, window, inside))
            products = flat * w
            return Terms(flat, w, products, None, float(products.sum()), layout)


def _reach(indices: NDArray[np.int64], start: int, extent: int, dilation: int) -> NDArray[np.int64]:
    """The source rows under a window; −1 beyond the padded picture."""
    places = np.arange(start, start + extent, dilation)
    return np.where(places < indices.size, indices[np.minimum(places, indices.size - 1)], -1)


def _divisor(spec: AvgPool, in_shape: Shape, window: Window, inside: NDArray[np.bool_]) -> int:
    """How many cells an average is over; what hangs over the padded picture never counts."""
    if not spec.count_include_pad:
        return int(inside.sum())
    pads = pads_of(spec, in_shape)
    rows = min(window.row + window.height, in_shape[1] + pads.bottom) - window.row
    columns = min(window.column + window.width, in_shape[2] + pads.right) - window.column
    return rows * columns

"""How one cell comes about: its window, its products and its total, always in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import ACTIVATIONS, activate, used_weight
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Shape, pads_of, sample_shape
from cnnviz.engine.normalise import normalise
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    BatchNorm,
    ConvTranspose,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    Normalise,
    PaddedShortcut,
    Softmax,
)
from cnnviz.engine.windows import (
    fill_of,
    mode_of,
    pads_around,
    source_indices,
    transposed_places,
    window_of,
)
from cnnviz.timeline.frame import Cell, Terms, Window

Values = NDArray[np.float64]


def patch(spec: AnyLayer, x: NDArray[np.floating], window: Window) -> tuple[Values, NDArray[np.bool_]]:
    """The values under a window, (channels, window rows, window columns) float64, and which of them are pixels.

    Outside the padded picture (a window that hangs over with ``ceil_mode``) there is the fill as well.
    """
    pads, (_, rows, columns) = pads_around(spec, sample_shape(x)), x.shape
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


def terms_of(
    spec: AnyLayer,
    params: Params | None,
    x: NDArray[np.floating],
    cell: Cell,
    other: NDArray[np.floating] | None = None,
) -> Terms:
    """The arithmetic of one output cell.

    For a convolution and a fully connected layer ``total = Σ x·w + b``; for average pooling the weights are 1/n; a
    softmax has the exponentials ``exp(z − max z)`` as its products; maxima, activations and copies have neither
    weights nor products. An addition has the products ``scale·f`` and ``1·s``, where s is a number of ``other``; a
    batch norm ``x·1/√(var + ε)`` and the bias ``−mean/√(var + ε)``.
    """
    window = window_of(spec, sample_shape(x), cell)
    values, inside = patch(spec, x, window)
    flat, layout, none = values.ravel(), sample_shape(values), np.empty(0)
    match spec:
        case Conv() | ConvTranspose() | Linear():
            assert params is not None
            return _sum(flat, _weights_met(spec, params.weight, sample_shape(x), cell), params, cell, layout)
        case MaxPool() | GlobalMaxPool():
            winner = int(flat.argmax())
            return Terms(flat, none, none, None, float(flat[winner]), layout, winner)
        case AvgPool():
            return _mean(flat, _divisor(spec, sample_shape(x), window, inside), layout)
        case GlobalAvgPool():
            return _mean(flat, flat.size, layout)
        case Softmax():
            powers = np.exp(flat - flat.max())
            return Terms(flat, none, powers, None, float(powers[cell[0]] / powers.sum()), layout, cell[0])
        case Add() if spec.shortcut:
            assert other is not None
            pair = np.array([flat[0], float(other[cell])])
            return _sum_of(pair, np.array([spec.scale, 1.0]), None, (1, 1, 2))
        case Add():
            return _sum_of(flat, np.array([spec.scale]), None, layout)
        case BatchNorm():
            plane = x[cell[0]].astype(np.float64)
            slope = 1.0 / np.sqrt(plane.var() + spec.eps)
            return _sum_of(flat, np.array([slope]), -float(plane.mean() * slope), layout)
        case PaddedShortcut() if cell[0] >= x.shape[0]:
            return Terms(none, none, none, None, 0.0, (0, 1, 1))
        case Normalise():
            at = np.zeros((x.shape[0], 1, 1))
            at[cell[0]] = flat[0]
            total = float(normalise(at, spec.mean, spec.std)[cell[0], 0, 0])
            return Terms(flat, none, none, None, total, layout)
    if isinstance(spec, ACTIVATIONS):
        return Terms(flat, none, none, None, float(activate(spec, flat)[0]), layout)
    return Terms(flat, none, none, None, float(flat[0]), layout)


def _sum(x: Values, w: Values, params: Params, cell: Cell, layout: Shape) -> Terms:
    return _sum_of(x, w, None if params.bias is None else float(params.bias[cell[0]]), layout)


def _sum_of(x: Values, w: Values, bias: float | None, layout: Shape) -> Terms:
    products = x * w
    return Terms(x, w, products, bias, float(products.sum()) + (bias or 0.0), layout)


def _mean(x: Values, count: int, layout: Shape) -> Terms:
    w = np.full(x.size, 1.0 / count)
    products = x * w
    return Terms(x, w, products, None, float(products.sum()), layout)


def _weights_met(spec: AnyLayer, weight: Values, in_shape: Shape, cell: Cell) -> Values:
    """The weights in the order of the values that they meet."""
    if not isinstance(spec, ConvTranspose):
        own: Values = used_weight(spec, weight)[cell[0]].ravel()
        return own
    rows, columns = (transposed_places(spec, axis, in_shape[axis + 1], cell[axis + 1])[1] for axis in (0, 1))
    group, place = divmod(cell[0], spec.out_channels // spec.groups)
    each = in_shape[0] // spec.groups
    kernels = weight[group * each : (group + 1) * each, place]
    laid: Values = kernels[:, rows][:, :, columns].ravel()
    return laid


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

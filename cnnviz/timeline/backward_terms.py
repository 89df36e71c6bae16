"""How each number of a backward pass and of an update comes about: always a sum of products, in float64."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import ACTIVATIONS, used_weight
from cnnviz.engine.apply_backward import backward_layer
from cnnviz.engine.geometry import extent
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Shape, pads_of, sample_shape
from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import (
    AnyLayer,
    BatchNorm,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
    Softmax,
)
from cnnviz.engine.windows import Cell, Sliding, Window, channels_read, mode_of, places_read, window_of
from cnnviz.timeline.frame import Terms
from cnnviz.timeline.terms import patch

Floats = NDArray[np.float64]


class Made(NamedTuple):
    """The arithmetic of a cell, where it looks on its first tensor, and where on its second, if it has one."""

    terms: Terms
    window: Window
    partner: Window | None = None


def weight_cell(spec: AnyLayer, x: Floats, dout: Floats, cell: Cell) -> Made:
    """One weight's gradient: the layer's input under a window as wide as the gradient of its output, times that.

    ``∂L/∂W[o,c,m,n] = Σ_ij δ[o,i,j]·X[c, s·i + d·m − p, s·j + d·n − p]``. The cell is given as on the stage: the plane
    is ``o · channels + c``, and of a fully connected layer row and column are output and input.
    """
    if isinstance(spec, Linear):
        o, c = cell[1], cell[2]
        terms = _sum(x[c, 0, 0].reshape(1), dout[o, 0, 0].reshape(1), (1, 1, 1))
        return Made(terms, Window(0, 0, 1, 1, (1, 1), (c, c + 1)), Window(0, 0, 1, 1, (1, 1), (o, o + 1)))
    assert isinstance(spec, Conv | ConvTranspose)
    in_shape, out_shape = sample_shape(x), sample_shape(dout)
    each = in_shape[0] // spec.groups
    o, place = divmod(cell[0], each)
    c = channels_read(spec, in_shape, o)[0] + place
    if isinstance(spec, ConvTranspose):
        return _laid_weight(spec, x, dout, (c, o), cell)
    row, column = cell[1], cell[2]  # on the stage a turned kernel is shown turned, as it meets the input
    pads = pads_of(spec, in_shape)
    window = Window(
        row * spec.dilation[0] - pads.top, column * spec.dilation[1] - pads.left,
        extent(out_shape[1], spec.stride[0]), extent(out_shape[2], spec.stride[1]), spec.stride, (c, c + 1),
    )  # fmt: skip
    values, _ = patch(spec, x, window)
    terms = _sum(values.ravel(), dout[o].ravel(), (1, out_shape[1], out_shape[2]))
    return Made(terms, window, Window(0, 0, out_shape[1], out_shape[2], (1, 1), (o, o + 1)))


def _laid_weight(spec: ConvTranspose, x: Floats, dout: Floats, planes: tuple[int, int], cell: Cell) -> Made:
    """Of a transposed convolution: the gradient under a window spread by the stride, times the whole input."""
    c, o = planes
    window = Window(
        cell[1] * spec.dilation[0] - spec.padding[0], cell[2] * spec.dilation[1] - spec.padding[1],
        extent(x.shape[1], spec.stride[0]), extent(x.shape[2], spec.stride[1]), spec.stride, (o, o + 1),
    )  # fmt: skip
    read = _under(dout, window, (x.shape[1], x.shape[2]))
    terms = _sum(read.ravel(), x[c].ravel(), (1, x.shape[1], x.shape[2]))
    return Made(terms, window, Window(0, 0, x.shape[1], x.shape[2], (1, 1), (c, c + 1)))


def bias_cell(dout: Floats, cell: Cell) -> Made:
    """One bias's gradient: the sum of the gradient of its map."""
    plane = dout[cell[0]]
    terms = _sum(plane.ravel(), np.ones(plane.size), (1, plane.shape[0], plane.shape[1]))
    return Made(terms, Window(0, 0, plane.shape[0], plane.shape[1], (1, 1), (cell[0], cell[0] + 1)))


def spread(spec: Conv, in_shape: Shape, dout: Floats) -> Floats:
    """The gradient of a convolution's output with its stride as zeros between, and room for the whole kernel around.

    The kernel turned by 180° slides over it with stride 1; `input_cell` says where.
    """
    pads = pads_of(spec, in_shape)
    reach = [extent(k, d) - 1 for k, d in zip(spec.kernel_size, spec.dilation, strict=True)]
    before = (pads.top, pads.left)
    size = [
        max(
            spec.stride[a] * (dout.shape[a + 1] - 1) + 1 + 2 * reach[a],
            in_shape[a + 1] + before[a] + reach[a],
        )
        for a in (0, 1)
    ]
    out = np.zeros((dout.shape[0], *size))
    out[:, reach[0] : reach[0] + spec.stride[0] * (dout.shape[1] - 1) + 1 : spec.stride[0],
        reach[1] : reach[1] + spec.stride[1] * (dout.shape[2] - 1) + 1 : spec.stride[1]] = dout  # fmt: skip
    return out


def is_spread(spec: AnyLayer) -> bool:
    """Whether a layer's input gradient is shown as a sliding kernel over the spread gradient."""
    return isinstance(spec, Conv) and mode_of(spec) == "zeros"


def input_cell(spec: AnyLayer, params: Params | None, x: Floats, dout: Floats, cell: Cell) -> Made:
    """The gradient of one number that went into a layer: what each output hands back, times how much it depends on it.

    Of a convolution the full cross-correlation of the spread gradient with the turned kernel, its border cropped; of
    a maximum δ goes to the winner alone, of an average in equal shares, and an activation lets through its slope.
    """
    if isinstance(spec, Conv) and is_spread(spec):
        assert params is not None
        return _slid(spec, params, sample_shape(x), dout, cell)
    if isinstance(spec, Linear):
        assert params is not None
        terms = _sum(dout[:, 0, 0], params.weight[:, cell[0]], (dout.shape[0], 1, 1))
        return Made(terms, Window(0, 0, 1, 1, (1, 1), (0, dout.shape[0])))
    if isinstance(spec, Softmax):
        p = softmax(x, axis=0)[:, cell[1], cell[2]]
        slopes = p * (np.arange(p.size) == cell[0]) - p * p[cell[0]]
        terms = _sum(dout[:, cell[1], cell[2]], slopes, (p.size, 1, 1))
        return Made(terms, Window(cell[1], cell[2], 1, 1, (1, 1), (0, p.size)))
    if isinstance(spec, Flatten):
        flat = int(np.ravel_multi_index(cell, x.shape))
        return Made(
            _sum(dout[flat, 0, 0].reshape(1), np.ones(1), (1, 1, 1)),
            Window(0, 0, 1, 1, (1, 1), (flat, flat + 1)),
        )
    if isinstance(spec, BatchNorm):
        return _normalised(spec, x, dout, cell)
    if isinstance(spec, PaddedShortcut):
        return _kept(spec, dout, cell)
    if isinstance(spec, ConvTranspose):
        assert params is not None
        return _read(spec, params, dout, cell)
    if isinstance(spec, Sliding | GlobalAvgPool | GlobalMaxPool):
        return _gathered(spec, params, x, dout, cell)
    return _gated(spec, x, dout, cell)


def handed_on(dout: Floats, cell: Cell) -> Made:
    """A number of a gradient that goes on as it is."""
    terms = _sum(dout[cell].reshape(1), np.ones(1), (1, 1, 1))
    return Made(terms, Window(cell[1], cell[2], 1, 1, (1, 1), (cell[0], cell[0] + 1)))


def with_shortcut(made: Made, handed: float) -> Made:
    """The same and what comes along a shortcut, ``∂L/∂x = ∂L/∂y·(I + ∂f/∂x)``: it stands where a bias would."""
    terms = made.terms
    bias = handed + (terms.bias or 0.0)
    return made._replace(terms=replace(terms, bias=bias, total=terms.total + handed))


def _normalised(spec: BatchNorm, x: Floats, dout: Floats, cell: Cell) -> Made:
    """Of a batch norm over one picture: every output of the channel depends on every input of it.

    ``∂y_j/∂x_i = (δ_ij − 1/m − z_i·z_j/m) / √(var + ε)`` with z the normalised numbers and m their count.
    """
    plane = x[cell[0]]
    scale = 1.0 / np.sqrt(plane.var() + spec.eps)
    z = (plane - plane.mean()) * scale
    shares = -(1.0 + z * z[cell[1:]]) / plane.size
    shares[cell[1:]] += 1.0
    terms = _sum(dout[cell[0]].ravel(), (shares * scale).ravel(), (1, plane.shape[0], plane.shape[1]))
    return Made(terms, Window(0, 0, plane.shape[0], plane.shape[1], (1, 1), (cell[0], cell[0] + 1)))


def _kept(spec: PaddedShortcut, dout: Floats, cell: Cell) -> Made:
    """Of a padded shortcut: what was kept hands its gradient back, what was left out gets none."""
    row, column = cell[1] // spec.stride[0], cell[2] // spec.stride[1]
    kept = cell[1] % spec.stride[0] == 0 and cell[2] % spec.stride[1] == 0
    terms = _sum(dout[cell[0], row, column].reshape(1), np.array([float(kept)]), (1, 1, 1))
    return Made(terms, Window(row, column, 1, 1, (1, 1), (cell[0], cell[0] + 1)))


def _gated(spec: AnyLayer, x: Floats, dout: Floats, cell: Cell) -> Made:
    """What acts on each number alone hands back its slope there times the gradient."""
    at = (slice(cell[0], cell[0] + 1), slice(cell[1], cell[1] + 1), slice(cell[2], cell[2] + 1))
    if isinstance(spec, ACTIVATIONS):
        slope = backward_layer(spec, None, x[at], np.ones((1, 1, 1))).dx
    else:
        whole = np.zeros_like(x)
        whole[cell] = 1.0
        slope = backward_layer(spec, None, x, whole).dx[at]
    terms = _sum(dout[at].ravel(), np.asarray(slope, dtype=np.float64).ravel(), (1, 1, 1))
    return Made(terms, Window(cell[1], cell[2], 1, 1, (1, 1), (cell[0], cell[0] + 1)))


def _slid(spec: Conv, params: Params, in_shape: Shape, dout: Floats, cell: Cell) -> Made:
    wide = spread(spec, in_shape, dout)
    pads = pads_of(spec, in_shape)
    each = in_shape[0] // spec.groups
    group, place = divmod(cell[0], each)
    per = spec.out_channels // spec.groups
    outputs = (group * per, (group + 1) * per)
    row, column = cell[1] + pads.top, cell[2] + pads.left
    rows = row + np.arange(spec.kernel_size[0]) * spec.dilation[0]
    columns = column + np.arange(spec.kernel_size[1]) * spec.dilation[1]
    x = wide[slice(*outputs)][:, rows][:, :, columns]
    w = used_weight(spec, params.weight)[slice(*outputs), place, ::-1, ::-1]
    reach = [extent(k, d) for k, d in zip(spec.kernel_size, spec.dilation, strict=True)]
    window = Window(row, column, reach[0], reach[1], spec.dilation, outputs)
    return Made(_sum(x.ravel(), w.ravel(), sample_shape(x)), window)


def _read(spec: ConvTranspose, params: Params, dout: Floats, cell: Cell) -> Made:
    """Of a transposed convolution: the kernel of the input lies over the gradient where it was laid down forward.

    ``∂L/∂X[c,i,j] = Σ_omn δ[o, s·i + d·m − p, s·j + d·n − p]·W[c,o,m,n]``, an ordinary strided convolution of δ.
    """
    outputs = _fed(spec, (params.weight.shape[0], 0, 0), cell[0])
    reach = [extent(k, d) for k, d in zip(spec.kernel_size, spec.dilation, strict=True)]
    top, left = (cell[a + 1] * spec.stride[a] - spec.padding[a] for a in (0, 1))
    window = Window(top, left, reach[0], reach[1], spec.dilation, outputs)
    x = _under(dout, window, spec.kernel_size)
    return Made(_sum(x.ravel(), params.weight[cell[0]].ravel(), sample_shape(x)), window)


def _under(maps: Floats, window: Window, taps: tuple[int, int]) -> Floats:
    """The numbers under the taps of a window, 0 outside of the maps."""
    rows = window.row + np.arange(taps[0]) * window.dilation[0]
    columns = window.column + np.arange(taps[1]) * window.dilation[1]
    inside = ((rows >= 0) & (rows < maps.shape[1]))[:, None] & (columns >= 0) & (columns < maps.shape[2])
    near = np.clip(rows, 0, maps.shape[1] - 1), np.clip(columns, 0, maps.shape[2] - 1)
    return np.where(inside, maps[slice(*window.channels)][:, near[0]][:, :, near[1]], 0.0)


def _gathered(spec: AnyLayer, params: Params | None, x: Floats, dout: Floats, cell: Cell) -> Made:
    """All outputs whose window holds the number, each with how much it depends on it."""
    in_shape, out_shape = sample_shape(x), sample_shape(dout)
    pairs = [np.argwhere(places_read(spec, in_shape, out_shape, a) == cell[a + 1]) for a in (0, 1)]
    outputs = _fed(spec, in_shape, cell[0])
    shares = np.zeros((outputs[1] - outputs[0], len(pairs[0]), len(pairs[1])))
    for n, o in enumerate(range(*outputs)):
        for a, (i, m) in enumerate(pairs[0]):
            for b, (j, k) in enumerate(pairs[1]):
                shares[n, a, b] = _share(spec, params, x, (o, int(i), int(j)), (cell, int(m), int(k)))
    rows, columns = pairs[0][:, 0], pairs[1][:, 0]
    values = dout[slice(*outputs)][:, rows][:, :, columns]
    window = Window(*_corner(rows, columns), (_apart(rows), _apart(columns)), outputs)
    return Made(_sum(values.ravel(), shares.ravel(), sample_shape(values)), window)


def _corner(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[int, int, int, int]:
    if not rows.size or not columns.size:
        return (0, 0, 0, 0)
    return (
        int(rows.min()), int(columns.min()), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    )  # fmt: skip


def _apart(places: NDArray[np.int64]) -> int:
    return int(abs(places[1] - places[0])) or 1 if places.size > 1 else 1


def _fed(spec: AnyLayer, in_shape: Shape, channel: int) -> tuple[int, int]:
    if isinstance(spec, Conv | ConvTranspose):
        per, each = spec.out_channels // spec.groups, in_shape[0] // spec.groups
        group = channel // each
        return (group * per, (group + 1) * per)
    return (channel, channel + 1)


def _share(spec: AnyLayer, params: Params | None, x: Floats, out: Cell, by: tuple[Cell, int, int]) -> float:
    """How much an output depends on a number of its window, read by tap (m, n)."""
    cell, m, n = by
    match spec:
        case Conv():
            assert params is not None
            each = x.shape[0] // spec.groups
            return float(used_weight(spec, params.weight)[out[0], cell[0] % each, m, n])
        case MaxPool():
            values, _ = patch(spec, x, window_of(spec, sample_shape(x), out))
            return float(
                int(np.where(np.isnan(values), np.inf, values).argmax()) == m * spec.kernel_size[1] + n
            )
        case AvgPool():
            one = np.zeros((1, *_out(spec, x)[1:]))
            one[0, out[1], out[2]] = 1.0
            return float(np.asarray(backward_layer(spec, None, x[:1], one).dx)[0, cell[1], cell[2]])
        case GlobalMaxPool():
            return float(int(x[cell[0]].argmax()) == cell[1] * x.shape[2] + cell[2])
    return float(1.0 / (x.shape[1] * x.shape[2]))


def _out(spec: AvgPool, x: Floats) -> Shape:
    return spec.out_shape(sample_shape(x))


def update_cell(weight: Floats, step: Floats, rate: float, cell: tuple[int, ...]) -> Terms:
    """One weight after the update, ``w − η·g``, as the two products ``1·w`` and ``−η·g``."""
    return _sum(np.array([weight[cell], step[cell]]), np.array([1.0, -rate]), (1, 1, 2))


def _sum(x: Floats, w: Floats, layout: Shape) -> Terms:
    products = x * w
    return Terms(x, w, products, None, float(products.sum()), layout)

"""What residual blocks are made of once more, by plain loops: additions, ways back, batch norms, padded shortcuts."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cnnviz.engine.specs import Add, AnyLayer, Back, BatchNorm, PaddedShortcut

Floats = npt.NDArray[np.float64]


def joined(spec: Add | Back, arrays: list[Floats]) -> Floats:
    """The next array of a chain where a layer reads another one than the last."""
    if isinstance(spec, Back):
        return arrays[spec.start].copy()
    f, out = arrays[-1], np.zeros(arrays[-1].shape)
    for cell in np.ndindex(f.shape):
        out[cell] = spec.scale * f[cell] + (arrays[spec.other][cell] if spec.shortcut else 0.0)
    return out


def of_block(spec: AnyLayer, x: Floats) -> Floats | None:
    """A batch norm of one picture, or a padded shortcut; None for all other layers."""
    if isinstance(spec, BatchNorm):
        return np.array([_normal(plane, spec.eps) for plane in x])
    if not isinstance(spec, PaddedShortcut):
        return None
    down, right = spec.stride
    rows, columns = math.ceil(x.shape[1] / down), math.ceil(x.shape[2] / right)
    out = np.zeros((spec.out_channels, rows, columns))
    for c, i, j in np.ndindex(x.shape[0], rows, columns):
        out[c, i, j] = x[c, i * down, j * right]
    return out


def of_block_backward(spec: AnyLayer, x: Floats, dout: Floats) -> Floats | None:
    """What these hand back; None for all other layers."""
    if isinstance(spec, BatchNorm):
        return np.array([_normal_backward(p, g, spec.eps) for p, g in zip(x, dout, strict=True)])
    if not isinstance(spec, PaddedShortcut):
        return None
    dx = np.zeros(x.shape)
    for c, i, j in np.ndindex(x.shape[0], *dout.shape[1:]):
        dx[c, i * spec.stride[0], j * spec.stride[1]] += dout[c, i, j]
    return dx


def spread_back(layers: tuple[AnyLayer, ...], number: int, dout: Floats, totals: list[Floats]) -> bool:
    """Add what `Add` and `Back` hand back to the arrays that they read; False for all other layers."""
    spec = layers[number]
    if isinstance(spec, Back):
        totals[spec.start] = totals[spec.start] + dout
        return True
    if not isinstance(spec, Add):
        return False
    totals[number] = totals[number] + spec.scale * dout
    if spec.shortcut:
        totals[spec.other] = totals[spec.other] + dout
    return True


def _normal(plane: Floats, eps: float) -> list[list[float]]:
    mean, spread = _moments(plane, eps)
    return [[(float(v) - mean) / spread for v in row] for row in plane]


def _moments(plane: Floats, eps: float) -> tuple[float, float]:
    values = [float(v) for v in plane.ravel()]
    mean = math.fsum(values) / len(values)
    variance = math.fsum((v - mean) ** 2 for v in values) / len(values)
    return mean, math.sqrt(variance + eps)


def _normal_backward(plane: Floats, dout: Floats, eps: float) -> Floats:
    """By the chain rule through mean and variance, one after the other (Ioffe and Szegedy, 2015)."""
    mean, spread = _moments(plane, eps)
    count = plane.size
    x, g = [float(v) for v in plane.ravel()], [float(v) for v in dout.ravel()]
    dvar = math.fsum(d * (v - mean) * -0.5 / spread**3 for d, v in zip(g, x, strict=True))
    dmean = -math.fsum(g) / spread + dvar * math.fsum(-2 * (v - mean) for v in x) / count
    back = [d / spread + dvar * 2 * (v - mean) / count + dmean / count for d, v in zip(g, x, strict=True)]
    return np.array(back).reshape(plane.shape)

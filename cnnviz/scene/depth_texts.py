"""What is written on the map of a deep network: names of layers and stages, counts, norms of gradients."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cnnviz.engine.layers import Conv, MaxPool, Shape
from cnnviz.engine.specs import AnyLayer, GlobalAvgPool, Linear, PaddedShortcut
from cnnviz.scene.memo import Memo
from cnnviz.scene.network import counted
from cnnviz.scene.network_columns import op_title
from cnnviz.scene.numbers import small
from cnnviz.timeline.depth import Depth
from cnnviz.timeline.frame import Tensor

_norms: Memo[float] = Memo(128)


def layer_title(spec: AnyLayer, side: bool = False) -> str:
    """The operation in the words of the published figure: window, kernels, stride.

    Examples
    --------
    >>> layer_title(Conv(64, (7, 7), (2, 2))), layer_title(Linear(10))
    ('7×7, 64, /2', 'fc 10')
    """
    match spec:
        case Conv():
            many = "" if side else f", {spec.out_channels}"
            return f"{spec.kernel_size[0]}×{spec.kernel_size[1]}{many}{_stride(spec)}"
        case MaxPool():
            return f"max {spec.kernel_size[0]}×{spec.kernel_size[1]}{_stride(spec)}"
        case Linear():
            return f"fc {spec.out_features}"
        case GlobalAvgPool():
            return "means"
        case PaddedShortcut():
            return "pad"
    return op_title(spec)


def _stride(spec: Conv | MaxPool) -> str:
    return f", /{spec.stride[0]}" if spec.stride != (1, 1) else ""


def stage_text(depth: Depth, row: tuple[int, ...]) -> str:
    """How many blocks a stage has, or layers where there are no blocks, and the maps that they give."""
    shape = stage_shape(depth, row)
    blocks = sum(joint.last in row for joint in depth.joints)
    layers = sum(depth.parts[n].number > 0 and depth.parts[n].shape == shape for n in row)
    many = f"{blocks} blocks" if blocks else f"{layers} layers"
    return f"{many} of {shape[0]} maps, {shape[1]}×{shape[2]}"


def stage_shape(depth: Depth, row: tuple[int, ...]) -> Shape:
    """The shape that most parts of a row have."""
    shapes = [depth.parts[n].shape for n in row]
    return max(shapes, key=shapes.count)


@lru_cache(maxsize=16)
def texts_under(depth: Depth, counts: tuple[int, ...]) -> tuple[str, ...]:
    """What stands under each part: its shape where it is not that of its stage, and how many parameters it has."""
    stages = {n: stage_shape(depth, row) for row in depth.rows for n in row}
    told = []
    for n, part in enumerate(depth.parts):
        channels, rows, columns = part.shape
        shape = f"{channels}×{rows}×{columns}" if rows * columns > 1 else f"{channels} numbers"
        count = sum(counts[max(part.first, 0) : part.last + 1])
        own = shape if part.shape != stages.get(n, part.shape) else ""
        told.append("  ·  ".join(text for text in (own, counted(count) if count else "") if text))
    return tuple(told)


def norm_text(gradient: Tensor) -> str:
    """The length of the gradient of a layer's weights."""
    length = _norms.get(gradient.values, "norm", lambda: float(np.linalg.norm(gradient.values)))
    return f"∂W norm {three_digits(length)}"


def three_digits(value: float) -> str:
    """A length with three digits of its own.

    Examples
    --------
    >>> three_digits(1234.5), three_digits(87.713), three_digits(0.00123), three_digits(1.2e-9)
    ('1,234', '87.7', '0.00123', '1.2·10⁻⁹')
    """
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1e-4 or not value else small(value)

"""What the forms of the window show of a lesson: plain frozen values, derived by pure functions, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu, pads_of
from cnnviz.lesson.edits import Activation, PoolKind, first_conv
from cnnviz.lesson.kernels import name_of
from cnnviz.lesson.lesson import Lesson, Pace
from cnnviz.lesson.source import Grey

EDITABLE_CELLS = 32 * 32
"""Inputs up to this size are offered as a table of cells; larger ones are painted on the stage."""


@dataclass(frozen=True, slots=True)
class KernelForm:
    """One plane of the first convolution's weights, as texts that the editor shows."""

    kernels: int
    channels: int
    kernel: int
    channel: int
    cells: tuple[tuple[str, ...], ...]
    bias: str
    name: str
    alike: bool
    """Whether all channels of this kernel hold the same weights."""


@dataclass(frozen=True, slots=True)
class LayerForm:
    """Geometry of the first convolution, what follows it, and the pace."""

    padding: str
    """valid, same, full or "" for chosen amounts."""
    pads: tuple[int, int, int, int]
    padding_mode: str
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    activation: Activation
    pool: PoolKind
    pool_size: tuple[int, int]
    pool_stride: tuple[int, int]
    pace: Pace | None
    shapes: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class InputForm:
    """The input: its name, its original and working size, and its cells where they are few."""

    name: str
    original: tuple[int, int, int]
    shape: tuple[int, int, int]
    grey: bool
    picture: bool
    span: tuple[float, float]
    """Values from black to white."""
    credit: str


def exact(value: float) -> str:
    """The shortest text that gives the value back: a whole number, a fraction such as 1/9, or its digits.

    Examples
    --------
    >>> exact(3.0), exact(1 / 9), exact(0.25), exact(-2 / 3)
    ('3', '1/9', '0.25', '-2/3')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    digits = repr(float(value))
    if len(digits) <= 7:
        return digits
    near = Fraction(value).limit_denominator(4096)
    return str(near) if near.numerator / near.denominator == value and near else digits


def kernel_form(lesson: Lesson, kernel: int = 0, channel: int = 0, track: int = 0) -> KernelForm:
    """The form of one kernel; numbers beyond the last kernel or channel mean the last one.

    Channel −1 stands for all channels alike: the first is shown for them.
    """
    chain = lesson.tracks[track]
    params = chain.params[first_conv(chain)]
    assert params is not None
    kernels, channels = params.weight.shape[:2]
    kernel, channel = min(kernel, kernels - 1), min(channel, channels - 1)
    plane = params.weight[kernel, max(channel, 0)]
    return KernelForm(
        kernels,
        channels,
        kernel,
        channel,
        tuple(tuple(exact(float(v)) for v in row) for row in plane),
        exact(0.0 if params.bias is None else float(params.bias[kernel])),
        name_of(plane),
        bool((params.weight[kernel] == plane).all()),
    )


def layer_form(lesson: Lesson, track: int = 0) -> LayerForm:
    """The form of the first convolution and what follows it."""
    chain = lesson.tracks[track]
    at = first_conv(chain)
    conv, shapes = chain.layers[at], chain.shapes()
    assert isinstance(conv, Conv)
    after = chain.layers[at + 1 : at + 3]
    active = bool(after) and isinstance(after[0], Relu)
    pool = next((s for s in after[active : active + 1] if isinstance(s, MaxPool | AvgPool)), None)
    word = conv.padding if isinstance(conv.padding, str) else ("valid" if not np.any(conv.padding) else "")
    return LayerForm(
        word,
        pads_of(conv, shapes[at]),
        conv.padding_mode,
        conv.kernel_size,
        conv.stride,
        conv.dilation,
        "relu" if active else "none",
        "none" if pool is None else ("max" if isinstance(pool, MaxPool) else "avg"),
        (2, 2) if pool is None else pool.kernel_size,
        (2, 2) if pool is None else pool.stride,
        lesson.pace,
        shapes,
    )


def input_form(lesson: Lesson, track: int = 0) -> InputForm:
    """The form of the input."""
    source = lesson.tracks[track].source
    _, rows, columns = source.array.shape
    span = (0.0, source.white) if source.picture else (float(source.array.min()), float(source.array.max()))
    return InputForm(
        source.name,
        (source.array.shape[0], rows, columns),
        source.shape,
        any(isinstance(t, Grey) for t in source.transforms),
        source.picture,
        span,
        source.credit,
    )

"""Which typeset formula belongs to a layer: a pure function from its geometry and the conventions to names of pieces.

A name is made of pieces, divided by spaces, that are set side by side, such as
``"lhs.IK.ij sum.mn in.IK.0.-.none ker.IK.0.mn"``. What each piece says stands in `cnnviz.scene.formula_latex`.
"""

from __future__ import annotations

from typing import TypeAlias

from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    ConvTranspose,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    Normalise,
    PaddedShortcut,
    Softmax,
)
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.lesson import Conventions

Pair: TypeAlias = tuple[int, int]


def operation_names(spec: AnyLayer, in_shape: Shape, bias: bool, conventions: Conventions) -> tuple[str, ...]:
    """The formula of an operation; where there are several, the longer ones first.

    Parameters
    ----------
    spec : AnyLayer
    in_shape : (channels, rows, columns)
        Of the layer's input.
    bias : bool
        Whether a bias is added.
    conventions : Conventions
        Letters, the first index, point or comma.
    """
    letters, base = conventions.letters, conventions.base
    match spec:
        case Conv():
            sign = f"{letters}.{'conv' if spec.flipped else 'corr'}"
            plain = _conv(spec, in_shape, bias, letters, base)
            if bias:
                return (f"sign.{sign}.b {plain}", plain)
            dims = "oij" if spec.out_channels > 1 else "ij"
            return (
                f"sign.{sign} {plain}",
                plain.replace(f"lhs.{letters}.{dims}", f"of.{sign}.{dims}"),
                plain,
            )
        case ConvTranspose():
            return (_transpose(spec, in_shape, bias, letters, base),)
        case MaxPool() | AvgPool():
            return (_pool(spec, in_shape, letters, base),)
        case GlobalAvgPool():
            return (f"lhs.{letters}.c coef.HW sum.ij val.{letters}.cij",)
        case GlobalMaxPool():
            return (f"lhs.{letters}.c max.ij val.{letters}.cij",)
        case Flatten():
            return (f"lhs.{letters}.k val.{letters}.cij where.{base}", f"lhs.{letters}.k val.{letters}.cij")
        case Linear():
            more = f"bias.{letters}.o " if bias else ""
            return (f"lhs.{letters}.o {more}sum.c ker.{letters}.{base}.oc val.{letters}.c",)
        case Add():
            kind = ("" if spec.shortcut else ".plain") + ("" if spec.scale == 1 else ".scaled")
            return tuple(f"block.{letters}.{dims}{kind}" for dims in (dims_of(in_shape), "-"))
        case Back():
            return (f"lhs.{letters}.{dims_of(in_shape)} val.{letters}.{dims_of(in_shape)}",)
        case PaddedShortcut():
            return (f"lhs.{letters}.cij kept.{letters}.{base}",)
        case _:
            dims = dims_of(in_shape)
            act = _pointwise(spec, conventions.decimal == "comma")
            whole = f"lhs.{letters}.{dims} {act}.{letters}.{dims}"
            return (whole,) if isinstance(spec, Softmax) else (whole, f"lhs.{letters}.- {act}.{letters}.-")


def size_name(spec: AnyLayer, in_shape: Shape) -> str:
    """The formula of the size of a layer's output along one axis."""
    match spec:
        case Conv():
            return "size.conv" + ("" if symmetric(pads_around(spec, in_shape)) else ".P")
        case MaxPool() | AvgPool():
            return "size.pool" + (".ceil" if spec.ceil_mode else "")
        case ConvTranspose():
            return "size.transpose" + (".extra" if spec.output_padding != (0, 0) else "")
        case GlobalAvgPool() | GlobalMaxPool():
            return "size.global"
        case Flatten():
            return "size.flatten"
        case Linear():
            return "size.linear"
        case PaddedShortcut():
            return "size.kept"
        case _:
            return "size.same"


def dims_of(shape: Shape) -> str:
    """The indices of a cell: channel only for a vector, row and column only for a single plane."""
    if shape[1:] == (1, 1):
        return "c"
    return "ij" if shape[0] == 1 else "cij"


def symmetric(pads: Pads) -> bool:
    """Whether as much is added before as after, along both axes."""
    return pads.top == pads.bottom and pads.left == pads.right


def knobs(stride: Pair, dilation: Pair, padding: Pair) -> str:
    """Which of stride, dilation and padding are not 1, 1 and 0, and "12" where one differs between the axes.

    Examples
    --------
    >>> knobs((1, 1), (1, 1), (0, 0)), knobs((2, 2), (1, 1), (1, 1)), knobs((1, 2), (1, 1), (0, 0))
    ('none', 'sp', 's12')
    """
    given = {"s": (stride, (1, 1)), "d": (dilation, (1, 1)), "p": (padding, (0, 0))}
    letters = [name for name, (value, rest) in given.items() if value != rest]
    differs = any(given[name][0][0] != given[name][0][1] for name in letters)
    return "".join(letters) + ("12" if differs else "") or "none"


def channels_in(spec: Conv, in_shape: Shape) -> str:
    """How the channel that a kernel reads is named: "-" not at all, c, or by the group: o, g or gc."""
    each, maps = in_shape[0] // spec.groups, spec.out_channels // spec.groups
    if spec.groups == 1:
        return "c" if each > 1 else "-"
    if each > 1:
        return "gc"
    return "o" if maps == 1 else "g"


def on_a_line(spec: AnyLayer, in_shape: Shape) -> bool:
    """Whether a convolution goes along a single line, so that rows need no index."""
    if not isinstance(spec, Conv) or spec.groups > 1 or (in_shape[1], spec.kernel_size[0]) != (1, 1):
        return False
    return not any(pads_around(spec, in_shape)[:2])


def conv_dims(spec: Conv, in_shape: Shape) -> str:
    """The indices of a cell of a convolution's output."""
    return ("o" if spec.out_channels > 1 else "") + ("j" if on_a_line(spec, in_shape) else "ij")


def conv_knobs(spec: Conv, in_shape: Shape) -> str:
    """The `knobs` of a convolution; on a line only those along it."""
    pads = pads_around(spec, in_shape)
    given = spec.stride, spec.dilation, (pads.top, pads.left)
    if on_a_line(spec, in_shape):
        return knobs(*((across, across) for _, across in given))
    return knobs(*given)


def _conv(spec: Conv, in_shape: Shape, bias: bool, letters: str, base: int) -> str:
    many, deep, line = spec.out_channels > 1, in_shape[0] // spec.groups > 1, on_a_line(spec, in_shape)
    taps, window = ("n", "in-line") if line else ("mn", "in")
    square = line or spec.kernel_size[0] == spec.kernel_size[1]
    turned = ("turned" if square else "turned12") if spec.flipped else ""
    kernel = f"{'o' if many else ''}{'c' if deep else ''}{taps}"
    return " ".join(
        [
            f"lhs.{letters}.{conv_dims(spec, in_shape)}",
            *([f"bias.{letters}.{'o' if many else '-'}"] if bias else []),
            f"sum.{'c' if deep else ''}{taps}",
            f"{window}.{letters}.{base}.{channels_in(spec, in_shape)}.{conv_knobs(spec, in_shape)}",
            f"ker.{letters}.{base}.{kernel}" + (f".{turned}" if turned else ""),
        ]
    )


def _transpose(spec: ConvTranspose, in_shape: Shape, bias: bool, letters: str, base: int) -> str:
    many = spec.out_channels > 1
    each, maps = in_shape[0] // spec.groups, spec.out_channels // spec.groups
    deep = in_shape[0] > 1
    if spec.groups == 1:
        over, source = ("cij", "cij") if deep else ("ij", "ij")
        kernel = ("c" if deep else "") + ("o" if many else "") or "-"
    elif each == maps == 1:
        over, source, kernel = "ij", "oij", "o"
    else:
        over, source, kernel = "gij", "cij", "cm" if maps > 1 else "c"
    return " ".join(
        [
            f"lhs.{letters}.{'ouv' if many else 'uv'}",
            *([f"bias.{letters}.{'o' if many else '-'}"] if bias else []),
            f"sum.{over}",
            f"val.{letters}.{source}",
            f"lay.{letters}.{base}.{kernel}.{knobs(spec.stride, spec.dilation, spec.padding)}",
        ]
    )


def _pool(spec: MaxPool | AvgPool, in_shape: Shape, letters: str, base: int) -> str:
    c = "c" if in_shape[0] > 1 else "-"
    over = "max.mn" if isinstance(spec, MaxPool) else f"coef.{_divisor(spec)} sum.mn"
    window = f"in.{letters}.{base}.{c}.{knobs(spec.stride, (1, 1), spec.padding)}"
    return f"lhs.{letters}.{'cij' if c == 'c' else 'ij'} {over} {window}"


def _divisor(spec: AvgPool) -> str:
    """What a mean divides by: the window's cells, or N where not every window holds as many."""
    if spec.ceil_mode or (spec.padding != (0, 0) and not spec.count_include_pad):
        return "N"
    return "f" if spec.kernel_size[0] == spec.kernel_size[1] else "f12"


def _pointwise(spec: AnyLayer, comma: bool) -> str:
    match spec:
        case Gelu():
            return "gelu" if spec.approximate == "none" else "gelu-tanh" + (".comma" if comma else "")
        case Normalise():
            return "normalise" + (".c" if max(len(spec.mean), len(spec.std)) > 1 else "")
        case Softmax():
            return "softmax"
        case _:
            return spec.op.replace("_", "-")

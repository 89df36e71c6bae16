"""Why a number of a layer goes no further, in words with the numbers that decide it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cnnviz.engine.geometry import extent
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import AnyLayer, ConvTranspose
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.planes import MAX_KERNEL

OFFERED = 64
"""Sliders go no further than this, whatever would still fit; larger numbers come from files and the command line."""

AXES = ("rows", "columns")


@dataclass(frozen=True, slots=True)
class Ask:
    """Which number is asked about.

    Attributes
    ----------
    key : str
        Under which the limit is found.
    name : str
        The field.
    axes : tuple of int
        Which of its numbers are moved as one.
    now : int
        The largest of them as it is.
    """

    key: str
    name: str
    axes: tuple[int, ...]
    now: int

    def noun(self, spec: Sized) -> str:
        """What the number is called."""
        if self.name == "kernel_size":
            return "kernel" if isinstance(spec, Conv | ConvTranspose) else "window"
        return self.name.replace("_", " ")


Sized: TypeAlias = Conv | ConvTranspose | MaxPool | AvgPool
"""Layers with numbers that a slider may move."""


def why_not_offered(spec: Sized, in_shape: Shape, ask: Ask) -> tuple[int, str]:
    """The last value that still says something new, and why the next would not."""
    most, why = OFFERED, "larger ones are not offered"
    if ask.name == "kernel_size" and isinstance(spec, Conv | ConvTranspose):
        return MAX_KERNEL, "larger kernels are not offered"
    for useful, reason in _useful(spec, in_shape, ask):
        if useful < most:
            most, why = useful, reason
    return most, why


def _useful(spec: Sized, in_shape: Shape, ask: Ask) -> list[tuple[int, str]]:
    if isinstance(spec, ConvTranspose) or ask.name not in ("stride", "dilation", "padding"):
        return []
    if ask.name == "padding":
        return [(_outside(spec, ask), "a window further out would hold nothing but padding")]
    found = []
    for axis in ask.axes:
        n, padded, kernel = in_shape[axis + 1], _padded(spec, in_shape, axis), spec.kernel_size[axis]
        if ask.name == "stride":
            what = f"{'padded ' if padded > n else ''}{AXES[axis]}"
            found.append((max(1, padded - 1), f"the next window would start outside the {padded} {what}"))
        elif kernel == 1:
            found.append((1, f"a kernel of one {AXES[axis][:-1]} has nothing to spread"))
        else:
            found.append((max(1, n - 1), f"no two weights would meet the {n} {AXES[axis]}"))
    # Both at once go as far as the one that goes further.
    return [max(found)]


def _outside(spec: Conv | MaxPool | AvgPool, ask: Ask) -> int:
    """So much padding lets a window touch one pixel only."""
    apart = spec.dilation if isinstance(spec, Conv) else (1, 1)
    axes = {side // 2 for side in ask.axes} if isinstance(spec, Conv) else set(ask.axes)
    return max(extent(spec.kernel_size[axis], apart[axis]) - 1 for axis in axes)


def why_not(spec: Sized, in_shape: Shape, ask: Ask, value: int, otherwise: str) -> str:
    """Why a layer does not fit its input with that value."""
    if isinstance(spec, ConvTranspose):
        return _why_not_transposed(spec, ask, otherwise)
    axis = ask.axes[0] // 2 if isinstance(spec, Conv) and ask.name == "padding" else None
    apart = spec.dilation if isinstance(spec, Conv) else (1, 1)
    for at in ask.axes if axis is None else (axis,):
        padded, what = _padded(spec, in_shape, at), _what(spec, in_shape, at)
        kernel = value if ask.name == "kernel_size" else spec.kernel_size[at]
        reach = extent(kernel, value if ask.name == "dilation" else apart[at])
        if ask.name == "padding":
            continue
        if reach > padded:
            spread = f"it would reach over {reach}, " if reach != kernel else ""
            return f"{spread}{what} {padded} {AXES[at]}"
    if ask.name == "padding" and not isinstance(spec, Conv):
        return "a window could lie in the padding alone"
    if ask.name == "kernel_size" and not isinstance(spec, Conv) and value <= max(spec.padding):
        return f"a window must be larger than the padding {max(spec.padding)}"
    return otherwise


def _why_not_transposed(spec: ConvTranspose, ask: Ask, otherwise: str) -> str:
    if ask.name == "output_padding":
        return "it must stay smaller than the stride or the dilation"
    if "output padding" in otherwise:
        return f"the output padding {max(spec.output_padding)} must stay smaller"
    if ask.name == "padding":
        return "nothing of the map would be left"
    return "the padding would leave nothing of the map" if "leaves nothing" in otherwise else otherwise


def too_small(spec: AnyLayer, shape: Shape) -> str:
    """That a layer further on does not fit the map it would get."""
    got = f"would get a map of {shape[1]}×{shape[2]}"
    if not isinstance(spec, Sized):
        return f"{got} and could not be computed"
    rows, columns = spec.kernel_size
    return f"{got}, too small for {rows}×{columns}"


def _padded(spec: Sized, in_shape: Shape, axis: int) -> int:
    pads = pads_around(spec, in_shape)
    return in_shape[axis + 1] + pads[2 * axis] + pads[2 * axis + 1]


def _what(spec: Sized, in_shape: Shape, axis: int) -> str:
    return "the input has" if _padded(spec, in_shape, axis) == in_shape[axis + 1] else "the padded input has"

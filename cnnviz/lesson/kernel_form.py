"""What the kernel panel shows: one plane of the weights of any layer that has some, and the bias of its output."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.specs import Linear
from cnnviz.lesson.forms import written
from cnnviz.lesson.kernels import name_of
from cnnviz.lesson.layer_form import Pair
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.limits import limits
from cnnviz.lesson.planes import planes_of

MATRIX_CELLS = 1024
"""A fully connected layer with more weights shows those of one output at a time."""


@dataclass(frozen=True, slots=True)
class KernelForm:
    """One plane of a layer's weights, as texts that the editor shows.

    Attributes
    ----------
    kernels : int
        Kernels, or outputs of a fully connected layer.
    kernel, channel : int
        The one shown; channel −1 stands for all alike.
    cells : rows of texts
        Of a fully connected layer a row for each output, or the shown one's alone.
    bias : str
        Of the shown kernel.
    name : str
        What the weights are called, or "".
    alike : bool
        Whether all channels of this kernel hold the same weights.
    layer : str
        What the layer is called.
    size : Pair or None
        Rows and columns of the kernel with their limits; None for a fully connected layer.
    first : int
        The output of the first row shown.
    """

    kernels: int
    channels: int
    kernel: int
    channel: int
    cells: tuple[tuple[str, ...], ...]
    bias: str
    name: str
    alike: bool
    layer: str = "Convolution"
    size: Pair | None = None
    first: int = 0

    @property
    def matrix(self) -> bool:
        """Whether the weights are those of a fully connected layer."""
        return self.size is None


def weighted(track: Track, layer: int) -> int | None:
    """The layer itself if it has weights, else the nearest one before it that has, else the first after it."""
    have = [number for number, params in enumerate(track.params) if params is not None]
    before = [number for number in have if number <= layer]
    return before[-1] if before else next(iter(have), None)


def kernel_form(
    lesson: Lesson, kernel: int = 0, channel: int = 0, track: int = 0, layer: int = 0, alone: bool = False
) -> KernelForm | None:
    """The form of one kernel of a layer; numbers beyond the last kernel or channel mean the last one.

    None where the layer has no weights.
    """
    chain = lesson.tracks[track]
    spec, params = chain.layers[layer], chain.params[layer]
    if params is None:
        return None
    comma = lesson.conventions.decimal == "comma"
    planes, name = planes_of(spec, params.weight), section_names(chain.layers)[layer]
    matrix = isinstance(spec, Linear)
    kernels, channels = (planes.shape[2], 1) if matrix else planes.shape[:2]
    kernel, channel = min(kernel, kernels - 1), min(channel, channels - 1)
    plane = planes[0, 0] if matrix else planes[kernel, max(channel, 0)]
    first = kernel if matrix and plane.size > MATRIX_CELLS else 0
    shown = plane[first : first + 1] if first or (matrix and plane.size > MATRIX_CELLS) else plane
    return KernelForm(
        kernels,
        channels,
        kernel,
        0 if matrix else channel,
        tuple(tuple(written(v, comma) for v in row) for row in shown.tolist()),
        written(0.0 if params.bias is None else float(params.bias[kernel]), comma),
        "" if matrix else name_of(plane),
        matrix or bool((planes[kernel] == plane).all()),
        name,
        None if matrix else _size(lesson, track, layer, alone),
        first,
    )


def _size(lesson: Lesson, track: int, layer: int, alone: bool) -> Pair:
    found, spec = limits(lesson, track, layer, alone), lesson.tracks[track].layers[layer]
    rows, columns = spec.kernel_size  # type: ignore[union-attr]  # only layers with kernels come here
    each = found["kernel_size.rows"], found["kernel_size.columns"]
    return Pair("kernel_size", rows, columns, found.get("kernel_size"), *each)

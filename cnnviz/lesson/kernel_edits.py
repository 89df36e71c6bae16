"""Edits of a layer's weights: one cell, a plane, kernels as a set, their bias, and putting them back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Pair, Params
from cnnviz.engine.specs import ConvTranspose, Linear
from cnnviz.lesson.edits import first_conv, set_kernels, with_track
from cnnviz.lesson.kernels import named_kernel
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.planes import MAX_KERNEL, checked_planes, fit_following, planes_of, resized, weight_of

Weights = NDArray[np.float64]


def kernel_params(lesson: Lesson, track: int = 0, layer: int | None = None) -> Params:
    """Weights and bias of a layer, the first convolution unless said."""
    chain = lesson.tracks[track]
    number = first_conv(chain) if layer is None else layer
    params = chain.params[number]
    if params is None:
        raise BadInput(f"layer {number} has no weights: choose one that has")
    return params


def kernel_planes(lesson: Lesson, track: int = 0, layer: int | None = None) -> Weights:
    """The weights of a layer as (outputs, channels, rows, columns)."""
    chain = lesson.tracks[track]
    number = first_conv(chain) if layer is None else layer
    return planes_of(chain.layers[number], kernel_params(lesson, track, number).weight)


def add_kernel(lesson: Lesson, kernel: int, track: int = 0, layer: int | None = None) -> Lesson:
    """One kernel (one output) more, at the end: a copy of the given one, with bias 0."""
    params, planes = kernel_params(lesson, track, layer), kernel_planes(lesson, track, layer)
    bias = None if params.bias is None else np.append(params.bias, 0.0)
    axis = _output_axis(lesson, track, layer)
    more = np.concatenate([planes, np.take(planes, [kernel], axis)], axis)
    return _replaced(lesson, more, bias, track, layer)


def remove_kernel(lesson: Lesson, kernel: int, track: int = 0, layer: int | None = None) -> Lesson:
    """One kernel (one output) less; the last one stays."""
    params, planes = kernel_params(lesson, track, layer), kernel_planes(lesson, track, layer)
    axis = _output_axis(lesson, track, layer)
    if planes.shape[axis] == 1:
        raise BadInput("a convolution needs at least one kernel: add another one before removing this")
    bias = None if params.bias is None else np.delete(params.bias, kernel)
    return _replaced(lesson, np.delete(planes, kernel, axis), bias, track, layer)


def take_kernels(
    lesson: Lesson, weight: Weights, bias: Weights | None = None, track: int = 0, layer: int | None = None
) -> Lesson:
    """Kernels from elsewhere, one feature map each, with their own bias or the one there is."""
    if bias is None and _is_conv(lesson, track, layer):
        return set_kernels(lesson, weight, track, layer=layer)
    kept = kernel_params(lesson, track, layer).bias
    same = kept is not None and bias is None and kept.shape[0] == weight.shape[0]
    return _replaced(lesson, weight, kept if same else bias, track, layer)


def paste_kernels(
    lesson: Lesson,
    pasted: Weights,
    kernel: int,
    channel: int | None,
    track: int = 0,
    layer: int | None = None,
) -> Lesson:
    """One matrix in place of a kernel's plane (of all its planes without channel), several in place of all kernels."""
    if pasted.shape[0] == 1:
        return set_plane(lesson, kernel, channel, pasted[0], track, layer)
    return take_kernels(lesson, pasted, track=track, layer=layer)


def use_named(
    lesson: Lesson,
    kernel_id: str,
    kernel: int,
    channel: int | None,
    track: int = 0,
    layer: int | None = None,
) -> Lesson:
    """A kernel of the catalogue in place of a kernel's plane (of all its planes without channel)."""
    return set_plane(lesson, kernel, channel, named_kernel(kernel_id).weights, track, layer)


def set_plane(
    lesson: Lesson,
    kernel: int,
    channel: int | None,
    plane: Weights,
    track: int = 0,
    layer: int | None = None,
) -> Lesson:
    """One kernel as a whole, in one channel or (None) in all; another size resizes its sisters about their middle.

    Of a fully connected layer the plane is its whole matrix.
    """
    planes = kernel_planes(lesson, track, layer)
    if _output_axis(lesson, track, layer) == 2:
        return _replaced(lesson, plane[None, None], kernel_params(lesson, track, layer).bias, track, layer)
    changed = resized(planes, (plane.shape[0], plane.shape[1]))
    changed[kernel, slice(None) if channel is None else channel] = plane
    return _replaced(lesson, changed, kernel_params(lesson, track, layer).bias, track, layer)


def set_size(lesson: Lesson, size: Pair, track: int = 0, layer: int | None = None) -> Lesson:
    """Kernels of another size: weights are kept about the middle, new ones are 0."""
    if not all(1 <= n <= MAX_KERNEL for n in size):
        raise BadInput(f"kernel size {size[0]}×{size[1]}: give 1 to {MAX_KERNEL} rows and columns")
    params, planes = kernel_params(lesson, track, layer), kernel_planes(lesson, track, layer)
    return _replaced(lesson, resized(planes, size), params.bias, track, layer)


def set_weights(
    lesson: Lesson,
    kernel: int,
    channel: int | None,
    row: int,
    column: int,
    value: float,
    track: int = 0,
    layer: int | None = None,
) -> Lesson:
    """One weight of a kernel in one channel, or without channel in all of them; of a matrix by row and column."""
    if not math.isfinite(value):
        raise BadInput(
            f"weight ({row}, {column}): {value} is not a finite number: type a number such as 0.5 or 1/9"
        )
    planes = kernel_planes(lesson, track, layer).copy()
    matrix = _output_axis(lesson, track, layer) == 2
    plane = 0 if matrix else kernel
    if not (0 <= plane < len(planes) and 0 <= row < planes.shape[2] and 0 <= column < planes.shape[3]):
        raise BadInput(f"weight ({row}, {column}) of kernel {kernel} is not there: choose one that is")
    planes[plane, slice(None) if channel is None or matrix else channel, row, column] = value
    return _replaced(lesson, planes, kernel_params(lesson, track, layer).bias, track, layer)


def set_output_bias(
    lesson: Lesson, kernel: int, value: float, track: int = 0, layer: int | None = None
) -> Lesson:
    """The bias of one output of a layer."""
    if not math.isfinite(value):
        raise BadInput(f"bias {value} is not a finite number: type a number")
    params, planes = kernel_params(lesson, track, layer), kernel_planes(lesson, track, layer)
    outputs = planes.shape[_output_axis(lesson, track, layer)]
    if not 0 <= kernel < outputs:
        raise BadInput(f"kernel {kernel} of {outputs}: choose one that is there")
    bias = np.zeros(outputs) if params.bias is None else params.bias.copy()
    bias[kernel] = value
    return _replaced(lesson, planes, bias, track, layer)


def reset_kernels(lesson: Lesson, origin: Lesson, track: int = 0, layer: int | None = None) -> Lesson:
    """Kernels and bias as they are in another lesson, whose kernels are spread over the channels when need be."""
    if track >= len(origin.tracks) or (layer or 0) >= len(origin.tracks[track].layers):
        raise BadInput("the lesson began without this layer: there is nothing to put back")
    params, planes = kernel_params(origin, track, layer), kernel_planes(origin, track, layer)
    if planes.shape[1] != kernel_planes(lesson, track, layer).shape[1]:
        planes = planes[:, :1]
    return _replaced(lesson, planes, params.bias, track, layer)


def _is_conv(lesson: Lesson, track: int, layer: int | None) -> bool:
    return layer is None or isinstance(lesson.tracks[track].layers[layer], Conv)


def _output_axis(lesson: Lesson, track: int, layer: int | None) -> int:
    """Along which axis of its planes the outputs of a layer lie."""
    matrix = layer is not None and isinstance(lesson.tracks[track].layers[layer], Linear)
    return 2 if matrix else 0


def _replaced(lesson: Lesson, planes: Weights, bias: Weights | None, track: int, layer: int | None) -> Lesson:
    """Other planes and biases of a layer; its fields follow their shape."""
    old = lesson.tracks[track]
    number = first_conv(old) if layer is None else layer
    spec = old.layers[number]
    if not isinstance(spec, Conv | ConvTranspose | Linear):
        raise BadInput(f"layer {number} ({spec.op}) has no weights: choose one that has")
    changed: Conv | ConvTranspose | Linear
    if isinstance(spec, Linear):
        changed = replace(spec, out_features=planes.shape[2])
    else:
        planes = checked_planes(planes, old.shapes()[number][0] // spec.groups)
        changed = replace(spec, out_channels=planes.shape[0], kernel_size=(planes.shape[2], planes.shape[3]))
    params = Params(weight_of(changed, planes), bias)
    made = replace(
        old,
        layers=(*old.layers[:number], changed, *old.layers[number + 1 :]),
        params=(*old.params[:number], params, *old.params[number + 1 :]),
    )
    return with_track(lesson, track, fit_following(old, made, number))

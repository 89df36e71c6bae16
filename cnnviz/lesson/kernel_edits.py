"""Edits of the kernels as a set: add, remove, take over, set in all channels, put back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Params
from cnnviz.lesson.edits import first_conv, set_bias, set_kernels, set_plane, set_weight
from cnnviz.lesson.kernels import named_kernel
from cnnviz.lesson.lesson import Lesson


def kernel_params(lesson: Lesson, track: int = 0) -> Params:
    """Weights and bias of the first convolution."""
    chain = lesson.tracks[track]
    params = chain.params[first_conv(chain)]
    assert params is not None
    return params


def add_kernel(lesson: Lesson, kernel: int, track: int = 0) -> Lesson:
    """One kernel more, at the end: a copy of the given one, with bias 0."""
    params = kernel_params(lesson, track)
    weight = np.concatenate([params.weight, params.weight[kernel : kernel + 1]])
    bias = None if params.bias is None else np.append(params.bias, 0.0)
    return _replaced(lesson, weight, bias, track)


def remove_kernel(lesson: Lesson, kernel: int, track: int = 0) -> Lesson:
    """One kernel less; the last one stays."""
    params = kernel_params(lesson, track)
    if params.weight.shape[0] == 1:
        raise BadInput("a convolution needs at least one kernel: add another one before removing this")
    bias = None if params.bias is None else np.delete(params.bias, kernel)
    return _replaced(lesson, np.delete(params.weight, kernel, axis=0), bias, track)


def take_kernels(
    lesson: Lesson, weight: NDArray[np.float64], bias: NDArray[np.float64] | None = None, track: int = 0
) -> Lesson:
    """Kernels from elsewhere, one feature map each, with their own bias or the one there is."""
    return set_kernels(lesson, weight, track) if bias is None else _replaced(lesson, weight, bias, track)


def paste_kernels(
    lesson: Lesson, pasted: NDArray[np.float64], kernel: int, channel: int | None, track: int = 0
) -> Lesson:
    """One matrix in place of a kernel's plane (of all its planes without channel), several in place of all kernels."""
    if pasted.shape[0] == 1:
        return set_plane(lesson, kernel, channel, pasted[0], track)
    return set_kernels(lesson, pasted, track)


def use_named(lesson: Lesson, kernel_id: str, kernel: int, channel: int | None, track: int = 0) -> Lesson:
    """A kernel of the catalogue in place of a kernel's plane (of all its planes without channel)."""
    return set_plane(lesson, kernel, channel, named_kernel(kernel_id).weights, track)


def set_weights(
    lesson: Lesson, kernel: int, channel: int | None, row: int, column: int, value: float, track: int = 0
) -> Lesson:
    """One weight of a kernel in one channel, or without channel in all of them."""
    channels = kernel_params(lesson, track).weight.shape[1]
    for c in range(channels) if channel is None else (channel,):
        lesson = set_weight(lesson, (kernel, c, row, column), value, track)
    return lesson


def reset_kernels(lesson: Lesson, origin: Lesson, track: int = 0) -> Lesson:
    """Kernels and bias as they are in another lesson, whose kernels are spread over the channels when need be."""
    params = kernel_params(origin, track)
    weight = params.weight
    if weight.shape[1] != kernel_params(lesson, track).weight.shape[1]:
        weight = weight[:, :1]
    return _replaced(lesson, weight, params.bias, track)


def _replaced(
    lesson: Lesson, weight: NDArray[np.float64], bias: NDArray[np.float64] | None, track: int
) -> Lesson:
    lesson = set_kernels(lesson, weight, track, keep_bias=False)
    for kernel, value in enumerate(() if bias is None else bias.tolist()):
        lesson = set_bias(lesson, kernel, value, track)
    return lesson

"""Weights as planes, one for each output and channel, whatever layer they belong to, and how they are made to fit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import weight_shape
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Pair, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, Linear
from cnnviz.lesson.lesson import Track

Weights = NDArray[np.float64]

MAX_KERNEL = 31
"""So many rows and columns a kernel may have."""

MAX_KERNELS = 1024
"""So many kernels, and so many channels each, one layer may have."""


def planes_of(spec: AnyLayer, weight: Weights) -> Weights:
    """The weights as (outputs, channels, rows, columns); those of a fully connected layer are one plane.

    A kernel of a true convolution is as it was typed, not turned.
    """
    if isinstance(spec, Linear):
        return weight[None, None]
    if isinstance(spec, ConvTranspose):
        channels, outputs, *size = weight.shape
        grouped = weight.reshape(spec.groups, channels // spec.groups, outputs, *size)
        shown: Weights = grouped.swapaxes(1, 2).reshape(spec.groups * outputs, channels // spec.groups, *size)
        return shown
    return weight


def weight_of(spec: AnyLayer, planes: Weights) -> Weights:
    """The weights that `planes_of` shows so."""
    if isinstance(spec, Linear):
        matrix: Weights = planes[0, 0]
        return matrix
    if isinstance(spec, ConvTranspose):
        outputs, channels, *size = planes.shape
        grouped = planes.reshape(spec.groups, outputs // spec.groups, channels, *size)
        weight: Weights = grouped.swapaxes(1, 2).reshape(
            spec.groups * channels, outputs // spec.groups, *size
        )
        return weight
    return planes


def checked_planes(planes: Weights, channels: int) -> Weights:
    """Kernels (outputs, channels, rows, columns) of a legal size, for so many channels: one or none given serve all."""
    if planes.ndim not in (3, 4):
        raise BadInput(
            f"kernels of shape {planes.shape}: give (kernels, rows, columns) or with channels in between"
        )
    planes = planes[:, None] if planes.ndim == 3 else planes
    if max(planes.shape[2:]) > MAX_KERNEL or planes.shape[0] > MAX_KERNELS or 0 in planes.shape:
        raise BadInput(
            f"{planes.shape[0]} kernels of {planes.shape[2]}×{planes.shape[3]}: give 1 to {MAX_KERNELS} kernels "
            f"of 1×1 to {MAX_KERNEL}×{MAX_KERNEL}"
        )
    if not np.isfinite(planes).all():
        raise BadInput("a kernel holds a value that is not a finite number: give numbers only")
    if planes.shape[1] not in (1, channels):
        raise BadInput(
            f"kernels with {planes.shape[1]} channels on an input with {channels}: give 1 or {channels}"
        )
    return np.broadcast_to(planes, (planes.shape[0], channels, *planes.shape[2:]))


def refitted(old: AnyLayer, new: AnyLayer, params: Params | None) -> Params | None:
    """The parameters for a layer whose kernel size or groups changed.

    A kernel keeps its weights about its middle. More groups keep the weights within each group; fewer groups put
    zeros between channels that did not meet, so that the map stays as it was.
    """
    if (
        params is None
        or not isinstance(old, Conv | ConvTranspose)
        or not isinstance(new, Conv | ConvTranspose)
    ):
        return params
    planes = planes_of(old, params.weight)
    if new.groups != old.groups:
        planes = _grouped(planes, old.groups, new.groups)
    if new.kernel_size != old.kernel_size:
        planes = resized(planes, new.kernel_size)
    return Params(weight_of(new, planes), params.bias)


def resized(weight: Weights, size: Pair) -> Weights:
    """Weights of another size, kept about their middle, with zeros around."""
    out = np.zeros((*weight.shape[:2], *size))
    taken, put = zip(*(_overlap(n, m) for n, m in zip(weight.shape[2:], size, strict=True)), strict=True)
    out[(slice(None), slice(None), *put)] = weight[(slice(None), slice(None), *taken)]
    return out


def fit_following(old: Track, changed: Track, number: int) -> Track:
    """Give the next layer with weights as many channels as now come out of this one: its own repeated or cut."""
    shapes = changed.shapes()
    for later in range(number + 1, len(changed.layers)):
        spec, params = changed.layers[later], changed.params[later]
        if params is None:
            continue
        if params.weight.shape == weight_shape(spec, shapes[later]):
            return changed
        weight = _spread(spec, params.weight, shapes[later][0], _pixels(old, changed, later))
        fitted = (*changed.params[:later], Params(weight, params.bias), *changed.params[later + 1 :])
        return replace(changed, params=fitted)
    return changed


def _spread(spec: AnyLayer, weight: Weights, channels: int, pixels: int) -> Weights:
    if isinstance(spec, Conv):
        return np.asarray(weight[:, np.arange(channels // spec.groups) % weight.shape[1]])
    if isinstance(spec, ConvTranspose):
        return np.asarray(weight[np.arange(channels) % weight.shape[0]])
    if isinstance(spec, Linear) and pixels:
        maps = weight.reshape(weight.shape[0], -1, pixels)
        chosen = maps[:, np.arange(channels // pixels) % maps.shape[1]]
        return np.asarray(chosen.reshape(weight.shape[0], channels))
    return weight


def _pixels(old: Track, changed: Track, later: int) -> int:
    """How many numbers each channel gives a fully connected layer; 0 where that is another number than before."""
    for number in range(later - 1, -1, -1):
        if isinstance(changed.layers[number], Flatten):
            sizes = {math.prod(track.shapes()[number][1:]) for track in (old, changed)}
            return sizes.pop() if len(sizes) == 1 else 0
    return 1


def _grouped(planes: Weights, old: int, new: int) -> Weights:
    """Planes of so many groups as planes of another number of groups."""
    outputs, each = planes.shape[:2]
    full = np.zeros((outputs, each * old, *planes.shape[2:]))
    for output in range(outputs):
        start = output // (outputs // old) * each
        full[output, start : start + each] = planes[output]
    width = each * old // new
    starts = [output // (outputs // new) * width for output in range(outputs)]
    return np.stack([full[output, start : start + width] for output, start in enumerate(starts)])


def _overlap(old: int, new: int) -> tuple[slice, slice]:
    """Which part of `old` places goes to which part of `new` places when their middles meet."""
    shift = (new - old) // 2 if new >= old else -((old - new) // 2)
    start = max(0, -shift)
    stop = min(old, new - shift)
    return slice(start, stop), slice(start + shift, stop + shift)

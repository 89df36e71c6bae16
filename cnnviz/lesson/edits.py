"""Named pure edits: each takes a Lesson and gives a new, checked one; the old one stays as it was.

Where a lesson has several tracks, an edit of the network (kernels, geometry, activation, pooling) takes the track to
change; layers are found by what they are (the first convolution and what follows it), so that the forms of the window
and the options of the command line say the same thing.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.branches import shape_after
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingArg, PaddingMode
from cnnviz.engine.layers import Conv, Pair, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose
from cnnviz.lesson.lesson import Conventions, Lesson, Pace, Track, View, check
from cnnviz.lesson.planes import MAX_KERNEL, checked_planes, fit_following, refitted
from cnnviz.lesson.sharing import follow_source, shared_change
from cnnviz.lesson.source import Source, Transform, override, transformed


def with_track(lesson: Lesson, track: int, changed: Track) -> Lesson:
    """The lesson with another track at that place, checked; what other tracks shared with it changes in them too."""
    changed = _typed_first(lesson.tracks[track], changed)
    return check(replace(lesson, tracks=shared_change(lesson.tracks, track, changed)))


def _typed_first(old: Track, new: Track) -> Track:
    """Weights that are given start a descent: their layer is drawn from random no more."""
    if new.recipe is None or not new.recipe.random or len(new.params) != len(old.params):
        return new
    given = {n for n, both in enumerate(zip(old.params, new.params, strict=True)) if _other_values(*both)}
    return replace(
        new, recipe=replace(new.recipe, random=tuple(n for n in new.recipe.random if n not in given))
    )


def _other_values(old: Params | None, new: Params | None) -> bool:
    return old is not None and new is not None and old.weight.shape == new.weight.shape and old != new


def first_conv(track: Track) -> int:
    """The number of the first convolution of a track."""
    for number, spec in enumerate(track.layers):
        if isinstance(spec, Conv):
            return number
    raise BadInput("the lesson has no convolution: choose one that has")


def set_title(lesson: Lesson, title: str) -> Lesson:
    """Another title."""
    return replace(lesson, title=title)


def set_pace(lesson: Lesson, pace: Pace | None) -> Lesson:
    """Another pace; None for the default."""
    return check(replace(lesson, pace=pace))


def set_conventions(lesson: Lesson, conventions: Conventions) -> Lesson:
    """How letters, indices and decimals are written."""
    return replace(lesson, conventions=conventions)


def set_view(lesson: Lesson, view: View) -> Lesson:
    """What is shown beside the maps."""
    return replace(lesson, view=view)


def set_source(lesson: Lesson, source: Source, track: int = 0) -> Lesson:
    """Another input, also in tracks that shared it; kernels are spread over its channels where their number changes."""
    old = lesson.tracks[track].source
    sources = (
        source if number == track else follow_source(other.source, old, source)
        for number, other in enumerate(lesson.tracks)
    )
    tracks = tuple(_with_source(t, s) for t, s in zip(lesson.tracks, sources, strict=True))
    return check(replace(lesson, tracks=tracks))


def _with_source(track: Track, source: Source) -> Track:
    params = list(track.params)
    number = next((n for n, spec in enumerate(track.layers) if isinstance(spec, Conv)), None)
    # Layers before the first convolution keep the channels apart, so that it meets those of the input.
    if number is not None and (old := params[number]) is not None:
        spec = track.layers[number]
        assert isinstance(spec, Conv)
        channels = source.shape[0] // spec.groups
        if old.weight.shape[1] != channels and channels:
            params[number] = Params(_fit_channels(old.weight, channels), old.bias)
    return replace(track, source=source, params=tuple(params))


def set_transforms(lesson: Lesson, transforms: tuple[Transform, ...], track: int = 0) -> Lesson:
    """Grey or colour and a working size, from the original picture that is kept."""
    return set_source(lesson, transformed(lesson.tracks[track].source, transforms), track)


def set_cells(lesson: Lesson, cells: dict[tuple[int, int, int], float], track: int = 0) -> Lesson:
    """Values typed or painted into cells (channel, row, column) of the input."""
    old = lesson.tracks[track]
    return with_track(lesson, track, replace(old, source=override(old.source, cells)))


def set_kernels(
    lesson: Lesson,
    kernels: NDArray[np.float64],
    track: int = 0,
    keep_bias: bool = True,
    layer: int | None = None,
) -> Lesson:
    """Other kernels in a convolution, the first unless said, one feature map each.

    Parameters
    ----------
    kernels : ndarray, (N, rows, columns) or (N, channels, rows, columns)
        Without channels each kernel serves every channel of the input alike. One channel given serves all as well.

    Raises
    ------
    BadInput
        If the channels do not fit, a kernel is over 31×31, there are over 1024 or a value is not finite.
    """
    old = lesson.tracks[track]
    number = first_conv(old) if layer is None else layer
    spec = old.layers[number]
    assert isinstance(spec, Conv)
    weight = checked_planes(kernels, old.shapes()[number][0] // spec.groups)
    given = old.params[number]
    bias = given.bias if given is not None and keep_bias else None
    if bias is not None and bias.shape[0] != weight.shape[0]:
        bias = np.resize(bias, weight.shape[0]) if np.ptp(bias) == 0 else np.zeros(weight.shape[0])
    changed = replace(spec, out_channels=weight.shape[0], kernel_size=(weight.shape[2], weight.shape[3]))
    track_changed = _replace_layer(old, number, changed, Params(weight, bias))
    return with_track(lesson, track, fit_following(old, track_changed, number))


def set_weight(
    lesson: Lesson, cell: tuple[int, ...], value: float, track: int = 0, layer: int | None = None
) -> Lesson:
    """One weight, by its index in the layer's weights, of a layer, the first convolution unless said."""
    old = lesson.tracks[track]
    number = first_conv(old) if layer is None else layer
    params = old.params[number]
    if params is None:
        raise BadInput(f"layer {number} has no weights: choose one that has")
    if len(cell) != params.weight.ndim or not all(
        0 <= i < n for i, n in zip(cell, params.weight.shape, strict=True)
    ):
        raise BadInput(f"weight {cell} lies outside the weights {params.weight.shape}: choose one inside")
    if not math.isfinite(value):
        raise BadInput(f"weight {cell}: {value} is not a finite number: type a number such as 0.5 or 1/9")
    weight = params.weight.copy()
    weight[cell] = value
    return with_track(
        lesson, track, _replace_layer(old, number, old.layers[number], Params(weight, params.bias))
    )


def set_bias(lesson: Lesson, kernel: int, value: float, track: int = 0, layer: int | None = None) -> Lesson:
    """The bias of one output of a layer, the first convolution unless said."""
    if not math.isfinite(value):
        raise BadInput(f"bias {value} is not a finite number: type a number")
    old = lesson.tracks[track]
    number = first_conv(old) if layer is None else layer
    params = old.params[number]
    assert params is not None
    outputs = old.shapes()[number + 1][0]
    bias = np.zeros(outputs) if params.bias is None else params.bias.copy()
    if not 0 <= kernel < bias.size:
        raise BadInput(f"kernel {kernel} of {bias.size}: choose one that is there")
    bias[kernel] = value
    changed = Params(params.weight, bias)
    return with_track(lesson, track, _replace_layer(old, number, old.layers[number], changed))


def set_geometry(
    lesson: Lesson,
    *,
    padding: PaddingArg | None = None,
    padding_mode: PaddingMode | None = None,
    stride: Pair | None = None,
    dilation: Pair | None = None,
    track: int = 0,
    layer: int | None = None,
) -> Lesson:
    """Padding, its fill, stride and dilation of a convolution, the first unless said; None leaves one as it is."""
    old = lesson.tracks[track]
    number = first_conv(old) if layer is None else layer
    spec = old.layers[number]
    assert isinstance(spec, Conv)
    changed = replace(
        spec,
        padding=spec.padding if padding is None else padding,
        padding_mode=padding_mode or spec.padding_mode,
        stride=stride or spec.stride,
        dilation=dilation or spec.dilation,
    )
    return with_track(lesson, track, _replace_layer(old, number, changed, old.params[number]))


def set_layer(lesson: Lesson, number: int, spec: AnyLayer, track: int = 0) -> Lesson:
    """Another layer in the place of one; its weights are made to fit another kernel size or other groups."""
    old = lesson.tracks[track]
    if isinstance(spec, Conv | ConvTranspose) and max(spec.kernel_size) > MAX_KERNEL:
        raise BadInput(f"kernel size {spec.kernel_size}: give 1 to {MAX_KERNEL} rows and columns")
    shape_after(spec, old.shapes()[: number + 1])  # before weights are made for it
    params = refitted(old.layers[number], spec, old.params[number])
    return with_track(lesson, track, _replace_layer(old, number, spec, params))


def _replace_layer(track: Track, number: int, spec: AnyLayer, params: Params | None) -> Track:
    return replace(
        track,
        layers=(*track.layers[:number], spec, *track.layers[number + 1 :]),
        params=(*track.params[:number], params, *track.params[number + 1 :]),
    )


def _fit_channels(weight: NDArray[np.float64], channels: int) -> NDArray[np.float64]:
    """Kernels for another number of channels: alike ones spread, else the first is taken for all."""
    return np.repeat(weight[:, :1], channels, axis=1)

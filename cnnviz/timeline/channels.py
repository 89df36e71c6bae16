"""What each channel of a convolution's input gives by itself, before the sum over channels and the bias."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer, used_weight
from cnnviz.engine.layers import NO_PADS, Conv, Params
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.cache import ByteCache
from cnnviz.timeline.frame import Step, Tensor

Floats = NDArray[np.floating]

_CACHE = ByteCache(256 * 2**20)


def opened(track: Track, layer: int) -> bool:
    """Whether a layer's sum can be opened by channels: a convolution over more than one."""
    spec, params = track.layers[layer], track.params[layer]
    return isinstance(spec, Conv) and params is not None and params.weight.shape[1] > 1


def channel_maps(track: Track, layer: int, kernel: int, x: Floats) -> Floats:
    """The response of one kernel to each input channel that it reads, (channels, rows, columns), without the bias.

    ``out[c] = W[kernel, c] ⋆ x[c]``; with the bias they add up to the kernel's feature map.
    """
    spec, params = track.layers[layer], track.params[layer]
    assert isinstance(spec, Conv)
    assert params is not None
    before = b"".join(p.digest if p else b"-" for p in track.params[: layer + 1])
    key = (track.source.digest, before, repr((layer, track.layers[: layer + 1], x.shape)), kernel)
    return _CACHE.get(key, lambda: _channel_maps(spec, params, kernel, x))


def _channel_maps(spec: Conv, params: Params, kernel: int, x: Floats) -> Floats:
    each = params.weight.shape[1]
    first = kernel // (spec.out_channels // spec.groups) * each
    # One kernel with its channels kept apart is a depthwise convolution.
    apart = Conv(each, spec.kernel_size, spec.stride, spec.padding, spec.dilation, each, spec.padding_mode)
    weights = np.ascontiguousarray(used_weight(spec, params.weight)[kernel][:, None])
    return apply_layer(apart, Params(weights), x[first : first + each])


def channel_tensor(track: Track, map_: Tensor, kernel: int, x: Floats, step: Step) -> Tensor:
    """The maps of one kernel's channels as a tensor, written as far as the kernel's feature map is."""
    maps = channel_maps(track, map_.layer, kernel, x)
    plane = maps.shape[1] * maps.shape[2]
    at = step.section.layer
    if at == map_.layer:
        written = min(max(step.written - kernel * plane, 0), plane)
    else:
        written = plane if map_.layer < at else 0
    return Tensor(
        f"{map_.name}.channels", "partial", map_.layer, maps, written, map_.span, map_.group, NO_PADS, maps,
        signed=map_.signed,
    )  # fmt: skip

"""In which colours each array of a track is drawn, and over which range: the same in all steps of a lesson."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.engine.apply import needs_params
from cnnviz.engine.branches import other_of
from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import Add, AnyLayer, Back, BatchNorm, Normalise, Sigmoid, Softmax, Tanh
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.tensors import TrackTensors


class Range(NamedTuple):
    """The colours of a tensor: their range, fixed over the lesson, the group that may share it, and their kind."""

    span: tuple[float, float]
    group: int
    signed: bool


def ranges_of(track: Track, tensors: TrackTensors) -> list[Range]:
    """The range of the input and of each layer's output."""
    low, high = tensors.extremes[0]
    if track.source.picture:
        ranges = [Range((0.0, track.source.white), 0, False)]
    elif low < 0:
        ranges = [Range(_symmetric(low, high), 0, True)]
    else:
        ranges = [Range(_grey_span(low, high), 0, False)]
    for spec, params, (low, high) in zip(track.layers, track.params, tensors.extremes[1:], strict=True):
        last = ranges[-1]
        if not last.signed and track.recipe is None and _keeps_brightness(spec, params):
            span = (min(low, last.span[0]), max(high, last.span[1]))
            ranges.append(Range(span, last.group + 1, False))
            continue
        anew = needs_params(spec) or isinstance(spec, _OTHER_RANGE)
        if not anew and not last.signed:
            ranges.append(last)  # what is only pooled or put in line stays in the colours of the input
        else:
            full = (-1.0, 1.0) if isinstance(spec, _OF_ONE) else _symmetric(low, high)
            ranges.append(Range(full, last.group + anew, True))
        if isinstance(spec, Back):
            ranges[-1] = ranges[spec.start]
    return _summands_alike(track, ranges)


def _summands_alike(track: Track, ranges: list[Range]) -> list[Range]:
    """In a lesson on one addition its summands and their sum share a range: x + f = y can be seen."""
    joints = [(n, other) for n, spec in enumerate(track.layers)
              if isinstance(spec, Add) and (other := other_of(spec)) is not None]  # fmt: skip
    if len(joints) != 1:
        return ranges
    at, other = joints[0]
    same = {n for n, r in enumerate(ranges) if r is ranges[other]} | {at, at + 1}
    reach = max(abs(v) for n in same for v in ranges[n].span)
    return [
        Range((-reach, reach), ranges[other].group, True) if n in same else r for n, r in enumerate(ranges)
    ]


_OTHER_RANGE = (Softmax, Sigmoid, Tanh, Normalise, BatchNorm, Add)
"""Layers without weights whose values have little to do with the size of their input."""


_OF_ONE = (Softmax, Sigmoid, Tanh)
"""Layers whose values reach from −1 or 0 to 1 whatever goes in."""


def _keeps_brightness(spec: AnyLayer, params: Params | None) -> bool:
    """Whether flat ground comes out as bright as it went in: kernels that sum to 1 make pictures of pictures."""
    if not isinstance(spec, Conv) or params is None or (params.bias is not None and params.bias.any()):
        return False
    return bool(np.allclose(params.weight.sum(axis=(1, 2, 3)), 1.0, rtol=0, atol=1e-9))


def _symmetric(low: float, high: float) -> tuple[float, float]:
    reach = max(abs(low), abs(high)) or 1.0
    return (-reach, reach)


def _grey_span(low: float, high: float) -> tuple[float, float]:
    """Black to white for an input that is no picture; a flat one above 0 is white."""
    return (min(low, 0.0), high if high > min(low, 0.0) else low + 1.0)

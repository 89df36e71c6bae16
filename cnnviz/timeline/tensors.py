"""The arrays of a track, computed once: its input, each layer's output, and each layer's padded input."""

from __future__ import annotations

import hashlib
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.blocks import empty
from cnnviz.engine.branches import other_of
from cnnviz.engine.geometry import Pads
from cnnviz.engine.padding import copy_padded
from cnnviz.engine.specs import Back
from cnnviz.engine.windows import fill_of, mode_of, pads_around
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from cnnviz.timeline.cache import ByteCache

_CACHE = ByteCache()


def padded(x: NDArray[np.floating], pads: Pads, mode: str, fill: float) -> NDArray[np.floating]:
    """The array with its padding around it, read-only; the array itself where there is none."""
    if not any(pads):
        return x
    channels, rows, columns = x.shape
    out = empty((channels, pads.top + rows + pads.bottom, pads.left + columns + pads.right), x.dtype)
    copy_padded(x, out, 0, pads, mode, fill)
    out.setflags(write=False)
    return out


class TrackTensors:
    """The arrays of one track, each computed when first asked for and found again where it is in use."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._padded: dict[int, NDArray[np.floating]] = {}

    @cached_property
    def arrays(self) -> tuple[NDArray[np.floating], ...]:
        """The input and every layer's output, (C, H, W) each, read-only."""
        track = self._track
        x = _CACHE.get(self._keys[0], lambda: materialise(track.source))
        arrays = [x]
        for spec, params, key in zip(track.layers, track.params, self._keys[1:], strict=True):
            other = other_of(spec)
            second = None if other is None else arrays[other]
            x = _CACHE.get(key, partial(apply_layer, spec, params, x, second))
            arrays.append(x)
        return tuple(arrays)

    def padded_input(self, layer: int) -> NDArray[np.floating]:
        """The input of a layer with the padding that the layer adds."""
        if layer not in self._padded:
            spec, x = self._track.layers[layer], self.arrays[layer]
            how = (pads_around(spec, x.shape), mode_of(spec), fill_of(spec))
            self._padded[layer] = _CACHE.get((self._keys[layer], *how), lambda: padded(x, *how))
        return self._padded[layer]

    @cached_property
    def extremes(self) -> tuple[tuple[float, float], ...]:
        """The smallest and the largest value of each array."""
        pairs = [
            _CACHE.get((key, "extremes"), partial(_extremes, x))
            for key, x in zip(self._keys, self.arrays, strict=True)
        ]
        return tuple((float(low), float(high)) for low, high in pairs)

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        """A fingerprint of each array: of the source and all the layers before it."""
        keys = [self._track.source.digest]
        for spec, params in zip(self._track.layers, self._track.params, strict=True):
            other = other_of(spec)
            if isinstance(spec, Back):
                keys.append(keys[spec.start])  # the same array once more
                continue
            parts = keys[-1] + repr(spec).encode() + (params.digest if params else b"")
            parts += b"" if other is None else keys[other]
            keys.append(hashlib.blake2b(parts, digest_size=16).digest())
        return tuple(keys)


def _extremes(x: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.array([x.min(), x.max()])

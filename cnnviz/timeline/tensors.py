"""The arrays of a track, computed once: its input, each layer's output, and each layer's padded input."""

from __future__ import annotations

import hashlib
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.geometry import Pads
from cnnviz.engine.windows import fill_of, mode_of, pads_around, source_indices
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from cnnviz.timeline.cache import ByteCache

_CACHE = ByteCache()


def padded(x: NDArray[np.floating], pads: Pads, mode: str, fill: float) -> NDArray[np.floating]:
    """The array with its padding around it, read-only; the array itself where there is none."""
    if not any(pads):
        return x
    rows = source_indices(x.shape[1], pads.top, pads.bottom, mode)
    columns = source_indices(x.shape[2], pads.left, pads.right, mode)
    out = x[:, rows][:, :, columns]
    out[:, rows < 0] = fill
    out[:, :, columns < 0] = fill
    out.setflags(write=False)
    return out


class TrackTensors:
    """The arrays of one track, each computed when first asked for."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._padded: dict[int, NDArray[np.floating]] = {}

    @cached_property
    def arrays(self) -> tuple[NDArray[np.floating], ...]:
        """The input and every layer's output, (C, H, W) each, read-only."""
        track = self._track
        key = track.source.digest
        x = _CACHE.get(key, lambda: materialise(track.source))
        arrays = [x]
        for spec, params in zip(track.layers, track.params, strict=True):
            parts = key + repr(spec).encode() + (params.digest if params else b"")
            key = hashlib.blake2b(parts, digest_size=16).digest()
            x = _CACHE.get(key, lambda spec=spec, params=params, x=x: apply_layer(spec, params, x))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
            arrays.append(x)
        return tuple(arrays)

    def padded_input(self, layer: int) -> NDArray[np.floating]:
        """The input of a layer with the padding that the layer adds."""
        if layer not in self._padded:
            spec, x = self._track.layers[layer], self.arrays[layer]
            self._padded[layer] = padded(x, pads_around(spec, x.shape), mode_of(spec), fill_of(spec))
        return self._padded[layer]

    @cached_property
    def extremes(self) -> tuple[tuple[float, float], ...]:
        """The smallest and the largest value of each array."""
        return tuple((float(a.min()), float(a.max())) for a in self.arrays)

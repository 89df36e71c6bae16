"""Runs a chain of layers on one sample, branches and all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.branches import other_of
from cnnviz.engine.layers import Params
from cnnviz.engine.specs import AnyLayer

Floats = NDArray[np.float64]


def no_breath() -> None:
    """Go on at once: for whoever is waited for."""


def run_chain(
    layers: Sequence[AnyLayer],
    params: Sequence[Params | None],
    x: NDArray[np.floating],
    breathe: Callable[[], None] = no_breath,
) -> tuple[Floats, ...]:
    """The input and each layer's output in float64; before each layer one may ``breathe``.

    Examples
    --------
    >>> from cnnviz.engine.layers import Relu
    >>> from cnnviz.engine.specs import Add
    >>> run_chain((Relu(), Add(0)), (None, None), np.array([[[-1.0, 2.0]]]))[-1].tolist()
    [[[-1.0, 4.0]]]
    """
    return run_on(layers, params, (np.asarray(x, dtype=np.float64),), breathe)


def run_on(
    layers: Sequence[AnyLayer],
    params: Sequence[Params | None],
    arrays: Sequence[Floats],
    breathe: Callable[[], None] = no_breath,
) -> tuple[Floats, ...]:
    """The same from arrays that are computed already: the input and the outputs of the first layers."""
    out = list(arrays)
    for number in range(len(out) - 1, len(layers)):
        breathe()
        spec = layers[number]
        other = other_of(spec)
        second = None if other is None else out[other]
        out.append(np.asarray(apply_layer(spec, params[number], out[-1], second), dtype=np.float64))
    return tuple(out)

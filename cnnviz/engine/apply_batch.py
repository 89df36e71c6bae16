"""What a layer computes from several samples at once: the numbers of one after the other, in far fewer calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import activate, apply_layer, used_weight
from cnnviz.engine.conv import conv2d
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.normalise import normalise
from cnnviz.engine.pool import max_pool2d
from cnnviz.engine.specs import AnyLayer, Normalise

Floats = NDArray[np.floating]


def apply_batch(spec: AnyLayer, params: Params | None, x: Floats, other: Floats | None = None) -> Floats:
    """Compute one layer on each of several samples; no sample has a part in the answer to another.

    Parameters
    ----------
    spec : AnyLayer
    params : Params or None
        As in `apply_layer`.
    x : ndarray, (N, C, H, W)
    other : ndarray, (N, C', H', W'), optional
        As in `apply_layer`, of each sample.

    Returns
    -------
    ndarray, (N, C', H', W')
        What `apply_layer` gives for each. A sum of a convolution may be added up in another order: its last digit
        may differ.
    """
    match spec:
        case Conv() if params is not None:
            weight = used_weight(spec, params.weight).astype(x.dtype)
            bias = None if params.bias is None else params.bias.astype(x.dtype)
            return np.asarray(
                conv2d(
                    x, weight, bias, spec.stride, spec.padding, spec.dilation, spec.groups, spec.padding_mode
                )
            )
        case MaxPool():
            return np.asarray(
                max_pool2d(x, spec.kernel_size, spec.stride, spec.padding, ceil_mode=spec.ceil_mode)[0]
            )
        case Normalise():
            return np.asarray(normalise(x, spec.mean, spec.std))
        case Relu():
            return activate(spec, x)
    seconds = [None] * len(x) if other is None else other
    return np.stack([apply_layer(spec, params, one, second) for one, second in zip(x, seconds, strict=True)])

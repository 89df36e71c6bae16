"""First weights of a network, drawn so that signals neither fade nor grow from layer to layer."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz.engine.activations import finite
from cnnviz.engine.checks import Array, room
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import shape_of, whole
from cnnviz.engine.layers import Shape
from cnnviz.engine.network import parameter_shapes
from cnnviz.engine.specs import Layers

InitKind = Literal["kaiming-normal", "kaiming-uniform", "xavier-normal", "xavier-uniform", "zeros"]
INIT_KINDS: tuple[InitKind, ...] = get_args(InitKind)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many numbers feed one output of weights (out, in, ...), and how many outputs one number feeds.

    Examples
    --------
    >>> fans((16, 8, 3, 3)), fans((10, 128))
    ((72, 144), (128, 10))
    """
    if len(shape_of(shape, "fans: shape", least=1)) < 2:
        raise BadInput(f"fans: weights of shape {shape} have no inputs and outputs: give at least two axes")
    area = math.prod(shape[2:])
    return shape[1] * area, shape[0] * area


def draw(
    shape: tuple[int, ...], kind: InitKind, rng: np.random.Generator, gain: float | None = None
) -> npt.NDArray[np.float64]:
    """Draw weights.

    With n the numbers that feed an output and m the outputs that one number feeds, the standard deviation is
    gain / sqrt(n) for "kaiming" and gain * sqrt(2 / (n + m)) for "xavier"; uniform draws lie within sqrt(3)
    times that.

    Parameters
    ----------
    shape : (out, in, ...)
    kind : {"kaiming-normal", "kaiming-uniform", "xavier-normal", "xavier-uniform", "zeros"}
    rng : numpy Generator
    gain : float, optional
        sqrt(2) for kaiming, which is right before a ReLU, and 1 for xavier.

    Raises
    ------
    BadInput
        For an unknown kind or weights without inputs.

    Examples
    --------
    >>> draw((1, 1, 1, 2), "zeros", np.random.default_rng(0)).tolist()
    [[[[0.0, 0.0]]]]

    References
    ----------
    Glorot and Bengio (2010), equation 16; He et al. (2015), Delving deep into rectifiers, equation 10.
    """
    if kind not in INIT_KINDS:
        raise BadInput(f"initialisation {kind!r} is unknown: give {', '.join(INIT_KINDS)}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"draw: rng must be a numpy Generator, not {type(rng).__name__}")
    room(shape_of(shape, "draw: shape", least=1), "draw", "an array of weights")
    factor = None if gain is None else finite(gain, "draw: gain")
    if kind == "zeros":
        return np.zeros(shape)
    fan_in, fan_out = fans(shape)
    family, spread = kind.split("-")
    if family == "kaiming":
        deviation = (math.sqrt(2) if factor is None else factor) / math.sqrt(fan_in)
    else:
        deviation = (1.0 if factor is None else factor) * math.sqrt(2 / (fan_in + fan_out))
    if spread == "normal":
        return rng.normal(0, deviation, shape)
    bound = math.sqrt(3) * deviation
    return rng.uniform(-bound, bound, shape)


def initial_parameters(
    layers: Layers, in_shape: Shape, kind: InitKind = "kaiming-normal", seed: int = 0
) -> dict[str, Array]:
    """All learnable numbers of a network: drawn weights, biases 0, and batch norms that change nothing.

    The same seed gives the same numbers, and each layer draws from a stream of its own: a layer that is added
    behind others leaves theirs as they were.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> list(initial_parameters((Conv(8, (3, 3)),), (1, 6, 6)))
    ['0.weight', '0.bias']
    """
    start = whole(seed, "seed", least=0)
    parameters: dict[str, Array] = {}
    for place, (name, shape) in enumerate(parameter_shapes(layers, in_shape).items()):
        if name.endswith("bias"):
            parameters[name] = np.zeros(shape)
        elif len(shape) == 1:
            parameters[name] = np.ones(shape)
        else:
            parameters[name] = draw(shape, kind, np.random.default_rng([start, place]))
    return parameters

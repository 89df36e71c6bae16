"""Residual blocks for PyTorch to differentiate: chains, and the numbers that go into them."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.branches import branched_shapes
from cnnviz.engine.layers import Conv, Params, Relu, Shape
from cnnviz.engine.specs import Add, Back, BatchNorm, Flatten, GlobalAvgPool, Layers, Linear, PaddedShortcut

FILE = Path(__file__).parents[1] / "data" / "torch_blocks.npz"

SHAPE: Shape = (2, 7, 6)

_THREE, _HALVING = Conv(2, (3, 3), padding=(1, 1)), Conv(3, (3, 3), (2, 2), (1, 1))

CASES: dict[str, Layers] = {
    "identity": (_THREE, Relu(), _THREE, Add(0), Relu()),
    "scaled": (_THREE, Relu(), _THREE, Add(0, 0.3), Relu()),
    "off": (_THREE, Add(0, shortcut=False), Relu()),
    "stacked": (_THREE, BatchNorm(), Relu(), _THREE, BatchNorm(), Add(0), Relu(), _THREE, BatchNorm(), Add(7), Relu()),
    "projection": (
        Conv(3, (1, 1), (2, 2)), BatchNorm(), Back(0), _HALVING, BatchNorm(), Relu(), Conv(3, (3, 3), padding=(1, 1)),
        BatchNorm(), Add(2), Relu(), GlobalAvgPool(), Linear(4),
    ),
    "padded": (PaddedShortcut(3, (2, 2)), Back(0), _HALVING, BatchNorm(), Add(1), Relu(), Flatten(), Linear(3)),
}  # fmt: skip

Floats = NDArray[np.float64]


def drawn(name: str) -> tuple[Floats, tuple[Params | None, ...], Floats]:
    """The input of a case, its weights, and the gradient of what comes out."""
    layers, rng = CASES[name], np.random.default_rng(zlib.crc32(name.encode()))
    shapes = branched_shapes(layers, SHAPE)
    params: list[Params | None] = []
    for spec, shape, after in zip(layers, shapes, shapes[1:], strict=False):
        if isinstance(spec, Conv | Linear):
            weight = rng.normal(0, 0.5, spec.weight_shape(shape))
            params.append(Params(weight, rng.normal(0, 0.2, after[0])))
        else:
            params.append(None)
    return rng.normal(size=SHAPE), tuple(params), rng.normal(size=shapes[-1])

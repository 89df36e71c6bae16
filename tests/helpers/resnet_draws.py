"""What the test of ResNet-34 and the script that asks PyTorch both draw, so that no weights need to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.initialisation import draw

FILE = Path(__file__).parents[1] / "data" / "torch_resnet.npz"

PICTURES, SIDE, CLASSES, SEED = 2, 64, 1000, 34
PROJECTIONS = 1000

KINDS: dict[str, dict[str, Any]] = {
    "projection": {"shortcut": "projection"},
    "zero-padding": {"shortcut": "zero-padding"},
    "plain": {"plain": True},
}
"""The options of `cnnviz.engine.resnet.resnet34` for each network that is compared."""

Arrays = dict[str, npt.NDArray[Any]]


def pictures() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """A batch of pictures and their labels."""
    rng = np.random.default_rng(SEED)
    return rng.normal(size=(PICTURES, 3, SIDE, SIDE)), rng.integers(0, CLASSES, PICTURES)


def parameters(shapes: Mapping[str, tuple[int, ...]]) -> Arrays:
    """Weights by He's rule; scales of batch norms about 1, and biases about 0; each from a stream of its own."""
    drawn: Arrays = {}
    for place, (name, shape) in enumerate(shapes.items()):
        rng = np.random.default_rng([SEED, place])
        if len(shape) > 1:
            drawn[name] = draw(shape, "kaiming-normal", rng)
        elif name.endswith("weight"):
            drawn[name] = rng.uniform(0.5, 1.5, shape)
        else:
            drawn[name] = rng.normal(0, 0.1, shape)
    return drawn


def projections(gradients: Iterable[npt.NDArray[Any]]) -> npt.NDArray[np.float64]:
    """All numbers of all gradients on 1,000 random directions.

    Each number has a random sign and goes into one of the directions (a count sketch): every one is in exactly one,
    so that an error in any of the millions is seen, at the cost of drawing a number for each.
    """
    total = np.zeros(PROJECTIONS)
    rng = np.random.default_rng([SEED, 1])
    for gradient in gradients:
        ticket = rng.integers(0, 2 * PROJECTIONS, gradient.size, dtype=np.int16)
        signed = np.where(ticket % 2, gradient.ravel(), -gradient.ravel())
        total += np.bincount(ticket >> 1, weights=signed, minlength=PROJECTIONS)
    return total


def norms(gradients: Iterable[npt.NDArray[Any]]) -> npt.NDArray[np.float64]:
    """The Euclidean norm of each gradient."""
    return np.array([np.linalg.norm(gradient) for gradient in gradients])

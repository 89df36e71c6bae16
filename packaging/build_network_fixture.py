"""Lets PyTorch run the trained networks on pictures they never saw, and keeps the scores for tests/lessons.

Run it where the extra [oracle] is installed: ``python packaging/build_network_fixture.py``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.specs import Flatten, GlobalAvgPool, Linear, Normalise
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson

FILE = Path(__file__).parents[1] / "tests" / "data" / "torch_networks.npz"
NAMES = ("digits", "mnist", "fashion", "patches")
PICTURES = 20

torch: Any = importlib.import_module("torch")


def scores(name: str) -> Any:
    """The scores of a network for the first pictures to test on, by PyTorch in float64."""
    (track,) = shipped_lesson(f"{name}-network").tracks
    data = shipped_set(name)
    run = torch.nn.functional
    x = torch.tensor(data.images[data.entry.train :][:PICTURES].astype(np.float64))
    for spec, own in zip(track.layers, track.params, strict=True):
        pair = () if own is None else (torch.tensor(own.weight.copy()), torch.tensor(np.array(own.bias)))
        match spec:
            case Normalise():
                x = (x - spec.mean[0]) / spec.std[0]
            case Conv():
                x = run.conv2d(x, *pair, padding=spec.padding)
            case Linear():
                x = run.linear(x, *pair)
            case Relu():
                x = run.relu(x)
            case MaxPool():
                x = run.max_pool2d(x, spec.kernel_size, spec.stride)
            case GlobalAvgPool():
                x = run.adaptive_avg_pool2d(x, 1)
            case Flatten():
                x = x.flatten(1)
            case _:
                raise TypeError(f"{spec.op}: write it down for PyTorch")
    return x.numpy()


def main() -> int:
    """Write the file."""
    np.savez_compressed(FILE, **{name: scores(name) for name in NAMES})
    return 0


if __name__ == "__main__":
    sys.exit(main())

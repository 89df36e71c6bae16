"""Lets PyTorch run the trained networks on pictures they never saw, and follow their recipes, for tests/lessons.

Run it where the extra [oracle] is installed: ``python packaging/build_network_fixture.py``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer, Flatten, GlobalAvgPool, Linear, Normalise
from cnnviz.files.datasets import DataSet, shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.first_weights import first_params
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.batches import batch_at

FILE = Path(__file__).parents[1] / "tests" / "data" / "torch_networks.npz"
NAMES = ("digits", "mnist", "fashion", "patches")
PICTURES = 20
ITERATIONS = 20

torch: Any = importlib.import_module("torch")
run: Any = torch.nn.functional
Pair = tuple[Any, ...]


def tensors(params: Iterable[Params | None], dtype: Any) -> list[Pair]:
    """Weight and bias of each layer, nothing for layers without."""
    arrays = (() if own is None else (np.array(own.weight), np.array(own.bias)) for own in params)
    return [tuple(torch.tensor(array, dtype=dtype) for array in pair) for pair in arrays]


def answers(layers: tuple[AnyLayer, ...], pairs: list[Pair], images: Any) -> Any:
    """The scores of pictures (pictures, channels, rows, columns), computed as precisely as the weights are given."""
    x = torch.tensor(images, dtype=next(pair for pair in pairs if pair)[0].dtype)
    for spec, pair in zip(layers, pairs, strict=True):
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
    return x


def scores(track: Track, images: Any) -> Any:
    """The scores that a track's own weights give pictures, in float64."""
    return answers(track.layers, tensors(track.params, torch.float64), images).numpy()


def learned(track: Track, data: DataSet) -> tuple[list[float], list[Pair]]:
    """The losses of the first iterations of a recipe, each before its update, and the weights after them.

    In float32, as the program trains them: windows that are alike tie in max pooling, and there float64 chooses others.
    """
    recipe = track.recipe
    assert recipe is not None
    pairs = tensors(first_params(track, recipe), torch.float32)
    for tensor in (own for pair in pairs for own in pair):
        tensor.requires_grad_()
    sgd = torch.optim.SGD([own for pair in pairs for own in pair], recipe.rate, momentum=recipe.momentum)
    losses = []
    for iteration in range(ITERATIONS):
        chosen = batch_at(recipe, iteration)
        labels = torch.tensor(data.labels[chosen].astype(np.int64))
        sgd.zero_grad()
        loss = run.cross_entropy(answers(track.layers, pairs, data.images[chosen]), labels)
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    return losses, pairs


def facts(name: str) -> dict[str, Any]:
    """What is kept of a network: scores of the first pictures to test on, once trained and after some iterations."""
    data = shipped_set(name)
    unseen = data.images[data.entry.train :][:PICTURES]
    (trained,), (learner,) = shipped_lesson(f"{name}-network").tracks, shipped_lesson(f"learn-{name}").tracks
    losses, pairs = learned(learner, data)
    after = answers(learner.layers, pairs, unseen).detach().numpy()
    return {name: scores(trained, unseen), f"{name}.losses": np.array(losses), f"{name}.after": after}


def main() -> int:
    """Write the file."""
    kept = {key: array for name in NAMES for key, array in facts(name).items()}
    np.savez_compressed(FILE, **kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())

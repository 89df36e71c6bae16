"""Networks that read digits, tell clothes and patterns apart: as they learn, and as they came out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.drawn import drawn_params
from cnnviz.engine.layers import Conv, Drawn, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer, Flatten, GlobalAvgPool, Linear, Normalise, out_shape
from cnnviz.files.datasets import shipped_set
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.recipe import Batches, Example, Recipe
from cnnviz.lesson.source import Source
from lessons.making import Entry
from lessons.trained_words import batch_words, with_words

GROUP = "Trained networks"
WEIGHTS = Path(__file__).parents[1] / "weights"
"""What packaging/train_networks.py has written: float32, by network, and what came of it on the test pictures."""

POOL = MaxPool((2, 2), (2, 2))

ZEROS = Drawn("zeros", 0, 0)
"""What stands in a file for weights that the recipe draws before the first iteration."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network: the set it learns from, the number of its picture among those to test on, layers, recipe, words."""

    data: str
    picture: int
    layers: tuple[AnyLayer, ...]
    recipe: Recipe
    title: str
    reads: str


def _recipe(data: str, size: int, **how: Any) -> Recipe:
    return Recipe((), "cross_entropy", momentum=0.9, batches=Batches(data, size), **how)


NETWORKS = {
    "digits": Network(
        "digits", 0, (Conv(4, (3, 3)), Relu(), POOL, Flatten(), Linear(10)),
        _recipe("digits", 25, rate=0.004, iterations=1800, seed=2),
        "digits of 8×8", "reads digits of 8×8 pixels, so small that every number can be read",
    ),
    "mnist": Network(
        "mnist", 3,
        (
            Normalise((33.0,), (79.0,)), Conv(16, (5, 5)), Relu(), POOL, Conv(32, (5, 5)), Relu(), POOL, Flatten(),
            Linear(10),
        ),
        _recipe("mnist", 100, rate=0.01, iterations=900, seed=2),
        "digits of 28×28", "reads the handwritten digits of MNIST",
    ),
    "fashion": Network(
        "fashion", 0,
        (
            Normalise((73.0,), (90.0,)), Conv(8, (5, 5), padding=2), Relu(), POOL, Conv(16, (5, 5)), Relu(), POOL,
            Flatten(), Linear(64), Relu(), Linear(10),
        ),
        _recipe("fashion", 64, rate=0.005, iterations=1870, seed=1),
        "clothes of 28×28", "tells ten kinds of clothes of Fashion-MNIST apart",
    ),
    "patches": Network(
        "patches", 1,
        (
            Normalise((128.0,), (50.0,)), Conv(8, (3, 3), padding=1), Relu(), POOL, Conv(16, (3, 3), padding=1),
            Relu(), POOL, Conv(24, (3, 3), padding=1), Relu(), POOL, Conv(32, (3, 3), padding=1), Relu(),
            GlobalAvgPool(), Flatten(), Linear(8),
        ),
        _recipe("patches", 32, rate=0.02, iterations=2480, seed=0),
        "textures and shapes", "tells three textures and five shapes of 32×32 pixels apart, with four convolutions",
    ),
}  # fmt: skip
"""By name; the picture that is shown is filled in as the recipe's only example."""


def learner(name: str) -> Track:
    """A network before its first update, with its recipe and the picture that is shown."""
    network = NETWORKS[name]
    data = shipped_set(network.data)
    at = data.entry.train + network.picture
    params: list[Params | None] = []
    shape = data.shape
    for spec in network.layers:
        own = weight_shape(spec, shape) if needs_params(spec) else None
        params.append(None if own is None else drawn_params(own, ZEROS, bias=True))
        shape = out_shape(spec, shape)
    number = int(data.labels[at])
    example = Example(np.full((1, 1, 1), float(number)), name=data.entry.classes[number])
    random = tuple(n for n, p in enumerate(params) if p is not None)
    source = Source(
        data.images[at].astype(np.float64), f"{data.entry.title}, picture {at}", credit=data.entry.credit
    )
    recipe = replace(network.recipe, examples=(example,), random=random)
    return Track(source, network.layers, tuple(params), recipe=recipe, data=network.data)


def trained(name: str) -> Track:
    """The same with the weights that it came to, and one iteration with its one picture to follow."""
    track = learner(name)
    assert track.recipe is not None
    with np.load(WEIGHTS / f"{name}.npz", allow_pickle=False) as arrays:
        kept = {key: arrays[key].astype(np.float64) for key in arrays.files}
    params = tuple(
        None if p is None else Params(kept[f"{n}.weight"], kept[f"{n}.bias"])
        for n, p in enumerate(track.params)
    )
    own = replace(track.recipe, batches=None, random=(), iterations=1, rate=0.01, momentum=0.0)
    return replace(track, params=params, recipe=own)


def record(name: str) -> dict[str, Any]:
    """What came of a network on the pictures to test on."""
    found: dict[str, Any] = json.loads((WEIGHTS / "index.json").read_text(encoding="utf-8"))[name]
    return found


def network_lesson(name: str) -> Lesson:
    """The trained network on one picture: forward, and the way back from its loss."""
    network, came = NETWORKS[name], record(name)
    notes = (
        f"A network with {came['parameters']:,} weights and biases that {network.reads}. It was trained by this "
        f"program's own engine on {came['train']:,} pictures, as the lesson learn-{name} shows. Of {came['count']:,} "
        f"pictures that it was never trained on, it gets {came['right']:,} right "
        f"({came['right'] / came['count']:.1%}). "
        "The backward pass is that of this one picture."
    )
    lesson = Lesson(
        f"A network for {network.title}", (trained(name),), "auto", (), notes, GROUP,
        _systems(network.layers),
        view=replace(View(), level="network"),
    )  # fmt: skip
    return replace(lesson, words=with_words(lesson))


def learning_lesson(name: str) -> Lesson:
    """The same network from random weights on, a batch of pictures an iteration."""
    network, came = NETWORKS[name], record(name)
    recipe = network.recipe
    assert recipe.batches is not None
    notes = (
        f"It starts from random weights and sees {recipe.batches.size} pictures an iteration. Play, and the maps of "
        f"the one picture that is shown, its class bars and the share of right answers change as the weights do. After "
        f"{recipe.iterations:,} iterations it has the weights of the lesson {name}-network: {came['right']:,} of "
        f"{came['count']:,} pictures that it was never trained on are right."
    )
    lesson = Lesson(
        f"Learn {network.title}", (learner(name),), "iteration", (), notes, GROUP, ("S20", "S57"),
        view=replace(View(), level="network"),
    )  # fmt: skip
    return replace(lesson, words=batch_words(lesson))


def _systems(layers: tuple[AnyLayer, ...]) -> tuple[str, ...]:
    """What it shows of the teaching plan; with one convolution there are no early and late maps."""
    deep = sum(isinstance(spec, Conv) for spec in layers) > 1
    return (
        "S01",
        *(("S02",) if deep else ()),
        "S03",
        *(("S04",) if deep else ()),
        "S05",
        "S06",
        "S07",
        "S08",
        "S09",
        "S10",
    )


def _entries(name: str) -> tuple[Entry, Entry]:
    return (
        Entry(f"{name}-network", ".cnnviz", partial(network_lesson, name)),
        Entry(f"learn-{name}", ".cnnviz", partial(learning_lesson, name)),
    )


ENTRIES = tuple(entry for name in NETWORKS for entry in _entries(name))

"""Residual blocks that learn from batches: their gradients against plain loops, picture by picture, and whole runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.branches import branched_shapes
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.specs import Add, Back, BatchNorm, Flatten, Layers, Linear, Normalise, PaddedShortcut
from cnnviz.files.datasets import shipped_set
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Batches, Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline.batches import batch_at, evaluate, gradients
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_twin import LearningTwin

SHAPE = (1, 8, 8)
FIRST = (Normalise((8.0,), (8.0,)), Conv(2, (3, 3), padding=1))
BODY = (Conv(2, (3, 3), padding=1), Relu(), Conv(2, (3, 3), padding=1))
HALVED = (Conv(3, (3, 3), (2, 2), 1), Relu(), Conv(3, (3, 3), padding=1))
LAST = (Relu(), Flatten(), Linear(10))
PROJECTED = (*FIRST, Conv(3, (1, 1), (2, 2)), Back(2), *HALVED)

CHAINS: dict[str, Layers] = {
    "identity": (*FIRST, *BODY, Add(2), *LAST),
    "half of f": (*FIRST, *BODY, Add(2, 0.5), *LAST),
    "nothing of f": (*FIRST, *BODY, Add(2, 0.0), *LAST),
    "plain": (*FIRST, *BODY, Add(2, 0.5, shortcut=False), *LAST),
    "padded": (*FIRST, PaddedShortcut(3, (2, 2)), Back(2), *HALVED, Add(3), *LAST),
    "projected": (*PROJECTED, Add(3), *LAST),
    "projection that is off": (*PROJECTED, Add(3, shortcut=False), *LAST),
    "two blocks": (*FIRST, *BODY, Add(2), Relu(), *BODY, Add(7), *LAST),
    "true convolution": (*FIRST, replace(BODY[0], flipped=True), *BODY[1:], Add(2), *LAST),
}


def learner(layers: Layers, size: int = 3, iterations: int = 40) -> Track:
    """A track whose weights have many digits: with few, sums may be exactly 0, and float32 fall to the other side."""
    rng, data = np.random.default_rng(6), shipped_set("digits")
    params: list[Params | None] = []
    for spec, shape in zip(layers, branched_shapes(layers, SHAPE), strict=False):
        weight = rng.normal(0, 0.3, spec.weight_shape(shape)) if isinstance(spec, Conv | Linear) else None
        params.append(None if weight is None else Params(weight, np.asarray(rng.normal(0, 0.1, len(weight)))))
    recipe = Recipe(
        (Example(np.full((1, 1, 1), float(data.labels[1500]))),), "cross_entropy", 0.05, iterations, 0.9, seed=4,
        batches=Batches("digits", size),
    )  # fmt: skip
    return Track(Source(data.images[1500].astype(np.float64)), layers, tuple(params), recipe=recipe)


@pytest.mark.parametrize("name", CHAINS)
def test_the_gradient_of_a_batch_is_the_mean_of_those_of_its_pictures(name: str) -> None:
    track, data = learner(CHAINS[name]), shipped_set("digits")
    recipe = track.recipe
    assert recipe is not None
    loss, grads = gradients(track, recipe, track.params, 7, lambda: None)
    turns = []
    for number in batch_at(recipe, 7).tolist():
        label = np.full((1, 1, 1), float(data.labels[number]))
        alone = Recipe((Example(label),), "cross_entropy", 0.05, 1)
        source = Source(data.images[number].astype(np.float64))
        turns.append(LearningTwin(replace(track, source=source, recipe=alone)).turn(0))
    assert loss == pytest.approx(np.mean([turn.loss for turn in turns]), rel=1e-5)
    compared = 0
    for layer, own in enumerate(track.params):
        if own is None:
            continue
        for got, wanted in (
            (grads[layer].dw, [turn.weights[layer] for turn in turns]),
            (grads[layer].db, [turn.biases[layer] for turn in turns]),
        ):
            mean = np.mean([one[1] for one in wanted if one is not None], axis=0)
            assert got is not None
            np.testing.assert_allclose(got, mean, rtol=1e-3, atol=2e-6)
            compared += 1
    assert compared == 2 * sum(isinstance(spec, Conv | Linear) for spec in track.layers)


@pytest.mark.parametrize("name", ["projected", "half of f"])
def test_a_block_learns_to_read_digits_it_has_not_seen(name: str) -> None:
    track = learner(CHAINS[name], 32, 120)
    descent = Descent(track)
    descent.advance(120)
    batches = Batches("digits")
    assert evaluate(track, track.params, batches).accuracy < 0.3
    assert evaluate(track, descent.state(119).params, batches).accuracy > 0.7


def test_what_is_shown_of_an_update_is_told_by_the_batch() -> None:
    timeline = make_timeline(Lesson("block", (learner(CHAINS["identity"]),)))
    frame = timeline.frame(3)
    assert frame.lead.learning is not None
    assert frame.lead.learning.loss == timeline.iteration(0, 3).back.loss


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((*FIRST, BatchNorm(), *LAST), "layer 2: batch_norm needs running means to be tested with"),
        ((*FIRST, *BODY, Add(2), Add(4), *LAST), "layer 6: its branches begin within another block"),
    ],
)
def test_what_no_plan_can_run_is_refused_with_its_layer(layers: Layers, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        make_timeline(Lesson("block", (learner(layers),)))

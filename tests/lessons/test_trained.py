"""Networks that ship: what is said of their answers is so, and their recipes lead where their weights are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Batches
from cnnviz.timeline.batches import evaluate
from cnnviz.timeline.training import first_moment, training

KEPT: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "packaging" / "weights" / "index.json").read_text(encoding="utf-8")
)
NAMES = list(KEPT)
LEAST = {"digits": 0.9, "mnist": 0.97, "fashion": 0.85, "patches": 0.95}


def track_of(lesson: str) -> Track:
    (track,) = shipped_lesson(lesson).tracks
    return track


@pytest.mark.parametrize("name", NAMES)
def test_so_many_pictures_are_right_as_is_said(name: str) -> None:
    lesson, kept = shipped_lesson(f"{name}-network"), KEPT[name]
    (track,) = lesson.tracks
    came = evaluate(track, track.params, Batches(track.data))
    assert came.count == kept["count"] == shipped_set(name).entry.test
    # Another processor adds in another order: a picture between two classes may fall to the other side.
    assert abs(came.right - kept["right"]) <= 2
    assert came.loss == pytest.approx(kept["loss"], abs=1e-3)
    assert came.accuracy >= LEAST[name]
    assert f"it gets {kept['right']:,} right" in lesson.notes


@pytest.mark.parametrize("name", NAMES)
def test_twenty_iterations_of_the_recipe_lose_as_they_did(name: str) -> None:
    track, losses = track_of(f"learn-{name}"), []
    for moment in training(track, first_moment(track)):
        losses.append(moment.loss)
        if moment.done == len(KEPT[name]["losses"]):
            break
    assert len(losses) == 20
    np.testing.assert_allclose(losses, KEPT[name]["losses"], rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_learner_and_trained_network_are_one_network_on_one_unseen_picture(name: str) -> None:
    learner, trained = track_of(f"learn-{name}"), track_of(f"{name}-network")
    assert learner.layers == trained.layers
    assert learner.data == trained.data == name
    assert learner.recipe is not None
    assert learner.recipe.batches is not None
    assert learner.recipe.iterations == KEPT[name]["iterations"]
    sizes = [p.weight.size + (0 if p.bias is None else p.bias.size) for p in trained.params if p is not None]
    assert sum(sizes) == KEPT[name]["parameters"] <= 30_000
    data = shipped_set(name)
    unseen = data.images[data.entry.train :]
    assert any(np.array_equal(trained.source.array, image) for image in unseen)


@pytest.mark.parametrize("name", NAMES)
def test_the_layers_one_by_one_answer_the_picture_with_its_label(name: str) -> None:
    track = track_of(f"{name}-network")
    assert track.recipe is not None
    scores = np.asarray(track.source.array, np.float64)
    for spec, own in zip(track.layers, track.params, strict=True):
        scores = np.asarray(apply_layer(spec, own, scores), np.float64)
    assert int(scores.argmax()) == int(track.recipe.examples[0].target.item())


def test_the_recipe_comes_to_the_weights_that_ship() -> None:
    """On the same kind of processor to the last bit; on another within one point of the accuracy."""
    track, shipped = track_of("learn-digits"), track_of("digits-network")
    (*_, moment) = training(track, first_moment(track))
    assert moment.done == KEPT["digits"]["iterations"]
    before, came, kept = (
        evaluate(track, params, Batches("digits")).accuracy
        for params in (first_moment(track).state.params, moment.state.params, shipped.params)
    )
    assert before < 0.3
    assert abs(came - kept) <= 0.01

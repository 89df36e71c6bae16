"""Accuracy: counted by hand on scores that are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline.accuracy import POINTS, Accuracy
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import examine
from cnnviz.timeline.fold import ParamsList
from tests.helpers.learning_lessons import tiny


def three_scores(iterations: int = 40, labels: tuple[int, ...] = (0, 1, 2, 1)) -> Track:
    """The scores are the three inputs themselves; four examples with their greatest at 0, 1, 2 and 2."""
    inputs = ((3.0, 1, 0), (0, 2, 1), (0, 1, 5), (1, 0, 4))
    examples = tuple(
        Example(np.array([[[float(label)]]]), np.array([[x]], dtype=float))
        for label, x in zip(labels, inputs, strict=True)
    )
    source = examples[0].source
    assert source is not None
    layers = (Flatten(), Linear(3))
    recipe = Recipe(examples, "cross_entropy", 0.1, iterations)
    return Track(Source(source), layers, (None, Params(np.eye(3), np.zeros(3))), recipe=recipe)


def looked(track: Track, times: int, params: Callable[[], ParamsList] | None = None) -> Accuracy:
    accuracy = Accuracy(track)
    for _ in range(times):
        accuracy.look(params or (lambda: track.params))
    return accuracy


def test_the_share_of_right_ones_is_counted_one_example_at_a_call() -> None:
    accuracy = looked(three_scores(), 3)
    assert [part.tolist() for part in accuracy.curve()] == [[], []]
    assert accuracy.due == 0
    accuracy = looked(three_scores(), 4)
    # The last is labelled 1, and 2 has the highest score.
    assert [part.tolist() for part in accuracy.curve()] == [[0], [0.75]]
    assert accuracy.due == 4


def test_of_equal_scores_the_first_counts_and_what_is_not_finite_is_wrong() -> None:
    track = three_scores()
    zero = (None, Params(np.zeros((3, 3)), np.zeros(3)))
    assert looked(track, 4, lambda: zero).curve()[1].tolist() == [0.25]
    wild = (None, Params(np.full((3, 3), np.inf), np.zeros(3)))
    assert looked(track, 4, lambda: wild).curve()[1].tolist() == [0.0]


def test_it_is_due_after_all_examples_and_at_most_so_often() -> None:
    assert Accuracy(three_scores(40)).every == 4
    assert Accuracy(three_scores(100_000)).every == 100_000 // POINTS


def test_it_is_defined_for_labels_of_several_examples_only() -> None:
    assert not Accuracy(tiny()).defined
    track = three_scores()
    assert track.recipe is not None
    one = replace(track, recipe=replace(track.recipe, examples=track.recipe.examples[:1]))
    assert not Accuracy(one).defined
    descent = Descent(one)
    descent.advance(5)
    assert not examine(descent)


def test_only_what_is_small_is_tested_before_every_update_at_once() -> None:
    # 297 pictures of 1,656 products each; 1,000 of more than a million; and of very many updates not every one.
    small = shipped_lesson("learn-digits").tracks[0]
    assert Accuracy(small).every == 1
    assert Accuracy(shipped_lesson("learn-mnist").tracks[0]).every == 25
    assert small.recipe is not None
    assert Accuracy(replace(small, recipe=replace(small.recipe, iterations=25_000))).every == 3

"""Accuracy: counted by hand on scores that are known, at the iterations that are due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Batches, Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline import accuracy as module
from cnnviz.timeline.accuracy import POINTS, Accuracy
from cnnviz.timeline.batches import evaluate
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import complete, examine, examine_at, refine
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


def test_a_descent_is_examined_with_the_weights_of_the_iteration() -> None:
    track = shipped_lesson("learn-edge-labels").tracks[0]
    descent = Descent(track)
    descent.reach(10**9)
    while examine(descent):
        pass
    assert complete(descent)
    at, shares = descent.accuracy.curve()
    recipe = descent.recipe
    assert at.tolist() == list(range(0, descent.filled, descent.accuracy.every))
    for number, share in zip(at, shares, strict=True):
        right = 0
        for example in recipe.examples:
            x = track.source.array.astype(float) if example.source is None else example.source
            for spec, own in zip(track.layers, descent.state(int(number)).params, strict=True):
                x = apply_layer(spec, own, x)
            scores = x.ravel().tolist()
            right += scores.index(max(scores)) == example.target.ravel()[0]
        assert share == pytest.approx(right / len(recipe.examples), abs=0)
    assert shares[-1] > shares[0] or shares[0] == 1


def test_what_takes_long_is_known_before_every_update_in_the_end_coarse_to_fine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "EASY", 0)
    track = shipped_lesson("learn-digits").tracks[0]
    assert track.recipe is not None
    descent = Descent(replace(track, recipe=replace(track.recipe, iterations=60)), limit=1)
    order: list[float] = []
    while not complete(descent):
        descent.advance()
        assert examine(descent) or refine(descent) or not descent.done
        new = set(descent.accuracy.curve()[0].tolist()) - set(order)
        order += sorted(new)
    assert order[:3] == [0, 25, 50]
    assert order[3:12] == [5, 10, 15, 20, 30, 35, 40, 45, 55]
    assert order[12:] == [n for n in range(60) if n % 5]
    again = Descent(descent.track)
    again.reach(59)
    for iteration in (50, 33, 4, 59, 0):  # as one that goes to and fro looks at them
        while examine_at(again, iteration):
            pass
        whole = evaluate(track, descent.state(iteration).params, descent.recipe.batches or Batches(""))
        assert again.accuracy.last_up_to(iteration) == (iteration, whole.right / whole.count)
        assert descent.accuracy.curve()[1][iteration] == whole.right / whole.count
    assert not examine_at(again, 60)  # not computed


def test_a_test_that_was_begun_is_gone_on_with_and_one_of_another_iteration_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cnnviz.timeline import batches

    monkeypatch.setattr(batches, "TESTED_AT_ONCE", 100)
    monkeypatch.setattr(module, "EASY", 0)
    descent = Descent(shipped_lesson("learn-digits").tracks[0])
    descent.advance(30)
    assert examine(descent)
    assert examine(descent)
    assert descent.accuracy.count == 0
    assert examine(descent)
    assert descent.accuracy.curve()[0].tolist() == [0]
    for _ in range(2):
        assert examine_at(descent, 3)
    assert examine(descent)  # the first part of iteration 25
    for _ in range(3):
        assert not descent.accuracy.known(3)
        assert examine_at(descent, 3)
    assert descent.accuracy.known(3)
    assert not examine_at(descent, 3)


def test_tests_of_a_small_network_keep_pace_with_its_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnnviz.timeline import batches

    monkeypatch.setattr(batches, "TESTED_AT_ONCE", 100)
    descent = Descent(shipped_lesson("learn-digits").tracks[0])
    for count in range(1, 4):
        descent.advance()
        assert examine(descent)
        assert descent.accuracy.count == count
    whole = evaluate(descent.track, descent.state(2).params, descent.recipe.batches or Batches(""))
    assert descent.accuracy.last_up_to(2) == (2, whole.right / 297)


def test_only_what_is_small_is_tested_before_every_update_at_once() -> None:
    # 297 pictures of 1,656 products each; 1,000 of more than a million; and of very many updates not every one.
    small = shipped_lesson("learn-digits").tracks[0]
    assert Accuracy(small).every == 1
    assert Accuracy(shipped_lesson("learn-mnist").tracks[0]).every == 25
    assert small.recipe is not None
    assert Accuracy(replace(small, recipe=replace(small.recipe, iterations=25_000))).every == 3

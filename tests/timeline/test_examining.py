"""Examining descents: each iteration that is due with its own weights, coarse before fine, begun tests gone on with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.recipe import Batches
from cnnviz.timeline import accuracy as module
from cnnviz.timeline.batches import evaluate
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import complete, examine, examine_at, refine


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

"""Edits of recipes: each field, what tracks share, and one line for what cannot be."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv
from cnnviz.lesson import recipe_edits as edits
from cnnviz.lesson.edits import set_bias, set_layer, set_weight
from cnnviz.lesson.first_weights import first_params
from cnnviz.lesson.layer_edits import set_activation_after
from cnnviz.lesson.lesson import Lesson
from tests.lesson.examples import vertical_edge
from tests.lesson.learning import recipe_of, scores, two_weights


def test_each_number_changes_alone() -> None:
    old = two_weights()
    assert recipe_of(edits.set_rate(old, 0.2)) == replace(recipe_of(old), rate=0.2)
    assert recipe_of(edits.set_momentum(old, 0.9)) == replace(recipe_of(old), momentum=0.9)
    assert recipe_of(edits.set_iterations(old, 7)) == replace(recipe_of(old), iterations=7)
    assert recipe_of(edits.set_seed(old, 8)) == replace(recipe_of(old), seed=8)
    assert recipe_of(edits.set_reduction(old, "mean")) == replace(recipe_of(old), reduction="mean")
    assert recipe_of(old).rate == 0.01


def test_tracks_that_share_a_rate_follow_and_others_keep_theirs() -> None:
    one = two_weights().tracks[0]
    assert one.recipe is not None
    fast = replace(one, recipe=replace(one.recipe, rate=0.2))
    changed = edits.set_iterations(edits.set_rate(Lesson("", (one, one, fast)), 0.05), 9)
    assert [recipe_of(changed, n).rate for n in range(3)] == [0.05, 0.05, 0.2]
    assert [recipe_of(changed, n).iterations for n in range(3)] == [9, 9, 9]


def test_the_target_is_typed_cell_by_cell() -> None:
    changed = edits.set_target_cells(two_weights(), {(0, 0, 0): -2.5})
    assert recipe_of(changed).examples[0].target.tolist() == [[[-2.5]]]
    second = edits.set_target_cells(scores(), {(0, 0, 0): 1.0}, example=1)
    assert [e.target.item() for e in recipe_of(second).examples] == [1, 1]
    assert recipe_of(second).examples[1].name == "zero"


def test_another_loss_makes_labels_of_scores_and_back() -> None:
    squared = edits.set_loss(scores(), "squared_error")
    assert [e.target.ravel().tolist() for e in recipe_of(squared).examples] == [[0, 1], [1, 0]]
    assert recipe_of(edits.set_loss(squared, "cross_entropy")) == recipe_of(scores())
    assert edits.set_loss(squared, "squared_error") is squared


def test_random_weights_are_drawn_from_the_seed_and_the_layer() -> None:
    lesson = edits.start_from_random(edits.start_from_random(scores(), 3), 0)
    assert recipe_of(lesson).random == (0, 3)
    drawn, again = (first_params(lesson.tracks[0], recipe_of(lesson)) for _ in range(2))
    assert drawn == again
    assert drawn[0] is not None
    assert drawn[0].weight.shape == (2, 1, 3, 3)
    assert np.abs(drawn[0].weight).max() <= 1 / 3 + 0.005
    assert np.abs(drawn[0].weight * 100 - np.round(drawn[0].weight * 100)).max() < 1e-9
    assert drawn[0].bias is not None
    assert drawn[0].bias.tolist() == [0, 0]
    reseeded = first_params(lesson.tracks[0], replace(recipe_of(lesson), seed=1))
    assert reseeded[0] != drawn[0]
    # one layer less draws the same for the other
    alone = edits.start_from_random(lesson, 0, on=False)
    assert recipe_of(alone).random == (3,)
    assert first_params(alone.tracks[0], recipe_of(alone))[3] == drawn[3]
    assert first_params(alone.tracks[0], recipe_of(alone))[0] == scores().tracks[0].params[0]


def test_drawn_weights_become_own_ones() -> None:
    lesson = edits.set_random(scores(), (0, 3))
    drawn = first_params(lesson.tracks[0], recipe_of(lesson))
    own = edits.own_weights(lesson, 0)
    assert recipe_of(own).random == (3,)
    assert own.tracks[0].params[0] == drawn[0]
    assert first_params(own.tracks[0], recipe_of(own)) == drawn
    assert edits.own_weights(scores(), 0) == scores()


def test_weights_that_are_given_start_the_descent() -> None:
    drawn = edits.set_random(scores(), (0, 3))
    assert recipe_of(set_weight(drawn, (0, 0, 1, 1), 2.0)).random == (3,)
    assert recipe_of(set_bias(drawn, 0, 2.0)).random == (3,)
    assert recipe_of(set_bias(drawn, 0, 0.5)).random == (0, 3)  # as it was
    # another size of kernel is no weight that was given: 2×2 at stride 2 leaves 2×2 as well
    sized = set_layer(drawn, 0, Conv(2, (2, 2), (2, 2)))
    assert recipe_of(sized).random == (0, 3)


def test_layers_that_start_from_random_keep_their_place_in_the_chain() -> None:
    drawn = edits.set_random(scores(), (0, 3))
    less = set_activation_after(drawn, 0, "none")
    assert [spec.op for spec in less.tracks[0].layers] == ["conv2d", "flatten", "linear"]
    assert recipe_of(less).random == (0, 2)
    more = set_activation_after(less, 0, "tanh")
    assert recipe_of(more).random == (0, 3)


@pytest.mark.parametrize("rate", [0.0, -0.01, float("nan"), float("inf")])
def test_a_rate_that_leads_nowhere_is_refused(rate: float) -> None:
    with pytest.raises(BadInput, match=r"^recipe: rate .*: give a number above 0"):
        edits.set_rate(two_weights(), rate)


def test_what_cannot_be_is_one_line() -> None:
    tiny, two = two_weights(), scores()
    refused: tuple[tuple[Callable[[], Lesson], str], ...] = (
        (lambda: edits.set_rate(vertical_edge(), 1), "does not learn"),
        (lambda: edits.set_momentum(tiny, 1), "momentum 1.0: give a number from 0 to below 1"),
        (lambda: edits.set_iterations(tiny, 0), "0 iterations: give 1 to 1,000,000"),
        (lambda: edits.set_iterations(tiny, 10**7), "10000000 iterations: give 1 to 1,000,000"),
        (lambda: edits.set_seed(tiny, -1), "seed -1: give a whole number from 0"),
        (lambda: edits.set_seed(tiny, 2**32), "seed 4294967296: give a whole number from 0 to 4294967295"),
        (lambda: edits.start_from_random(two, 1), "random names layer 1 (relu), which has no weights"),
        (lambda: edits.start_from_random(two, 4), "random names layer 4: give numbers from 0 to 3"),
        (lambda: edits.set_random(two, (0, 0)), "names a layer twice"),
        (lambda: edits.set_target_cells(tiny, {(0, 0, 1): 1}), "lies outside (1, 1, 1)"),
        (lambda: edits.set_target_cells(tiny, {(0, 0, 0): float("nan")}), "not a finite number"),
        (lambda: edits.set_target_cells(tiny, {}, example=1), "example 1 of 1"),
        (lambda: edits.set_target_cells(two, {(0, 0, 0): 2}), "needs a label from 0 to 1"),
        (lambda: edits.set_loss(tiny, "hinge"), "loss 'hinge' is unknown"),  # type: ignore[arg-type]  # what is tested
        (lambda: edits.set_reduction(tiny, "none"), "reduction 'none' is unknown"),  # type: ignore[arg-type]
    )
    for edit, line in refused:
        with pytest.raises(BadInput) as caught:
            edit()
        assert line in str(caught.value)
        assert "\n" not in str(caught.value)

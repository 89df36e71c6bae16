"""Recipes of runs: the layers that they give, and when their networks take turns and are tested."""

from cnnviz.engine.depth import weighted
from cnnviz.engine.layers import AvgPool
from cnnviz.engine.specs import Linear, Normalise, Residual, chain_shapes
from cnnviz.lesson.recipe import Batches, Recipe
from cnnviz.lesson.runs import Runs, Twin, examined, layers_of, turns

RECIPE = Recipe((), "cross_entropy", iterations=3, batches=Batches("patches", 8))


def test_a_twin_is_built_behind_what_makes_pictures_smaller() -> None:
    runs = Runs("x", "X", RECIPE, 2, (128.0,), (50.0,), (4, 8), (Twin("plain-10", (2, 2), "none", True),))
    layers = layers_of(runs, runs.twins[0], 5)
    assert layers[0] == AvgPool((2, 2), (2, 2))
    assert layers[1] == Normalise((128.0,), (50.0,))
    assert layers[-1] == Linear(5)
    assert chain_shapes(layers, (1, 32, 32))[2] == (1, 16, 16)
    assert len(weighted(layers, (1, 32, 32))) == runs.twins[0].depth == 10
    assert {layer.shortcut for layer in layers if isinstance(layer, Residual)} == {"none"}
    assert runs.data == "patches"


def test_without_pooling_nothing_stands_before_the_norm() -> None:
    twin = Twin("residual-4", (1,), "zero-padding", False)
    runs = Runs("x", "X", RECIPE, 1, (0.0,), (1.0,), (4,), (twin,))
    assert layers_of(runs, twin, 2)[0] == Normalise((0.0,), (1.0,))
    assert not twin.plain


def test_networks_take_turns_often_at_first_and_all_come_to_the_end() -> None:
    assert turns(3) == (1, 2, 3)
    assert turns(1000)[-3:] == (980, 990, 1000)
    assert turns(201)[-3:] == (190, 200, 201)
    assert all(set(range(1, min(n, 20) + 1)) <= set(turns(n)) for n in (1, 15, 20, 21, 500))


def test_networks_are_tested_before_the_first_update_and_after_the_last() -> None:
    assert examined(1) == (0, 1)
    assert examined(100) == (0, 100)

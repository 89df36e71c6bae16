"""Runs beside each other: they measure what plain operations give, and come to the recording that ships."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz.engine import cross_entropy, cross_entropy_backward
from cnnviz.engine.depth import weighted
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.naive_network import run
from cnnviz.engine.specs import Layers, Residual
from cnnviz.files.datasets import shipped_set
from cnnviz.files.recordings import FIELDS, LAYERED, Recording, recording
from cnnviz.lesson.runs import layers_of
from cnnviz.timeline.batches import batch_at
from cnnviz.timeline.twins import running
from tests.helpers.runs import small_runs

Array = npt.NDArray[Any]

REPLAYED = 20

ONCE_CODED = 2 ** (1 / 64)
"""Numbers of layers are kept in steps of this factor; a last bit may decide which of two is nearer."""


def last_of(iterations: int, rate: float = 0.05) -> Recording:
    return list(running(small_runs(iterations, rate)))[-1]


def batch(iteration: int) -> tuple[Array, Array]:
    data, recipe = shipped_set("digits"), small_runs().recipe
    chosen = batch_at(recipe, iteration)
    return data.images[chosen].astype(np.float64), data.labels[chosen].astype(np.int64)


def passed(layers: Layers, parameters: dict[str, Array], iteration: int) -> tuple[float, dict[str, Array]]:
    """The loss of an iteration's batch, and the gradients, by plain operations."""
    (x, labels), gradients = batch(iteration), dict[str, Array]()
    out, back = run(layers, x, parameters, gradients)
    scores = out.reshape(10, 10)
    back(cross_entropy_backward(1.0, scores, labels).reshape(out.shape))
    return float(cross_entropy(scores, labels)), gradients


def test_the_first_iterations_measure_what_plain_operations_give() -> None:
    recipe = small_runs()
    for twin, found in zip(recipe.twins, last_of(2).runs, strict=True):
        layers = layers_of(recipe, twin, 10)
        parameters = initial_parameters(layers, (1, 8, 8), seed=recipe.recipe.seed)
        for iteration in (0, 1):
            loss, gradients = passed(layers, parameters, iteration)
            assert found.losses[iteration] == pytest.approx(loss, rel=1e-4)
            norms = [
                np.sqrt((gradients[f"{at.name}.weight"] ** 2).sum()) for at in weighted(layers, (1, 8, 8))
            ]
            np.testing.assert_allclose(found.gradients[iteration], norms, rtol=1e-3)
            # The first update has no momentum yet.
            parameters = {name: w - 0.05 * gradients[name] for name, w in parameters.items()}


def test_spreads_are_those_of_the_responses() -> None:
    recipe, (x, _) = small_runs(), batch(0)
    for twin, found in zip(recipe.twins, last_of(1).runs, strict=True):
        layers = layers_of(recipe, twin, 10)
        parameters = initial_parameters(layers, (1, 8, 8), seed=recipe.recipe.seed)
        at = next(n for n, layer in enumerate(layers) if isinstance(layer, Residual))
        block = layers[at]
        assert isinstance(block, Residual)
        half = 2 if twin.norm else 1  # the first convolution of the block with its norm
        before = run(layers[:at], x, parameters, {})[0]
        responses = [
            run(layers[: at - 1], x, parameters, {})[0],
            *(
                run(part, before, parameters, {}, f"{at}.body.")[0]
                for part in (block.body[:half], block.body)
            ),
            run(layers, x, parameters, {})[0],
        ]
        np.testing.assert_allclose(found.spreads[0], [r.std() for r in responses], rtol=1e-4)


def test_errors_are_counted_on_all_test_pictures_and_as_many_to_train_on() -> None:
    recipe, data = small_runs(), shipped_set("digits")
    found = last_of(1).runs[1]  # without batch norms it answers the same in training and in tests
    layers = layers_of(recipe, found.twin, 10)
    parameters = initial_parameters(layers, (1, 8, 8), seed=recipe.recipe.seed)
    scores = run(layers, data.images.astype(np.float64), parameters, {})[0].reshape(-1, 10)
    wrong = scores.argmax(axis=1) != data.labels
    assert found.train_errors[0] == pytest.approx(wrong[:297].mean())
    assert found.test_errors[0] == pytest.approx(wrong[1500:].mean())


def test_what_is_seen_grows_in_turn_and_never_changes_afterwards() -> None:
    seen = list(running(small_runs(3)))
    assert [tuple(r.done for r in one.runs) for one in seen] == [
        (1, 0),
        (1, 1),
        (2, 1),
        (2, 2),
        (3, 2),
        (3, 3),
    ]
    assert [r.stopped for r in seen[-1].runs] == [False, False]
    early, late = seen[0].runs[0], seen[-1].runs[0]
    assert np.isnan(early.losses[1:]).all()
    assert early.losses[0] == late.losses[0]
    assert np.isnan(seen[0].runs[1].gradients).all()
    assert np.isnan(early.test_errors).tolist() == [False, True]


def test_the_same_recipe_gives_the_same_bits() -> None:
    for one, other in zip(last_of(4).runs, last_of(4).runs, strict=True):
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(one, field), getattr(other, field))


def test_a_run_that_diverges_ends_and_the_others_go_on() -> None:
    ends = last_of(4, 1e30)
    stopped = [run for run in ends.runs if run.stopped]
    assert stopped
    for run_ in stopped:
        assert run_.done < 4
        assert np.isfinite(run_.losses[: run_.done]).all()
        assert np.isnan(run_.losses[run_.done :]).all()
        assert np.isnan(run_.test_errors[1:]).all()


def test_breathing_comes_between_iterations_and_may_end_it() -> None:
    class EnoughError(Exception):
        pass

    breaths = []

    def breathe() -> None:
        breaths.append(1)
        if len(breaths) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        list(running(small_runs(), breathe))
    assert len(breaths) == 3


def test_the_runs_that_ship_begin_again_as_they_were_recorded() -> None:
    """On every processor: sums are exact, so only `exp` may differ, by a bit that is rounded away."""
    shipped = recording("twins")
    recipe = replace(shipped.recipe, twins=shipped.recipe.twins[::3])
    for again in running(recipe):
        if min(run.done for run in again.runs) >= REPLAYED:
            break
    for one, other in zip(again.runs, shipped.runs[::3], strict=True):
        assert one.done == REPLAYED
        np.testing.assert_allclose(one.losses[:REPLAYED], other.losses[:REPLAYED], rtol=1e-6)
        for field in LAYERED:
            ratios = getattr(one, field)[:REPLAYED] / getattr(other, field)[:REPLAYED]
            assert 1 / ONCE_CODED < ratios.min() <= ratios.max() < ONCE_CODED
        assert one.test_errors[0] == other.test_errors[0]

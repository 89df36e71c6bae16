"""Blocks on the clock: every number of their forward and backward pass is the sum of what it is said to be made of."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.run import run_chain
from cnnviz.engine.specs import Layers
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline.fold import backward
from cnnviz.timeline.iteration import focus_in
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.engine.test_branches import IDENTITY, PADDED, PROJECTION, params_for, planned

CASES = pytest.mark.parametrize(
    "layers", [IDENTITY, PROJECTION, PADDED], ids=["identity", "projection", "padded"]
)
SHAPE = (2, 6, 6)


def lesson_of(layers: Layers) -> Lesson:
    rng = np.random.default_rng(8)
    track = Track(Source(rng.normal(size=SHAPE)), layers, params_for(layers, SHAPE, 3))
    target = rng.normal(size=track.shapes()[-1])
    recipe = Recipe((Example(target),), iterations=2, rate=0.001)
    return Lesson("block", (Track(track.source, layers, track.params, recipe=recipe),), "layer")


@CASES
def test_the_gradient_of_every_array_comes_by_all_ways(layers: Layers) -> None:
    """Against the plan's backward pass, which knows blocks and no chain."""
    lesson = lesson_of(layers)
    timeline = make_timeline(lesson)
    it = timeline.iteration(0, 0)
    track = lesson.tracks[0]
    plan = planned(layers, track.params, SHAPE)
    plan.forward(it.arrays[0][None], training=True)
    plan.backward(it.back.maps[-1][None])
    np.testing.assert_allclose(it.back.maps[0], plan.input_gradient[0], rtol=1e-9, atol=1e-11)


@CASES
def test_gradients_of_weights_agree_with_central_differences(layers: Layers) -> None:
    lesson = lesson_of(layers)
    track = lesson.tracks[0]
    recipe = track.recipe
    assert recipe is not None
    it = make_timeline(lesson).iteration(0, 0)
    rng, h = np.random.default_rng(1), 1e-6
    x, target = it.arrays[0], recipe.examples[0].target

    def loss(at: NDArray[np.float64]) -> float:
        return backward(layers, track.params, run_chain(layers, track.params, at), recipe, target).loss

    way = rng.normal(size=x.shape)
    measured = (loss(x + h * way) - loss(x - h * way)) / (2 * h)
    assert measured == pytest.approx(float((it.back.maps[0] * way).sum()), rel=1e-6)


@CASES
def test_every_number_is_the_sum_of_its_terms(layers: Layers) -> None:
    timeline = make_timeline(lesson_of(layers))
    it = timeline.iteration(0, 0)
    last = timeline.frame(timeline.index_at(1) - 1).tracks[0]
    checked = 0
    for section in timeline.sections[0]:
        values = last.tensor(section.tensor).values
        for flat in range(0, values.size, max(1, values.size // 7)):
            cell = tuple(int(i) for i in np.unravel_index(flat, section.shape))
            focus = (
                timeline.focus(0, section.layer, cell, it)  # type: ignore[arg-type]
                if section.kind == "forward"
                else focus_in(it, section, cell, 0)  # type: ignore[arg-type]
            )
            terms = focus.terms
            assert terms.total == pytest.approx(float(values[cell]), rel=1e-9, abs=1e-10), section.name
            if terms.w.size:
                assert float((terms.x * terms.w).sum()) + (terms.bias or 0.0) == pytest.approx(terms.total)
            checked += 1
    assert checked > 100


def test_where_ways_part_the_shortcut_hands_over_the_gradient_of_the_sum() -> None:
    timeline: Timeline = make_timeline(lesson_of(IDENTITY))
    it = timeline.iteration(0, 0)
    section = next(s for s in timeline.sections[0] if s.tensor == "input.grad")
    terms = focus_in(it, section, (1, 2, 3), 0).terms
    assert terms.bias == it.back.maps[4][1, 2, 3]


def test_going_back_is_one_step_and_shows_the_same_array() -> None:
    timeline = make_timeline(lesson_of(PROJECTION))
    section = next(s for s in timeline.sections[0] if s.op == "back")
    assert section.steps == 1
    arrays = timeline.tensors[0].arrays
    assert arrays[3] is arrays[0]

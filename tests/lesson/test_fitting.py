"""Targets and inputs that follow the shapes of a track that learns."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.lesson.edits import with_track
from cnnviz.lesson.fitting import fitting
from cnnviz.lesson.layer_edits import in_track, set_number
from cnnviz.lesson.lesson import Lesson, Track, check
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source


def mapped() -> Lesson:
    """A 4×4 input, a kernel of 2×2, and a target of 3×3 from 1 to 9."""
    recipe = Recipe((Example(np.arange(1.0, 10).reshape(1, 3, 3)),))
    chain = Track(
        Source(np.ones((1, 4, 4))), (Conv(1, (2, 2)),), (Params(np.ones((1, 1, 2, 2))),), recipe=recipe
    )
    return check(Lesson("Mapped", (chain,)))


def target(lesson: Lesson) -> list[object]:
    recipe = lesson.tracks[0].recipe
    assert recipe is not None
    values: list[object] = recipe.examples[0].target.tolist()
    return values


def test_a_smaller_map_cuts_the_target_and_a_larger_one_fills_it_with_zeros() -> None:
    smaller = in_track(mapped(), partial(set_number, layer=0, key="kernel_size", value=3), 0, alone=False)
    assert target(smaller) == [[[1, 2], [4, 5]]]
    larger = in_track(mapped(), partial(set_number, layer=0, key="kernel_size", value=1), 0, alone=False)
    assert target(larger) == [[[1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0], [0, 0, 0, 0]]]


def test_a_target_that_is_given_in_a_wrong_shape_is_refused() -> None:
    lesson = mapped()
    recipe = Recipe((Example(np.ones((1, 2, 2))),))
    with pytest.raises(BadInput, match=re.escape("target of example 0 has the shape (1, 2, 2)")):
        with_track(lesson, 0, replace(lesson.tracks[0], recipe=recipe))


def test_labels_stay_within_the_scores() -> None:
    recipe = Recipe((Example(np.array([[[2.0]]])), Example(np.array([[[0.0]]]))), "cross_entropy")
    chain = Track(
        Source(np.ones((1, 2, 2))), (Flatten(), Linear(3)), (None, Params(np.ones((3, 4)))), recipe=recipe
    )
    fewer = replace(chain, layers=(Flatten(), Linear(2)), params=(None, Params(np.ones((2, 4)))))
    changed = fitting(chain, fewer).recipe
    assert changed is not None
    assert [example.target.item() for example in changed.examples] == [1, 0]

"""The form of a recipe."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.lesson.learning_form import learning_form, rate_at, rate_notch
from cnnviz.lesson.lesson import Conventions, Lesson
from cnnviz.lesson.recipe import Example
from tests.helpers.learning_lessons import learning, rates, tiny


def test_a_lesson_without_a_recipe_has_an_empty_form() -> None:
    plain = replace(tiny(), recipe=None)
    assert learning_form(Lesson("Plain", (plain,)), 0).track == -1


def test_the_form_says_how_a_track_learns() -> None:
    form = learning_form(rates(0.01, 0.25), 1)
    assert form.tracks == ((0, "η = 0.01"), (1, "η = 0.25"))
    assert (form.track, form.rate, form.momentum, form.iterations) == (1, "0.25", "0", 10)
    assert (form.targets, form.rows, form.may_change_loss) == ((("6",),), 1, True)
    assert [(layer.layer, layer.title, layer.random) for layer in form.layers] == [(0, "Convolution", False)]


def test_numbers_follow_the_decimal_sign() -> None:
    lesson = replace(learning(0.25), conventions=Conventions(decimal="comma"))
    assert learning_form(lesson, 0).rate == "0,25"


def test_a_track_that_does_not_learn_gives_way_to_the_first_that_does() -> None:
    lesson = Lesson("Mixed", (replace(tiny(), recipe=None, name="plain"), tiny(name="learns")))
    assert learning_form(lesson, 0).track == 1


def test_large_targets_are_not_typed() -> None:
    track = tiny()
    assert track.recipe is not None
    wide = replace(track.recipe, examples=(Example(np.zeros((1, 9, 9))),))
    assert learning_form(Lesson("Wide", (replace(track, recipe=wide),)), 0).targets == ()


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.02, 0.1, 0.5, 1.0])
def test_the_slider_comes_back_to_the_rate(rate: float) -> None:
    assert rate_at(rate_notch(rate)) == rate

"""Learning in words and lines: numbers that can be told apart, and what a sign means."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.scene.learning_words import learning_caption, moved, sentence
from cnnviz.scene.numbers import small
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.sections import Kind
from cnnviz.timeline.timeline import make_timeline
from tests.scene.learning_lessons import small as small_network
from tests.scene.learning_lessons import tiny
from tests.scene.scenes import texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (-0.00887, "−0.0089"),
        (3.41e-6, "3.4·10⁻⁶"),
        (0.00034, "0.00034"),
        (0.0, "0"),
        (2e-20, "2·10⁻²⁰"),
        (1e21, "1·10²¹"),
        (-2.481e153, "−2.48·10¹⁵³"),
    ],
)
def test_small_numbers_keep_two_digits(value: float, text: str) -> None:
    assert small(value) == text


def test_old_and_new_have_the_decimals_that_tell_them_apart() -> None:
    assert moved(3.0, 3.02) == ("3", "3.02")
    assert moved(1.39911, 1.39920) == ("1.3991", "1.3992")
    assert moved(2.0, 2.0) == ("2", "2")
    assert moved(-0.004998, -0.005003) == ("−0.004998", "−0.005003")  # on both sides of what rounds to −0.01


def test_a_letter_of_a_formula_stays_small() -> None:
    assert sentence("δ is 2") == "δ is 2."
    assert sentence("the loss is 2") == "The loss is 2."


def words(kind: Kind, layer: int) -> list[str]:
    timeline = make_timeline(small_network())
    section = next(s for s in timeline.sections[0] if s.kind == kind and s.layer == layer)
    return [
        build_scene(timeline, index, Viewpoint(), (1280, 720), LIGHT).caption
        for index in range(section.start, section.stop)
    ]


def test_the_words_of_a_maximum_say_who_gets_the_gradient() -> None:
    told = words("input", 2)
    assert sum(w.startswith("This value was the maximum of its window") for w in told) == 12
    assert sum("no maximum" in w for w in told) == 36


def test_the_words_of_a_gate_follow_its_slope() -> None:
    shut = [w for w in words("input", 1) if w.startswith("The gate is shut")]
    timeline = make_timeline(small_network())
    assert len(shut) == int((timeline.tensors[0].arrays[1] <= 0).sum())


def test_the_probability_of_the_right_answer_is_to_grow() -> None:
    wrong, right = words("error", 4)
    assert "must decrease" in wrong
    assert "must increase" in right


def test_a_late_update_still_shows_a_change() -> None:
    timeline = make_timeline(tiny(iterations=60))
    section = timeline.sections[0][-1]
    scene = build_scene(timeline, timeline.index_at(58, section.start), Viewpoint(), (1280, 720), LIGHT)
    line = texts(scene)["sum/total"]
    old, rest = line.split(" − 0.01 × ")
    assert old != rest.split(" ")[-1]


def test_a_step_that_no_digit_shows_is_told_by_its_size() -> None:
    timeline = make_timeline(tiny())
    track = timeline.frame(timeline.sections[0][-1].start).tracks[0]
    x = np.array([-0.006, 7.6e-7])
    terms = replace(track.focus.terms, x=x, total=-0.006 - 0.01 * 7.6e-7)
    told = learning_caption(replace(track, focus=replace(track.focus, terms=terms)))
    assert told == "The gradient 7.6·10⁻⁷ is positive, so the weight goes down: by 7.6·10⁻⁹ from −0.006."

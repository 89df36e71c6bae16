"""Which plot stands beside a lesson that learns: one for each phase, or the one that its view asks for."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Relu
from cnnviz.lesson.lesson import PLOTS, Lesson, Plots, Track, View
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.timeline.plots import Check
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import scores, two_weights


def plots(lesson: Lesson, asked: Plots = "auto") -> list[str]:
    """The kind of plot of each section of the first iteration."""
    timeline = make_timeline(replace(lesson, view=View(plots=asked)))
    frames = [timeline.frame(section.start).lead for section in timeline.sections[0]]
    return [type(frame.plots[0]).__name__ if frame.plots else "" for frame in frames]


def test_a_tiny_network_has_one_for_each_phase() -> None:
    assert plots(two_weights()) == ["LossCurve", "Parabola", "Chain", "Chain", "Surface"]


def test_a_real_network_has_its_loss() -> None:
    assert set(plots(scores())) == {"LossCurve"}


@pytest.mark.parametrize(
    ("asked", "tiny", "real"),
    [
        ("none", "", ""),
        ("loss", "LossCurve", "LossCurve"),
        ("chain", "Chain", "LossCurve"),
        ("surface", "Surface", "LossCurve"),
        ("check", "Check", "Check"),
    ],
)
def test_what_is_asked_for_where_it_fits(asked: Plots, tiny: str, real: str) -> None:
    assert set(plots(two_weights(), asked)) == {tiny}
    assert set(plots(scores(), asked)) == {real}


def test_tracks_side_by_side_are_compared_by_their_losses() -> None:
    track = two_weights().tracks[0]
    assert set(plots(Lesson("Two", (track, track)))) == {"LossCurve"}


def test_the_check_follows_the_weight_at_work() -> None:
    timeline = make_timeline(replace(two_weights(), view=View(plots="check")))
    at_work = next(s for s in timeline.sections[0] if s.kind == "weight")
    names = []
    for offset in range(2):
        (plot,) = timeline.frame(at_work.start + offset).lead.plots
        assert isinstance(plot, Check)
        names.append(plot.name)
    assert names == ["w₁", "w₂"]


def test_a_lesson_that_does_not_learn_has_none() -> None:
    track = replace(two_weights().tracks[0], recipe=None)
    assert make_timeline(Lesson("Still", (track,))).frame(0).lead.plots == ()


def test_without_weights_there_is_nothing_to_check() -> None:
    track = two_weights().tracks[0]
    recipe = Recipe((Example(np.array([[[1.0, 1.0]]])),), iterations=2)
    lesson = Lesson("None", (Track(track.source, (Relu(),), (None,), "", recipe),))
    for asked in PLOTS:
        assert set(plots(lesson, asked)) == {"" if asked == "none" else "LossCurve"}

"""The formulas of losses, gradients and updates."""

from dataclasses import replace

import pytest

from cnnviz.scene.formulas import piece_names
from cnnviz.scene.learning_formula import formula_name
from cnnviz.scene.primitives import Formula
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.learning_lessons import LESSONS, two_convolutions


@pytest.mark.parametrize("name", LESSONS)
def test_every_section_has_a_formula_that_is_typeset(name: str) -> None:
    timeline = make_timeline(LESSONS[name]())
    for section in timeline.sections[0]:
        if section.kind == "forward" or timeline.repeats(0).fine == 0:
            continue
        track = timeline.frame(section.stop - 1).tracks[0]
        assert track.learning is not None
        found = formula_name(track.focus, track.learning.recipe)
        assert set(found.split()) <= piece_names()
        scene = build_scene(timeline, section.stop - 1, Viewpoint(), (1280, 720), LIGHT)
        assert [p.name for p in scene.primitives() if isinstance(p, Formula)][:1] == [found]


def names(lesson_name: str) -> list[str]:
    timeline = make_timeline(LESSONS[lesson_name]())
    out = []
    for section in timeline.sections[0]:
        track = timeline.frame(section.stop - 1).tracks[0]
        if section.kind != "forward" and track.learning is not None:
            out.append(formula_name(track.focus, track.learning.recipe))
    return out


def test_the_formulas_of_the_tiny_network() -> None:
    assert names("tiny") == ["loss.one", "error.sum", "weight.conv.-", "update.w"]


def test_the_formulas_of_a_network_with_labels() -> None:
    assert names("labels") == [
        "loss.cross", "error.cross", "weight.linear", "bias.line", "input.linear", "input.same", "input.max",
        "input.gate", "weight.conv.oc.sdp", "bias.map", "update.w", "update.b", "update.w", "update.b",
    ]  # fmt: skip


def test_the_formula_of_a_gradient_through_a_convolution_and_of_momentum() -> None:
    assert "input.conv" in names("two convolutions")
    assert names("tiny by products")[-1] == "update.w.v"


def test_a_mean_divides_the_gradient() -> None:
    lesson = two_convolutions()
    track = lesson.tracks[0]
    assert track.recipe is not None
    recipe = replace(track.recipe, reduction="mean")
    timeline = make_timeline(replace(lesson, tracks=(replace(track, recipe=recipe),)))
    section = next(s for s in timeline.sections[0] if s.kind == "error")
    focus = timeline.frame(section.start).tracks[0].focus
    assert formula_name(focus, recipe) == "error.mean"

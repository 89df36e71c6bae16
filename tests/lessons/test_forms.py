"""Every layer of every lesson that ships can be edited in the panels, and stands within its own limits."""

from __future__ import annotations

from functools import partial

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.lesson.kernel_edits import set_weights
from cnnviz.lesson.kernel_form import kernel_form
from cnnviz.lesson.layer_edits import in_track, set_number
from cnnviz.lesson.layer_form import Number, Pair, Sides, layer_form
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.limits import limits

IDS = [
    lesson.id for lesson in shipped() if lesson.id != "resnet-34-and-plain"
]  # two tracks that are lessons too


def places(lesson: Lesson) -> list[tuple[int, int]]:
    return [
        (number, layer) for number, track in enumerate(lesson.tracks) for layer in range(len(track.layers))
    ]


@pytest.mark.parametrize("name", IDS)
def test_each_layer_stands_within_its_limits(name: str) -> None:
    lesson = shipped_lesson(name)
    for track, layer in places(lesson):
        for item in layer_form(lesson, track, layer).items:
            match item:
                case Pair():
                    assert item.rows in item.row_limit.values
                    assert item.columns in item.column_limit.values
                case Sides():
                    assert all(v in limit.values for v, limit in zip(item.values, item.each, strict=True))
                case Number():
                    assert item.value in item.limit.values


@pytest.mark.parametrize("name", IDS)
def test_each_weight_of_each_track_can_be_typed_over(name: str) -> None:
    lesson = shipped_lesson(name)
    for track, layer in places(lesson):
        form = kernel_form(lesson, 0, 0, track, layer)
        if form is not None:
            changed = set_weights(lesson, 0, 0, form.first, 0, 0.5, track, layer)
            other = kernel_form(changed, 0, 0, track, layer)
            assert other is not None
            assert other.cells[0][0] in ("0.5", "0,5")


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("name", IDS)
def test_no_end_of_a_slider_is_refused(name: str, alone: bool) -> None:
    lesson = shipped_lesson(name)
    for track, layer in places(lesson):
        for key, limit in limits(lesson, track, layer, alone).items():
            for value in {limit.least, limit.most}:
                edit = partial(set_number, layer=layer, key=key, value=value)
                try:
                    in_track(lesson, edit, track, alone)
                except BadInput as error:
                    pytest.fail(f"{name}, track {track}, layer {layer}, {key} {value}: {error}")

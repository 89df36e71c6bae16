"""Names that tracks have by themselves: the first number that tells all of them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.engine.specs import Tanh
from cnnviz.files.lessons import find_lesson
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.track_names import plain_name
from tests.lesson.examples import vertical_edge


def names(*tracks: Track) -> list[str]:
    return [plain_name(tracks, number) for number in range(len(tracks))]


def chain(**conv: object) -> Track:
    return vertical_edge(**conv).tracks[0]


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ((chain(), chain(stride=(2, 2)), chain(stride=(2, 3))), ["Stride 1", "Stride 2", "Stride 2×3"]),
        ((chain(), chain(dilation=(2, 2))), ["Dilation 1", "Dilation 2"]),
        ((chain(padding="same-lower"), chain(padding=1)), ["Padding same lower", "Padding 1"]),
        ((chain(), chain()), ["Track 1", "Track 2"]),
        ((chain(),), [""]),
    ],
)
def test_the_first_number_that_differs_everywhere_names_them(
    tracks: tuple[Track, ...], expected: list[str]
) -> None:
    assert names(*tracks) == expected


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        ("learning-rates", ["η = 0.01", "η = 0.1", "η = 0.2", "η = 0.21"]),
        ("identity-is-easy", ["α = 1", "α = 0.5", "α = 0"]),
        ("kernel-shapes", ["2×2", "1×5", "4×1"]),
        ("pooling", ["Max pooling", "Average pooling"]),
    ],
)
def test_rates_scales_sizes_and_kinds(lesson: str, expected: list[str]) -> None:
    assert names(*find_lesson(lesson).tracks) == expected


def test_kinds_that_are_alike_leave_the_number() -> None:
    first, second, third = find_lesson("activations").tracks
    assert names(replace(first, layers=(Tanh(),)), second, third) == ["Tanh", "Leaky ReLU", "ELU"]
    assert names(second, second, third) == ["Track 1", "Track 2", "Track 3"]

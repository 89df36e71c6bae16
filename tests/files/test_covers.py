"""What is shown of a lesson while its weights are drawn, and of which there is nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.drawn import drawn_params
from cnnviz.engine.layers import Conv, Drawn, Relu
from cnnviz.engine.specs import Layers, Normalise
from cnnviz.files.covers import MANY, cover_of
from cnnviz.files.lessons import shipped, shipped_lesson, shipped_path, write_lesson
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.source import Source

HOW = Drawn("kaiming-normal", 1, 0)
WIDE = (512, 512, 3, 3)  # 2,359,296 weights


def wide(*first: Relu) -> Lesson:
    layers: Layers = (*first, Conv(512, (3, 3)))
    params = (*(None for _ in first), drawn_params(WIDE, HOW))
    track = Track(Source(np.ones((512, 4, 4)), "ones"), layers, params, "Wide")
    return Lesson("Very wide", (track,), words=(Words(0, "Own title"),))


def test_a_deep_network_begins_with_its_photograph() -> None:
    cover = cover_of(shipped_path("resnet-34-and-plain"))
    whole = shipped_lesson("resnet-34-and-plain")
    assert cover is not None
    assert cover.title == whole.title
    assert [track.source for track in cover.tracks] == [track.source for track in whole.tracks]
    assert all([type(spec) for spec in track.layers] == [Normalise] for track in cover.tracks)
    count = sum(p.weight.size for track in whole.tracks for p in track.params if p is not None)
    assert cover.words == (Words(0, "", f"{count:,} weights are being drawn …", ""),)


def test_only_networks_with_millions_of_drawn_weights_have_one() -> None:
    deep = {lesson.id for lesson in shipped() if cover_of(shipped_path(lesson.id)) is not None}
    assert deep == {"resnet-34", "plain-34", "resnet-34-and-plain"}


def test_a_lesson_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "wide.cnnviz"
    write_lesson(path, wide(Relu(), Relu()))
    cover = cover_of(path)
    assert cover is not None
    assert (cover.title, cover.tracks[0].layers, cover.tracks[0].name) == (
        "Very wide",
        (Relu(), Relu()),
        "Wide",
    )
    assert np.prod(WIDE) >= MANY


@pytest.mark.parametrize(
    "lesson",
    [
        wide(),  # it begins with weights
        replace(wide(Relu()), tracks=(*wide(Relu()).tracks, *wide().tracks)),  # one of its tracks does
    ],
)
def test_what_begins_with_weights_has_none(lesson: Lesson, tmp_path: Path) -> None:
    write_lesson(tmp_path / "wide.cnnviz", lesson)
    assert cover_of(tmp_path / "wide.cnnviz") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tracks": 1}', '{"tracks": [1, {"params": []}]}'])
def test_of_what_cannot_be_read_the_reader_tells(text: str, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(text)
    assert cover_of(tmp_path / "odd.json") is None
    assert cover_of(tmp_path / "none.json") is None

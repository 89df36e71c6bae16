"""Lesson files of both versions: what the first could not say has its default, and every layer comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import ConvTranspose, Flatten, Linear, Softmax
from cnnviz.files.lessons import read_lesson, write_lesson
from cnnviz.lesson.lesson import Conventions, Lesson, Track, View
from cnnviz.lesson.source import Noise, Shift, Source
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.random_chains import small_lessons

FIRST = """
{
  "format": "cnnviz-lesson",
  "version": 1,
  "title": "Edge",
  "group": "First steps",
  "systems": ["S12", "S31"],
  "pace": "cell",
  "notes": "Slide and sum.",
  "words": [{"section": 0, "title": "Slide", "caption": "Watch.", "notes": "Slowly."}],
  "tracks": [
    {
      "name": "",
      "source": {
        "name": "half", "credit": "me",
        "array": {"dtype": "float64", "values": [[
          [10, 10, 10, 0, 0, 0], [10, 10, 10, 0, 0, 0], [10, 10, 10, 0, 0, 0],
          [10, 10, 10, 0, 0, 0], [10, 10, 10, 0, 0, 0], [10, 10, 10, 0, 0, 0]]]},
        "transforms": [], "overrides": null
      },
      "layers": [
        {"op": "conv2d", "out_channels": 1, "kernel_size": [3, 3], "stride": [1, 1], "padding": 0, "dilation": [1, 1],
         "groups": 1, "padding_mode": "zeros"},
        {"op": "relu"},
        {"op": "max_pool2d", "kernel_size": [2, 2], "stride": [2, 2], "padding": [0, 0], "ceil_mode": false}
      ],
      "params": [
        {"weight": {"dtype": "float64", "values": [[[[1, 0, -1], [1, 0, -1], [1, 0, -1]]]]}, "bias": null}, null, null
      ]
    }
  ]
}
"""


def test_a_file_of_version_1_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "first.json"
    path.write_text(FIRST, encoding="utf-8")
    lesson = read_lesson(path)
    assert (lesson.conventions, lesson.view) == (Conventions(), View())
    assert lesson.tracks[0].layers == (Conv(1, (3, 3)), Relu(), MaxPool((2, 2), (2, 2)))
    assert (lesson.systems, lesson.words[0].notes) == (("S12", "S31"), "Slowly.")
    arrays = make_timeline(lesson).tensors[0].arrays
    assert arrays[1][0].tolist() == [[0, 30, 30, 0]] * 4
    write_lesson(tmp_path / "second.json", lesson)
    document = json.loads((tmp_path / "second.json").read_text(encoding="utf-8"))
    assert document["version"] == 2
    assert document["tracks"][0]["layers"][0]["flipped"] is False
    assert read_lesson(tmp_path / "second.json") == lesson


def every_weight() -> Lesson:
    layers = (ConvTranspose(4, (2, 3), (2, 1), (0, 1), (1, 0), groups=2), Conv(1, (2, 2), flipped=True),
              Flatten(), Linear(3), Softmax())  # fmt: skip
    source = Source(np.arange(18, dtype=np.uint8).reshape(2, 3, 3), "p", (Shift(1, -2), Noise(4.5, 7)))
    track = Track(source, layers, (None,) * 5)
    shapes = track.shapes()
    random = np.random.default_rng(0)
    params = (
        Params(random.normal(size=(2, 2, 2, 3)), random.normal(size=4)),
        Params(random.normal(size=(1, 4, 2, 2))),
        None,
        Params(random.normal(size=(3, shapes[3][0])), random.normal(size=3)),
        None,
    )
    return Lesson("All", (Track(source, layers, params),), None, conventions=Conventions("xw", 1, "comma"),
                  view=View("field", True, True, False, True, "network"))  # fmt: skip


@pytest.mark.parametrize("name", ["all.json", "all.cnnviz"])
def test_weights_of_every_rank_come_back(tmp_path: Path, name: str) -> None:
    lesson = every_weight()
    write_lesson(tmp_path / name, lesson)
    again = read_lesson(tmp_path / name)
    assert again == lesson
    for a, b in zip(again.tracks[0].params, lesson.tracks[0].params, strict=True):
        assert (a is None) == (b is None)
        if a is not None and b is not None:
            assert a.weight.shape == b.weight.shape
            assert a.weight.tobytes() == b.weight.tobytes()


@settings(max_examples=60)
@given(lesson=small_lessons())
def test_drawn_lessons_of_every_layer_come_back(
    tmp_path_factory: pytest.TempPathFactory, lesson: Lesson
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    for name in ("a.json", "a.cnnviz"):
        write_lesson(folder / name, lesson)
        assert read_lesson(folder / name) == lesson


def changed(place: list[str | int], value: Any) -> str:
    document: Any = json.loads(FIRST)
    at = document
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return json.dumps(document)


ONES = {"dtype": "float64", "values": [[1, 1]]}


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (["version"], 3, "was made by a newer cnnviz (version 3, this one reads 2); update cnnviz"),
        (["version"], 0, "version: is 0; give 2"),
        (["view"], {"heat": "hot"}, "view.heat: is 'hot'; give one of none, uses, fan-out, field"),
        (["view"], {"colour": 1}, "view: unknown field 'colour'"),
        (["conventions"], {"base": 2}, "conventions.base: is 2; give one of 0, 1"),
        (["conventions"], None, "conventions: is None; give an object"),
        (["tracks", 0, "layers", 0, "flipped"], 1, "tracks.0.layers.0.flipped: is 1; give true or false"),
        (["tracks", 0, "layers", 1], {"op": "softsign"}, "tracks.0.layers.1.op: is 'softsign'; give one of conv2d"),
        (["tracks", 0, "layers", 1], {"op": "linear", "out_features": 2}, "linear: its input (1, 4, 4) is not flat"),
        (["tracks", 0, "layers", 1], {"op": "normalise", "mean": 1, "std": 0}, "tracks.0.layers.1: normalise: std is"),
        (["tracks", 0, "layers", 1], {"op": "normalise", "mean": [1, 2], "std": 1}, "normalise"),
        (["tracks", 0, "params", 1], {"weight": ONES}, "tracks.0.params.1: relu has no parameters; give null"),
        (["tracks", 0, "params", 0, "weight"], ONES, "tracks.0.params.0.weight.values: needs lists nested 4 deep"),
        (["tracks", 0, "source", "transforms"], [{"kind": "noise", "sigma": -1}],
         "tracks.0.source.transforms.0: noise -1.0: give a standard deviation from 0 to 1,000,000"),
        (["tracks", 0, "source", "transforms"], [{"kind": "shift", "rows": 1}],
         "tracks.0.source.transforms.0: the field 'columns' is missing; add it"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_in_one_line(
    tmp_path: Path, place: list[str | int], value: Any, line: str
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(changed(place, value), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_lesson(path)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)

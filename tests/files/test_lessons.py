"""Lesson files: what is written comes back exactly, and whatever is wrong with a file is one line."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.files.lessons import find_lesson, read_lesson, shipped, shipped_lesson, write_lesson
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from tests.files.changes import Json, drop, put
from tests.files.examples import refused, small
from tests.files.lesson_strategy import lessons


def assert_same(read: Lesson, written: Lesson) -> None:
    # Equality of sources and parameters is by digest; text that no digest holds is compared beside it.
    assert read == written
    for a, b in zip(read.tracks, written.tracks, strict=True):
        assert a.source.credit == b.source.credit
        assert a.source.array.dtype == b.source.array.dtype
        assert a.source.array.tobytes() == b.source.array.tobytes()
        assert a.source.overrides == b.source.overrides


def document(tmp_path: Path) -> Json:
    write_lesson(tmp_path / "plain.json", small())
    return json.loads((tmp_path / "plain.json").read_text(encoding="utf-8"))


def refused_document(tmp_path: Path, changed: Json) -> str:
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    return refused(path)


@settings(max_examples=60)
@given(lesson=lessons)
def test_every_lesson_comes_back_exactly_from_both_forms(
    tmp_path_factory: pytest.TempPathFactory, lesson: Lesson
) -> None:
    folder = tmp_path_factory.mktemp("lesson")
    for name in ("a.cnnviz", "a.json"):
        write_lesson(folder / name, lesson)
        assert_same(read_lesson(folder / name), lesson)


def test_minus_zero_and_the_smallest_numbers_survive_json(tmp_path: Path) -> None:
    values = np.array([-0.0, 5e-324, 1.7976931348623157e308, 2.0**53, 0.1]).reshape(1, 1, 5)
    track = Track(Source(values), (Relu(),), (None,))
    write_lesson(tmp_path / "a.json", Lesson("Edges", (track,)))
    assert read_lesson(tmp_path / "a.json").tracks[0].source.array.tobytes() == values.tobytes()


def test_the_same_lesson_gives_the_same_bytes(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a.cnnviz", small())
    write_lesson(tmp_path / "b.cnnviz", small())
    assert (tmp_path / "a.cnnviz").read_bytes() == (tmp_path / "b.cnnviz").read_bytes()


def test_a_cnnviz_file_is_a_zip_of_the_document_and_one_npy_for_each_array(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a.cnnviz", small())
    with zipfile.ZipFile(tmp_path / "a.cnnviz") as archive:
        assert archive.namelist() == [
            "lesson.json",
            "tracks/0/params/0/bias.npy",
            "tracks/0/params/0/weight.npy",
            "tracks/0/source.npy",
        ]
        pixels = np.load(io.BytesIO(archive.read("tracks/0/source.npy")))
    assert pixels.dtype == np.uint8
    assert pixels.tolist() == [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]]


def test_what_has_a_default_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        """{"format": "cnnviz-lesson", "version": 1, "title": "By hand", "tracks": [{
        "source": {"array": {"dtype": "uint8", "values": [[[1, 2], [3, 4]]]}},
        "layers": [{"op": "conv2d", "out_channels": 1, "kernel_size": 2}],
        "params": [{"weight": {"dtype": "float64", "values": [[[[1, 0], [0, 1]]]]}}]}]}""",
        encoding="utf-8",
    )
    lesson = read_lesson(tmp_path / "a.json")
    assert lesson.tracks[0].layers == (Conv(1, (2, 2)),)
    assert lesson.pace is None
    assert lesson.tracks[0].source.name == "input"


def test_a_lesson_from_a_newer_version_says_what_to_do(tmp_path: Path) -> None:
    newer = document(tmp_path) | {"version": 3, "something": "new"}
    assert refused_document(tmp_path, newer) == (
        "was made by a newer cnnviz (version 3, this one reads 2); update cnnviz"
    )


SOURCE = ("tracks", 0, "source")
CONV = ("tracks", 0, "layers", 0)
PARAMS = ("tracks", 0, "params", 0)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (put("format", to="other"), 'is no lesson of cnnviz ("format" is not "cnnviz-lesson")'),
        (put("version", to=True), "version: is True"),
        (put("version", to=0), "version: is 0"),
        (drop("title"), "the field 'title' is missing"),
        (put("title", to=3), "title: is 3; give a text"),
        (put("title", to="\ud800"), "title: holds half a character"),
        (put("subtitle", to=""), "unknown field 'subtitle'"),
        (put("pace", to="slow"), "pace: is 'slow'; give null or one of multiply"),
        (put("tracks", to=[]), "has no track"),
        (put("tracks", to={}), "tracks: is {}; give a list"),
        (put("systems", to="S01"), "systems: is 'S01'; give a list"),
        (put("words", to=[{"section": -1}]), "words.0.section: is -1"),
        (drop(*SOURCE, "array"), "tracks.0.source: the field 'array' is missing"),
        (put(*SOURCE, "array", to={"file": "a.npy"}), "tracks.0.source.array: unknown field 'file'"),
        (put(*SOURCE, "array", "dtype", to="float32"), "tracks.0.source.array.dtype: is 'float32'"),
        (put(*SOURCE, "array", "values", to=[[[1, 2], [3]]]), "source.array.values: needs lists nested 3 deep"),
        (put(*SOURCE, "array", "values", to=[[1, 2]]), "nested 3 deep"),
        (put(*SOURCE, "array", "values", to=[[]]), "tracks.0.source.array.values: holds no numbers"),
        (put(*SOURCE, "array", "values", 0, 0, 0, to=256), "holds a number that uint8 cannot hold"),
        (put(*SOURCE, "array", "values", 0, 0, 0, to=-1), "holds a number that uint8 cannot hold"),
        (put(*SOURCE, "array", "values", 0, 0, 0, to=1.5), "holds 1.5; give whole numbers only"),
        (put(*SOURCE, "array", "values", 0, 0, 0, to=True), "holds True; give whole numbers only"),
        (put(*SOURCE, "transforms", to=[{"kind": "turn"}]), "transforms.0.kind: is 'turn'; give one of grey, resize"),
        (put(*SOURCE, "transforms", to=[{"kind": "resize", "rows": 0, "columns": 4}]), "transforms.0.rows"),
        (put(*SOURCE, "overrides", to={"dtype": "float64", "values": [[16, 1]]}), "whole, rising, below 16"),
        (put(*SOURCE, "overrides", to={"dtype": "float64", "values": [[2, 1], [1, 1]]}), "whole, rising, below 16"),
        (put(*SOURCE, "overrides", to={"dtype": "float64", "values": [[0.5, 1]]}), "whole, rising, below 16"),
        (put(*SOURCE, "overrides", to={"dtype": "float64", "values": [[0, 1, 2]]}), "give rows (flat index, value)"),
        (
            put(*CONV, "op", to="conv3d"),
            "tracks.0.layers.0.op: is 'conv3d'; give one of conv2d, conv_transpose2d, relu",
        ),
        (put(*CONV, "op", to=["conv2d"]), "tracks.0.layers.0.op"),
        (put(*CONV, to="conv2d"), "tracks.0.layers.0: is 'conv2d'; give an object with the field 'op'"),
        (drop(*CONV, "kernel_size"), "tracks.0.layers.0: the field 'kernel_size' is missing"),
        (put(*CONV, "stride", to=0), "tracks.0.layers.0.stride: stride is 0: it must be at least 1"),
        (put(*CONV, "stride", to=1.0), "tracks.0.layers.0.stride: is 1.0; give whole numbers"),
        (put(*CONV, "stride", to=[1, 1, 1]), "stride [1, 1, 1] has 3 numbers"),
        (put(*CONV, "padding", to=[1, 2, 3]), "tracks.0.layers.0.padding: has 3 amounts"),
        (
            put(*CONV, "padding", to="some"),
            "tracks.0.layers.0.padding: is 'some'; give one of valid, same, same-lower, half, full",
        ),
        (put(*CONV, "padding", to=10**9), "tracks.0.layers.0.padding: is 1000000000; give at most 1000000"),
        (put(*CONV, "padding", to=10**6), "values: at most 300,000,000 are computed"),
        (put(*CONV, "padding_mode", to="mirror"), "tracks.0.layers.0.padding_mode: is 'mirror'"),
        (put(*CONV, "kernel_size", to=[3, 3]), "layer 0 (conv2d) needs weights (1, 1, 3, 3), got (1, 1, 2, 2)"),
        (put(*CONV, "groups", to=2), "groups 2 does not divide"),
        (put("tracks", 0, "layers", 2, "ceil_mode", to=1), "tracks.0.layers.2.ceil_mode: is 1; give true or false"),
        (put("tracks", 0, "params", to=[]), "tracks.0.params: has 0 entries for 3 layers"),
        (put(*PARAMS, to=None), "layer 0 (conv2d) has no weights"),
        (put("tracks", 0, "params", 1, to={}), "tracks.0.params.1: relu has no parameters; give null"),
        (put(*PARAMS, "weight", "dtype", to="uint8"), "tracks.0.params.0.weight"),
        (put(*PARAMS, "bias", "values", to=[1, 2]), "needs 1 biases, got (2,)"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_by_its_path(
    tmp_path: Path, change: Callable[[Json], None], line: str
) -> None:
    changed = document(tmp_path)
    change(changed)
    assert line in refused_document(tmp_path, changed)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"[" * 100_000, "is nested too deep"),
        (b"{", "is not JSON (line 1, column 2"),
        (b'{"format": NaN}', "holds NaN"),
        (b'{"format": -Infinity}', "holds -Infinity"),
        (b'{"format": 1e999}', "holds 1e999, which is not a finite number"),
        (b'{"format": ' + b"1" * 5000 + b"}", "holds a number that is too long"),
        (b'{"format": 1, "format": 2}', "holds the field 'format' twice"),
        (b"\xff\xfe\x00", "is neither a zip nor text"),
        (b"[]", "is no lesson of cnnviz"),
        (b"3", "is no lesson of cnnviz"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, text: bytes, line: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)
    assert line in refused(path)


@given(data=st.binary(max_size=200))
def test_no_bytes_raise_anything_but_bad_input(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.cnnviz"
    path.write_bytes(data)
    refused(path)


def test_a_missing_file_and_a_folder_are_one_line(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "none.cnnviz")
    assert "is a folder" in refused(tmp_path)


def test_what_cannot_be_read_back_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.cnnviz"
    path.write_bytes(b"old")
    track = Track(Source(np.ones((1, 2, 2))), (Conv(1, (1, 1)),), (Params(np.full((1, 1, 1, 1), np.nan)),))
    for target in (path, tmp_path / "b.json"):
        with pytest.raises(BadInput, match="not a finite number"):
            write_lesson(target, Lesson("Not a number", (track,)))
    assert path.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.cnnviz"]


def test_a_large_picture_is_not_written_as_text(tmp_path: Path) -> None:
    track = Track(Source(np.zeros((1, 257, 257), dtype=np.uint8)), (Relu(),), (None,))
    with pytest.raises(BadInput, match=r"66049 values are too many for \.json; save it as \.cnnviz"):
        write_lesson(tmp_path / "a.json", Lesson("Large", (track,)))
    write_lesson(tmp_path / "a.cnnviz", Lesson("Large", (track,)))
    assert read_lesson(tmp_path / "a.cnnviz").tracks[0].source.shape == (1, 257, 257)


def test_what_is_over_the_limits_of_reading_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput, match="shorten its notes"):
        write_lesson(tmp_path / "a.cnnviz", replace(small(), notes="x" * 2**24))
    monkeypatch.setattr("cnnviz.files.archive.TOTAL_LIMIT", 1000)
    with pytest.raises(BadInput, match="over the limit of 1000; choose a smaller picture"):
        write_lesson(tmp_path / "a.cnnviz", small())
    assert list(tmp_path.iterdir()) == []


def test_the_lessons_that_ship_come_in_teaching_order() -> None:
    assert [group for group, _ in itertools.groupby(s.group for s in shipped())] == [
        "Convolution",
        "Pictures",
        "Kernels on photographs",
        "Channels",
        "Padding",
        "Stride, dilation and back",
        "Activation and pooling",
        "Networks",
        "Learning",
        "Trained networks",
        "Depth",
    ]
    ids = [s.id for s in shipped()]
    assert ids[0] == "vertical-edge"
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.id)
def test_a_lesson_that_ships_is_what_its_entry_says(entry: Any) -> None:
    lesson = shipped_lesson(entry.id)
    assert (lesson.title, lesson.group, lesson.systems) == (entry.title, entry.group, entry.systems)


def test_the_default_lesson_is_the_published_example() -> None:
    track = find_lesson("vertical-edge").tracks[0]
    assert track.source.array.tolist() == [[[10, 10, 10, 0, 0, 0]] * 6]
    params = track.params[0]
    assert params is not None
    assert params.weight.tolist() == [[[[1, 0, -1]] * 3]]
    assert params.bias is None
    assert track.layers == (Conv(1, (3, 3)), Relu(), MaxPool((2, 2), (2, 2)))


def test_the_photograph_is_whole() -> None:
    source = find_lesson("photo-edges").tracks[0].source
    assert source.array.shape == (1, 256, 256)
    assert source.array.dtype == np.uint8
    assert "CC0" in source.credit


def test_a_lesson_is_found_by_id_or_path(tmp_path: Path) -> None:
    write_lesson(tmp_path / "mine.json", small())
    assert find_lesson(str(tmp_path / "mine.json")).title == "Small"
    with pytest.raises(
        BadInput, match="neither a file nor one that ships; give a file or one of vertical-edge, "
    ):
        find_lesson("vertical")
    with pytest.raises(BadInput, match="there is no such file"):
        find_lesson(str(tmp_path / "vertical-edge"))

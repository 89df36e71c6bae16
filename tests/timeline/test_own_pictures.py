"""A network learns from a person's pictures: mixed, kept in the lesson, named by their classes, tested on the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.datasets import DataSet, set_behind
from cnnviz.files.lessons import read_lesson, shipped_lesson, write_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.answers import answer_of
from cnnviz.timeline.excite import look
from cnnviz.timeline.samples import own_data, with_pictures
from cnnviz.timeline.timeline import make_timeline

COUNT = 120


def _file(folder: Path) -> Path:
    """Bars: class 0 upright, class 1 level, sorted by class as people's files are."""
    random = np.random.default_rng(5)
    images = random.integers(0, 4, (COUNT, 8, 8)).astype(np.uint8)
    for n in range(COUNT):
        place = random.integers(1, 7)
        images[n, :, place] += 12 * (n < COUNT // 2)
        images[n, place, :] += 12 * (n >= COUNT // 2)
    labels = (np.arange(COUNT) >= COUNT // 2).astype(np.int64)
    np.savez(folder / "bars.npz", images=images, labels=labels, classes=["upright", "level"])
    return folder / "bars.npz"


def _own(folder: Path) -> tuple[Lesson, DataSet]:
    lesson = shipped_lesson("learn-digits")
    data = own_data(lesson.tracks[0], _file(folder))
    return with_pictures(lesson, data), data


def test_they_are_mixed_and_the_last_tenth_is_kept_for_testing(tmp_path: Path) -> None:
    lesson, data = _own(tmp_path)
    kept = set_behind(lesson.tracks[0])
    assert kept is not None
    assert (kept.entry.train, kept.entry.test) == (108, 12)
    assert set(kept.labels[108:].tolist()) == {0, 1}  # though the file is sorted
    pairs = [{(i.tobytes(), int(n)) for i, n in zip(d.images, d.labels, strict=True)} for d in (data, kept)]
    assert pairs[0] == pairs[1]
    assert lesson.tracks[0].source.array.tolist() == kept.images[108].tolist()


def test_the_network_learns_them_and_says_their_names(tmp_path: Path) -> None:
    lesson, _ = _own(tmp_path)
    timeline = make_timeline(lesson)
    frame = timeline.frame(250)
    assert frame.lead.learning is not None
    assert frame.lead.learning.tested is not None
    assert frame.lead.learning.tested[1] >= 11 / 12
    answer = answer_of(timeline, frame.lead)
    assert answer is not None
    assert answer.names == ("upright", "level", *map(str, range(2, 10)))
    kept = set_behind(lesson.tracks[0])
    assert kept is not None
    assert answer.label == int(kept.labels[108])
    recipe = lesson.tracks[0].recipe
    assert recipe is not None
    assert recipe.examples[0].name == answer.names[answer.label]
    found = look(timeline.iteration(0, 250).track)
    assert found is not None
    assert found[0] is not None
    assert set(found[0].pictures.ravel().tolist()) <= set(range(108, 120))  # those that it is tested on


def test_the_lesson_keeps_them_in_its_file(tmp_path: Path) -> None:
    lesson, _ = _own(tmp_path)
    write_lesson(tmp_path / "bars.cnnviz", lesson)
    again = read_lesson(tmp_path / "bars.cnnviz")
    assert again == lesson
    frames = [make_timeline(one).frame(30).lead for one in (lesson, again)]
    for one, same in zip(frames[0].tensors, frames[1].tensors, strict=True):
        assert one.values.tobytes() == same.values.tobytes()
    write_lesson(tmp_path / "bars.json", lesson)
    assert read_lesson(tmp_path / "bars.json") == lesson


def test_a_batch_is_no_larger_than_what_there_is_to_learn_from(tmp_path: Path) -> None:
    np.savez(tmp_path / "few.npz", images=np.zeros((10, 8, 8), np.uint8), labels=np.arange(10) % 2)
    lesson = shipped_lesson("learn-digits")
    made = with_pictures(lesson, own_data(lesson.tracks[0], tmp_path / "few.npz"))
    recipe = made.tracks[0].recipe
    assert recipe is not None
    assert recipe.batches is not None
    assert recipe.batches.size == 9
    make_timeline(made).frame(1)


def test_a_lesson_without_batches_says_which_has_some(tmp_path: Path) -> None:
    lesson = shipped_lesson("digits-network")
    data = own_data(lesson.tracks[0], _file(tmp_path))
    with pytest.raises(
        BadInput, match=r"bars\.npz: this lesson learns from no batches: open one such as learn-digits"
    ):
        with_pictures(lesson, data)


def test_a_damaged_division_in_a_file_is_refused(tmp_path: Path) -> None:
    lesson, _ = _own(tmp_path)
    track = lesson.tracks[0]
    assert track.recipe is not None
    assert track.recipe.batches is not None
    write_lesson(tmp_path / "bars.json", lesson)
    text = (tmp_path / "bars.json").read_text(encoding="utf-8")
    (tmp_path / "bars.json").write_text(text.replace('"train": 108', '"train": 120'), encoding="utf-8")
    with pytest.raises(BadInput, match="120 of 120 pictures to train on"):
        read_lesson(tmp_path / "bars.json")
    other = replace(track.recipe.batches, size=109)
    recipe = replace(track.recipe, batches=other)
    with pytest.raises(BadInput, match=r"batches of 109 of the 108 pictures of bars\.npz"):
        make_timeline(replace(lesson, tracks=(replace(track, recipe=recipe),)))

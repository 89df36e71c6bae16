"""Opening in a worker: what was read arrives as one edit, in order, with its notes, or as one line of error."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QThread
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from cnnviz.controllers import opening as module
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.opening import Opening, cover_for, start_with
from cnnviz.controllers.reading import Found
from cnnviz.controllers.session import Moment, Session
from cnnviz.files.lessons import shipped_lesson, write_lesson
from cnnviz.lesson.edits import set_bias
from cnnviz.lesson.kernel_form import kernel_form
from cnnviz.lesson.layer_form import layer_form
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.limits import _limits
from cnnviz.timeline.timeline import Timeline
from tests.controllers.lessons import lesson_of, timeline_of


class Desk:
    """An opening over the 6×6 example."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session(Moment(timeline_of()))
        self.editing = Editing(self.session)
        self.opening = Opening(self.session, self.editing)
        self.failed: list[str] = []
        self.noted: list[str] = []
        self.lessons: list[tuple[Timeline, str]] = []
        self.opening.failed.connect(self.failed.append)
        self.opening.noted.connect(self.noted.append)
        self.opening.lesson_ready.connect(lambda timeline, path: self.lessons.append((timeline, path)))

    def rest(self) -> None:
        """Wait until all is open."""
        self.qtbot.waitUntil(lambda: not self.opening.busy)

    @property
    def size(self) -> tuple[int, int, int]:
        return self.editing.lesson.tracks[0].source.shape


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def _png(path: Path, *shape: int) -> str:
    Image.fromarray(np.full(shape, 9, dtype=np.uint8)).save(path)
    return str(path)


def test_a_picture_becomes_one_named_edit_with_its_arrays_computed(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(_png(tmp_path / "photo.png", 20, 30))
    assert desk.size == (1, 6, 6)
    desk.rest()
    assert desk.size == (1, 20, 30)
    assert desk.editing.stack.undoText() == "Open picture photo.png"
    assert "arrays" in vars(desk.session.moment.timeline.tensors[0])
    desk.editing.stack.undo()
    assert desk.size == (1, 6, 6)


def test_how_far_numbers_go_is_found_out_by_the_worker(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(_png(tmp_path / "photo.png", 23, 31))
    desk.rest()
    before = _limits.cache_info().misses
    assert kernel_form(desk.editing.lesson, 0, 0) is not None
    assert layer_form(desk.editing.lesson, 0, 0).items
    assert _limits.cache_info().misses == before


def test_it_is_read_outside_the_windows_thread(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[QThread] = []

    def read(path: str, kind: object = None, background: object = None) -> Found:
        threads.append(QThread.currentThread())
        raise BadInput(f"{path}: no")

    monkeypatch.setattr(module, "read_file", read)
    desk.opening.open("x.png")
    desk.rest()
    assert threads[0] is not QThread.currentThread()
    assert desk.failed == ["x.png: no"]


def test_several_files_open_one_on_top_of_the_other(desk: Desk, tmp_path: Path) -> None:
    kernel = tmp_path / "k.txt"
    kernel.write_text("1 2; 3 4")
    desk.opening.open_all([_png(tmp_path / "a.png", 9, 9), str(kernel), str(tmp_path / "missing.png")])
    desk.rest()
    assert desk.size == (1, 9, 9)
    form = kernel_form(desk.editing.lesson)
    assert form is not None
    assert form.cells == (("1", "2"), ("3", "4"))
    assert len(desk.failed) == 1
    assert "missing.png" in desk.failed[0]


def test_an_edit_made_meanwhile_is_kept(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(_png(tmp_path / "a.png", 9, 9))
    desk.editing.apply("Set bias", partial(set_bias, kernel=0, value=4.0))
    desk.rest()
    form = kernel_form(desk.editing.lesson)
    assert form is not None
    assert (desk.size, form.bias) == ((1, 9, 9), "4")


def test_a_picture_smaller_than_the_kernel_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(_png(tmp_path / "dot.png", 1, 1))
    desk.rest()
    assert desk.size == (1, 6, 6)
    assert len(desk.failed) == 1
    assert "kernel 3x3" in desk.failed[0].replace("×", "x")


def test_a_lesson_is_handed_over_for_the_question(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mine.cnnviz"
    write_lesson(path, lesson_of(pooled=False))
    desk.opening.open(str(path))
    desk.rest()
    [(timeline, place)] = desk.lessons
    assert (timeline.lesson, place) == (lesson_of(pooled=False), str(path))
    assert desk.editing.lesson == lesson_of()


def test_notes_are_told(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "clear.png"
    Image.new("LA", (8, 8), (0, 0)).save(picture)
    desk.opening.open(str(picture))
    desk.rest()
    assert len(desk.noted) == 1
    assert desk.noted[0].startswith("clear.png: ")


def test_a_picture_is_pasted_in_the_lessons_grey(desk: Desk) -> None:
    image = QImage(8, 7, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 100, 50))
    mime = QMimeData()
    mime.setImageData(image)
    desk.opening.paste(mime)
    desk.rest()
    assert desk.size == (1, 7, 8)
    # 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
    assert desk.session.moment.timeline.frame(0).lead.tensor("input").values[0, 0, 0] == 124


def test_a_picture_that_is_copied_as_a_file_is_pasted_as_it_is(desk: Desk, tmp_path: Path) -> None:
    deep = np.arange(42, dtype=np.uint16).reshape(6, 7) * 1500
    Image.fromarray(deep).save(tmp_path / "deep.png")
    mime = QMimeData()
    mime.setData("image/png", (tmp_path / "deep.png").read_bytes())
    desk.opening.paste(mime)
    desk.rest()
    np.testing.assert_array_equal(desk.editing.lesson.tracks[0].source.array[0], deep)
    mime.setData("image/png", b"no picture")
    desk.opening.paste(mime)
    desk.rest()
    assert len(desk.failed) == 1
    assert desk.failed[0].startswith("pasted picture: ")


def test_a_large_table_is_pasted_as_input_and_words_are_refused(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("\n".join("\t".join(str(c) for c in range(40)) for _ in range(5)))
    desk.opening.paste(mime)
    desk.rest()
    assert desk.size == (1, 5, 40)
    mime.setText("hello")
    desk.opening.paste(mime)
    desk.rest()
    desk.opening.paste(QMimeData())
    assert len(desk.failed) == 2


def test_the_command_line_puts_pictures_and_kernels_into_the_example(tmp_path: Path) -> None:
    kernel = tmp_path / "k.txt"
    kernel.write_text("1 2 3")
    timeline, path = start_with([str(kernel), _png(tmp_path / "a.png", 9, 9)])
    assert path == ""
    assert timeline.lesson.tracks[0].shapes()[:2] == ((1, 9, 9), (1, 9, 7))


def test_the_command_line_opens_a_lesson_or_the_example(tmp_path: Path) -> None:
    place = str(tmp_path / "mine.json")
    write_lesson(place, lesson_of(pooled=False))
    timeline, path = start_with([place])
    assert (timeline.lesson, path) == (lesson_of(pooled=False), place)
    assert start_with([])[0].lesson == shipped_lesson("vertical-edge")


def test_transparent_parts_are_laid_on_the_chosen_colour(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "clear.png"
    Image.new("LA", (5, 4), (200, 0)).save(file)
    black, white = (start_with([str(file)], colour)[0] for colour in ((0, 0, 0), (255, 255, 255)))
    assert black.tensors[0].arrays[0].max() == 0
    assert white.tensors[0].arrays[0].min() == 255


def test_a_lesson_that_ships_opens_by_its_id(desk: Desk) -> None:
    desk.opening.open_shipped("rgb")
    desk.rest()
    assert [timeline.lesson.title for timeline, _ in desk.lessons] == ["Three channels, two kernels"]
    assert start_with(["rgb"])[0].lesson.title == "Three channels, two kernels"


def test_a_network_of_millions_of_weights_begins_with_its_picture() -> None:
    cover = cover_for(["resnet-34"])
    assert cover is not None
    assert (cover.count, cover.lesson.title) == (1, "ResNet-34, layer by layer")
    for files in ([], ["vertical-edge"], ["resnet-34", "vertical-edge"], ["there-is-no-such-lesson"]):
        assert cover_for(files) is None


def test_a_large_picture_comes_after_the_window_and_is_no_edit(desk: Desk, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (900, 1000), dtype=np.uint8)
    large, small = str(tmp_path / "large.png"), _png(tmp_path / "small.png", 9, 9)
    Image.fromarray(noise).save(large)
    cover = cover_for([large])
    assert cover is not None
    assert cover.lesson.tracks[0].source.shape == (1, 6, 6)
    assert cover_for([small]) is None
    for name in (large, small):
        desk.opening.begin_with(name)
    desk.rest()
    assert [(t.lesson.tracks[0].source.shape, path) for t, path in desk.lessons] == [((1, 900, 1000), "")]
    np.testing.assert_array_equal(desk.lessons[0][0].tensors[0].arrays[0][0], noise)
    assert desk.editing.stack.undoText() == "Open picture small.png"


def test_what_is_given_up_is_never_shown_and_the_next_one_is(qtbot: QtBot, tmp_path: Path) -> None:
    desk, reached, may_go_on = Desk(qtbot), Event(), Event()

    def warm(timeline: Timeline, index: int) -> object:
        reached.set()
        assert may_go_on.wait(10)
        return timeline.frame(index)

    desk.opening._warm = warm
    busy: list[str] = []
    cancelled: list[bool] = []
    desk.opening.busy_changed.connect(busy.append)
    desk.opening.cancelled.connect(lambda: cancelled.append(True))
    desk.opening.cancel()
    assert cancelled == []  # nothing is being opened
    for rows in (20, 21):
        desk.opening.open(_png(tmp_path / f"{rows}.png", rows, 30))
    assert reached.wait(10)
    desk.opening.cancel()
    assert (busy, cancelled, desk.opening.busy) == (["20.png", ""], [True], False)
    desk.opening.open(_png(tmp_path / "22.png", 22, 30))
    may_go_on.set()
    desk.rest()
    assert desk.size == (1, 22, 30)
    assert (desk.editing.stack.count(), desk.failed) == (1, [])


def test_a_name_is_a_file_or_a_lesson_that_ships(desk: Desk, tmp_path: Path) -> None:
    place = str(tmp_path / "mine.json")
    write_lesson(place, lesson_of(pooled=False))
    for name in ("rgb", place):
        desk.opening.open_named(name)
    desk.rest()
    assert [(t.lesson.title, path) for t, path in desk.lessons] == [
        ("Three channels, two kernels", ""), (lesson_of(pooled=False).title, place),
    ]  # fmt: skip

"""The browser of a data set in the whole window: filtered, chosen by keys, mistakes listed, taken back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.commands import show_samples
from cnnviz.desk import Desk
from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source, materialise
from cnnviz.timeline.answers import answer_at
from cnnviz.timeline.mistakes import report_at
from cnnviz.timeline.samples import pixels, report_on
from cnnviz.timeline.timeline import make_timeline
from cnnviz.views import ask
from cnnviz.views.samples_dialog import SamplesDialog


def always(answer: int) -> Track:
    """A network that answers every picture with the same class; the others are all as likely."""
    data = shipped_set("digits")
    bias = np.zeros(10)
    bias[answer] = 1.0
    params = (None, Params(np.zeros((10, 64)), bias))
    return Track(Source(data.images[1500].astype(float)), (Flatten(), Linear(10)), params, data="digits")


def window_on(qtbot: QtBot, track: Track) -> Desk:
    app.make_application()
    desk = app.build(make_timeline(Lesson("digits", (track,))))
    qtbot.addWidget(desk.window, before_close_func=lambda window: window.leave())
    return desk


def opened(qtbot: QtBot) -> tuple[Desk, SamplesDialog]:
    desk = window_on(qtbot, always(3))
    desk.window.show()
    qtbot.waitUntil(lambda: desk.staging.scene is not None)
    desk.actions["file.samples"].trigger()
    dialog = desk.window.findChild(SamplesDialog)
    assert isinstance(dialog, SamplesDialog)
    qtbot.waitUntil(dialog.isVisible)
    return desk, dialog


def test_every_other_class_is_a_mistake_of_a_network_that_says_the_same() -> None:
    data, track = shipped_set("digits"), always(3)
    wrong = report_on(track, track.params, data).mistakes
    assert len(wrong) == 297 - int((data.labels[1500:] == 3).sum())
    assert {one.answer for one in wrong} == {3}
    assert abs(wrong[0].sure - np.e / (np.e + 9)) < 1e-6


def test_white_is_the_largest_value_of_the_set() -> None:
    data = shipped_set("digits")
    made, rows, columns = pixels(data, 0)
    assert (len(made), rows, columns) == (192, 8, 8)
    assert made[3 * 8 + 6] == round(int(data.images[0, 0, 1, 2]) * 255 / 16)


def test_a_picture_is_chosen_by_keys_and_taken_back(qtbot: QtBot) -> None:
    desk, dialog = opened(qtbot)
    before, data = desk.editing.lesson, shipped_set("digits")
    assert len(dialog.model.samples) == 297
    dialog.classes.setCurrentIndex(1 + 4)
    assert {one.label for one in dialog.model.samples} == {4}
    dialog.view.setFocus()
    qtbot.keyClick(dialog.view, Qt.Key.Key_Right)
    number = dialog.model.samples[dialog.view.currentIndex().row()].number
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    shown = materialise(desk.editing.lesson.tracks[0].source)
    assert np.array_equal(shown, data.images[number])
    assert int(data.labels[number]) == 4
    desk.editing.stack.undo()
    assert desk.editing.lesson == before


def test_the_wrong_answers_come_from_a_worker_and_say_what_was_answered(qtbot: QtBot) -> None:
    _desk, dialog = opened(qtbot)
    dialog.part.setCurrentIndex(2)
    qtbot.waitUntil(lambda: any(one.answer == 3 for one in dialog.model.samples))
    assert "not 3 (23%)" in dialog.model.data(dialog.model.index(0))
    dialog.reject()


def test_the_counts_of_all_answers_stand_beside_the_mistakes_and_choose_among_them(qtbot: QtBot) -> None:
    _desk, dialog = opened(qtbot)
    labels = shipped_set("digits").labels[1500:].tolist()
    dialog.part.setCurrentIndex(2)
    qtbot.waitUntil(dialog.answers.table.isVisible)
    model = dialog.answers.table.model()
    cells = [[model.index(r, c).data() for c in range(10)] for r in range(10)]
    assert cells == [[str(labels.count(r)) if c == 3 else "" for c in range(10)] for r in range(10)]
    first = dialog.answers.score.text().splitlines()[0]
    assert first == f"{100 * labels.count(3) / 297:.1f} % of 297 right, {297 - labels.count(3)} wrong"
    dialog.answers.table.setFocus()
    dialog.answers.table.setCurrentCell(7, 3)
    assert {(s.label, s.answer) for s in dialog.model.samples} == {(7, 3)}
    assert len(dialog.model.samples) == labels.count(7)
    dialog.answers.table.setCurrentCell(3, 3)  # the right answers
    assert len(dialog.model.samples) == labels.count(3)
    dialog.answers.table.setCurrentCell(0, 0)
    assert not dialog.model.samples
    dialog.answers.all.click()
    assert len(dialog.model.samples) == 297 - labels.count(3)
    dialog.part.setCurrentIndex(0)
    assert not dialog.answers.table.isVisible()
    dialog.reject()


def test_own_pictures_are_tested_on_and_taken(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.random.default_rng(1).integers(0, 255, (20, 8, 8), np.uint8)
    labels = np.arange(20) % 5
    np.savez(tmp_path / "mine.npz", images=images, labels=labels)
    monkeypatch.setattr(
        ask, "ask_open", lambda _parent, kind: str(tmp_path / "mine.npz") if kind == "data" else ""
    )
    desk, dialog = opened(qtbot)
    dialog.open_file.click()
    assert dialog.windowTitle() == "mine.npz"
    assert [dialog.part.itemText(n) for n in range(dialog.part.count())] == ["All pictures", "Wrong answers"]
    assert len(dialog.model.samples) == 20
    dialog.part.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(dialog.model.samples) == 16)  # all but the four of class 3
    assert dialog.answers.score.text().splitlines()[0] == "20.0 % of 20 right, 16 wrong"
    number = dialog.model.samples[0].number
    dialog.accept()
    source = desk.editing.lesson.tracks[0].source
    assert np.array_equal(materialise(source)[0], images[number])
    assert source.name == f"mine.npz {number}: {labels[number]}"
    desk.editing.stack.undo()


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((4, 9, 8), np.uint8), [0, 1, 0, 1], r"shape (1, 9, 8), the input of this lesson (1, 8, 8)"),
        (np.zeros((4, 8, 8), np.uint8), [0, 1, 0, 10], "holds the label 10, the network gives 10 scores"),
        (np.zeros((4, 8, 8), np.uint8), [0, 1, 0], "has 4 images and 3 labels"),
    ],
)
def test_own_pictures_that_do_not_fit_are_refused_in_one_line_that_names_both_sides(
    images: NDArray[np.uint8], labels: list[int], words: str, qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    np.savez(tmp_path / "mine.npz", images=images, labels=np.array(labels, np.uint8))
    monkeypatch.setattr(ask, "ask_open", lambda _parent, _kind: str(tmp_path / "mine.npz"))
    _desk, dialog = opened(qtbot)
    dialog.open_file.click()
    assert words in dialog.error.text()
    assert len(dialog.model.samples) == 297  # what was there stays
    dialog.reject()


def test_a_lesson_of_no_set_says_so(qtbot: QtBot) -> None:
    desk = window_on(qtbot, Track(Source(np.zeros((1, 3, 3))), (Flatten(),), (None,)))
    show_samples(desk)
    assert "from no data set" in desk.window.note.text()


def test_the_worst_mistakes_of_any_iteration_are_found_and_looked_at_by_keys_alone(qtbot: QtBot) -> None:
    app.make_application()
    desk = app.build(make_timeline(shipped_lesson("learn-digits")))
    qtbot.addWidget(desk.window, before_close_func=lambda window: window.leave())
    desk.window.show()
    qtbot.waitExposed(desk.window)
    qtbot.waitUntil(lambda: desk.staging.scene is not None)
    qtbot.waitUntil(lambda: desk.training.progress.filled > 80)
    for iteration in (20, 70):
        desk.session.show(index=iteration)
        # Without a window manager nobody gives the focus back when a dialog closes.
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        qtbot.keyClick(desk.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        dialog = next(d for d in desk.window.findChildren(SamplesDialog) if d.isVisible())
        qtbot.waitUntil(dialog.isActiveWindow)
        press = partial(_press, qtbot, dialog)
        press(Qt.Key.Key_Tab, until=dialog.part)
        press(Qt.Key.Key_End)
        qtbot.waitUntil(dialog.answers.table.isVisible)
        report = report_at(desk.session.moment.timeline, iteration)
        assert report is not None
        assert [s.number for s in dialog.model.samples] == [s.number for s in report.mistakes]
        assert dialog.answers.score.text().startswith(
            f"After {iteration} updates: {100 * report.right / 297:.1f} % of"
        )
        press(Qt.Key.Key_Tab, until=dialog.answers.table)
        press(Qt.Key.Key_Down)
        label, answer = dialog.answers.table.currentRow(), dialog.answers.table.currentColumn()
        assert len(dialog.model.samples) == report.counts[label][answer]
        press(Qt.Key.Key_Tab, until=dialog.answers.all)
        press(Qt.Key.Key_Space)
        press(Qt.Key.Key_Tab, until=dialog.view)
        press(Qt.Key.Key_Return)
        worst, track = report.mistakes[0], desk.editing.lesson.tracks[0]
        assert track.source.name == f"digits {worst.number}: {worst.label}"
        assert desk.session.moment.index == iteration
        shown = answer_at(desk.session.moment.timeline, iteration)
        assert shown is not None
        assert (int(shown.probabilities.argmax()), shown.label) == (worst.answer, worst.label)
    descent = desk.session.moment.timeline.descents[0]
    assert descent is not None
    assert descent.filled > 80  # nothing was learned anew
    for _ in range(2):
        desk.editing.stack.undo()


def _press(qtbot: QtBot, dialog: SamplesDialog, key: Qt.Key, until: QWidget | None = None) -> None:
    """Press a key where the focus is; again and again until the focus is on a widget."""
    for _ in range(20):
        if until is not None and dialog.focusWidget() is until:
            return
        qtbot.keyClick(dialog.focusWidget() or dialog, key)
        if until is None:
            return
    pytest.fail("the focus never came there")

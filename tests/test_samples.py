"""The browser of a data set in the whole window: filtered, chosen by keys, mistakes listed, taken back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.commands import show_samples
from cnnviz.desk import Desk
from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.files.datasets import shipped_set
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source, materialise
from cnnviz.timeline.samples import mistakes, pixels
from cnnviz.timeline.timeline import make_timeline
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
    wrong = mistakes(track, track.params, "digits")
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


def test_a_lesson_of_no_set_says_so(qtbot: QtBot) -> None:
    desk = window_on(qtbot, Track(Source(np.zeros((1, 3, 3))), (Flatten(),), (None,)))
    show_samples(desk)
    assert "from no data set" in desk.window.note.text()

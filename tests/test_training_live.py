"""A network that learns from batches in the window: what excites it meanwhile, and other pictures to look at."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.controllers.samples import Samples
from cnnviz.desk import Desk
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.recipe import Batches
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.timeline.timeline import make_timeline
from cnnviz.views import ask
from cnnviz.views.samples_dialog import SamplesDialog


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    app.make_application()
    made = app.build(make_timeline(shipped_lesson("learn-digits")))
    made.preferences.set_motion(False)
    qtbot.addWidget(made.window, before_close_func=lambda window: window.leave())
    made.window.show()
    qtbot.waitUntil(lambda: made.staging.scene is not None)
    return made


def _scene(desk: Desk) -> Scene:
    desk.staging.flush()
    scene = desk.staging.scene
    assert scene is not None
    return scene


def _learned(desk: Desk, goal: int) -> bool:
    return desk.training.progress.filled > goal


def _exciting(desk: Desk) -> list[bytes]:
    found = (p for p in _scene(desk).primitives() if isinstance(p, Grid))
    return [p.image.tobytes() for p in found if p.key.startswith("0/excite/")]


def test_what_excites_a_channel_of_an_iteration_comes_where_one_rests(desk: Desk, qtbot: QtBot) -> None:
    desk.levels.show("layer")
    qtbot.waitUntil(lambda: len(_exciting(desk)) == 9)
    first = _exciting(desk)
    qtbot.waitUntil(lambda: desk.training.progress.filled > 200, timeout=30_000)
    desk.session.show(index=200)
    assert not _exciting(desk)  # those of other weights are not shown
    qtbot.waitUntil(lambda: len(_exciting(desk)) == 9)
    assert _exciting(desk) != first


def test_another_picture_goes_on_with_what_is_learned(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.training.progress.filled > 50, timeout=30_000)
    before = desk.session.moment.timeline.descents[0]
    data = shipped_set("digits")
    Samples(desk.session, desk.editing, parent=desk.window).choose(1600)
    timeline = desk.session.moment.timeline
    assert timeline.lesson.tracks[0].source.name == f"digits 1600: {data.labels[1600]}"
    assert timeline.descents[0] is before
    assert desk.training.progress.filled > 50
    desk.editing.stack.undo()


def test_the_plots_on_the_stage_leave_their_panel_s_room_to_the_others(desk: Desk, qtbot: QtBot) -> None:
    plots = desk.window.findChild(QDockWidget, "plots")
    assert isinstance(plots, QDockWidget)
    assert not plots.isVisible()
    qtbot.waitUntil(lambda: desk.training.progress.filled > 30, timeout=30_000)
    plots.toggleViewAction().trigger()
    assert plots.isVisible()
    qtbot.waitUntil(lambda: desk.window.panels.plots.canvas is not None)
    canvas = desk.window.panels.plots.canvas
    assert canvas is not None
    qtbot.waitUntil(lambda: canvas.plots["accuracy"].title.text() == "Test accuracy")


def test_a_batch_is_typed(desk: Desk, qtbot: QtBot) -> None:
    field = desk.window.panels.learning.batch
    assert field.value() == 25
    before = desk.session.moment.timeline.descents[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "40")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    recipe = desk.session.moment.timeline.lesson.tracks[0].recipe
    assert recipe is not None
    assert recipe.batches == Batches("digits", 40)
    assert desk.session.moment.timeline.descents[0] is not before
    field.selectAll()
    qtbot.keyClicks(field, "0")  # at least one
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.session.moment.timeline.lesson.tracks[0].recipe == recipe
    desk.editing.stack.undo()


def test_pictures_can_be_looked_at_while_the_tests_go_on(desk: Desk, qtbot: QtBot) -> None:
    data = shipped_set("digits")
    samples = Samples(desk.session, desk.editing, parent=desk.window)
    descent = desk.session.moment.timeline.descents[0]
    assert descent is not None
    for number in range(1500, 1504):
        samples.choose(number)
        goal = desk.training.progress.filled + 30
        qtbot.waitUntil(partial(_learned, desk, goal), timeout=30_000)
    timeline = desk.session.moment.timeline
    assert timeline.lesson.tracks[0].source.name == f"digits 1503: {data.labels[1503]}"
    assert timeline.descents[0] is descent
    at, shares = descent.accuracy.curve()
    assert at.tolist()[:4] == [0, 1, 2, 3]  # so small a network is tested before every update
    assert shares[75] > shares[0]
    for _ in range(4):
        desk.editing.stack.undo()


def test_one_learns_from_one_s_own_pictures(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.random.default_rng(2).integers(0, 17, (40, 8, 8)).astype(np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(40) % 4)
    monkeypatch.setattr(ask, "ask_open", lambda _parent, _kind: str(tmp_path / "mine.npz"))
    desk.actions["file.samples"].trigger()
    dialog = desk.window.findChild(SamplesDialog)
    assert isinstance(dialog, SamplesDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert not dialog.learn.isVisible()
    dialog.open_file.click()
    dialog.learn.click()
    assert not dialog.isVisible()
    timeline = desk.session.moment.timeline
    recipe = timeline.lesson.tracks[0].recipe
    assert recipe is not None
    assert recipe.batches is not None
    assert recipe.batches.pictures is not None
    assert recipe.batches.pictures.name == "mine.npz"
    qtbot.waitUntil(lambda: desk.training.progress.filled > 30, timeout=30_000)
    assert desk.training.progress.on_stage
    desk.editing.stack.undo()

"""A network that learns from batches in the window: what excites it meanwhile, and other pictures to look at."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.controllers.samples import Samples
from cnnviz.desk import Desk
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.timeline.timeline import make_timeline


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

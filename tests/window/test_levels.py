"""From the overview of a network to one of its products and back, in a real window by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.desk import Desk
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.edits import set_pace
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.x_display import Window, wait_until

SHIPPED = Path(__file__).parents[2] / "resources" / "lessons"
RunWindow = Callable[..., Window]


class Twin:
    """The same window without a screen, taken from level to level by its controllers."""

    def __init__(self, timeline: Timeline) -> None:
        app.make_application()
        self.desk: Desk = app.build(timeline)
        self.desk.preferences.set_motion(False)
        self.desk.window.show()

    def stage(self) -> tuple[slice, slice]:
        """Rows and columns of the window that are the stage."""
        stage = self.desk.window.stage
        corner = stage.viewport().mapTo(self.desk.window, QPoint(0, 0))
        return slice(corner.y(), corner.y() + stage.height()), slice(corner.x(), corner.x() + stage.width())

    def pixels(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        """The stage as (row, column, RGB)."""
        self.desk.staging.flush()
        image = self.desk.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)[self.stage()]


@pytest.fixture
def twin(qtbot: QtBot) -> Iterator[Twin]:
    made = Twin(make_timeline(shipped_lesson("mnist-network")))
    qtbot.waitUntil(lambda: made.desk.staging.scene is not None)
    yield made
    made.desk.window.leave()
    made.desk.window.deleteLater()


def same(window: Window, twin: Twin) -> Callable[[], bool]:
    """Whether the stage of the window shows to the pixel what its twin's does."""

    def look() -> bool:
        QCoreApplication.processEvents()  # what a worker finds beside the map comes here too
        seen, expected = window.pixels()[twin.stage()], twin.pixels()
        return bool(np.array_equal(seen, expected))

    return look


def test_from_the_overview_to_a_product_and_back_by_keys_alone(run_window: RunWindow, twin: Twin) -> None:
    """At every stop the window shows to the pixel what its twin does."""
    desk, session = twin.desk, twin.desk.session
    window = run_window(SHIPPED / "mnist-network.cnnviz")
    window.wait_title("1 / ")
    window.move(5, 5)  # away from the stage: nothing is pointed at

    def shown(what: str) -> None:
        wait_until(same(window, twin), what)

    window.key("F6")
    desk.levels.show("network")
    shown("the network")
    window.key("shift+Right", "shift+Down", "shift+Down")
    session.show(viewpoint=replace(session.moment.viewpoint, pinned=CellRef(0, "conv1", 2, 12, 12)))
    shown("the third map of the first convolution, chosen")
    window.key("Return")
    desk.levels.down()
    shown("that map as a layer")
    window.key("Return")
    desk.levels.show("cell")
    shown("a cell of it")
    window.key("Return")
    desk.editing.apply("pace", partial(set_pace, pace="multiply"))
    timeline = session.moment.timeline
    last = timeline.index_of(CellRef(0, "conv1", 2, 12, 12))
    session.show(index=last - 26, viewpoint=replace(session.moment.viewpoint, pinned=None))
    assert "product 1 of 25" in caption(twin)
    shown("the first of its products")
    window.key("Right")
    session.show(index=last - 25)
    assert "product 2 of 25" in caption(twin)
    shown("the second of its products")
    window.key("BackSpace", "BackSpace", "BackSpace")
    desk.editing.stack.undo()
    desk.levels.show("network")
    shown("the network again")
    window.key("ctrl+q")
    assert window.wait_ended() == ""


def caption(twin: Twin) -> str:
    """What the twin says under its stage."""
    twin.desk.staging.flush()
    scene = twin.desk.staging.scene
    assert scene is not None
    return scene.caption

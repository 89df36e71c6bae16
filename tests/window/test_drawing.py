"""Drawing a digit in a real window by the mouse: it is saved with the lesson, answered, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QTabBar, QWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.controllers.opening import start_with
from cnnviz.files.lessons import read_lesson, shipped_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.answers import answer_at
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.x_display import Window, wait_until

RunWindow = Callable[..., Window]
Spot = tuple[int, int]


class Plan:
    """Where things are: the same window without a screen, its input panel in front."""

    def __init__(self) -> None:
        app.make_application()
        self.desk = app.build(*start_with(("mnist-network",)))
        self.window = self.desk.window
        self.window.show()
        self.corner: Spot = (0, 0)

    def tab(self, title: str) -> Spot:
        """The middle of the tab of a panel."""
        for bar in self.window.findChildren(QTabBar):
            for n in range(bar.count()):
                if bar.isVisible() and bar.tabText(n) == title:
                    return self.spot(bar, bar.tabRect(n).center())
        raise AssertionError(f"no tab {title}")

    def canvas(self, x: int, y: int) -> Spot:
        """A place on the canvas."""
        return self.corner[0] + x, self.corner[1] + y

    def spot(self, widget: QWidget, place: QPoint) -> Spot:
        """A place of a widget in the window."""
        spot = widget.mapTo(self.window, place)
        return spot.x(), spot.y()


@pytest.fixture
def plan(qtbot: QtBot) -> Iterator[Plan]:
    made = Plan()
    qtbot.waitUntil(lambda: made.desk.staging.scene is not None)
    canvas = made.window.panels.drawing.canvas

    def in_front() -> bool:
        # Other panels come to the front by themselves while the first lesson settles.
        made.window.show_panel("input")
        return not canvas.visibleRegion().isEmpty()

    qtbot.waitUntil(lambda: made.desk.training.progress.state == "done")
    qtbot.waitUntil(in_front)
    made.corner = made.spot(canvas, QPoint(0, 0))
    yield made
    made.window.leave()
    made.window.deleteLater()


def saved(window: Window, path: Path) -> Lesson:
    """The lesson of the window, saved under a name by keys."""
    window.key("ctrl+shift+s")
    wait_until(lambda: any("Save lesson" in name for name in window.titles()), "the dialog to save")
    window.type(str(path))
    window.key("Return")
    wait_until(path.exists, path.name)
    wait_until(lambda: len(window.windows()) == 1, "the dialog to close")
    return read_lesson(path)


def test_a_seven_by_the_mouse(run_window: RunWindow, plan: Plan, tmp_path: Path) -> None:
    window = run_window("mnist-network")
    window.click(*plan.tab("Input"))
    window.wait_still()
    window.drag(plan.canvas(60, 50), plan.canvas(145, 50))
    window.drag(plan.canvas(145, 50), plan.canvas(95, 170))
    window.wait_still()
    drawn = saved(window, tmp_path / "drawn.cnnviz")
    assert drawn.tracks[0].source.name == "drawing"
    answer = answer_at(make_timeline(drawn), 0)
    assert answer is not None
    assert (int(answer.probabilities.argmax()), answer.label) == (7, None)
    window.key("ctrl+z", "ctrl+z")
    assert saved(window, tmp_path / "undone.cnnviz").tracks == shipped_lesson("mnist-network").tracks

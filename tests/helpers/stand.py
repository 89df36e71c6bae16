"""The whole window without a screen, and what a person does to it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDockWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.desk import Desk
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.timeline.timeline import Timeline

D = TypeVar("D", bound=QDialog)
_LEFT = Qt.MouseButton.LeftButton


def open_window(qtbot: QtBot, timeline: Timeline, path: str = "") -> Desk:
    """A window that shows its first scene and has the focus on its stage."""
    app.make_application()
    desk = app.build(timeline, path)
    desk.window.show()
    qtbot.waitUntil(lambda: desk.staging.scene is not None and desk.window.stage.hasFocus())
    return desk


class Stand:
    """A window on a lesson; each file of tests adds what it is about."""

    def __init__(self, qtbot: QtBot, timeline: Timeline, path: str = "") -> None:
        self.qtbot = qtbot
        self.desk = open_window(qtbot, timeline, path)
        self.window = self.desk.window

    @property
    def index(self) -> int:
        """The step that is shown."""
        return self.desk.session.moment.index

    @property
    def scene(self) -> Scene:
        """What stands on the stage, nothing waiting."""
        self.desk.staging.flush()
        scene = self.desk.staging.scene
        assert scene is not None
        return scene

    def grid(self, tensor: str, plane: int = 0, track: int = 0) -> Grid:
        """A plane of a map on the stage."""
        grids = [p for p in self.scene.primitives() if isinstance(p, Grid)]
        return next(p for p in grids if p.ref[:2] == (f"{track}/{tensor}", plane))

    def spot(self, tensor: str, row: int, column: int, plane: int = 0, track: int = 0) -> QPoint:
        """The middle of a cell on the stage."""
        grid = self.grid(tensor, plane, track)
        x = grid.origin[0] + (column + grid.ref[3] + 0.5) * grid.cell
        y = grid.origin[1] + (row + grid.ref[2] + 0.5) * grid.cell
        return QPointF(x, y).toPoint()

    def click(self, tensor: str, row: int, column: int, track: int = 0, double: bool = False) -> None:
        """Click on a cell of the stage, or twice."""
        spot = self.spot(tensor, row, column, track=track)
        self.qtbot.mouseClick(self.window.stage.viewport(), _LEFT, pos=spot)
        if double:
            self.qtbot.mouseDClick(self.window.stage.viewport(), _LEFT, pos=spot)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        target = QGuiApplication.focusWindow()
        assert target is not None
        self.qtbot.keyClick(target, key, modifier)

    def dock(self, name: str) -> QDockWidget:
        """A panel at the side."""
        dock = self.window.findChild(QDockWidget, name)
        assert isinstance(dock, QDockWidget)
        return dock

    def dialog(self, kind: type[D]) -> D:
        """The open dialog of that kind, once it is there."""
        found: list[D] = []

        def look() -> bool:
            found[:] = [d for d in self.window.findChildren(kind) if d.isVisible()]
            return bool(found)

        self.qtbot.waitUntil(look)
        return found[0]

    def close(self) -> None:
        """Close the window without being asked about the lesson."""
        self.desk.editing.stack.setClean()
        self.window.close()
        self.window.leave()
        self.window.deleteLater()

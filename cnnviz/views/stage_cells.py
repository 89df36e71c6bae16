"""The maps of the stage and their cells for screen readers, which look through painted numbers as through widgets.

Qt asks for an accessible object of each widget. That of the stage has a child for each map on it, and these one for
each cell. Qt keeps such objects by their address for as long as the program runs; so they are made once for each
place, never deleted here, and tell what stands at their place by now. None of their methods may raise: Qt calls them
also while the stage is taken down, and cannot pass an exception on.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from cnnviz.scene.grid_words import cell_words, grid_words, grids_of, told_cells
from cnnviz.scene.primitives import Box, Grid, Scene
from cnnviz.views.scene_view import SceneView

NOTHING, NO_OBJECT, NO_WINDOW = (
    cast("QAccessibleInterface", None),
    cast("QObject", None),
    cast("QWindow", None),
)
"""Qt's null pointers, which its stubs do not know of."""

_KEPT: list[QAccessibleInterface] = []


def access_to(stage: SceneView) -> QAccessibleInterface:
    """Make the accessible object of a stage."""
    _KEPT.append(made := StageAccess(stage))
    return made


class StageAccess(QAccessibleWidget):
    """The stage: its maps, then what Qt finds in it."""

    def __init__(self, stage: SceneView) -> None:
        super().__init__(stage, QAccessible.Role.Client, "")
        self._stage = stage
        self._scene: Scene | None = None
        self._grids: tuple[tuple[str, Grid], ...] = ()
        self._maps: list[MapAccess] = []

    @property
    def stage(self) -> SceneView | None:
        """The widget; None once it is gone."""
        return self._stage if isValid(self._stage) else None

    def grid(self, place: int) -> tuple[str, Grid] | None:
        """The title and the grid that stand at a place now."""
        scene = None if self.stage is None else self._stage.scene_value
        if scene is not self._scene:
            self._scene, self._grids = scene, () if scene is None else grids_of(scene)
        return self._grids[place] if place < len(self._grids) else None

    def _count(self) -> int:
        self.grid(0)
        return len(self._grids)

    def childCount(self) -> int:  # noqa: N802  # Qt's name
        return self._count() + (super().childCount() if self.stage is not None else 0)

    def child(self, index: int) -> QAccessibleInterface:
        maps = self._count()
        if index >= maps:
            return super().child(index - maps) if self.stage is not None else NOTHING
        while 0 <= index >= len(self._maps):
            self._maps.append(MapAccess(self, len(self._maps)))
        return self._maps[index] if index >= 0 else NOTHING

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802  # Qt's name
        if isinstance(child, MapAccess):
            return child.place
        found = super().indexOfChild(child) if self.stage is not None else -1
        return found if found < 0 else found + self._count()

    def childAt(self, x: int, y: int) -> QAccessibleInterface:  # noqa: N802  # Qt's name
        found = (self.child(n) for n in range(self._count()))
        return next((c for c in found if c.rect().contains(x, y)), NOTHING)


class _Painted(QAccessibleInterface):
    """What has no widget of its own: it lies within the stage and cannot be changed from outside."""

    def __init__(self) -> None:
        super().__init__()
        _KEPT.append(self)

    def object(self) -> QObject:
        return NO_OBJECT

    def window(self) -> QWindow:
        return NO_WINDOW

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:  # noqa: N802  # Qt's name
        pass

    def foregroundColor(self) -> QColor:  # noqa: N802  # Qt's name
        return QColor()

    def backgroundColor(self) -> QColor:  # noqa: N802  # Qt's name
        return QColor()

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True
        state.invalid = not self.isValid()
        return state


class MapAccess(_Painted):
    """The map at a place of the stage, as a list of its cells."""

    def __init__(self, stage: StageAccess, place: int) -> None:
        super().__init__()
        self.stage, self.place = stage, place
        self._cells: list[CellAccess] = []

    def grid(self) -> Grid | None:
        """What is drawn there now."""
        found = self.stage.grid(self.place)
        return None if found is None else found[1]

    def isValid(self) -> bool:  # noqa: N802  # Qt's name
        return self.grid() is not None

    def parent(self) -> QAccessibleInterface:
        return self.stage if self.isValid() else NOTHING

    def childCount(self) -> int:  # noqa: N802  # Qt's name
        grid = self.grid()
        return 0 if grid is None else told_cells(grid)

    def child(self, index: int) -> QAccessibleInterface:
        if not 0 <= index < self.childCount():
            return NOTHING
        while index >= len(self._cells):
            self._cells.append(CellAccess(self, len(self._cells)))
        return self._cells[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802  # Qt's name
        return child.index if isinstance(child, CellAccess) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:  # noqa: N802  # Qt's name
        found = (self.child(n) for n in range(self.childCount()))
        return next((c for c in found if c.rect().contains(x, y)), NOTHING)

    def rect(self) -> QRect:
        grid = self.grid()
        return QRect() if grid is None else self.on_screen(grid.box)

    def on_screen(self, box: Box) -> QRect:
        """A part of the scene in the pixels of the screen."""
        stage = self.stage.stage
        corner = QPoint() if stage is None else stage.viewport().mapToGlobal(QPoint())
        return QRect(round(box.x), round(box.y), round(box.w), round(box.h)).translated(corner)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def text(self, kind: QAccessible.Text) -> str:
        found = self.stage.grid(self.place)
        return grid_words(found[1], found[0]) if found is not None and kind == QAccessible.Text.Name else ""


class CellAccess(_Painted):
    """The cell at a place of a map."""

    def __init__(self, owner: MapAccess, index: int) -> None:
        super().__init__()
        self._owner, self.index = owner, index

    def isValid(self) -> bool:  # noqa: N802  # Qt's name
        return self.index < self._owner.childCount()

    def parent(self) -> QAccessibleInterface:
        return self._owner if self.isValid() else NOTHING

    def childCount(self) -> int:  # noqa: N802  # Qt's name
        return 0

    def child(self, _index: int) -> QAccessibleInterface:
        return NOTHING

    def indexOfChild(self, _child: QAccessibleInterface) -> int:  # noqa: N802  # Qt's name
        return -1

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface:  # noqa: N802  # Qt's name
        return NOTHING

    def rect(self) -> QRect:
        grid = self._owner.grid()
        if grid is None:
            return QRect()
        row, column = divmod(self.index, grid.columns)
        (x, y), side = grid.origin, grid.cell
        return self._owner.on_screen(Box(x + column * side, y + row * side, side, side).meets(grid.box))

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = super().state()
        state.offscreen = self.rect().isEmpty()  # beyond what is zoomed to
        return state

    def text(self, kind: QAccessible.Text) -> str:
        grid, stage = self._owner.grid(), self._owner.stage.stage
        if grid is None or stage is None or kind != QAccessible.Text.Name or not self.isValid():
            return ""
        return cell_words(grid, self.index, stage.first_index)

"""Lets Qt ask the stage for its maps and cells, once a screen reader asks Qt."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface

from cnnviz.views.scene_view import SceneView


@cache
def install() -> None:
    """Give Qt the accessible objects of stages from now on."""
    QAccessible.installFactory(_make)


def _make(_name: str, widget: QObject) -> QAccessibleInterface | None:
    if not isinstance(widget, SceneView):
        return None
    from cnnviz.views.stage_cells import access_to  # most windows are never asked

    return access_to(widget)

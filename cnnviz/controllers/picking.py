"""What a pointer on the stage means: seek, pin, choose a weight, ask for a value, zoom and pan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.session import Session, has_cell
from cnnviz.lesson.forms import written
from cnnviz.scene.hit import fraction_at, pan_box
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.viewpoint import Camera, panned, zoomed
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.plot_names import of_plot
from cnnviz.timeline.runs_names import can_be_chosen

WEIGHT = ".weight"
INPUT = "input"


class Picking(QObject):
    """Turns intents of the pointer into another moment; what only concerns the forms is handed on by signals.

    Parameters
    ----------
    session : Session
    scene : callable
        The scene that is shown, or None.
    """

    weight_selected = Signal(object)
    value_requested = Signal(object, str)
    weight_typed = Signal(object, float)
    input_typed = Signal(object, float)
    input_painted = Signal(object)

    def __init__(
        self, session: Session, scene: Callable[[], Scene | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._scene = scene

    def click(self, ref: CellRef) -> None:
        """Go to the step that writes an output cell, and pin the cell where the step ends on another one.

        A click at a plot goes to the iteration there, one at the name of a run chooses that run or lets go of it.
        """
        moment = self._session.moment
        if ref.tensor.endswith(WEIGHT):
            self.weight_selected.emit(ref)
            return
        if can_be_chosen(moment.timeline, ref):
            self._click_run(ref)
        elif of_plot(ref):
            from cnnviz.timeline.plot_points import index_in_plot  # not needed before the first click

            self._session.show(index=index_in_plot(moment.timeline, moment.index, ref))
        elif has_cell(self._session.moment.timeline, ref):
            self._session.show_cell(ref)
        else:
            self.unpin()

    def _click_run(self, ref: CellRef) -> None:
        from cnnviz.timeline.runs_points import index_pointed  # few lessons have runs

        moment = self._session.moment
        index = index_pointed(moment.timeline, moment.index, ref)
        if index is not None:
            self._session.show(index=index)
            return
        other = None if ref == moment.viewpoint.pinned else ref
        self._session.show(viewpoint=replace(moment.viewpoint, pinned=other))

    def double_click(self, ref: CellRef) -> None:
        """Ask for another value of a weight or an input cell."""
        if ref.tensor.endswith(WEIGHT) or self._is_input_cell(ref):
            comma = self._session.moment.timeline.lesson.conventions.decimal == "comma"
            self.value_requested.emit(ref, written(self._value(ref), comma))

    def set_value(self, ref: CellRef, value: float) -> None:
        """Hand on the value that was typed for a weight or an input cell."""
        (self.weight_typed if ref.tensor.endswith(WEIGHT) else self.input_typed).emit(ref, value)

    def paint(self, ref: CellRef) -> None:
        """Hand on an input cell that the brush ran over."""
        if self._is_input_cell(ref):
            self.input_painted.emit(ref)

    def unpin(self) -> bool:
        """Let go of the pinned cell; whether there was one."""
        viewpoint = self._session.moment.viewpoint
        self._session.show(viewpoint=replace(viewpoint, pinned=None))
        return viewpoint.pinned is not None

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Zoom about a point of the stage; where there is no map, about the middle of what is shown."""
        camera, scene = self._camera, self._scene()
        spot = fraction_at(scene, x, y) if scene is not None else None
        self._look(zoomed(camera, factor, *(spot or (camera.row, camera.column))))

    def zoom_middle(self, factor: float) -> None:
        """Zoom about the middle of what is shown."""
        camera = self._camera
        self._look(zoomed(camera, factor, camera.row, camera.column))

    def pan(self, dx: float, dy: float) -> None:
        """Move the maps with the pointer, by pixels of the largest one."""
        scene = self._scene()
        box = pan_box(scene) if scene is not None else None
        if box is not None:
            self._look(panned(self._camera, -dy / box.h, -dx / box.w))

    def fit(self) -> None:
        """Show whole maps."""
        self._look(Camera())

    def actual_size(self) -> None:
        """Zoom so that a cell of the largest map is one pixel, where it is smaller than that."""
        grid = self._largest()
        if grid is not None:
            camera = self._camera
            self._look(zoomed(camera, 1.0 / grid.cell, camera.row, camera.column))

    @property
    def _camera(self) -> Camera:
        return self._session.moment.viewpoint.camera

    def _look(self, camera: Camera) -> None:
        self._session.show(viewpoint=replace(self._session.moment.viewpoint, camera=camera))

    def _largest(self) -> Grid | None:
        scene = self._scene()
        drawn = scene.primitives() if scene is not None else ()
        grids = [p for p in drawn if isinstance(p, Grid) and p.of_tensor and not p.ref[0].endswith(WEIGHT)]
        return max(grids, key=lambda grid: grid.box.w * grid.box.h, default=None)

    def _value(self, ref: CellRef) -> float:
        moment = self._session.moment
        values = moment.timeline.frame(moment.index).tracks[ref.track].tensor(ref.tensor).values
        rows, columns = values.shape[-2:]
        return float(values.reshape(-1, rows, columns)[ref.plane, ref.row, ref.column])

    def _is_input_cell(self, ref: CellRef) -> bool:
        """Whether the cell is one of the input itself, not of the padding around it."""
        shape = self._session.moment.timeline.lesson.tracks[ref.track].source.shape
        cell = (ref.plane, ref.row, ref.column)
        return ref.tensor == INPUT and all(0 <= i < n for i, n in zip(cell, shape, strict=True))

"""What goes to the clipboard: the frame as a picture, a map as a matrix."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from cnnviz.controllers.session import Session
from cnnviz.controllers.staging import Staging
from cnnviz.files.matrices import Style, format_matrix
from cnnviz.lesson.lesson import BadInput
from cnnviz.scene.stage import build_scene
from cnnviz.timeline.frame import CellRef

SLIDE_WIDTH = 1920
"""A copied frame has at least so many pixels across, enough for a slide."""


class Copying(QObject):
    """Copies what is shown now."""

    noted = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, staging: Staging, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._staging = staging

    def copy_frame(self) -> None:
        """Copy the stage as it would be exported: without what the pointer marks."""
        from cnnviz.paint.painter import scene_image

        shown, moment = self._staging.scene, self._session.moment
        if shown is None:
            return
        scene = build_scene(moment.timeline, moment.index, moment.viewpoint, shown.size, self._staging.theme)
        image = scene_image(scene, max(1.0, SLIDE_WIDTH / shown.size[0]))
        QGuiApplication.clipboard().setImage(image)
        self.noted.emit(f"Copied the frame, {image.width()}×{image.height()}")

    def copy_matrix(self, style: Style = "plain") -> None:
        """Copy the map under the pointer, else the one at work, as text."""
        frame = self._session.moment.timeline.frame(self._session.moment.index)
        lead, ref = frame.lead, self._staging.hover
        # A bar or a curve that is pointed at is of no map.
        if ref is None or all(tensor.name != ref.tensor for tensor in frame.tracks[ref.track].tensors):
            ref = CellRef(lead.track, lead.focus.target, *lead.focus.cell)
        try:
            self.copy_text(self._matrix(ref, style))
        except BadInput as error:
            self.failed.emit(str(error))

    def copy_text(self, text: str) -> None:
        """Copy a text."""
        QGuiApplication.clipboard().setText(text)
        self.noted.emit("Copied the matrix")

    def _matrix(self, ref: CellRef, style: Style) -> str:
        moment = self._session.moment
        tensor = moment.timeline.frame(moment.index).tracks[ref.track].tensor(ref.tensor)
        rows, columns = tensor.values.shape[-2:]
        return format_matrix(tensor.values.reshape(-1, rows, columns)[ref.plane], style)

"""Words on the stage that can be typed over: what the pointer is on, and the editor that opens there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea

from cnnviz.scene.hit import grid_at
from cnnviz.scene.primitives import Scene
from cnnviz.views.words_edit import WordsEdit, place_at, text_of


class StageWords(QObject):
    """Watches the pointer over the words of a stage; cells go first.

    Parameters
    ----------
    stage : QAbstractScrollArea
        Its viewport is watched, and the editor opens in it.
    scene : callable
        The scene that is shown, or None.
    free : callable
        Whether the pointer serves nothing else now, such as the brush.

    Signals
    -------
    requested : str
        A double click on words, or Tab in the editor: ``lesson``, ``title`` or ``caption``.
    edited : str, str
        The place, and what was typed there.
    pointed_changed
        The pointer came upon such words or left them.
    """

    requested = Signal(str)
    edited = Signal(str, str)
    pointed_changed = Signal()

    def __init__(
        self, stage: QAbstractScrollArea, scene: Callable[[], Scene | None], free: Callable[[], bool]
    ) -> None:
        super().__init__(stage)
        self._scene = scene
        self._free = free
        self._pointed = False
        self.editor = WordsEdit(stage)
        self.editor.words_edited.connect(self.edited)
        self.editor.next_requested.connect(self.requested)
        stage.viewport().installEventFilter(self)

    @property
    def pointed(self) -> bool:
        """Whether the pointer is on words that can be typed over."""
        return self._pointed

    def ask(self, place: str, words: str) -> None:
        """Open an editor over words of the stage; Enter takes them, Esc leaves them."""
        scene = self._scene()
        shown = None if scene is None else text_of(scene, place)
        if shown is not None:
            self.editor.open_at(shown, place, words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._point(False)
        elif event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._point(not event.buttons() and self._place(event.position()) is not None)
        elif event.type() == QEvent.Type.MouseButtonDblClick and isinstance(event, QMouseEvent):
            place = self._place(event.position())
            if place is not None and event.button() == Qt.MouseButton.LeftButton:
                self.requested.emit(place)
                return True
        return False

    def _place(self, spot: QPointF) -> str | None:
        scene = self._scene()
        if scene is None or not self._free() or grid_at(scene, spot.x(), spot.y()) is not None:
            return None
        return place_at(scene, spot.x(), spot.y())

    def _point(self, on: bool) -> None:
        if on != self._pointed:
            self._pointed = on
            self.pointed_changed.emit()

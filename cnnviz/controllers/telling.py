"""Tells those who do not see the stage what happens on it: one sentence when it comes to rest, none while it plays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible

from cnnviz.controllers.player import Player
from cnnviz.controllers.session import Moment
from cnnviz.controllers.staging import Staging
from cnnviz.scene.primitives import Scene
from cnnviz.scene.saying import Said, news, said_of
from cnnviz.timeline.transport import TransportState

REST_MS = 150
"""What follows sooner, as from a key held down or a slider, takes the place of what was to be told."""


class Telling(QObject):
    """Follows what is shown, and says what is new in it.

    Parameters
    ----------
    staging : Staging
        Only what it shows is told, so that nothing is computed for the telling.
    player : Player
    listening : callable
        Whether anybody is told: without a screen reader no sentence is made.

    Signals
    -------
    told : str
    """

    told = Signal(str)

    def __init__(
        self,
        staging: Staging,
        player: Player,
        listening: Callable[[], bool] = QAccessible.isActive,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._staging, self._player, self._listening = staging, player, listening
        self._seen: Moment | None = None
        self._said: Said | None = None
        self._playing = self._stopped = False
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.flush)
        self._begin()
        staging.scene_changed.connect(self._on_scene)
        player.transport_changed.connect(self._on_transport)

    def flush(self) -> None:
        """Say now what is new."""
        self._rest.stop()
        moment, scene = self._staging.shown, self._staging.scene
        if moment is None or scene is None or self._player.playing or not self._listening():
            return
        before, stopped = self._said, self._stopped
        self._said, self._stopped = _said(moment, scene), False
        if text := news(before, self._said, stopped):
            self.told.emit(text)

    def _begin(self) -> None:
        """Say nothing of the first scene: it is read out as the description of what shows it."""
        self._seen, scene = self._staging.shown, self._staging.scene
        if self._seen is not None and scene is not None and self._listening():
            self._said = _said(self._seen, scene)

    def _on_scene(self, _scene: Scene) -> None:
        if self._seen is None:
            self._begin()
        waited = self._said is not None and self._said.waits
        if self._staging.shown is self._seen and not waited:
            return  # it glides, or the pointer moved
        self._seen = self._staging.shown
        if not self._player.playing:
            self._rest.start()

    def _on_transport(self, state: TransportState) -> None:
        if state.playing == self._playing:
            return
        self._playing, self._stopped = state.playing, not state.playing
        self._rest.stop() if state.playing else self._rest.start()


def _said(moment: Moment, scene: Scene) -> Said:
    return said_of(moment.timeline, moment.index, moment.viewpoint, scene.caption)

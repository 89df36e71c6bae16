"""Turns the moment into the scene that is shown: size, theme, pointer and the glide from step to step."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal

from cnnviz.controllers.session import Moment, Session
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT, Theme
from cnnviz.scene.tween import tween, tween_levels
from cnnviz.timeline.effort import effort
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.transport import MOVE_SECONDS

TICK_MS = 16
"""About sixty pictures a second while something glides."""

HEAVY = 60_000_000
"""Lessons of more numbers, a sixth of a second's work or so, are computed while the window goes on."""


class Staging(QObject):
    """Builds a scene whenever what it depends on changes, at most once for each turn of the event loop.

    While a worker computes a heavy lesson, the moment before it stays; of several edits meanwhile only the last counts.

    Parameters
    ----------
    session : Session
    glides : callable
        Whether a step of one may glide now: not with reduced motion, not at high speed.
    composition : Composition
        What stands beside the maps, and how large the type is.
    """

    scene_changed = Signal(object)
    about_to_build = Signal()
    """Work that somebody waits for begins: others may rest meanwhile."""
    busy_changed = Signal(bool)
    """Whether a worker computes what is to be shown."""
    _computed = Signal(object)

    def __init__(
        self,
        session: Session,
        glides: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
        composition: Composition = WHOLE,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._composition = composition
        self._glides = glides
        self._now = now
        self._size = (0.0, 0.0)
        self._theme = LIGHT
        self._hover: CellRef | None = None
        self._scene: Scene | None = None
        self._built_for: Moment | None = None
        self._from: tuple[Scene, float] | None = None
        self._way = tween
        self._ready: object = None
        self._computing = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._computed.connect(self._on_computed)
        self._rebuild = QTimer(self, singleShot=True, interval=0)
        self._rebuild.timeout.connect(self.flush)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._glide)
        session.moment_changed.connect(self._moment_changed)  # ends with this object, as no lambda would

    @property
    def scene(self) -> Scene | None:
        """The scene of the moment, at rest; None before there is a size."""
        return self._scene

    @property
    def shown(self) -> Moment | None:
        """The moment of that scene, which is the one before while a worker computes."""
        return self._built_for

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is the moment of now."""
        return self._built_for is self._session.moment

    @property
    def hover(self) -> CellRef | None:
        """The cell under the pointer."""
        return self._hover

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme

    def set_size(self, width: float, height: float) -> None:
        """Show at another size, at once: a stage must not be painted in a size that is not its own."""
        if width >= 1 and height >= 1 and (width, height) != self._size:
            self._size = (width, height)
            self.flush()

    def set_theme(self, theme: Theme) -> None:
        """Show in other colours."""
        self._theme = theme
        self.flush()

    def set_composition(self, composition: Composition) -> None:
        """Show other parts beside the maps, or other sizes of type."""
        self._composition = composition
        self.flush()

    def set_hover(self, ref: CellRef | None) -> None:
        """Show what the cell under the pointer is tied to."""
        if ref != self._hover:
            self._hover = ref
            self._rebuild.start()

    def flush(self) -> None:
        """Build the scene of this moment now and show it, or begin to glide there."""
        self._rebuild.stop()
        if self._size == (0.0, 0.0):
            return
        self.about_to_build.emit()
        moment, before = self._session.moment, self._scene
        if self._built_for is not None and self._must_wait(moment.timeline):
            if not self._computing:
                self._computing = True
                self.busy_changed.emit(True)
                self._begin_to_compute(moment)
            moment = self._built_for
        else:
            self._ready = moment.timeline.tensors
        self._scene = build_scene(
            moment.timeline,
            moment.index,
            moment.viewpoint,
            self._size,
            self._theme,
            self._hover,
            self._composition,
        )
        turned = _is_other_level(self._built_for, moment)
        may_glide = (
            before is not None and (turned or _is_one_step(self._built_for, moment)) and self._glides()
        )
        if self._built_for is not moment:
            self._stop_gliding()
        self._built_for = moment
        if may_glide and before is not None:
            self._from, self._way = (before, self._now()), tween_levels if turned else tween
            self._tick.start()
        self.scene_changed.emit(self._between())

    def warm(self, timeline: Timeline, index: int) -> None:
        """Compute what the first scene of another timeline needs; may be called from a worker."""
        if self._size != (0.0, 0.0):
            build_scene(timeline, index, self._session.moment.viewpoint, self._size, self._theme)
            self._ready = timeline.tensors

    def _moment_changed(self, _moment: Moment) -> None:
        self._rebuild.start()

    def _must_wait(self, timeline: Timeline) -> bool:
        """Whether the arrays of a timeline are still to be computed, and that takes long."""
        return timeline.tensors is not self._ready and effort(timeline) > HEAVY

    def _begin_to_compute(self, moment: Moment) -> None:
        """Let a worker compute what this moment needs."""
        timeline, done, warm = moment.timeline, self._computed, self.warm

        def work() -> None:
            try:
                warm(timeline, moment.index)
            finally:
                done.emit(timeline)

        self._pool.start(work)

    def _on_computed(self, timeline: Timeline) -> None:
        """Show what was computed, or go on with what is to be shown by now."""
        # After a failure too: what failed in the worker is told when it is tried here.
        self._ready = timeline.tensors
        moment = self._session.moment
        if self._must_wait(moment.timeline):
            self._begin_to_compute(moment)
            return
        self._computing = False
        self.flush()
        self.busy_changed.emit(False)

    def _between(self) -> Scene:
        """The scene to paint now: on the way while gliding, else the one at rest."""
        assert self._scene is not None
        if self._from is None:
            return self._scene
        start, since = self._from
        part = (self._now() - since) / MOVE_SECONDS
        if part >= 1:
            self._stop_gliding()
        return self._way(start, self._scene, part)

    def _glide(self) -> None:
        self.scene_changed.emit(self._between())

    def _stop_gliding(self) -> None:
        self._from = None
        self._tick.stop()


def _is_other_level(old: Moment | None, new: Moment) -> bool:
    """Whether one looks at the same lesson from nearer or further."""
    return old is not None and old.timeline is new.timeline and old.viewpoint.level != new.viewpoint.level


def _is_one_step(old: Moment | None, new: Moment) -> bool:
    """Whether the playhead alone moved, and by one."""
    return (
        old is not None
        and old.timeline is new.timeline
        and old.viewpoint == new.viewpoint
        and abs(old.index - new.index) == 1
    )

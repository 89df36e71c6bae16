"""Plays a lesson by the clock: late steps are dropped, never queued, so that playing keeps its speed."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from cnnviz.controllers.course import page_after, page_before, played_on, position, stops_in
from cnnviz.controllers.session import Moment, Session
from cnnviz.timeline.starts import iterations_of, starts_of
from cnnviz.timeline.transport import SPEEDS, STEP_SECONDS, Loop, Marks, TransportState

LOOPS: tuple[Loop, ...] = ("off", "loop", "ping-pong")


class Player(QObject):
    """Play, pause, step and seek over a session, with one timer."""

    transport_changed = Signal(object)

    def __init__(
        self, session: Session, now: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = now
        self._speed = 1.0
        self._loop: Loop = "off"
        self._backwards = False
        self._playing = False
        self._anchor = (0.0, 0)
        self._seeking = False
        self._marks = Marks()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._advance)
        session.moment_changed.connect(self._on_moment)

    @property
    def playing(self) -> bool:
        """Whether the clock runs."""
        return self._playing

    @property
    def speed(self) -> float:
        """How many times the normal speed."""
        return self._speed

    def transport_state(self) -> TransportState:
        """All that the transport shows."""
        moment = self._session.moment
        timeline = moment.timeline
        return TransportState(
            moment.index,
            timeline.count,
            self._playing,
            self._backwards,
            self._speed,
            self._loop,
            starts_of(timeline),
            iterations_of(timeline),
            timeline.step(moment.index).section.name,
            self.marked(),
            len(stops_in(timeline, self._bounds())) or None,
        )

    def marked(self) -> range | None:
        """The steps between the marks; None where there are none."""
        return self._marks.steps(self._session.moment.timeline.count)

    def mark_in(self) -> None:
        """Play and export from this step on."""
        self._mark(self._marks.starting(self._session.moment.index))

    def mark_out(self) -> None:
        """Play and export up to this step."""
        self._mark(self._marks.ending(self._session.moment.index))

    def clear_marks(self) -> None:
        """Play and export all steps."""
        self._mark(Marks())

    def toggle(self) -> None:
        """Play forwards, or pause."""
        self.pause() if self._playing else self.play()

    def play(self, backwards: bool = False) -> None:
        """Play; from the other end when this one is reached."""
        index, bounds = self._session.moment.index, self._bounds()
        start, last = (bounds[-1], bounds[0]) if backwards else (bounds[0], bounds[-1])
        self._backwards, self._playing = backwards, True
        if index not in bounds or (index == last and self._loop == "off"):
            self._show(start)
        self._restart_clock()
        self._tell()

    def toggle_backwards(self) -> None:
        """Play backwards, or pause when that is what plays."""
        self.pause() if self._playing and self._backwards else self.play(backwards=True)

    def pause(self) -> None:
        """Stop the clock where it is."""
        if not self._playing:
            return
        self._playing = self._backwards = False
        self._timer.stop()
        self._tell()

    def restart(self) -> None:
        """Play from the first step, or from the first mark."""
        self._session.show(index=self._bounds()[0])
        self.play()

    def seek(self, index: int) -> None:
        """Go to a step; while playing, on from there."""
        self._session.show(index=int(index))

    def step(self, steps: int) -> None:
        """Pause and go some steps on (negative: back), around the ends when looping."""
        self.pause()
        moment = self._session.moment
        around: Loop = "loop" if self._loop == "loop" else "off"
        self._session.show(index=position(moment.index, steps, moment.timeline.count, around)[0])

    def to_start(self) -> None:
        """Go to the first step."""
        self.seek(0)

    def to_end(self) -> None:
        """Go to the last step."""
        self.seek(self._session.moment.timeline.count - 1)

    def next_section(self) -> None:
        """Go to the first step of the next section, or to the end."""
        moment = self._session.moment
        self.seek(page_after(moment.timeline, moment.index))

    def previous_section(self) -> None:
        """Go to the start of this section, from there to the start of the one before."""
        moment = self._session.moment
        self.seek(page_before(moment.timeline, moment.index))

    def set_speed(self, speed: float) -> None:
        """Play at another speed, the nearest of those there are."""
        self._speed = min(SPEEDS, key=lambda known: abs(known - speed))
        self._restart_clock()
        self._tell()

    def faster(self) -> None:
        """Choose the next higher speed."""
        self.set_speed(SPEEDS[min(bisect_right(SPEEDS, self._speed), len(SPEEDS) - 1)])

    def slower(self) -> None:
        """Choose the next lower speed."""
        self.set_speed(SPEEDS[max(bisect_left(SPEEDS, self._speed) - 1, 0)])

    def set_loop(self, loop: Loop) -> None:
        """Choose what happens at the end: nothing, over and over, or to and fro."""
        if loop in LOOPS:
            self._loop = loop
            self._restart_clock()
            self._tell()

    def next_loop(self) -> None:
        """Choose the next way to loop."""
        self.set_loop(LOOPS[(LOOPS.index(self._loop) + 1) % len(LOOPS)])

    def _mark(self, marks: Marks) -> None:
        self._marks = marks
        self._tell()

    def _tell(self) -> None:
        self.transport_changed.emit(self.transport_state())

    def _bounds(self) -> range:
        """The steps that are played."""
        return self.marked() or range(self._session.moment.timeline.count)

    def _on_moment(self, _moment: Moment) -> None:
        if not self._seeking:
            self._restart_clock()
        self._tell()

    def _restart_clock(self) -> None:
        """Count from the step shown now: after a seek, an edit or another speed."""
        self._anchor = (self._now(), self._session.moment.index)
        if self._playing:
            self._schedule(1)

    def _schedule(self, steps: int) -> None:
        due = self._anchor[0] + steps * STEP_SECONDS / self._speed
        # Never 0: a timer without a pause would leave no time to paint.
        self._timer.start(max(4, round((due - self._now()) * 1000)))

    def _advance(self) -> None:
        since, start = self._anchor
        steps = int((self._now() - since) * self._speed / STEP_SECONDS + 1e-6)
        if steps > 0:
            signed = -steps if self._backwards else steps
            timeline = self._session.moment.timeline
            index, ended = played_on(timeline, self._bounds(), start, signed, self._loop)
            self._show(index)
            if ended:
                self.pause()
        if self._playing:
            self._schedule(steps + 1)

    def _show(self, index: int) -> None:
        self._seeking = True
        try:
            self._session.show(index=index)
        finally:
            self._seeking = False

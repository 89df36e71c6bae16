"""Plays a lesson by the clock: late steps are dropped, never queued, so that playing keeps its speed."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from cnnviz.controllers.session import Moment, Session
from cnnviz.timeline.transport import SPEEDS, STEP_SECONDS, Loop, Marks, TransportState

LOOPS: tuple[Loop, ...] = ("off", "loop", "ping-pong")


def position(start: int, steps: int, count: int, loop: Loop) -> tuple[int, bool]:
    """Where ``steps`` steps (negative: backwards) lead from ``start``, and whether playing ends there.

    Examples
    --------
    >>> position(3, 4, 6, "off"), position(3, 4, 6, "loop"), position(3, 4, 6, "ping-pong")
    ((5, True), (1, False), (3, False))
    """
    target = start + steps
    if loop == "loop":
        return target % count, False
    if loop == "ping-pong":
        period = max(1, 2 * (count - 1))
        return min(target % period, -target % period), False
    last = count - 1 if steps >= 0 else 0
    ended = target >= last if steps >= 0 else target <= last
    return (last, True) if ended else (target, False)


def position_between(bounds: range, count: int, start: int, steps: int, loop: Loop) -> tuple[int, bool]:
    """`position` among the steps of ``bounds``; from a step outside, which somebody went to, on to the end of all."""
    if start not in bounds:
        bounds = range(count)
    index, ended = position(start - bounds[0], steps, len(bounds), loop)
    return bounds[0] + index, ended


def position_among(stops: tuple[int, ...], start: int, steps: int, loop: Loop) -> tuple[int, bool]:
    """`position` where playing stops at some steps only; from one between two of them, on to the next.

    Examples
    --------
    >>> position_among((0, 1, 5, 9), 3, 1, "off"), position_among((0, 1, 5, 9), 3, -1, "off")
    ((5, False), (1, False))
    """
    at = bisect_right(stops, start) - 1 if steps >= 0 else bisect_left(stops, start)
    place, ended = position(at, steps, len(stops), loop)
    return stops[place], ended


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
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
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

    @property
    def seconds_per_step(self) -> float:
        """How long a step is shown while playing."""
        return STEP_SECONDS / self._speed

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
            timeline.section_starts(),
            timeline.step(moment.index).section.name,
            self.marked(),
            len(stops) if (stops := self._stops(self._bounds())) else None,
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
        self.transport_changed.emit(self.transport_state())

    def toggle_backwards(self) -> None:
        """Play backwards, or pause when that is what plays."""
        self.pause() if self._playing and self._backwards else self.play(backwards=True)

    def pause(self) -> None:
        """Stop the clock where it is."""
        if not self._playing:
            return
        self._playing = self._backwards = False
        self._timer.stop()
        self.transport_changed.emit(self.transport_state())

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
        starts = _starts(self._session.moment)
        at = bisect_right(starts, self._session.moment.index)
        self.to_end() if at == len(starts) else self.seek(starts[at])

    def previous_section(self) -> None:
        """Go to the start of this section, from there to the start of the one before."""
        starts = _starts(self._session.moment)
        self.seek(starts[max(0, bisect_left(starts, self._session.moment.index) - 1)])

    def set_speed(self, speed: float) -> None:
        """Play at another speed, the nearest of those there are."""
        self._speed = min(SPEEDS, key=lambda known: abs(known - speed))
        self._restart_clock()
        self.transport_changed.emit(self.transport_state())

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
            self.transport_changed.emit(self.transport_state())

    def next_loop(self) -> None:
        """Choose the next way to loop."""
        self.set_loop(LOOPS[(LOOPS.index(self._loop) + 1) % len(LOOPS)])

    def _mark(self, marks: Marks) -> None:
        self._marks = marks
        self.transport_changed.emit(self.transport_state())

    def _bounds(self) -> range:
        """The steps that are played."""
        return self.marked() or range(self._session.moment.timeline.count)

    def _stops(self, bounds: range) -> tuple[int, ...]:
        """The steps at which playing stops, with both ends; none where it leaves no step out."""
        stops = _stops_of(self._session.moment)
        return tuple(sorted({n for n in stops if n in bounds} | {bounds[0], bounds[-1]})) if stops else ()

    def _on_moment(self, _moment: Moment) -> None:
        if not self._seeking:
            self._restart_clock()
        self.transport_changed.emit(self.transport_state())

    def _restart_clock(self) -> None:
        """Count from the step shown now: after a seek, an edit or another speed."""
        self._anchor = (self._now(), self._session.moment.index)
        if self._playing:
            self._schedule(1)

    def _schedule(self, steps: int) -> None:
        due = self._anchor[0] + steps * self.seconds_per_step
        # Never 0: a timer without a pause would leave no time to paint.
        self._timer.start(max(4, round((due - self._now()) * 1000)))

    def _advance(self) -> None:
        since, start = self._anchor
        steps = int((self._now() - since) / self.seconds_per_step + 1e-6)
        if steps > 0:
            signed = -steps if self._backwards else steps
            count = self._session.moment.timeline.count
            bounds = self._bounds()
            if stops := self._stops(bounds if start in bounds else range(count)):
                index, ended = position_among(stops, start, signed, self._loop)
            else:
                index, ended = position_between(bounds, count, start, signed, self._loop)
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


def _stops_of(moment: Moment) -> tuple[int, ...]:
    """Of a lesson of runs the steps at which playing stops."""
    if moment.timeline.runs is None:
        return ()
    from cnnviz.timeline.runs_timeline import stops_of  # few lessons have them

    return stops_of(moment.timeline)


def _starts(moment: Moment) -> tuple[int, ...]:
    """Where sections begin; runs have but one, and are turned over from stop to stop."""
    if stops := _stops_of(moment):
        return stops
    return tuple(start for start, _ in moment.timeline.section_starts())

"""Where playing goes next: on, around or to and fro, between the marks, over every step or from stop to stop."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from cnnviz.timeline.starts import Start, starts_of
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.transport import Loop


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


def played_on(timeline: Timeline, bounds: range, start: int, steps: int, loop: Loop) -> tuple[int, bool]:
    """`position` among the steps of ``bounds``; from a step outside, which somebody went to, on to the end of all."""
    if start not in bounds:
        bounds = range(timeline.count)
    if stops := stops_in(timeline, bounds):
        return _from_stop_to_stop(stops, start, steps, loop)
    index, ended = position(start - bounds[0], steps, len(bounds), loop)
    return bounds[0] + index, ended


def stops_in(timeline: Timeline, bounds: range) -> tuple[int, ...]:
    """The steps at which playing stops, with both ends; none where it leaves no step out."""
    stops = _stops_of(timeline)
    return tuple(sorted({n for n in stops if n in bounds} | {bounds[0], bounds[-1]})) if stops else ()


def page_after(timeline: Timeline, index: int) -> int:
    """The first step of the section after that of a step, or the last step of all."""
    pages = _pages_of(timeline)
    at = bisect_right(pages, index, key=_first)
    return timeline.count - 1 if at == len(pages) else _first(pages[at])


def page_before(timeline: Timeline, index: int) -> int:
    """The first step of a step's section; of the section before, where that is the step itself."""
    pages = _pages_of(timeline)
    return _first(pages[max(0, bisect_left(pages, index, key=_first) - 1)])


def _from_stop_to_stop(stops: tuple[int, ...], start: int, steps: int, loop: Loop) -> tuple[int, bool]:
    """`position` where playing stops at some steps only; from one between two of them, on to the next.

    Examples
    --------
    >>> _from_stop_to_stop((0, 1, 5, 9), 3, 1, "off"), _from_stop_to_stop((0, 1, 5, 9), 3, -1, "off")
    ((5, False), (1, False))
    """
    at = bisect_right(stops, start) - 1 if steps >= 0 else bisect_left(stops, start)
    place, ended = position(at, steps, len(stops), loop)
    return stops[place], ended


def _stops_of(timeline: Timeline) -> tuple[int, ...]:
    """Of a lesson of runs the steps at which playing stops."""
    if timeline.runs is None:
        return ()
    from cnnviz.timeline.runs_timeline import stops_of  # few lessons have them

    return stops_of(timeline)


def _pages_of(timeline: Timeline) -> Sequence[Start]:
    """Where sections begin; runs have but one, and are turned over from stop to stop."""
    return tuple((stop, "") for stop in _stops_of(timeline)) or starts_of(timeline)


def _first(page: Start) -> int:
    return page[0]

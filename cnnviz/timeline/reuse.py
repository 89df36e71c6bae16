"""The timeline of a changed lesson, without computing again what the change does not touch."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.lesson.lesson import Lesson, check
from cnnviz.timeline.lending import lent
from cnnviz.timeline.timeline import Timeline, make_timeline


def timeline_for(lesson: Lesson, like: Timeline, lends: bool = False) -> Timeline:
    """The timeline of a lesson, with the arrays and the learning that ``like`` has of tracks which are the same.

    Where it ``lends``, also the learning of tracks that only look at another picture, until they are `at_rest`.

    Raises
    ------
    BadInput
        If a layer does not fit.
    """
    old = like.lesson
    same = len(lesson.tracks) == len(old.tracks) and all(
        a is b for a, b in zip(lesson.tracks, old.tracks, strict=True)
    )
    if same and lesson.pace == old.pace and (lends or not _borrows(like)):
        return replace(like, lesson=check(lesson))
    return make_timeline(lesson, like, lends)


def at_rest(timeline: Timeline) -> Timeline:
    """The same timeline, or where learning was lent that of tracks which learn from their own pictures."""
    return make_timeline(timeline.lesson, timeline) if _borrows(timeline) else timeline


def _borrows(timeline: Timeline) -> bool:
    pairs = zip(timeline.descents, timeline.lesson.tracks, strict=False)
    return any(descent is not None and lent(descent, track) for descent, track in pairs)

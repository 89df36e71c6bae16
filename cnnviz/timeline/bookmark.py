"""A step that somebody wants to come back to."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass

from cnnviz.timeline.timeline import Timeline

LONGEST = 60


@dataclass(frozen=True, slots=True, order=True)
class Bookmark:
    """A step and what it is called."""

    index: int
    name: str


def with_bookmark(bookmarks: tuple[Bookmark, ...], index: int, name: str) -> tuple[Bookmark, ...]:
    """The bookmarks with one more, in the order of their steps; one at the same step is replaced.

    Examples
    --------
    >>> [b.name for b in with_bookmark((Bookmark(4, "b"), Bookmark(9, "c")), 1, " a ")]
    ['a', 'b', 'c']
    """
    kept = [bookmark for bookmark in bookmarks if bookmark.index != index]
    insort(kept, Bookmark(index, " ".join(name.split())[:LONGEST]))
    return tuple(kept)


def suggested_name(timeline: Timeline, index: int) -> str:
    """What a bookmark is called before somebody types a name: the section, and the iteration of what learns."""
    step = timeline.step(index)
    learns = timeline.lesson.tracks[step.section.track].recipe is not None
    return f"{step.section.name}, iteration {step.iteration}" if learns else step.section.name

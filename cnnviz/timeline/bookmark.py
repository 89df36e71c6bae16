"""The steps at which the bookmarks of a lesson lie, and what one is called before somebody types a name."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.lesson.bookmarks import Place
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """A bookmark as a list shows it: its step at the pace of now, and its name."""

    index: int
    name: str


def place_of(timeline: Timeline, index: int) -> Place:
    """The place of a step of the track that sets the clock."""
    step = timeline.step(index)
    products = step.products if step.beat is Beat.MULTIPLY else 0
    return Place(step.iteration, step.section.tensor, step.cell, step.beat.value, products)


def index_of(timeline: Timeline, place: Place) -> int:
    """The step of a place, or the nearest one: of a shorter recipe its last iteration, of a smaller map its last cell.

    Where nothing of that name is computed any more it is the first step of the iteration.
    """
    iteration = min(place.iteration, timeline.repeats(timeline.lead).iterations - 1)
    section = next((s for s in timeline.sections[timeline.lead] if s.tensor == place.tensor), None)
    if section is None:
        return timeline.index_at(iteration)
    cell = [min(i, n - 1) for i, n in zip(place.cell, section.shape, strict=True)]
    flat = (cell[0] * section.shape[1] + cell[1]) * section.shape[2] + cell[2]
    offset = section.start + section.cut.offset_of(flat, Beat(place.beat), place.products)
    return timeline.index_at(iteration, offset)


def marked(timeline: Timeline) -> tuple[Marked, ...]:
    """All bookmarks of the lesson in the order of their steps."""
    marks = (Marked(index_of(timeline, mark.place), mark.name) for mark in timeline.lesson.bookmarks)
    return tuple(sorted(marks))


def place_marked(timeline: Timeline, index: int) -> Place | None:
    """The place of the bookmark at a step, as the lesson has it."""
    marks = timeline.lesson.bookmarks
    return next((mark.place for mark in marks if index_of(timeline, mark.place) == index), None)


def suggested_name(timeline: Timeline, index: int) -> str:
    """What a bookmark is called before somebody types a name: the name it has, or the section and the iteration.

    Iterations are counted from 1, as on the stage.
    """
    for mark in marked(timeline):
        if mark.index == index:
            return mark.name
    step = timeline.step(index)
    learns = timeline.lesson.tracks[step.section.track].recipe is not None
    return f"{step.section.name}, iteration {step.iteration + 1}" if learns else step.section.name

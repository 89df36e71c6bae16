"""Which layers of which tracks there are to be edited, as a list to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.lesson.findings import told_lesson
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Lesson

ARROW = " ▸ "


@dataclass(frozen=True, slots=True)
class Place:
    """One layer of one track, and what it is called: ``stride 2 ▸ Convolution``."""

    track: int
    layer: int
    text: str


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """What a chooser of layers shows.

    Attributes
    ----------
    places : tuple of Place
    at : int
        Which of them is chosen; −1 for none.
    pinned : bool
        Whether the choice stays when the playhead moves on.
    alone : bool
        Whether edits change this track only.
    several : bool
        Whether there are other tracks at all.
    """

    places: tuple[Place, ...]
    at: int
    pinned: bool
    alone: bool
    several: bool


def places_of(lesson: Lesson, weighted: bool = False) -> tuple[Place, ...]:
    """Every layer of every track; with ``weighted`` those that have weights."""
    several = len(lesson.tracks) > 1
    return tuple(
        Place(number, layer, (track_name(track.name, number) + ARROW if several else "") + name)
        for number, track in enumerate(told_lesson(lesson).tracks)
        for layer, name in enumerate(section_names(track.layers))
        if not weighted or track.params[layer] is not None
    )


def track_name(name: str, number: int) -> str:
    """What a track is called; one without a name by its number."""
    return name or f"Track {number}"

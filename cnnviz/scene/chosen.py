"""A layer that is looked at in place of the one at work: it has the stage, and the words are about it."""

from __future__ import annotations

from cnnviz.scene.learning import in_one, relation_in
from cnnviz.timeline.frame import CellRef, Focus, Frame, TrackFrame
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import Timeline


def home_of(timeline: Timeline, frame: Frame, track: TrackFrame, chosen: CellRef | None) -> Focus:
    """The cell whose layer is laid out large: the chosen one, else that of the step.

    What is only pointed at moves nothing: it would slip away from under the pointer.
    """
    if chosen is None or chosen.track != track.track:
        return track.focus
    spot = relation_in(timeline, frame, chosen)
    return track.focus if spot is None or spot.focus is None else spot.focus


def is_forward(timeline: Timeline, track: TrackFrame, home: Focus) -> bool:
    """Whether maps are shown as they are computed, and not a loss, a gradient or an update."""
    if track.step.section.kind == "forward":
        return True
    return home.kind == "forward" and not in_one(timeline, track)


def other_layer(timeline: Timeline, track: TrackFrame, chosen: CellRef | None) -> Section | None:
    """The section that computes what is chosen; None where that is the one at work, or nothing is."""
    if chosen is None or chosen.track != track.track:
        return None
    section = next((s for s in timeline.sections[track.track] if s.tensor == chosen.tensor), None)
    return None if section == track.step.section else section

"""While an audience is asked, what gives away the class that a network answers is not drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.specs import Softmax
from cnnviz.scene.chosen import home_of, is_forward
from cnnviz.scene.learning import in_one
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.answers import Answer, answer_of
from cnnviz.timeline.frame import Frame, TrackFrame
from cnnviz.timeline.timeline import Timeline


def veiled(timeline: Timeline, frame: Frame, viewpoint: Viewpoint) -> Frame:
    """The frame in which the scores and the probabilities of classes are not written, where answers are hidden.

    Those that the step itself reads stay: a softmax, a loss and gradients are asked for with them.
    """
    if not viewpoint.asks:
        return frame
    return replace(frame, tracks=tuple(_veiled(timeline, frame, track, viewpoint) for track in frame.tracks))


def unanswered(answer: Answer) -> Answer:
    """The classes of a network without what it answers, and without the right one."""
    nothing = np.zeros_like(answer.probabilities)
    nothing.setflags(write=False)
    return replace(answer, probabilities=nothing, label=None)


def _veiled(timeline: Timeline, frame: Frame, track: TrackFrame, viewpoint: Viewpoint) -> TrackFrame:
    names = _telling(timeline, frame, track, viewpoint)
    if not names:
        return track
    tensors = tuple(replace(t, written=0) if t.name in names else t for t in track.tensors)
    return replace(track, tensors=tensors)


def _telling(timeline: Timeline, frame: Frame, track: TrackFrame, viewpoint: Viewpoint) -> frozenset[str]:
    """The names of the tensors that tell the class."""
    if answer_of(timeline, track) is None:
        return frozenset()
    names = timeline.tensor_names(track.track)
    ends = isinstance(timeline.lesson.tracks[track.track].layers[-1], Softmax)
    told = frozenset(names[-2:] if ends else names[-1:])
    if (viewpoint.level or timeline.lesson.view.level) == "network":
        return told | {f"{name}.grad" for name in told}
    home = home_of(timeline, frame, track, viewpoint.pinned)
    if not is_forward(timeline, track, home) and not in_one(timeline, track):
        return frozenset()
    return told - {home.source}

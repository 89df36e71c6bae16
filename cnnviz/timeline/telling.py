"""The step of a lesson that tells most in a single picture."""

from __future__ import annotations

from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.timeline import Timeline


def telling_step(timeline: Timeline) -> int:
    """The last key step: every map is written, and something is still at work; the first one of learning by batches."""
    recipe = timeline.lesson.tracks[timeline.lead].recipe
    if recipe is not None and recipe.batches is not None:
        return (
            0  # the whole network is drawn at each step, and to a later one it would have to be trained first
        )
    return key_steps(timeline, {"section-ends"})[-1]

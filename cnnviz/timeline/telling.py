"""The step of a lesson that tells most in a single picture."""

from __future__ import annotations

from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.timeline import Timeline


def telling_step(timeline: Timeline) -> int:
    """The last key step: every map is written, and something is still at work."""
    return key_steps(timeline, {"section-ends"})[-1]

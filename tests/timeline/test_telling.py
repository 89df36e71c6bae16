"""The telling step shows every map."""

from __future__ import annotations

from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.telling import telling_step
from cnnviz.timeline.timeline import make_timeline


def test_every_map_is_written_at_the_telling_step() -> None:
    timeline = make_timeline(shipped_lesson("vertical-edge"))
    step = telling_step(timeline)
    assert step in key_steps(timeline)
    assert all(t.written == t.values.size for t in timeline.frame(step).lead.tensors)

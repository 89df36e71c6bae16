"""What a network that learns from batches answers to its test pictures at a step: the counts, the surest mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnnviz.timeline.frame import Frame
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.trace import as_text, facts

if TYPE_CHECKING:
    from cnnviz.timeline.samples import Report

WORST = 9
"""So many mistakes are told."""


def report_at(timeline: Timeline, index: int, track: int = 0) -> Report | None:
    """The answers with the weights of the iteration that a step shows; None of a track that learns from no batches."""
    own = timeline.lesson.tracks[track]
    if own.recipe is None or own.recipe.batches is None:
        return None
    from cnnviz.timeline.batches import data_of  # few lessons need either
    from cnnviz.timeline.samples import report_on

    data = data_of(own.recipe.batches)
    it = timeline.iteration(track, timeline.step(index, track).iteration)
    return report_on(own, it.track.params, data, it.number)


def facts_at(timeline: Timeline, index: int) -> dict[str, Any]:
    """The facts of a step as `facts` has them, and in ``learning`` of what learns from batches its ``answers``.

    Returns
    -------
    dict
        ``answers`` {counts, mistakes [{picture, label, answer, sure}]}: ``counts[label][answer]`` of all test pictures,
        and the nine wrong answers with the highest probability, pictures by their number in the set.
    """
    frame = timeline.frame(index)
    out = facts(frame)
    for told, number in zip([out, *out.get("tracks", ())], _numbers(frame), strict=True):
        report = report_at(timeline, index, number)
        if report is not None:
            told["learning"]["answers"] = {
                "counts": [list(row) for row in report.counts],
                "mistakes": [
                    {"picture": one.number, "label": one.label, "answer": one.answer, "sure": one.sure}
                    for one in report.mistakes[:WORST]
                ],
            }
    return out


def text_at(timeline: Timeline, index: int, whole: bool = True) -> str:
    """The same for people: `as_text`, with ``whole`` followed by the mistakes."""
    frame = timeline.frame(index)
    lines = [as_text(frame, whole)]
    for number in _numbers(frame) if whole else ():
        report = report_at(timeline, index, number)
        if report is not None:
            lines.append(f"      {report.right} of {len(report.samples)} test pictures right")
            lines += [
                f"      picture {one.number} is of class {one.label}, taken for {one.answer} with {one.sure:.4f}"
                for one in report.mistakes[:WORST]
            ]
    return "\n".join(lines)


def _numbers(frame: Frame) -> list[int]:
    """The tracks in the order of the facts: the leading one first."""
    lead = frame.lead.track
    return [lead, *(t.track for t in frame.tracks if t.track != lead)]

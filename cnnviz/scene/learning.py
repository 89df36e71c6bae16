"""A track while it learns: the lesson as it stands in an iteration, and what is at work in its loss and gradients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import NO_PADS
from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import ConvTranspose, Linear
from cnnviz.scene.block_learning import along_shortcut, brought_name, is_joint
from cnnviz.scene.learning_border import with_border
from cnnviz.scene.learning_rows import in_rows
from cnnviz.scene.learning_words import place_of, stopped_words
from cnnviz.timeline.frame import CellRef, Focus, Frame, Tensor, TrackFrame, Window
from cnnviz.timeline.iteration import Iteration, focus_in
from cnnviz.timeline.learning_ranges import Span, both_ways
from cnnviz.timeline.lending import lent
from cnnviz.timeline.relations import Relation, relate
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.weights import shown_weight

Floats = NDArray[np.float64]

CELL = (1, 1)


def at_iteration(timeline: Timeline, frame: Frame) -> Timeline:
    """The timeline with the parameters and the example of the iteration that each track is in."""
    learning = {t.track: timeline.iteration(t.track, t.step.iteration) for t in frame.tracks if t.learning}
    if not learning:
        return timeline
    tracks, tensors = list(timeline.lesson.tracks), list(timeline.tensors)
    for number, it in learning.items():
        # The descent may be that of another edit: what the track is called now stays.
        tracks[number] = replace(it.track, name=tracks[number].name)
        tensors[number] = it.tensors
    return replace(timeline, lesson=replace(timeline.lesson, tracks=tuple(tracks)), tensors=tuple(tensors))


def at_work(timeline: Timeline, frame: Frame) -> Frame:
    """The frame with the tensors that loss, gradients and updates are told with beside those that are computed."""
    if not any(t.learning for t in frame.tracks):
        return frame
    return replace(frame, tracks=tuple(_told(timeline, t) for t in frame.tracks))


def relation_in(timeline: Timeline, frame: Frame, ref: CellRef) -> Relation | None:
    """What a cell is tied to, gradients and new weights included."""
    track = next((t for t in frame.tracks if t.track == ref.track), None)
    if track is None or track.learning is None:
        return relate(timeline, ref)
    section = next(
        (s for s in timeline.sections[ref.track] if s.tensor == ref.tensor and s.kind != "forward"), None
    )
    if section is None:
        return relate(timeline, ref)
    cell = (ref.plane, ref.row, ref.column)
    if not all(0 <= i < n for i, n in zip(cell, section.shape, strict=True)):
        return None
    it = timeline.iteration(ref.track, track.step.iteration)
    focus = focus_in(it, section, cell, ref.track)
    return Relation(ref, "output", focus.terms.total, _pointed(it, focus))


def in_one(timeline: Timeline, track: TrackFrame) -> bool:
    """Whether a step tells a whole iteration at once."""
    return track.learning is not None and timeline.repeats(track.track).fine <= track.step.iteration


def _strongest(timeline: Timeline, it: Iteration, track: TrackFrame) -> Focus:
    """The update of the weight of the first layer that has the largest gradient; with batches always of the same."""
    section = next((s for s in timeline.sections[track.track] if s.kind == "update"), None)
    if section is None:
        return track.focus
    grads = track.tensor(section.tensor.removesuffix(".next") + ".grad").values
    if it.recipe.batches is not None:  # one weight is followed through thousands of batches
        return focus_in(it, section, (0, grads.shape[1] // 2, grads.shape[2] // 2), track.track)
    size = np.abs(np.nan_to_num(grads))
    cell = np.unravel_index(int(size.argmax()), size.shape)
    return focus_in(it, section, (int(cell[0]), int(cell[1]), int(cell[2])), track.track)


def _told(timeline: Timeline, track: TrackFrame) -> TrackFrame:
    if track.learning is None or track.step.section.kind == "forward":
        return track
    it = timeline.iteration(track.track, track.step.iteration)
    if in_one(timeline, track):
        track = replace(track, focus=_strongest(timeline, it, track))
    tensors = with_border(it, track.focus, track.tensors) + _extra(it, track)
    told = replace(track, tensors=tensors, focus=_pointed(it, track.focus))
    return told if in_one(timeline, track) else in_rows(told)


def _pointed(it: Iteration, focus: Focus) -> Focus:
    """The focus with the tensors by which it is told as what it reads."""
    cell = focus.cell
    own = Window(cell[1], cell[2], 1, 1, CELL, (cell[0], cell[0] + 1))
    if focus.kind in ("loss", "error") and it.recipe.loss == "cross_entropy":
        return replace(focus, source="probabilities", partner="label")
    if focus.kind in ("update", "update-bias"):
        weight = "weight" if focus.kind == "update" else "bias"
        name = focus.source.removesuffix(f".{weight}")
        return replace(focus, partner=f"{name}.{weight}.step", partner_window=own)
    if focus.kind != "input":
        return focus
    if is_joint(focus):
        name = brought_name(focus)
        return replace(focus, partner=name, partner_window=own if name else None)
    if (kernel := kernel_over(focus)) is not None:
        _, rows, columns = focus.terms.layout
        return replace(
            focus,
            partner=kernel,
            partner_window=Window(0, 0, rows, columns, CELL, (0, focus.terms.layout[0])),
        )
    if isinstance(focus.spec, Linear):
        rows = focus.terms.x.size
        return replace(focus, partner_window=Window(0, cell[0], rows, 1, CELL, (0, 1)))
    return replace(focus, partner=focus.target.removesuffix(".grad"), partner_window=own)


def kernel_over(focus: Focus) -> str | None:
    """The name of the kernel as it lies over the gradient, where a gradient goes back that way; else None."""
    if focus.kind != "input":
        return None
    if focus.source.endswith(".spread"):
        return focus.source.removesuffix(".grad.spread") + ".turned"
    if isinstance(focus.spec, ConvTranspose):
        return focus.source.removesuffix(".grad") + ".own"
    return None


def _extra(it: Iteration, track: TrackFrame) -> tuple[Tensor, ...]:
    focus = track.focus
    n, terms = focus.layer, focus.terms
    last = len(it.track.layers) - 1
    if focus.kind in ("loss", "error"):
        top = it.arrays[-1]
        if it.recipe.loss == "cross_entropy":
            p: Floats = np.asarray(softmax(top, axis=0), dtype=np.float64)
            label = (np.arange(p.size) == int(it.target.ravel()[0])).astype(np.float64).reshape(p.shape)
            return (
                _tensor("probabilities", last, p, (-1.0, 1.0)),
                _tensor("label", last, label, (-1.0, 1.0)),
            )
        error = top - it.target
        return (_tensor("difference", last, error, both_ways(error)),)
    if is_joint(focus):
        return (along_shortcut(track),) if brought_name(focus) else ()
    if (kernel := kernel_over(focus)) is not None:
        span = track.tensor(f"{kernel.rpartition('.')[0]}.weight").span
        return (_tensor(kernel, n, terms.w.reshape(terms.layout), span),)
    if focus.kind in ("update", "update-bias"):
        return _steps(it, focus, track.tensor(focus.source).span)
    return ()


def _steps(it: Iteration, focus: Focus, span: Span) -> tuple[Tensor, ...]:
    """What is added to weights or biases, in their range, and with momentum the velocity that it is made of."""
    n = focus.layer
    velocity = it.after.velocity[n]
    assert velocity is not None
    if focus.kind == "update":
        shown = shown_weight(it.track.layers[n], velocity)
        v: Floats = np.asarray(shown.reshape(-1, *shown.shape[-2:]), dtype=np.float64)
    else:
        assert velocity.bias is not None
        v = velocity.bias.reshape(-1, 1, 1)
    step = -it.recipe.rate * v + 0.0
    return (
        _tensor(f"{focus.source}.velocity", n, v, both_ways(v)),
        _tensor(f"{focus.source}.step", n, step, span),
    )


def _tensor(name: str, layer: int, values: Floats, span: Span) -> Tensor:
    values = np.ascontiguousarray(values)
    values.setflags(write=False)
    return Tensor(name, "grad", layer, values, values.size, span, 6000 + layer, NO_PADS, values, signed=True)


def state_words(timeline: Timeline, track: TrackFrame) -> str:
    """That learning has stopped before this step, or has not come so far yet; empty while all is well."""
    learning, descent = track.learning, timeline.descents[track.track]
    assert learning is not None
    assert descent is not None
    if learning.pending and lent(descent, timeline.lesson.tracks[track.track]):
        return "With the weights that were learned from the picture before."
    if learning.pending:
        return f"Not computed yet: {place_of(learning)} is shown."
    if learning.stopped and track.step.index >= timeline.index_at(track.step.iteration + 1, 0, track.track):
        return stopped_words(learning)
    return ""

"""What a speaker wants beside a frame: the step in words, its whole arithmetic and the teacher's notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.apply import ACTIVATIONS, needs_params
from cnnviz.engine.layers import AvgPool, MaxPool
from cnnviz.engine.specs import GlobalAvgPool, GlobalMaxPool, Normalise, Softmax
from cnnviz.lesson.word_edits import words_of
from cnnviz.scene.activation_names import spelled
from cnnviz.scene.block_formula import equation
from cnnviz.scene.block_sums import OF_BLOCK
from cnnviz.scene.comma import comma
from cnnviz.scene.learning import at_iteration, at_work, relation_in
from cnnviz.scene.learning_words import moved
from cnnviz.scene.numbers import MINUS, bracketed, short, small
from cnnviz.scene.plot_numbers import equals, value_of
from cnnviz.scene.powers import total_text
from cnnviz.scene.stage_texts import told_timeline
from cnnviz.timeline.frame import CellRef, Focus, TrackFrame
from cnnviz.timeline.timeline import Timeline

MOST_TERMS = 2_000
"""So many terms are spelled out; nobody reads more."""


def notes_of(timeline: Timeline, index: int, spoken: str, pinned: CellRef | None = None) -> str:
    """The speaker's text for a step, in paragraphs; nothing is hidden in it.

    Parameters
    ----------
    timeline : Timeline
    index : int
    spoken : str
        The step in words, as the scene has it.
    pinned : CellRef, optional
        A cell whose arithmetic is shown in place of the playhead's.
    """
    frame, timeline = timeline.frame(index), told_timeline(timeline)
    notes = words_of(timeline.lesson, frame.step.section.number).notes
    timeline = at_iteration(timeline, frame)
    frame = at_work(timeline, frame)
    relation = None if pinned is None else relation_in(timeline, frame, pinned)
    lines = []
    for track in frame.tracks if frame.runs is None else ():  # recorded runs are shown in their place
        if relation is not None and relation.focus is not None and relation.ref.track == track.track:
            track = replace(track, focus=relation.focus)
        if told := arithmetic_line(track):
            name = timeline.lesson.tracks[track.track].name
            lines.append(f"{name}: {told}" if len(frame.tracks) > 1 and name else told)
    whole = "\n".join(lines)
    if timeline.lesson.conventions.decimal == "comma":
        whole = comma(whole)
    return "\n\n".join(part for part in (spoken, whole, notes) if part)


def arithmetic_line(track: TrackFrame) -> str:
    """How the cell at work comes about, every term of it, in one line; empty where nothing is computed.

    ``=`` becomes ``≈`` where the digits shown do not give the digits shown of the total.
    """
    focus, spec, terms = track.focus, track.focus.spec, track.focus.terms
    if focus.kind == "loss":
        return _loss(track)
    if focus.kind in ("update", "update-bias"):
        return _updated(focus)
    if focus.kind == "error" and terms.w.tolist() == [1, -1]:
        return _missed(focus)
    if focus.kind != "forward" or needs_params(spec):
        return _summed(focus)
    x = [short(float(v)) for v in terms.x[:MOST_TERMS]]
    if isinstance(spec, OF_BLOCK):
        return equation(focus)
    match spec:
        case MaxPool() | GlobalMaxPool():
            return f"max({_listed(x, ', ', terms.x.size)}) = {total_text(focus)}"
        case AvgPool() | GlobalAvgPool():
            # What hangs over the padded picture does not count, so the divisor is not always the number of values.
            count = round(1 / float(terms.w[0])) if terms.w.size else terms.x.size
            shown, total = sum(map(value_of, x)) / count, total_text(focus)
            line = _listed([bracketed(t) for t in x], " + ", terms.x.size)
            return f"({line}) / {count} {equals(shown, total)} {total}"
        case Softmax():
            return _share(focus)
    if isinstance(spec, (*ACTIVATIONS, Normalise)):
        before, after = spelled(spec, float(terms.x[0]), focus.cell[0])
        sign = "=" if short(terms.total, 9) == short(terms.total) else "≈"
        return f"{before}{x[0]}{after} {sign} {total_text(focus)}"
    return ""


def _summed(focus: Focus) -> str:
    """A sum of products."""
    terms = focus.terms
    if not terms.w.size:
        return ""
    pairs = [(small(float(a)), small(float(b))) for a, b in zip(terms.x, terms.w, strict=True)][:MOST_TERMS]
    # The gradient of a bias adds what comes back: nothing is multiplied.
    parts = [bracketed(a) if focus.kind == "bias" else f"{bracketed(a)}·{bracketed(b)}" for a, b in pairs]
    shown = sum(value_of(a) * value_of(b) for a, b in pairs)
    line = _listed(parts, " + ", terms.x.size)
    if terms.bias is not None:
        bias = small(terms.bias)
        line += f" + {bracketed(bias)}"
        shown += value_of(bias)
    total = total_text(focus)
    return f"Σ = {line} {equals(shown, total)} {total}"


def _missed(focus: Focus) -> str:
    """The gradient of a score: its probability less what is wanted."""
    first, second = moved(*(float(v) for v in focus.terms.x))
    total = total_text(focus)
    return f"{first} {MINUS} {bracketed(second)} {equals(value_of(first) - value_of(second), total)} {total}"


def _updated(focus: Focus) -> str:
    """A weight after its step: ``w − η·v``, with the decimals in which it is seen to move."""
    terms = focus.terms
    old, new = moved(float(terms.x[0]), terms.total)
    velocity = small(float(terms.x[1]))
    rate = f"{-float(terms.w[1]):g}"
    shown = value_of(old) - float(rate) * value_of(velocity)
    return f"{old} {MINUS} {rate}·{bracketed(velocity)} {equals(shown, new)} {new}"


def _share(focus: Focus) -> str:
    """A probability: one exponential of all."""
    powers = focus.terms.products
    texts = [short(float(v)) for v in powers[:MOST_TERMS]]
    own, total = short(float(powers[focus.terms.winner or 0])), total_text(focus)
    whole = sum(map(value_of, texts))
    sign = equals(value_of(own) / whole, total) if whole else "≈"
    return f"{own} / ({_listed(texts, ' + ', powers.size)}) {sign} {total}"


def _loss(track: TrackFrame) -> str:
    """The squares that a loss adds up, or the logarithm that it is."""
    learning, focus = track.learning, track.focus
    assert learning is not None
    total = total_text(focus)
    if learning.recipe.loss == "cross_entropy":
        p = float(np.exp(-focus.terms.total))
        return f"{MINUS}log({small(p)}) ≈ {total}"
    errors = [small(float(v)) for v in focus.terms.x[:MOST_TERMS]]
    line = _listed([f"{bracketed(e)}²" for e in errors], " + ", focus.terms.x.size)
    shown = sum(value_of(e) ** 2 for e in errors)
    if learning.recipe.reduction == "mean":
        line, shown = f"({line}) / {focus.terms.x.size}", shown / focus.terms.x.size
    return f"{line} {equals(shown, total)} {total}"


def _listed(parts: list[str], by: str, count: int) -> str:
    return by.join(parts) + (f"{by}… ({count:,} in all)" if count > len(parts) else "")

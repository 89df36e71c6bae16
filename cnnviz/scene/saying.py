"""What a screen reader is told of a step or of a chosen cell: the sentence under the stage, with where it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.lesson.lesson import Level
from cnnviz.scene import words
from cnnviz.scene.block_words import block_name
from cnnviz.scene.comma import comma
from cnnviz.scene.learning import at_iteration, at_work, in_one, relation_in, state_words
from cnnviz.scene.learning_words import learning_caption, place_of, story_of
from cnnviz.scene.numbers import short
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import Cell, CellRef, Frame, TrackFrame
from cnnviz.timeline.relations import Relation
from cnnviz.timeline.timeline import Timeline

LEVELS: dict[Level, str] = {"network": "Whole network", "layer": "One layer", "cell": "One cell"}


class Said(NamedTuple):
    """A step in words, from the lesson down to the cell."""

    lesson: str
    level: str
    iteration: str
    section: str
    place: str
    sentence: str
    waits: bool = False
    """Whether another iteration is shown, because this one is not computed yet."""


def said_of(timeline: Timeline, index: int, viewpoint: Viewpoint, caption: str = "") -> Said:
    """What is said of the chosen cell, else of the step.

    Parameters
    ----------
    timeline : Timeline
    index : int
    viewpoint : Viewpoint
        Its level, its chosen cell, and what is hidden.
    caption : str
        What stands under the stage; it is all that is said of recorded runs, which have no cells.

    Returns
    -------
    Said
        Every number comes from the engine, written as under the stage.
    """
    frame = timeline.frame(index)
    lesson, step = timeline.lesson, frame.step
    lead = frame.lead if frame.runs is None else None
    learning = lead.learning if lead is not None else None
    sentence = caption
    if frame.runs is None:
        at = at_iteration(timeline, frame)
        sentence = _sentence(at, at_work(at, frame), viewpoint)
    comes = comma if lesson.conventions.decimal == "comma" else str
    return Said(
        lesson.title,
        LEVELS[viewpoint.level or lesson.view.level] if frame.runs is None else "",
        comes(place_of(learning).capitalize()) if learning is not None else "",
        words.section_title(lesson, step),
        comes(f"Step {index + 1:,} of {timeline.count:,}"),
        comes(sentence),
        learning is not None and learning.pending,
    )


def news(before: Said | None, now: Said, stopped: bool = False) -> str:
    """What is to be said after ``before`` was: what changed around the sentence, then the sentence; "" if nothing did.

    Parameters
    ----------
    before, now : Said
    stopped : bool
        Whether playing has just stopped, after which one wants to know the step.

    Examples
    --------
    >>> a = Said("Edge", "One cell", "", "ReLU", "Step 1 of 2", "ReLU, row 0, column 0: 0 stays 0.")
    >>> b = a._replace(section="Max pooling", place="Step 2 of 2", sentence="Max pool, row 0, column 0: the largest …")
    >>> news(a, b)
    'Max pooling. Max pool, row 0, column 0: the largest …'
    >>> news(a, a), news(a, a, stopped=True)
    ('', 'Stopped. Step 1 of 2. ReLU, row 0, column 0: 0 stays 0.')
    """
    known = () if before is None else before[:4]
    parts = dict.fromkeys(part for part in now[:4] if part)  # a section may be called like its lesson
    around = [part for part in parts if part not in known and not _begins(now.sentence, part)]
    if stopped:
        around = ["Stopped", *around, now.place]
    elif before is not None and (_alike(before, now) or (not around and before.sentence == now.sentence)):
        return ""
    return ". ".join((*around, now.sentence))


def _begins(sentence: str, part: str) -> bool:
    """Whether a sentence names that part itself, as "Iteration 3: …" does "Iteration 3 of 9"."""
    return sentence.startswith(f"{part.partition(' of ')[0]}:")


def _alike(before: Said, now: Said) -> bool:
    """Whether one waits for the same step still; that others are shown meanwhile would be told without end."""
    return before.waits and now.waits and before.place == now.place


def _sentence(timeline: Timeline, frame: Frame, viewpoint: Viewpoint) -> str:
    """The sentence of the chosen cell or map, else of the step; of several tracks with the name of the track."""
    chosen, track = viewpoint.pinned, frame.lead
    spot = relation_in(timeline, frame, chosen) if chosen is not None else None
    if spot is not None and chosen is not None:
        track = frame.tracks[chosen.track]
        far = (viewpoint.level or timeline.lesson.view.level) != "cell"
        told = (_map(timeline, chosen) if far else "") or _cell(timeline, track, spot, viewpoint)
    else:
        told = _step(timeline, track, viewpoint)
    name = timeline.lesson.tracks[track.track].name
    return f"{name}: {told}" if len(frame.tracks) > 1 and name else told


def _step(timeline: Timeline, track: TrackFrame, viewpoint: Viewpoint) -> str:
    """What happens in a step, and to which cell."""
    step, focus = track.step, track.focus
    base = timeline.lesson.conventions.base
    if track.learning is not None:
        told = state_words(timeline, track) or (
            story_of(track, viewpoint.hidden) if in_one(timeline, track) else ""
        )
        if told:
            return told
        if focus.kind != "forward":
            place = _place(step.section.name, focus.cell, step.section.shape, base, "plane ")
            return f"{place}: {learning_caption(track, viewpoint.hidden)}"
    told = words.caption(timeline.lesson, step, focus, viewpoint.hidden)
    name = _title(timeline, track.track, focus.layer)
    at = words.place_words(focus.cell, step.section.shape, base)
    before, found, rest = told.partition(f"{at[0].upper()}{at[1:]}")
    if before or not found:
        return f"{name}: {told}"
    return f"{_place(name, focus.cell, step.section.shape, base)}{rest}"


def _cell(timeline: Timeline, track: TrackFrame, spot: Relation, viewpoint: Viewpoint) -> str:
    """A chosen cell: its value and how it came about, or what it feeds."""
    ref, base, learning = spot.ref, timeline.lesson.conventions.base, track.learning
    recipe = learning.recipe if learning is not None else None
    told = words.relation_words(spot, base, recipe, viewpoint.hidden)
    cell = (ref.plane, ref.row, ref.column)
    section = next((s for s in timeline.sections[ref.track] if s.tensor == ref.tensor), None)
    if section is not None and section.kind != "forward":
        return f"{_place(section.name, cell, section.shape, base, 'plane ')}: {told}"
    layer = timeline.tensor_names(ref.track).index(ref.tensor) - 1
    shape = timeline.lesson.tracks[ref.track].shapes()[layer + 1]
    _, found, rest = told.partition(f"row {ref.row + base}, column {ref.column + base}")
    place = _place(_title(timeline, ref.track, layer), cell, shape, base)
    return f"{place}{rest}" if found else f"{place}: {told}"


def _map(timeline: Timeline, ref: CellRef) -> str:
    """A chosen map, where whole maps are looked at: which of how many, its size and its range."""
    names = timeline.tensor_names(ref.track)
    if ref.tensor not in names:
        return ""
    layer, base = names.index(ref.tensor) - 1, timeline.lesson.conventions.base
    values = timeline.tensors[ref.track].arrays[layer + 1]
    planes, rows, columns = values.shape
    if rows == columns == 1:
        return ""
    plane = values[ref.plane]
    low, high = (short(float(v)) for v in (np.min(plane), np.max(plane)))
    of = f" {ref.plane + base}, one of {planes}" if planes > 1 else ""
    spread = f"all {low}" if low == high else f"from {low} to {high}"
    return f"{_title(timeline, ref.track, layer)}{of}, {rows}×{columns}, {spread}."


def _title(timeline: Timeline, track: int, layer: int) -> str:
    """What one map of a layer is called; −1 is the input."""
    layers = timeline.lesson.tracks[track].layers
    if (named := block_name(layers, layer)) is not None:
        return named.title
    return "Input" if layer < 0 else words.TITLES[type(layers[layer])]


def _place(name: str, cell: Cell, shape: tuple[int, ...], base: int, plane: str = "") -> str:
    """A cell by the name of its map, the map's number where there are several, row and column."""
    channel, row, column = (i + base for i in cell)
    if shape[1] == shape[2] == 1:
        return f"{name}, number {channel}" if shape[0] > 1 else name
    at = f"row {row}, column {column}"
    if shape[0] == 1:
        return f"{name}, {at}"
    return f"{name}{', ' if plane else ' '}{plane}{channel}, {at}"

"""The errors at the playhead as a table, and beside them in a column of their own those that were published."""

from __future__ import annotations

import math
from typing import NamedTuple

from cnnviz.files.recordings import Run
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_bars import called
from cnnviz.scene.depth_curves import SWATCH, swatch
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.recorded import PUBLISHED, RunsFrame, ended, errors

NAME = 0.3
"""So much of the width the names of the networks have."""

OWN = 0.12
"""And each of the four columns of what was computed here; the rest is for what was published."""

ROW = 1.45
"""The height of a row in sizes of its text."""

HEADS = 2

NOTE = (
    "Wrong answers in %. Published: validation error on ImageNet,",
    "top 1, 10 crops, far wider networks (He et al. 2015, table 2).",
)


class _Column(NamedTuple):
    """Where a column stands, and what is above its numbers."""

    left: float
    width: float
    head: str


def table_height(rows: int, look: Look) -> float:
    """How high a table of so many networks is, with its heads and the note under it."""
    return round(text_size(look) * ROW * (rows + HEADS + len(NOTE)) + text_size(look) * 0.5)


def error_table(key: str, box: Box, frame: RunsFrame, look: Look) -> tuple[Primitive, ...]:
    """A row for each network: its errors here with and without batch norm, and the published error."""
    size, theme = text_size(look), look.theme
    high = size * ROW
    columns = _columns(box, size * SWATCH * 1.4)
    parts: list[Primitive] = list(_heads(key, box, columns, high, look))
    rule = box.y + HEADS * high
    parts.append(Link(f"{key}/rule", ((box.x, rule), (box.right, rule)), theme.muted, width=1.0))
    for n, (name, runs) in enumerate(_by_name(frame).items()):
        top = rule + n * high
        twin = next(iter(runs.values())).twin
        parts.append(swatch(f"{key}/{n}/swatch", box.x, top + high / 2, twin, look))
        cells = [(called(name), theme.text, Weight.MEDIUM)]
        for norm in (True, False):
            cells += [(text, theme.text, Weight.REGULAR) for text in _errors(runs.get(norm), frame, look)]
        cells.append((f"{PUBLISHED[name]:.2f}" if name in PUBLISHED else "–", theme.text, Weight.REGULAR))
        parts += [_cell(f"{key}/{n}/{m}", columns[m], top, high, cell, size) for m, cell in enumerate(cells)]
    small, below = max(11.0, size * 0.8), rule + len(_by_name(frame)) * high + size * 0.3
    for n, line in enumerate(NOTE):
        place = Box(box.x, below + n * high * 0.85, box.w, high * 0.85)
        parts.append(Text(f"{key}/note{n}", place, (Words(line, theme.muted),), small))
    return tuple(parts)


def _columns(box: Box, inset: float) -> list[_Column]:
    heads = ("train", "test", "train", "test", "validation")
    widths = (OWN, OWN, OWN, OWN, 1 - NAME - 4 * OWN)
    columns, left = [_Column(box.x + inset, box.w * NAME - inset, "")], box.x + box.w * NAME
    for head, share in zip(heads, widths, strict=True):
        columns.append(_Column(left, box.w * share, head))
        left += box.w * share
    return columns


def _heads(key: str, box: Box, columns: list[_Column], high: float, look: Look) -> list[Text]:
    size, theme = text_size(look), look.theme
    groups = (("batch norm", columns[1], columns[2]), ("without", columns[3], columns[4]),
              ("published", columns[5], columns[5]))  # fmt: skip
    texts = [
        Text(f"{key}/group{n}", Box(a.left, box.y, b.left + b.width - a.left, high),
             (Words(name, theme.text, Weight.MEDIUM),), size, Align.RIGHT)
        for n, (name, a, b) in enumerate(groups)
    ]  # fmt: skip
    for n, column in enumerate(columns[1:]):
        cell = (column.head, theme.muted, Weight.REGULAR)
        texts.append(_cell(f"{key}/head{n}", column, box.y + high, high, cell, size))
    return texts


def _by_name(frame: RunsFrame) -> dict[str, dict[bool, Run]]:
    """The runs of each network, by whether it has batch norms."""
    found: dict[str, dict[bool, Run]] = {}
    for run in frame.recording.runs:
        found.setdefault(run.twin.name, {})[run.twin.norm] = run
    return found


def _errors(run: Run | None, frame: RunsFrame, look: Look) -> tuple[str, str]:
    """Both errors of the last test up to the playhead."""
    if run is None:
        return "–", "–"
    if "total" in look.viewpoint.hidden:
        return "?", "?"
    tests, train, test = errors(run, frame)
    if not tests or ended(run, frame.iteration):
        return "–", "–"
    return _percent(float(train[-1])), _percent(float(test[-1]))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if math.isfinite(share) else "–"


def _cell(
    key: str, column: _Column, top: float, high: float, cell: tuple[str, Color, Weight], size: float
) -> Text:
    text, color, weight = cell
    place = Box(column.left, top, column.width, high)
    return Text(key, place, (Words(text, color, weight),), size, Align.RIGHT if column.head else Align.LEFT)

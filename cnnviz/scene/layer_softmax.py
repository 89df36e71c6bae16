"""A softmax as a table of live numbers: scores, their exponentials, the sum, and the probabilities."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.numbers import number, small
from cnnviz.scene.primitives import Align, Box, Primitive, Rect, Run, Text, Weight
from cnnviz.timeline.answers import Answer
from cnnviz.timeline.frame import Focus, TrackFrame

COLUMNS = ("class", "score s", "s − max", "exp(s − max)", "÷ sum", "probability")

MOST = 24
"""More classes than this are told by the likeliest alone."""


def softmax_table(
    frame: TrackFrame, focus: Focus, answer: Answer | None, area: Box, look: Look
) -> tuple[Primitive, ...]:
    """A row for each class, as far as its probability is written; the row at work is accented."""
    scores = np.asarray(frame.tensor(focus.source).values, np.float64).ravel()
    target = frame.tensor(focus.target)
    p = np.asarray(target.values, np.float64).ravel()
    powers = np.exp(scores - scores.max())
    hidden = "total" in look.viewpoint.hidden
    shown = _shown(np.zeros_like(p) if hidden else p, focus.cell[0])
    m, theme = look.metrics, look.theme
    high = min(m.body * 2.0, area.h / (len(shown) + 2))
    size = min(m.body, high * 0.62)
    key = f"{frame.track}/{target.name}"
    out: list[Primitive] = []
    for n, name in enumerate(COLUMNS):
        out.append(
            _cell(f"{key}/head/{n}", area, n, 0, high, (Run(name, theme.muted, Weight.MEDIUM),), size * 0.86)
        )
    total = float(powers.sum())
    for line, n in enumerate(shown, 1):
        if n == focus.cell[0]:
            band = Box(area.x, area.y + line * high, area.w, high)
            out.append(Rect(f"{key}/row/{n}", band, theme.surface, radius=4))
        color = theme.accent if n == focus.cell[0] else theme.text
        there = n < target.written
        told = number(float(p[n]), 3) if there and not hidden else ("?" if hidden else "–")
        name = answer.names[n] if answer is not None else str(n + look.lesson.conventions.base)
        texts = (name, small(float(scores[n])), small(float(scores[n] - scores.max())), small(float(powers[n])),
                 f"÷ {small(total)}" if there or hidden else "", told)  # fmt: skip
        for column, text in enumerate(texts):
            runs = (Run(text, color, Weight.BOLD if column in (0, 5) else Weight.REGULAR),)
            out.append(_cell(f"{key}/{n}/{column}", area, column, line, high, runs, size))
        if there and not hidden:
            at = _box(area, len(COLUMNS), line, high)
            out.append(
                Rect(
                    f"{key}/{n}/bar",
                    Box(at.x, at.cy - high * 0.22, max(1.0, at.w * float(p[n])), high * 0.44),
                    color,
                )
            )
    line = len(shown) + 1
    rest = "sum of all" if len(shown) < p.size else "sum"
    out.append(_cell(f"{key}/sum/name", area, 2, line, high, (Run(rest, theme.muted),), size * 0.86))
    out.append(_cell(f"{key}/sum", area, 3, line, high, (Run(small(total), theme.text, Weight.BOLD),), size))
    return tuple(out)


def _shown(p: np.ndarray[tuple[int, ...], np.dtype[np.float64]], at_work: int) -> list[int]:
    if p.size <= MOST:
        return list(range(p.size))
    likely = [int(n) for n in np.argsort(-p, kind="stable")[: MOST - 1]]
    return sorted({*likely, at_work})


def _cell(
    key: str, area: Box, column: int, line: int, high: float, runs: tuple[Run, ...], size: float
) -> Text:
    return Text(key, _box(area, column, line, high), runs, size, Align.RIGHT)


def _box(area: Box, column: int, line: int, high: float) -> Box:
    """A cell of the table; one more column than there are heads is for the bars."""
    wide = area.w / (len(COLUMNS) + 1.6)
    gap = wide * 0.12
    x = area.x + column * wide
    return Box(x + gap, area.y + line * high, (wide if column < len(COLUMNS) else 1.6 * wide) - 2 * gap, high)

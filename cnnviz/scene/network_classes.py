"""Class bars at the end of the overview: name, probability as a bar and as a number, the right label marked."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import number
from cnnviz.scene.primitives import Align, Box, Primitive, Rect, Run, Text, Weight
from cnnviz.scene.quiz import unanswered
from cnnviz.timeline.answers import Answer

ROW = 1.9
"""The height of a row where there is room, in sizes of small type."""

LEAST_ROW = 0.75
"""Below this height of a row, in sizes of small type, only the likeliest classes are shown."""

NUMBER = 3.2
"""Room for a number, in sizes of small type."""


def class_width(answer: Answer, look: Look, room: float) -> float:
    """How wide the bars with their names want to be."""
    return min(room, _names_width(answer, look) + look.metrics.small * (NUMBER + 5.0))


def class_bars(track: int, answer: Answer, area: Box, look: Look) -> tuple[Primitive, ...]:
    """A row for each class, or for the likeliest and the label where there are too many for the height."""
    size = look.metrics.small
    if look.viewpoint.hidden:
        answer = unanswered(answer)
    shown = _shown(answer, int(area.h / (size * LEAST_ROW)))
    high = min(size * ROW, area.h / len(shown))
    top = area.cy - high * len(shown) / 2
    out: list[Primitive] = []
    for line, n in enumerate(shown):
        out += _row(track, answer, n, Box(area.x, top + line * high, area.w, high), look)
    return tuple(out)


def _shown(answer: Answer, most: int) -> list[int]:
    """All classes in their order, or the label and the likeliest others."""
    count = len(answer.names)
    if count <= most:
        return list(range(count))
    first = [] if answer.label is None else [answer.label]
    others = [int(n) for n in np.argsort(-answer.probabilities, kind="stable") if n not in first]
    return sorted((first + others)[: max(1, most)])


def _row(track: int, answer: Answer, n: int, box: Box, look: Look) -> list[Primitive]:
    theme, size = look.theme, min(look.metrics.small, box.h * 0.86)
    key = class_key(track, answer.tensor, n)
    names = _names_width(answer, look)
    right, hidden = n == answer.label, bool(look.viewpoint.hidden)
    likeliest = answer.written and not hidden and n == int(answer.probabilities.argmax())
    color = theme.input if right else (theme.accent if likeliest else theme.muted)
    weight = Weight.BOLD if right or likeliest else Weight.REGULAR
    out: list[Primitive] = [
        Rect(key, box, "#00000000"),  # what a pointer on the row meets
        Text(
            f"{key}/name",
            Box(box.x, box.y, names, box.h),
            (Run(answer.names[n], color, weight),),
            size,
            Align.RIGHT,
        ),
    ]
    thick, told = min(size * 0.8, box.h * 0.7), look.metrics.small * NUMBER
    bar = Box(box.x + names + size * 0.5, box.cy - thick / 2, box.w - names - size * 1.0 - told, thick)
    out.append(Rect(f"{key}/room", bar, theme.line))
    p = float(answer.probabilities[n])
    if answer.written and not hidden:
        out.append(Rect(f"{key}/bar", Box(bar.x, bar.y, max(1.0, bar.w * p), thick), color))
    text = "?" if hidden else (number(p, 3) if answer.written else "–")
    mark = " ✓" if right else ""
    at = Box(bar.right + size * 0.4, box.y, told + size * 0.1, box.h)
    out.append(Text(f"{key}/p", at, (Run(text + mark, color, weight),), size * 0.9))
    return out


def class_key(track: int, tensor: str, n: int) -> str:
    """The key of the row of a class; `cnnviz.scene.hit` reads it."""
    return f"{track}/{tensor}/class/{n}"


def _names_width(answer: Answer, look: Look) -> float:
    size = look.metrics.small
    wide = max(width_of((Run(name, "", Weight.BOLD),), size) for name in answer.names)
    return min(wide, size * 7.5) + 2

"""What a network that learns from labels says of its example: classes as bars, the label, right or wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.softmax import softmax
from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import short
from cnnviz.scene.primitives import Box, Primitive, Rect, Run, Text, Weight
from cnnviz.timeline.iteration import Iteration

LINE = 1.35
"""The height of a line, in sizes of small type."""

AROUND = 2
"""Lines beside those of the classes: which example it is, and whether the answer is right."""

KEY = "answer"


def has_answer(it: Iteration) -> bool:
    """Whether there is a label to be right or wrong about."""
    return it.recipe.loss == "cross_entropy"


def answer_panel(it: Iteration, area: Box, look: Look) -> tuple[Primitive, ...]:
    """The example, the probability of each class as a bar, which is the label, and whether the likeliest is it."""
    size = look.metrics.small
    high = size * LINE
    top = np.asarray(it.arrays[-1], dtype=np.float64)
    p = np.asarray(softmax(top, axis=0), dtype=np.float64).ravel()
    label, hidden = int(it.target.ravel()[0]), "total" in look.viewpoint.hidden
    most = max(2, int(area.h / high) - AROUND)
    # The likeliest ones and the right one among all would tell as much as their bars.
    classes = list(range(min(most, p.size))) if hidden else _shown(p, label, most)
    lines = [Box(area.x, area.y + n * high, area.w, high) for n in range(len(classes) + AROUND)]
    out: list[Primitive] = [_text("example", lines[0], _example(it, len(classes), p.size, hidden), look)]
    for box, n in zip(lines[1:], classes, strict=False):
        out += _bar(box, n, float(p[n]), n == label and not hidden, hidden, look)
    return (*out, _text("verdict", lines[-1], _verdict(p, label, hidden, look), look))


def _shown(p: NDArray[np.float64], label: int, most: int) -> list[int]:
    """The label and the likeliest other classes, in their order."""
    others = [int(n) for n in np.argsort(-p, kind="stable") if n != label]
    return sorted([label, *others[: most - 1]])


def _example(it: Iteration, shown: int, classes: int, hidden: bool) -> tuple[Run, ...]:
    """Which example it is, by its name where that may be told: often it says the class."""
    count = len(it.recipe.examples)
    which = f"Example {it.number % count + 1} of {count}" if count > 1 else "Example"
    rest = f", {shown} of {classes} classes" if shown < classes else ""
    name = "" if hidden else f": {it.track.source.name}"
    return (Run(f"{which}{name}{rest}", "", Weight.MEDIUM),)


def _bar(box: Box, n: int, p: float, label: bool, hidden: bool, look: Look) -> list[Primitive]:
    """One class: its number, a bar as long as its probability, the number, and whether it is the label."""
    theme, size = look.theme, look.metrics.small
    color = theme.input if label else theme.muted
    left, room = box.x + size * 1.9, box.w * 0.45
    out: list[Primitive] = [
        _text(f"class{n}", Box(box.x, box.y, size * 1.6, box.h), (Run(str(n), color, Weight.BOLD),), look)
    ]
    thick = size * 0.8
    track = Box(left, box.cy - thick / 2, room, thick)
    out.append(Rect(f"{KEY}/bar{n}/room", track, theme.line))
    if not hidden:
        out.append(Rect(f"{KEY}/bar{n}", Box(track.x, track.y, max(1.0, room * p), thick), color))
    told = Run(f"p = {'?' if hidden else short(p)}", color, Weight.MEDIUM)
    mark = Run("   label y", color) if label else Run("", color)
    out.append(
        _text(
            f"p{n}",
            Box(track.right + size * 0.6, box.y, box.right - track.right - size * 0.6, box.h),
            (told, mark),
            look,
        )
    )
    return out


def _verdict(p: NDArray[np.float64], label: int, hidden: bool, look: Look) -> tuple[Run, ...]:
    if hidden:
        return (Run("right or wrong?", look.theme.accent, Weight.BOLD),)
    said = int(p.argmax())
    if int((p == p[said]).sum()) > 1:
        return (Run("undecided: no class is the likeliest", look.theme.accent, Weight.BOLD),)
    what = "right" if said == label else f"wrong, the label is {label}"
    return (Run(f"says {said}: ", ""), Run(what, look.theme.accent, Weight.BOLD))


def _text(key: str, box: Box, runs: tuple[Run, ...], look: Look) -> Text:
    """A line in small type, smaller where it is long; what has no colour has that of text."""
    colored = tuple(Run(r.text, r.color or look.theme.text, r.weight) for r in runs)
    size = min(
        look.metrics.small, look.metrics.small * box.w / max(1e-9, width_of(colored, look.metrics.small))
    )
    return Text(f"{KEY}/{key}", box, colored, size)

"""Which names of sections find room over the scrubber's bar, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

NARROWEST = 22
"""Width below which a name is left to the tooltip."""
LEAST_LETTERS = 6
"""So is a name of which fewer letters than this find room."""
GAP = 6
"""Between two names."""
TICK = 4
"""From a name to the tick behind it."""


class Placed(NamedTuple):
    """A name, as much of it as is shown, and whether the step lies in its section."""

    left: float
    name: str
    here: bool


def placed(
    names: Sequence[str], lefts: Sequence[float], here: int, width: float, metrics: QFontMetrics
) -> list[Placed]:
    """Place the names at their left edges.

    The one at ``here`` (−1 for none) comes first and is whole: it moves to the left where it would be cut at the end,
    and the others leave it its room.
    """
    ends = [*(left - TICK for left in lefts[1:]), width][: len(names)]
    found: list[Placed] = []
    first = last = width  # of the name that is there in any case
    if here >= 0:
        wide = metrics.horizontalAdvance(names[here])
        first = max(0.0, min(lefts[here], width - wide))
        last = first + wide
        found.append(Placed(first, names[here], True))
    for n, (name, left, end) in enumerate(zip(names, lefts, ends, strict=True)):
        if n < here:
            end = min(end, first)
        elif n == here or (here >= 0 and left < last + GAP):
            continue
        if end - left >= NARROWEST and (text := fitting(name, end - left - GAP, metrics)):
            found.append(Placed(left, text, False))
    return found


def fitting(name: str, width: float, metrics: QFontMetrics) -> str:
    """As much of a name as there is room for; nothing where that would not tell which it is."""
    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(0, int(width)))
    return text if text == name or len(text) > LEAST_LETTERS else ""

"""Where several tracks stand when they are looked at from afar: in rows or columns, whichever shows them larger."""

from __future__ import annotations

from functools import lru_cache

from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Align, Box, Panel, Run, Text, Weight

NAME = 1.5
"""Height of a track's name above its maps, in sizes of body type."""

TITLE = 4.4
"""So much of the width a panel's title takes at least, in sizes of small type."""

LEAST = 0.74
"""A line set smaller than this part of its size might be cut: the painter goes to 0.7, and measures its own letters."""


@lru_cache(maxsize=32)  # the same in every step
def parts_apart(
    area: Box, panels: tuple[float, ...], around: float, gap: float, title: float
) -> tuple[Box, ...]:
    """Divide the stage among tracks.

    Parameters
    ----------
    area : Box
    panels : tuple of float
        How many panels each track has side by side, each about as wide as high.
    around : float
        Height of what stands above and below the panels of a track.
    gap : float
        Between the parts.
    title : float
        Below this width of a panel its title would be cut: that counts twice.

    Returns
    -------
    tuple of Box
        A part for each track, row by row, in the arrangement in which the smallest panel is largest.
    """

    def size(across: int) -> float:
        part = _part(area, len(panels), across, gap, 0)
        wide = min(part.w / count for count in panels)
        return min(wide, part.h - around) * (0.5 if wide < title else 1.0)

    across = max(range(1, len(panels) + 1), key=size)
    return tuple(_part(area, len(panels), across, gap, n) for n in range(len(panels)))


def below_name(part: Box, number: int, look: Look) -> tuple[Box, tuple[Panel, ...]]:
    """What is left of a track's part under its name, and the panel of the name; a single track needs none."""
    name = look.lesson.tracks[number].name
    if len(look.lesson.tracks) == 1 or not name:
        return part, ()
    m = look.metrics
    box = Box(part.x, part.y, part.w, m.body * NAME * 0.9)
    runs = (Run(name, look.theme.text, Weight.BOLD),)
    text = Text(f"{number}/name", box, runs, name_size(look, part.w - m.body), Align.CENTER)
    rest = Box(part.x, part.y + m.body * NAME, part.w, part.h - m.body * NAME)
    return rest, (Panel(f"{number}/name", box, name, (text,)),)


def name_size(look: Look, room: float) -> float:
    """The size at which the names of all tracks fit side by side: they look alike, and the longest ones are cut."""
    names = ((Run(track.name, "", Weight.BOLD),) for track in look.lesson.tracks)
    size = look.metrics.body
    # Measured without kerning, so a little room is left.
    fitting = 0.98 * room / max(1e-9, *(width_of(name, 1.0) for name in names))
    return min(size, max(fitting, look.metrics.small * 0.8))


def fitted(runs: tuple[Run, ...], size: float, room: float) -> float:
    """The size of type at which a line is not cut: the one wanted where it fits, with what the painter gives way."""
    wide = width_of(runs, 1.0)
    return size if wide * size * LEAST <= room else room / wide / LEAST


def _part(area: Box, count: int, across: int, gap: float, n: int) -> Box:
    down = -(-count // across)
    wide = (area.w - gap * (across - 1)) / across
    high = (area.h - gap * (down - 1)) / down
    row, column = divmod(n, across)
    return Box(area.x + column * (wide + gap), area.y + row * (high + gap), wide, high)

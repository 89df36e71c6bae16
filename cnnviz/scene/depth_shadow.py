"""The curve of a run that is asked for, thin in the plots of all others, so that theirs can be compared with it."""

from __future__ import annotations

from collections.abc import Iterator

from cnnviz.files.recordings import Run
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_columns import LINE
from cnnviz.scene.depth_curves import SWATCH
from cnnviz.scene.letters import width_of
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Box, Link, Panel, Primitive, Text
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.runs_points import name_of

CLEAR = "80"
"""How clear it is, as two hexadecimal digits."""

WIDTH = 1.5

LINES = {"errors": "test", "losses": "mean"}
"""The curve that is compared, as it is called in keys."""


def shadow_parts(panel: Panel, run: Run, called: str, look: Look) -> tuple[list[Primitive], list[Primitive]]:
    """What lies under the curves, and over them what says whose they are; nothing where a curve has but one point.

    Parameters
    ----------
    panel : Panel
        That of the curves of all runs.
    run : Run
        The one that is asked for.
    called : str
        Its name as it is printed.
    """
    own, line = f"{panel.key}/{name_of(run)}", LINES[panel.key]
    meant = next((p for p in panel.primitives if isinstance(p, Link) and p.key == f"{own}/{line}"), None)
    lefts = {p.key.removesuffix("/axes"): p.points[0][0] for p in panel.primitives
             if isinstance(p, Link) and p.span is not None}  # fmt: skip
    if meant is None or own not in lefts:
        return [], []
    color = f"{look.theme.text}{CLEAR}"
    shadows: list[Primitive] = [
        Link(f"{key}/shadow", tuple((x + left - lefts[own], y) for x, y in meant.points), color, width=WIDTH)
        for key, left in lefts.items()
        if key != own
    ]
    return shadows, list(_entry(panel, called, look))


def _entry(panel: Panel, called: str, look: Look) -> Iterator[Primitive]:
    """Behind the names of both curves that of the run, where there is room for it."""
    size, runs = text_size(look), (Words(called, look.theme.muted),)
    behind = next((p for p in panel.primitives if isinstance(p, Text) and p.key == f"{panel.key}/bold"), None)
    if behind is None:
        return
    left, wide = behind.box.right + size * 1.2, width_of(runs, size) + 2
    text = left + size * (SWATCH + 0.4)
    if text + wide <= panel.box.right:
        ends = ((left, behind.box.cy), (left + size * SWATCH, behind.box.cy))
        yield Link(f"{panel.key}/shadow/swatch", ends, f"{look.theme.text}{CLEAR}", width=WIDTH)
        yield Text(f"{panel.key}/shadow", Box(text, behind.box.y, wide, size * LINE), runs, size)

"""The signs between the panels of an update: old weights + step = new weights, with ≈ where digits demand it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.maps import power_of
from cnnviz.scene.numbers import as_shown
from cnnviz.scene.primitives import Align, Box, Grid, Run, Text, Weight
from cnnviz.timeline.frame import TrackFrame

Grids = dict[tuple[str, int], Grid]


def update_signs(grids: Grids, track: TrackFrame, look: Look) -> Iterator[Text]:
    """A plus and an equals sign in the gaps of an update, where its panels stand in one line."""
    focus = track.focus
    if track.step.section.kind not in ("update", "update-bias") or focus.kind not in (
        "update",
        "update-bias",
    ):
        return
    names = (focus.source, focus.partner, focus.target)
    parts = [[g for (key, _), g in grids.items() if key == f"{track.track}/{name}"] for name in names]
    if not all(parts):
        return
    signs = "+", "=" if _adds_up(parts, names, track) else "≈"
    boxes = [_around(part) for part in parts]
    if any(after.x <= before.right for before, after in pairwise(boxes)):
        return
    for n, (sign, (before, after)) in enumerate(zip(signs, pairwise(boxes), strict=True)):
        size = min(look.metrics.large, (after.x - before.right) * 0.9)
        middle, high = (before.right + after.x) / 2, size * 1.3
        box = Box(middle - size / 2, before.cy - high / 2, size, high)
        run = Run(sign, look.theme.muted, Weight.BOLD)
        yield Text(f"sign/{track.track}/{n}", box, (run,), size, Align.CENTER)


def _around(grids: list[Grid]) -> Box:
    x, y = min(g.box.x for g in grids), min(g.box.y for g in grids)
    return Box(x, y, max(g.box.right for g in grids) - x, max(g.box.bottom for g in grids) - y)


def _adds_up(parts: list[list[Grid]], names: tuple[str, str, str], track: TrackFrame) -> bool:
    """Whether in every cell that is written the digits shown of old weight and step give those of the new one."""
    for planes in zip(*parts, strict=True):
        old, step, new = (
            _printed(g, name, track, p) for g, name, p in zip(planes, names, parts, strict=True)
        )
        written = planes[-1].cells_written()
        size = np.maximum(1e-300, np.abs(new[:written]))
        if (np.abs(old + step - new)[:written] > 1e-9 * size).any():
            return False
    return True


def _printed(grid: Grid, name: str, track: TrackFrame, planes: list[Grid]) -> np.ndarray:
    """The numbers of a grid as their digits say them, in units of 1."""
    assert grid.values is not None
    numbers = sorted(g.ref[1] for g in planes)
    power = power_of(track.tensor(name), range(numbers[0], numbers[-1] + 1))
    return as_shown(grid.values, grid.decimals).ravel() * 10.0**power

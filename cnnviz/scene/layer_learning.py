"""A layer while it learns: under its kernel, or beside it, what an update adds to the kernel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.specs import Linear
from cnnviz.scene.areas import Metrics
from cnnviz.scene.layer_blocks import Block
from cnnviz.scene.layer_places import Spot
from cnnviz.scene.learning import in_one
from cnnviz.scene.maps import power_of
from cnnviz.scene.memo import Memo
from cnnviz.scene.numbers import SUPERSCRIPTS
from cnnviz.scene.primitives import Box
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.learning_ranges import both_ways
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.weights import shown_weight

SMALLEST = 0.6
"""A kernel's change is drawn where its cells are at least so large, as a part of those of the kernel."""

_steps: Memo[NDArray[np.float64]] = Memo(16)


def change_of(
    timeline: Timeline, frame: TrackFrame, focus: Focus, blocks: tuple[Block, ...]
) -> tuple[int, Block] | None:
    """In the picture of a whole iteration which block is the kernel, and its change; None elsewhere."""
    at = next((n for n, b in enumerate(blocks) if b.tensor.name == f"{focus.target}.weight"), None)
    if at is None or isinstance(focus.spec, Linear) or not in_one(timeline, frame):
        return None
    kernel, it = blocks[at], timeline.iteration(frame.track, frame.step.iteration)
    change = _change(it, focus, kernel.tensor)
    power = power_of(change, kernel.planes)
    unit = f" ·10{str(power).translate(SUPERSCRIPTS)}" if power else ""
    detail = f"−η·{'v' if it.recipe.momentum else '∂L/∂w'}{unit}"
    return at, replace(kernel, tensor=change, title="Its change", detail=detail, sign="")


def under_kernel(spot: Spot, main: Box, m: Metrics, head: float) -> tuple[Spot, Box] | None:
    """The place under a kernel, and the part of the layer that it begins; None where there is no room.

    It may be a little smaller than the kernel.
    """
    by = round(spot.box.h + m.body * 0.6 + head)
    (tile,) = spot.tiles
    part = min(1.0, (main.bottom - tile.y - by) / tile.h)
    cell = spot.cell if part == 1.0 else float(int(spot.cell * part))
    if cell < SMALLEST * spot.cell:
        return None
    w, h = tile.w * cell / spot.cell, tile.h * cell / spot.cell
    room = Box(spot.room.x, spot.room.y + by, spot.room.w, spot.room.h - by)
    below = Box(round(tile.cx - w / 2), tile.y + by, w, h)
    return Spot(room, cell, (below,)), Box(main.x, main.y + by, main.w, main.h - by)


def _change(it: Iteration, focus: Focus, weights: Tensor) -> Tensor:
    """What the update adds to the weights of a layer, in a range of its own: it is a small part of them."""
    velocity = it.after.velocity[focus.layer]
    assert velocity is not None
    shown = shown_weight(it.track.layers[focus.layer], velocity)

    def step() -> NDArray[np.float64]:
        out = np.ascontiguousarray(-it.recipe.rate * shown + 0.0)
        out.setflags(write=False)
        return out

    values = _steps.get(velocity.weight, focus.layer, step)
    span = both_ways(values[focus.cell[0]])
    return replace(weights, name=f"{weights.name}.step", values=values, padded=values, span=span)

"""A layer while it learns: beside the kernel what an update adds to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.specs import Linear
from cnnviz.scene.layer_blocks import Block
from cnnviz.scene.learning import in_one
from cnnviz.scene.memo import Memo
from cnnviz.scene.numbers import small
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.learning_ranges import both_ways
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.weights import shown_weight

_steps: Memo[NDArray[np.float64]] = Memo(16)


def with_change(
    timeline: Timeline, frame: TrackFrame, focus: Focus, blocks: tuple[Block, ...]
) -> tuple[Block, ...]:
    """The blocks of a layer, in the picture of a whole iteration with the kernel's change behind the kernel."""
    at = next((n for n, b in enumerate(blocks) if b.tensor.name == f"{focus.target}.weight"), None)
    if at is None or isinstance(focus.spec, Linear) or not in_one(timeline, frame):
        return blocks
    kernel = blocks[at]
    it = timeline.iteration(frame.track, frame.step.iteration)
    change = _change(it, focus, kernel.tensor)
    detail = f"−η·{'v' if it.recipe.momentum else '∂L/∂w'}, colours up to {small(change.span[1])}"
    own = replace(kernel, tensor=change, title="Its change", detail=detail, sign="+")
    return (*blocks[: at + 1], own, *blocks[at + 1 :])


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
    return replace(
        weights,
        name=f"{weights.name}.step",
        values=values,
        padded=values,
        span=both_ways(values[focus.cell[0]]),
    )

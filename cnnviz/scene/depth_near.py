"""What of a deep network stands on the stage of one cell: the layer at work alone, and some of its many maps."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.layers import Conv
from cnnviz.engine.specs import ConvTranspose
from cnnviz.lesson.lesson import Track
from cnnviz.scene.shown import Shown, map_shown, size_of
from cnnviz.scene.words import map_title
from cnnviz.timeline.depth import is_deep
from cnnviz.timeline.frame import Focus, Tensor
from cnnviz.timeline.timeline import Timeline

MOST = 16
"""So many maps of a layer stand beside one another."""

CROWD = 200
"""Where all layers have more maps together than this, they would be too small beside one another."""

ACROSS = 32
"""So many numbers of a line stand in a row."""


def alone(track: Track) -> bool:
    """Whether each layer of a track has the stage for itself: of a deep network, and of one with many maps."""
    return is_deep(track) or sum(shape[0] for shape in track.shapes()) > CROWD


def near(timeline: Timeline, focus: Focus, shown: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """The panels of the layer of a focus; of a network whose layers find room beside one another all there are."""
    track = timeline.lesson.tracks[focus.track]
    if not alone(track):
        return shown
    own = (focus.source, focus.partner, focus.target, f"{focus.target}.weight")
    base = timeline.lesson.conventions.base
    return tuple(_some(one, focus, track, base) for one in shown if one.tensor.name in own)


def _some(one: Shown, focus: Focus, track: Track, base: int) -> Shown:
    """A panel with the maps around the one at work, or the first where all of them go into it."""
    if one.across:
        return map_shown(_unlined(one), None, ACROSS) if one.tensor.values.size > ACROSS * 2 else one
    if len(one.planes) <= MOST:
        return one
    summed = isinstance(focus.spec, Conv | ConvTranspose) and one.tensor.name != focus.target
    # What is flattened has another channel than the number that it becomes.
    at_work = focus.cell[0] if one.tensor.name == focus.target else focus.window.channels[0]
    first = 0 if summed else at_work - at_work % MOST
    planes = one.planes[first : first + MOST]
    if one.kind == "kernel":
        return replace(one, planes=planes)
    told = f"{size_of(one.tensor)}, {first + base} to {first + len(planes) - 1 + base}"
    return replace(one, planes=planes, title=map_title(one.tensor, track.layers), detail=told)


def _unlined(one: Shown) -> Tensor:
    """The numbers of a line as they were before they were put in rows."""
    values = one.tensor.values.reshape(-1, 1, 1)
    return replace(one.tensor, values=values, padded=values)

"""How near one looks: which builder lays out the whole network or one layer, where it is not a single cell."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnviz.lesson.lesson import Level
from cnnviz.scene.areas import Areas, Look, Wants, areas_of
from cnnviz.scene.chosen import home_of, is_forward
from cnnviz.scene.composition import Composition
from cnnviz.scene.learning import in_one
from cnnviz.scene.primitives import Box, Panel, Primitive
from cnnviz.scene.stage_texts import stage_texts
from cnnviz.timeline.depth import is_deep
from cnnviz.timeline.frame import Frame
from cnnviz.timeline.relations import Relation
from cnnviz.timeline.timeline import Timeline

NEAR = ("loss", "error", "update", "update-bias")
"""What is told of a cell even where layers are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a stage is laid out from: the facts of a step, the look, and what is pointed at."""

    timeline: Timeline
    frame: Frame
    look: Look
    size: tuple[float, float]
    composition: Composition
    spots: tuple[Relation | None, ...] = ()
    """What the cell under the pointer and the chosen cell are tied to."""


def level_of(timeline: Timeline, frame: Frame, look: Look) -> Level:
    """How near one looks: as the viewer chose, else as the lesson says.

    A loss and an update that are told step by step are always told of a cell, unless the whole network is looked at
    or a layer is chosen.
    """
    level = look.viewpoint.level or look.lesson.view.level
    near = any(
        t.step.section.kind in NEAR
        and not in_one(timeline, t)
        and not is_forward(timeline, t, home_of(timeline, frame, t, look.viewpoint.pinned))
        for t in frame.tracks
    )
    return "cell" if level == "layer" and near else level


def far_panels(level: Level, sight: Sight, caption: str) -> tuple[tuple[Panel, ...], tuple[Primitive, ...]]:
    """The panels of the network or of a layer with title and caption, and what is drawn over all of them."""
    # Imported here: most lessons begin at a cell.
    from cnnviz.scene.layer import layer_panels
    from cnnviz.scene.network import network_panels
    from cnnviz.scene.network_learning import strip_of, strip_panels

    areas = _areas(sight)
    if level == "network":
        ref = next((spot.ref for spot in sight.spots if spot is not None), None)
        m, has = sight.look.metrics, sight.composition
        maps, strip = strip_of(sight.timeline, sight.frame, areas.maps, has, m.body)
        if any(is_deep(track) for track in sight.look.lesson.tracks):
            from cnnviz.scene.depth_map import depth_panels

            panels, over = depth_panels(sight.timeline, sight.frame, ref, maps, sight.look)
        else:
            panels, over = network_panels(sight.timeline, sight.frame, ref, maps, sight.look)
        if strip is not None:
            panels += strip_panels(sight.timeline, sight.frame, ref, strip, sight.look, has)
    else:
        panels, over = layer_panels(sight.timeline, sight.frame, sight.spots, areas.maps, sight.look)
    texts = stage_texts(sight.timeline, sight.frame.lead, caption, areas, sight.look, sight.composition)
    return (*panels, Panel("words", areas.caption, "Caption", texts)), tuple(over)


def _areas(sight: Sight) -> Areas:
    has, lesson = sight.composition.has, sight.look.lesson
    story = any(w.caption for w in lesson.words) and has("caption")
    wants = Wants(has("title", "section"), "none", False, story, 1, "none", has("caption"), False,
                  sight.composition.margin * sight.size[1])  # fmt: skip
    areas, more = areas_of(sight.size, sight.look.metrics, wants), sight.look.metrics.small
    # Nothing stands between the maps and the words: one gap is enough.
    return replace(areas, maps=Box(areas.maps.x, areas.maps.y, areas.maps.w, areas.maps.h + more))

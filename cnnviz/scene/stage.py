"""The stage of a lesson at one step: maps in a row, what is at work in them, its arithmetic and a caption."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.layers import Shape
from cnnviz.scene import words
from cnnviz.scene.areas import Areas, Look, Metrics, areas_of
from cnnviz.scene.arrange import arrange
from cnnviz.scene.block_lines import lift_of, shortcut_lines
from cnnviz.scene.chosen import home_of, is_forward
from cnnviz.scene.comma import with_comma
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.depth_near import near
from cnnviz.scene.formula_instead import formula_and_room
from cnnviz.scene.formula_panel import formula_panel
from cnnviz.scene.heat import fan_marks, field_marks
from cnnviz.scene.layout import READABLE
from cnnviz.scene.learning import at_iteration, at_work, in_one, relation_in
from cnnviz.scene.learning_answer import answer_panel, has_answer
from cnnviz.scene.learning_border import border_marks
from cnnviz.scene.learning_formula import learning_formula
from cnnviz.scene.learning_marks import all_marks, all_products, winner_marks
from cnnviz.scene.learning_shown import learning_shown
from cnnviz.scene.learning_signs import update_signs
from cnnviz.scene.levels import Sight, far_panels, level_of
from cnnviz.scene.marks import (
    area_marks,
    cell_box,
    find,
    loupe_links,
    window_box,
)
from cnnviz.scene.panels import (
    Grids,
    heads_of,
    items_of,
    labels_of,
    shared_legend,
    spacing_of,
    track_panels,
)
from cnnviz.scene.primitives import Box, Grid, Link, Panel, Primitive, Ring, Scene
from cnnviz.scene.remainder import remainder_marks
from cnnviz.scene.roles import edge_marks, role_marks
from cnnviz.scene.shared import beside, kernel_panel, shared_kernel
from cnnviz.scene.shown import Shown, shown_of
from cnnviz.scene.spared import spared
from cnnviz.scene.stage_sums import all_sums
from cnnviz.scene.stage_texts import caption_of, stage_texts, told_timeline
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.scene.wants import type_of, wants_of
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import CellRef, Focus, Frame, Tensor, TrackFrame
from cnnviz.timeline.plot_names import of_plot
from cnnviz.timeline.relations import Relation
from cnnviz.timeline.remainder import uncovered
from cnnviz.timeline.timeline import Timeline

FORMULA_SHARE = 0.46
"""So much of its strip a formula has beside the classes of an example."""


def build_scene(
    timeline: Timeline,
    index: int,
    viewpoint: Viewpoint,
    size: tuple[float, float],
    theme: Theme,
    hover: CellRef | None = None,
    composition: Composition = WHOLE,
) -> Scene:
    """Lay out everything that is drawn for one step.

    Parameters
    ----------
    timeline : Timeline
    index : int
    viewpoint : Viewpoint
        Camera, pinned cell, colour ranges, hidden answers.
    size : (width, height)
        Of the scene, in logical pixels.
    theme : Theme
    hover : CellRef, optional
        The cell under the pointer; exported frames have none.
    composition : Composition
        What stands beside the maps, and how much room is left around all.

    Returns
    -------
    Scene
    """
    if hover is not None and of_plot(hover):
        from cnnviz.scene.plot_asked import with_asked  # nothing is pointed at before the first paint

        scene = build_scene(timeline, index, viewpoint, size, theme, None, composition)
        look = Look(viewpoint, theme, Metrics.of(*size, composition.type), timeline.lesson)
        return with_asked(scene, timeline.frame(index), hover, look)
    frame, timeline = timeline.frame(index), told_timeline(timeline, asks=bool(viewpoint.hidden))
    if frame.runs is not None:
        from cnnviz.scene.depth_stage import runs_stage  # few lessons have them

        look = Look(viewpoint, theme, Metrics.of(*size, composition.type), timeline.lesson, frame.tracks)
        parts, told = runs_stage(frame, size, composition, look, hover)
        return _scene(Sight(timeline, frame, look, size, composition), index, parts, (), told)
    timeline, frame = at_iteration(timeline, frame), at_work(timeline, frame)
    if viewpoint.hidden:
        from cnnviz.scene.quiz import veiled  # nothing is hidden before the first paint

        frame = veiled(timeline, frame, viewpoint)
    metrics = Metrics.of(*size, type_of(timeline, viewpoint, composition))
    look = Look(viewpoint, theme, metrics, timeline.lesson, frame.tracks)
    relation = relation_in(timeline, frame, hover) if hover is not None else None
    pinned = relation_in(timeline, frame, viewpoint.pinned) if viewpoint.pinned is not None else None
    sight = Sight(timeline, frame, look, size, composition, (relation, pinned))
    told = caption_of(timeline, frame, relation or pinned, viewpoint)
    if (level := level_of(timeline, frame, look)) == "cell":
        parts, over = _near_panels(sight, told, hover or viewpoint.pinned)
    else:
        parts, over = far_panels(level, sight, told)
    return _scene(sight, index, parts, over, told)


def _scene(
    sight: Sight, index: int, panels: tuple[Panel, ...], over: tuple[Primitive, ...], text: str
) -> Scene:
    """The scene of these panels, with what a screen reader says of it."""
    panels, over = spared(panels, over)
    lesson = sight.look.lesson
    place = f"step {index + 1} of {sight.timeline.count}"
    spoken = f"{words.section_title(lesson, sight.frame.step)}, {place}. {text}"
    scene = Scene(sight.size, sight.look.theme.background, panels, over, text, spoken)
    return with_comma(scene) if lesson.conventions.decimal == "comma" else scene


def _near_panels(
    sight: Sight, told: str, asked: CellRef | None
) -> tuple[tuple[Panel, ...], tuple[Primitive, ...]]:
    """The panels around one cell: maps, formula, arithmetic, plot and words, and what is drawn over all of them."""
    timeline, frame, look, composition = sight.timeline, sight.frame, sight.look, sight.composition
    focuses = {track.track: _shown_focus(track, *sight.spots) for track in frame.tracks}
    looked_at = (spot.ref.track for spot in sight.spots if spot is not None and spot.focus is not None)
    main = frame.tracks[next(looked_at, frame.lead.track)]
    areas = areas_of(sight.size, look.metrics, wants_of(timeline, frame, composition, sight.size[1]))
    drawn, over = _marked_maps(sight, focuses, areas)
    told_by, room = _formula_panels(sight, focuses, main, areas)
    sums = all_sums(frame, focuses, main.track, room, look) if room.h else ()
    # The loupe's lines lie over the maps and under formulas and numbers.
    lines = _loupe(main, focuses[main.track], drawn, sums, look) if len(frame.tracks) == 1 else ()
    drawn.append(Panel("loupe", areas.sums, "Loupe", lines))
    drawn += [*told_by, Panel("sum", room if room.h else areas.sums, "Arithmetic", sums)]
    if areas.plot.h:
        from cnnviz.scene.plot_panel import plot_panel  # only what learns has plots

        drawn.append(Panel("plot", areas.plot, "Plot", plot_panel(timeline, main, areas.plot, look, asked)))
    texts = stage_texts(timeline, frame.lead, told, areas, look, composition)
    drawn.append(Panel("words", areas.caption, "Caption", texts))
    if not composition.has("legend"):
        drawn = [_unexplained(panel) for panel in drawn]
    return tuple(drawn), tuple(over)


def _marked_maps(
    sight: Sight, focuses: dict[int, Focus], areas: Areas
) -> tuple[list[Panel], list[Primitive]]:
    """The panels of all maps, with the lines between them, and the marks over them."""
    panels, over, grids = _maps(sight.timeline, sight.frame, focuses, areas, sight.look)
    for track in sight.frame.tracks:
        n = track.track
        marks = _marks(sight, track, focuses[n], grids[n])
        lines = [p for p in marks if isinstance(p, Link)]
        panels[n] = _with_links(panels[n], lines, areas.maps, f"{n}/{track.focus.partner}")
        over += [p for p in marks if not isinstance(p, Link)]
    return [panel for track in sight.frame.tracks for panel in panels[track.track]], over


def _formula_panels(
    sight: Sight, focuses: dict[int, Focus], main: TrackFrame, areas: Areas
) -> tuple[list[Panel], Box]:
    """The formula of what is computed, beside it the answer to an example with a label, and the arithmetic's room."""
    area, focus = areas.formula, focuses[main.track]
    if not area.h:
        return [], areas.sums
    if areas.instead:
        formula, room = formula_and_room(main, focus, areas, sight.look, sight.frame.tracks)
        return [Panel("formula", area, "Formula", formula)], room
    strip, beside = _strip(sight.timeline, main, area)
    made = [Panel("formula", strip, "Formula", _formulas(sight.frame, focus, strip, sight.look))]
    if beside is not None:
        it = sight.timeline.iteration(focus.track, main.step.iteration)
        made.append(Panel("answer", beside, "Answer", answer_panel(it, beside, sight.look)))
    return made, areas.sums


def _strip(timeline: Timeline, track: TrackFrame, area: Box) -> tuple[Box, Box | None]:
    """Where the formula stands; in the picture of an iteration that learns from labels with the answer beside it."""
    whole = len(timeline.lesson.tracks) == 1 and in_one(timeline, track)
    if not whole or not has_answer(timeline.iteration(track.track, track.step.iteration)):
        return area, None
    w = area.w * FORMULA_SHARE
    return Box(area.x, area.y, w, area.h), Box(area.x + w, area.y, area.w - w, area.h)


def _formulas(frame: Frame, focus: Focus, area: Box, look: Look) -> tuple[Primitive, ...]:
    """What is computed, as formulas: of a layer, or of a loss, a gradient or an update."""
    track = frame.tracks[focus.track]
    if focus.kind != "forward" and track.learning is not None:
        return learning_formula(focus, track.learning.recipe, area, look)
    return formula_panel(track, focus, area, look, frame.tracks)


def _maps(
    timeline: Timeline, frame: Frame, focuses: dict[int, Focus], areas: Areas, look: Look
) -> tuple[dict[int, list[Panel]], list[Primitive], dict[int, Grids]]:
    """The panels of all tracks side by side, marks that belong to them, and their grids."""
    m, lesson = look.metrics, look.lesson
    homes = {t.track: home_of(timeline, frame, t, look.viewpoint.pinned) for t in frame.tracks}
    shown = {t.track: _shown(timeline, t, focuses[t.track], homes[t.track], look) for t in frame.tracks}
    works = {
        t.track: (homes[t.track] if is_forward(timeline, t, homes[t.track]) else t.focus).layer
        for t in frame.tracks
    }
    labelled = any(labels_of(one, look, track) for track, ones in shown.items() for one in ones)
    heads = heads_of(m, labelled, tuple(track.name for track in lesson.tracks))
    learns = any(t.learning for t in frame.tracks)  # kernels that are the same now will not be the same
    one = None if learns else shared_kernel(tuple(shown[t.track] for t in frame.tracks))
    if one is not None:
        shown = {n: tuple(o for o in ones if o.kind != "kernel") for n, ones in shown.items()}
        kernel_area, area = beside(areas.maps, one, look)
    else:
        kernel_area, area = areas.maps, areas.maps
    loose, compact = (
        tuple(
            items_of(shown[t.track], lesson.tracks[t.track].layers, look, tight, works[t.track])
            for t in frame.tracks
        )
        for tight in (False, True)
    )
    lift = max(lift_of(track.layers, m) for track in lesson.tracks)
    room = replace(heads, above=heads.above + lift, compact=heads.compact + lift)
    placed = arrange(loose, compact, area, spacing_of(m), room, lift > 0)
    panels, grids = {}, {}
    over: list[Primitive] = []
    for track, places in zip(frame.tracks, placed, strict=True):
        n = track.track
        panels[n], grids[n] = track_panels(track, shown[n], focuses[n], places, heads, look)
        head = heads.compact if places.compact else heads.above
        over += shortcut_lines(track, lesson.tracks[n].layers, panels[n], head, look) if lift else ()
    if one is not None:
        panel, own = kernel_panel(one, frame.tracks[0], kernel_area, placed, look)
        panels[frame.tracks[0].track].append(panel)
        for n, theirs in grids.items():
            theirs.update(
                {(f"{n}/{name.split('/', 1)[1]}", plane): grid for (name, plane), grid in own.items()}
            )
    if lesson.view.marks:
        taken = tuple({grid.box for theirs in grids.values() for grid in theirs.values()})
        roles = (mark for n, theirs in grids.items() for mark in _roles(theirs, n, look, taken))
        over += {mark.key: mark for mark in roles}.values()  # a kernel that tracks share is marked once
    if len(frame.tracks) > 1:
        legends = shared_legend(shown, look, areas.legend)
        panels[frame.tracks[-1].track].append(Panel("legend", areas.legend, "Colours", legends))
    return panels, over, grids


def _shown(timeline: Timeline, track: TrackFrame, focus: Focus, home: Focus, look: Look) -> tuple[Shown, ...]:
    """The panels of a track: those of its maps, or of what is at work in its backward pass."""
    if is_forward(timeline, track, home):
        return near(timeline, home, shown_of(timeline, track, focus, look.lesson.view))
    return learning_shown(timeline, track, focus)


def _with_links(panels: list[Panel], lines: list[Link], area: Box, above: str) -> list[Panel]:
    """The panels with the lines from windows to cells over the maps and under kernels and what plays the kernel."""
    kernels = [p for p in panels if p.key.endswith(".weight") or p.key == above]
    maps = [p for p in panels if p not in kernels]
    return [*maps, Panel("links", area, "Links", tuple(lines)), *kernels]


def _unexplained(panel: Panel) -> Panel:
    """A panel without what tells of its colours."""
    return replace(panel, primitives=tuple(p for p in panel.primitives if "legend" not in p.key.split("/")))


def _marks(sight: Sight, track: TrackFrame, focus: Focus, grids: Grids) -> list[Primitive]:
    timeline, look, (relation, pinned) = sight.timeline, sight.look, sight.spots
    theme, stroke = look.theme, look.metrics.stroke
    chain = look.lesson.tracks[track.track]
    heat = look.lesson.view.heat if focus.kind == "forward" else "none"  # gradients have no field
    marks: list[Primitive] = []
    for number, spec in enumerate(chain.layers):
        left = uncovered(spec, _shape(track.tensors, number))
        if any(left):
            marks += [m for g in _planes(grids, track, number) for m in remainder_marks(g, left, theme)]
    if heat == "field":
        marks += field_marks(timeline, grids, focus, theme, stroke)
    elif heat == "fan-out" and relation is None:
        pixel = pinned.ref if pinned is not None and pinned.ref.track == track.track else None
        marks += fan_marks(timeline, grids, focus, pixel, theme, stroke, look.metrics.small)
    marks += all_marks(grids, track.focus, theme.accent, theme, stroke)
    marks += winner_marks(grids, track, theme, stroke)
    marks += border_marks(grids, track, theme)
    marks += update_signs(grids, track, look)
    if track.step.beat is Beat.MULTIPLY:
        marks += all_products(grids, track.focus, track.step.products - 1, theme.accent, theme, stroke)
    if pinned is not None and pinned.focus is not None and pinned.ref.track == track.track:
        marks += all_marks(grids, pinned.focus, theme.hover, theme, stroke, "pin")
    if relation is not None and relation.ref.track == track.track:
        marks += _hover_marks(grids, relation, look)
    return marks


def _shape(tensors: tuple[Tensor, ...], layer: int) -> Shape:
    """The shape of what goes into a layer."""
    channels, rows, columns = next(
        t.shape for t in tensors if t.layer == layer - 1 and t.kind in ("input", "map")
    )
    return (channels, rows, columns)


def _planes(grids: Grids, track: TrackFrame, layer: int) -> list[Grid]:
    """The grids of what goes into a layer."""
    name = next(t.name for t in track.tensors if t.layer == layer - 1 and t.kind in ("input", "map"))
    return [g for (key, _), g in grids.items() if key == f"{track.track}/{name}" and not g.across]


def _roles(grids: Grids, track: int, look: Look, taken: tuple[Box, ...]) -> list[Primitive]:
    """Edges of the picture, and what the columns of a kernel do."""
    out: list[Primitive] = []
    for (name, _), grid in grids.items():
        if name == f"{track}/input":
            out += edge_marks(grid, look.theme, look.metrics.stroke)
        elif name.endswith(".weight"):
            out += role_marks(grid, look.theme, look.metrics.small, taken)
    return out


def _hover_marks(grids: dict[tuple[str, int], Grid], relation: Relation, look: Look) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    marks: list[Primitive] = []
    track = relation.ref.track
    if relation.focus is not None:
        marks += all_marks(grids, relation.focus, theme.hover, theme, stroke, "hover")
    fed = (relation.feeds, *relation.also) if relation.kind == "input" else ()
    for area in (*fed, relation.meets):
        if area is not None:
            marks += area_marks(grids, area, track, theme.hover, theme)
    ref = relation.ref
    own = find(grids, track, ref.tensor, ref.plane)
    if own is not None and relation.focus is None:
        box = cell_box(own, ref.row, ref.column, ref.plane)
        marks.append(Ring("hover/own", box, theme.hover, theme.outline, stroke))
    return marks


def _shown_focus(track: TrackFrame, relation: Relation | None, pinned: Relation | None) -> Focus:
    """Whose arithmetic is shown: the hovered cell's, the pinned one's, else the playhead's."""
    for other in (relation, pinned):
        if other is not None and other.focus is not None and other.ref.track == track.track:
            return other.focus
    return track.focus


def _loupe(
    lead: TrackFrame, shown: Focus, panels: list[Panel], sums: tuple[Primitive, ...], look: Look
) -> tuple[Link, ...]:
    """Lines from a window too small to be read to the same window in the arithmetic."""
    patches = [p for p in sums if isinstance(p, Grid) and p.key.startswith("sum/x/")]
    grids = {(g.ref[0], g.ref[1]): g for panel in panels for g in panel.primitives if isinstance(g, Grid)}
    source = grids.get((f"{shown.track}/{shown.source}", shown.window.channels[0]))
    if not patches or source is None or source.cell >= READABLE:
        return ()
    color = look.theme.accent if shown is lead.focus else look.theme.hover
    window, patch = window_box(source, shown), patches[0].box
    if min(window.meets(source.box).w, window.meets(source.box).h) <= 0:
        return ()
    return loupe_links("loupe", window.meets(source.box), patch, color)

"""The stage of a lesson at one step: maps in a row, what is at work in them, its arithmetic and a caption."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from cnnviz.engine.layers import Shape
from cnnviz.engine.windows import Sliding, terms_per_cell
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene import words
from cnnviz.scene.areas import Areas, Look, Metrics, Wants, areas_of, columns_of
from cnnviz.scene.arithmetic import arithmetic
from cnnviz.scene.arrange import arrange
from cnnviz.scene.comma import with_comma
from cnnviz.scene.formula_panel import formula_panel
from cnnviz.scene.heat import fan_marks, field_marks
from cnnviz.scene.layout import READABLE
from cnnviz.scene.marks import (
    area_marks,
    cell_box,
    find,
    focus_marks,
    loupe_links,
    product_marks,
    window_box,
)
from cnnviz.scene.panels import (
    Grids,
    heads_of,
    items_of,
    labels_of,
    range_of,
    shared_legend,
    spacing_of,
    span_of,
    track_panels,
)
from cnnviz.scene.primitives import Align, Box, Grid, Link, Panel, Primitive, Ring, Run, Scene, Text, Weight
from cnnviz.scene.remainder import remainder_marks
from cnnviz.scene.roles import edge_marks, role_marks
from cnnviz.scene.shared import beside, kernel_panel, shared_kernel
from cnnviz.scene.shown import shown_of
from cnnviz.scene.sums import Progress, Style, in_words
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import CellRef, Focus, Frame, Tensor, TrackFrame
from cnnviz.timeline.relations import Relation, relate
from cnnviz.timeline.remainder import uncovered
from cnnviz.timeline.timeline import Timeline

MOST_TERMS = 121
"""A window of so many values is worth a high part of the stage for its arithmetic."""

MOST_SUMS = 4
"""So many tracks have their arithmetic side by side."""


def build_scene(
    timeline: Timeline,
    index: int,
    viewpoint: Viewpoint,
    size: tuple[float, float],
    theme: Theme,
    hover: CellRef | None = None,
    title: bool = True,
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
    title : bool
        Whether the lesson's title is shown.

    Returns
    -------
    Scene
    """
    frame = timeline.frame(index)
    lesson = timeline.lesson
    look = Look(viewpoint, theme, Metrics.of(*size), lesson, frame.tracks)
    relation = relate(timeline, hover) if hover is not None else None
    pinned = relate(timeline, viewpoint.pinned) if viewpoint.pinned is not None else None
    focuses = {track.track: _shown_focus(track, relation, pinned) for track in frame.tracks}
    main = next(
        (r.ref.track for r in (relation, pinned) if r is not None and r.focus is not None), frame.lead.track
    )
    areas = areas_of(size, look.metrics, _wants(timeline, title))
    panels, over, grids = _maps(timeline, frame, focuses, areas, look)
    for track in frame.tracks:
        marks = _marks(timeline, track, focuses[track.track], grids[track.track], relation, pinned, look)
        panels[track.track] = _with_links(
            panels[track.track], [p for p in marks if isinstance(p, Link)], areas.maps
        )
        over += [p for p in marks if not isinstance(p, Link)]
    drawn = [panel for track in frame.tracks for panel in panels[track.track]]
    sums = _all_sums(frame, focuses, main, areas.sums, look)
    # The loupe's lines lie over the maps and under formulas and numbers.
    lines = _loupe(frame.tracks[main], focuses[main], drawn, sums, look) if len(frame.tracks) == 1 else ()
    drawn.append(Panel("loupe", areas.sums, "Loupe", lines))
    if areas.formula.h:
        formulas = formula_panel(frame.tracks[main], focuses[main], areas.formula, look, frame.tracks)
        drawn.append(Panel("formula", areas.formula, "Formula", formulas))
    drawn.append(Panel("sum", areas.sums, "Arithmetic", sums))
    text = _caption(lesson, frame, relation or pinned, viewpoint)
    drawn.append(
        Panel("words", areas.caption, "Caption", _texts(timeline, frame.lead, text, areas, look, title))
    )
    place = f"step {index + 1} of {timeline.count}"
    spoken = f"{words.section_title(lesson, frame.step)}, {place}. {text}"
    scene = Scene(size, theme.background, tuple(drawn), tuple(over), text, spoken)
    return with_comma(scene) if lesson.conventions.decimal == "comma" else scene


def _maps(
    timeline: Timeline, frame: Frame, focuses: dict[int, Focus], areas: Areas, look: Look
) -> tuple[dict[int, list[Panel]], list[Primitive], dict[int, Grids]]:
    """The panels of all tracks side by side, marks that belong to them, and their grids."""
    m, lesson = look.metrics, look.lesson
    shown = {t.track: shown_of(timeline, t, focuses[t.track], lesson.view) for t in frame.tracks}
    labelled = any(labels_of(one, look, track) for track, ones in shown.items() for one in ones)
    heads = heads_of(m, labelled, tuple(track.name for track in lesson.tracks))
    one = shared_kernel(tuple(shown[t.track] for t in frame.tracks))
    if one is not None:
        shown = {n: tuple(o for o in ones if o.kind != "kernel") for n, ones in shown.items()}
        kernel_area, area = beside(areas.maps, one, look)
    else:
        kernel_area, area = areas.maps, areas.maps
    loose, compact = (
        tuple(
            items_of(shown[t.track], lesson.tracks[t.track].layers, look, tight, t.step.section.layer)
            for t in frame.tracks
        )
        for tight in (False, True)
    )
    placed = arrange(loose, compact, area, spacing_of(m), heads)
    panels, grids = {}, {}
    over: list[Primitive] = []
    for track, places in zip(frame.tracks, placed, strict=True):
        n = track.track
        panels[n], grids[n] = track_panels(track, shown[n], focuses[n], places, heads, look)
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


def _caption(lesson: Lesson, frame: Frame, spot: Relation | None, viewpoint: Viewpoint) -> str:
    """What is said of the hovered or pinned cell, else of the step."""
    if spot is not None:
        return words.relation_words(spot, lesson.conventions.base)
    told = words.caption(lesson, frame.lead.step, frame.lead.focus, viewpoint.hidden)
    name = lesson.tracks[frame.lead.track].name
    return f"{name}: {told[0].lower()}{told[1:]}" if len(frame.tracks) > 1 and name else told


def _with_links(panels: list[Panel], lines: list[Link], area: Box) -> list[Panel]:
    """The panels with the lines from windows to cells over the maps and under the kernels."""
    kernels = [p for p in panels if p.key.endswith(".weight")]
    maps = [p for p in panels if p not in kernels]
    return [*maps, Panel("links", area, "Links", tuple(lines)), *kernels]


def _wants(timeline: Timeline, title: bool) -> Wants:
    """What the stage needs room for: the same for all steps of a lesson, so that it stays still."""
    lesson = timeline.lesson
    track = lesson.tracks[timeline.lead]
    windows = [
        (spec.kernel_size[0], terms_per_cell(spec, shape))
        for spec, shape in zip(track.layers, track.shapes(), strict=False)
        if isinstance(spec, Sliding)
    ]
    sums: Literal["short", "usual", "tall"] = "usual"
    if any(terms > MOST_TERMS for _, terms in windows):
        sums = "short"  # such windows are too wide for cells with numbers: the maps get the room
    elif any(rows > 4 for rows, _ in windows):
        sums = "tall"
    story = any(w.caption for w in lesson.words)
    return Wants(title, sums, lesson.view.formula, story, len(lesson.tracks))


def _marks(
    timeline: Timeline,
    track: TrackFrame,
    focus: Focus,
    grids: Grids,
    relation: Relation | None,
    pinned: Relation | None,
    look: Look,
) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    chain, heat = look.lesson.tracks[track.track], look.lesson.view.heat
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
    marks += focus_marks(grids, track.focus, theme.accent, theme, stroke)
    if track.step.beat is Beat.MULTIPLY:
        marks += product_marks(grids, track.focus, track.step.products - 1, theme.accent, theme, stroke)
    if pinned is not None and pinned.focus is not None and pinned.ref.track == track.track:
        marks += focus_marks(grids, pinned.focus, theme.hover, theme, stroke, "pin")
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
        marks += focus_marks(grids, relation.focus, theme.hover, theme, stroke, "hover")
    for area in (relation.feeds if relation.kind == "input" else None, relation.meets):
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


def _all_sums(
    frame: Frame, focuses: dict[int, Focus], main: int, area: Box, look: Look
) -> tuple[Primitive, ...]:
    """The arithmetic of each track, side by side where there is room, else that of the one in view."""
    if not 1 < len(frame.tracks) <= MOST_SUMS:
        return _sums(frame.tracks[main], focuses[main], area, look, "sum")
    parts = columns_of(area, len(frame.tracks), look.metrics.body * 1.5)
    return tuple(
        primitive
        for track, part in zip(frame.tracks, parts, strict=True)
        for primitive in _sums(track, focuses[track.track], part, look, f"sum{track.track}")
    )


def _sums(track: TrackFrame, shown: Focus, area: Box, look: Look, key: str) -> tuple[Primitive, ...]:
    m, step = look.metrics, track.step
    own = shown is track.focus
    hidden = look.viewpoint.hidden
    made = min(step.products, shown.terms.products.size)
    progress = Progress(
        made if own else shown.terms.products.size,
        (step.beat in (Beat.SUM, Beat.WRITE)) if own else True,
        made - 1 if own and made and step.beat is Beat.MULTIPLY else None,
        "products" in hidden,
        "total" in hidden,
    )
    source = track.tensor(shown.source)
    weight_span = next(
        (t.span for t in track.tensors if t.kind == "weight" and t.layer == shown.layer), (-1.0, 1.0)
    )
    if range_of(look) == "map" and shown.terms.w.size:
        reach = float(abs(shown.terms.w).max()) or 1.0
        weight_span = (-reach, reach)
    table = "signed" if source.signed else "grey"
    style = Style(
        look.theme, m.small, m.body, m.large, table, span_of(source, track, look), weight_span,
        look.lesson.view.channels,
    )  # fmt: skip
    if len(look.tracks) == 1:
        return arithmetic(shown, progress, area, style)
    return tuple(_renamed(p, key) for p in in_words(shown, progress, area, style))


def _renamed(primitive: Primitive, key: str) -> Primitive:
    """The primitive of one track's arithmetic with a key of its own."""
    return replace(primitive, key=key + primitive.key.removeprefix("sum"))


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


def _texts(
    timeline: Timeline, lead: TrackFrame, caption: str, areas: Areas, look: Look, title: bool
) -> tuple[Primitive, ...]:
    m, theme = look.metrics, look.theme
    step = lead.step
    out: list[Primitive] = []
    if title:
        half = Box(areas.title.x, areas.title.y, areas.title.w * 0.6, areas.title.h)
        out.append(Text("title", half, (Run(look.lesson.title, theme.text, Weight.BOLD),), m.large))
        runs = (
            Run(words.section_title(look.lesson, step), theme.accent, Weight.BOLD),
            Run(f"  step {step.index + 1:,} of {timeline.count:,}", theme.muted),
        )
        rest = Box(half.right, half.y, areas.title.w - half.w, half.h)
        out.append(Text("section", rest, runs, m.body * 0.86, Align.RIGHT))
    story = words.story(look.lesson, step)
    if areas.story.h:
        line = (Run(story, theme.text, Weight.MEDIUM),)
        out.append(Text("story", areas.story, line, m.body, Align.CENTER))
    color = theme.muted if story else theme.text
    out.append(
        Text("caption", areas.caption, (Run(caption, color),), m.body * (0.9 if story else 1.0), Align.CENTER)
    )
    return tuple(out)

"""The stage of a lesson at one step: maps in a row, what is at work in them, its arithmetic and a caption."""

from __future__ import annotations

from cnnviz.engine.windows import Sliding
from cnnviz.scene import words
from cnnviz.scene.areas import Areas, Look, Metrics, areas_of, rows_of
from cnnviz.scene.arithmetic import arithmetic
from cnnviz.scene.layout import READABLE
from cnnviz.scene.marks import area_marks, focus_marks, loupe_links, product_marks, window_box
from cnnviz.scene.panels import span_of, track_panels
from cnnviz.scene.primitives import Align, Box, Grid, Link, Panel, Primitive, Ring, Run, Scene, Text, Weight
from cnnviz.scene.sums import Progress, Style
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import CellRef, Focus, TrackFrame
from cnnviz.timeline.relations import Relation, relate
from cnnviz.timeline.timeline import Timeline


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
    look = Look(viewpoint, theme, Metrics.of(*size), timeline.lesson)
    relation = relate(timeline, hover) if hover is not None else None
    pinned = relate(timeline, viewpoint.pinned) if viewpoint.pinned is not None else None
    shown = _shown_focus(frame.lead, relation, pinned)
    areas = areas_of(size, look.metrics, _needs_room(timeline), title, len(frame.tracks))
    panels: list[Panel] = []
    over: list[Primitive] = []
    for track, part in zip(frame.tracks, rows_of(areas.maps, len(frame.tracks)), strict=True):
        focus = shown if shown.track == track.track else track.focus
        made, grids = track_panels(track, focus, part, look)
        marks = _marks(track, grids, relation, pinned, look)
        panels += _with_links(made, [p for p in marks if isinstance(p, Link)], part)
        over += [p for p in marks if not isinstance(p, Link)]
    sums = _sums(frame.lead, shown, areas.sums, look)
    # The loupe's lines lie over the maps and under the numbers.
    lines = _loupe(frame.lead, shown, panels, sums, look)
    panels += [Panel("loupe", areas.sums, "Loupe", lines), Panel("sum", areas.sums, "Arithmetic", sums)]
    spot = relation or pinned
    text = (
        words.relation_words(spot)
        if spot
        else words.caption(timeline.lesson, frame.lead.step, frame.lead.focus, viewpoint.hidden)
    )
    panels.append(
        Panel("words", areas.caption, "Caption", _texts(timeline, frame.lead, text, areas, look, title))
    )
    spoken = (
        f"{words.section_title(timeline.lesson, frame.step)}, step {index + 1} of {timeline.count}. {text}"
    )
    return Scene(size, theme.background, tuple(panels), tuple(over), text, spoken)


def _with_links(panels: list[Panel], lines: list[Link], area: Box) -> list[Panel]:
    """The panels with the lines from windows to cells over the maps and under the kernels."""
    kernels = [p for p in panels if p.key.endswith(".weight")]
    maps = [p for p in panels if p not in kernels]
    return [*maps, Panel("links", area, "Links", tuple(lines)), *kernels]


def _needs_room(timeline: Timeline) -> bool:
    """Whether any window of the lesson is tall: the same for all its steps, so that the stage stays still."""
    layers = timeline.lesson.tracks[timeline.lead].layers
    return any(isinstance(layer, Sliding) and layer.kernel_size[0] > 4 for layer in layers)


def _marks(
    track: TrackFrame,
    grids: dict[tuple[str, int], Grid],
    relation: Relation | None,
    pinned: Relation | None,
    look: Look,
) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    marks = list(focus_marks(grids, track.focus, theme.accent, theme, stroke))
    if track.step.beat is Beat.MULTIPLY:
        marks += product_marks(grids, track.focus, track.step.products - 1, theme.accent, theme, stroke)
    if pinned is not None and pinned.focus is not None and pinned.ref.track == track.track:
        marks += focus_marks(grids, pinned.focus, theme.hover, theme, stroke, "pin")
    if relation is not None and relation.ref.track == track.track:
        marks += _hover_marks(grids, relation, look)
    return marks


def _hover_marks(grids: dict[tuple[str, int], Grid], relation: Relation, look: Look) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    marks: list[Primitive] = []
    track = relation.ref.track
    if relation.focus is not None:
        marks += focus_marks(grids, relation.focus, theme.hover, theme, stroke, "hover")
    for area in (relation.feeds if relation.kind == "input" else None, relation.meets):
        if area is not None:
            marks += area_marks(grids, area, track, theme.hover, theme)
    own = grids.get((f"{track}/{relation.ref.tensor}", relation.ref.plane))
    if own is not None and relation.focus is None:
        box = Box(
            own.origin[0] + (relation.ref.column + own.ref[3]) * own.cell,
            own.origin[1] + (relation.ref.row + own.ref[2]) * own.cell,
            own.cell,
            own.cell,
        )
        marks.append(Ring("hover/own", box, theme.hover, theme.outline, stroke))
    return marks


def _shown_focus(lead: TrackFrame, relation: Relation | None, pinned: Relation | None) -> Focus:
    """Whose arithmetic is shown: the hovered cell's, the pinned one's, else the playhead's."""
    for other in (relation, pinned):
        if other is not None and other.focus is not None:
            return other.focus
    return lead.focus


def _sums(lead: TrackFrame, shown: Focus, area: Box, look: Look) -> tuple[Primitive, ...]:
    m, step = look.metrics, lead.step
    own = shown is lead.focus
    hidden = look.viewpoint.hidden
    progress = Progress(
        step.products if own else shown.terms.products.size,
        (step.beat in (Beat.SUM, Beat.WRITE)) if own else True,
        step.products - 1 if own and step.beat is Beat.MULTIPLY else None,
        "products" in hidden,
        "total" in hidden,
    )
    source = lead.tensor(shown.source)
    weight_span = next(
        (t.span for t in lead.tensors if t.kind == "weight" and t.layer == shown.layer), (-1.0, 1.0)
    )
    table = "signed" if source.signed else "grey"
    style = Style(look.theme, m.small, m.body, m.large, table, span_of(source, lead, look), weight_span)
    return arithmetic(shown, progress, area, style)


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
    out.append(Text("caption", areas.caption, (Run(caption, theme.text),), m.body, Align.CENTER))
    return tuple(out)

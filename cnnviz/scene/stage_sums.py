"""The part of the stage that holds the arithmetic: of one track drawn in blocks, of several a line each."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.scene.areas import Look, columns_of
from cnnviz.scene.arithmetic import arithmetic
from cnnviz.scene.block_sums import OF_BLOCK, block_line
from cnnviz.scene.learning_arithmetic import learning_arithmetic, learning_in_words
from cnnviz.scene.panels import range_of, span_of
from cnnviz.scene.primitives import Box, Primitive, Text
from cnnviz.scene.sums import Progress, Style, in_words
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, Frame, TrackFrame

MOST_SUMS = 4
"""So many tracks have their arithmetic side by side."""


def all_sums(
    frame: Frame, focuses: dict[int, Focus], main: int, area: Box, look: Look
) -> tuple[Primitive, ...]:
    """The arithmetic of each track, side by side where there is room, else that of the one in view."""
    if not 1 < len(frame.tracks) <= MOST_SUMS:
        return _sums(frame.tracks[main], focuses[main], area, look, "sum")
    parts = columns_of(area, len(frame.tracks), look.metrics.body * 1.5)
    sums = tuple(
        primitive
        for track, part in zip(frame.tracks, parts, strict=True)
        for primitive in _sums(track, focuses[track.track], part, look, f"sum{track.track}")
    )
    return _alike(sums)


def _alike(sums: tuple[Primitive, ...]) -> tuple[Primitive, ...]:
    """The lines in the type of the smallest: what stands side by side says the same of each track."""
    size = min((p.size for p in sums if isinstance(p, Text)), default=0.0)
    return tuple(replace(p, size=size) if isinstance(p, Text) else p for p in sums)


def _sums(track: TrackFrame, shown: Focus, area: Box, look: Look, key: str) -> tuple[Primitive, ...]:
    m, step = look.metrics, track.step
    own = shown is track.focus
    hidden = look.viewpoint.hidden
    count = min(step.products, shown.terms.products.size)
    progress = Progress(
        count if own else shown.terms.products.size,
        (step.beat in (Beat.SUM, Beat.WRITE)) if own else True,
        count - 1 if own and count and step.beat is Beat.MULTIPLY else None,
        "products" in hidden,
        "total" in hidden,
    )
    source = track.tensor(shown.source)
    weight_span = next(
        (t.span for t in track.tensors if t.kind == "weight" and t.layer == shown.layer), (-1.0, 1.0)
    )
    if shown.kind != "forward":
        weight_span = next((t.span for t in track.tensors if t.name == shown.partner), (-1.0, 1.0))
    elif range_of(look) == "map" and shown.terms.w.size:
        reach = float(abs(shown.terms.w).max()) or 1.0
        weight_span = (-reach, reach)
    table = "signed" if source.signed else "grey"
    style = Style(
        look.theme, m.small, m.body, m.large, table, span_of(source, track, look), weight_span,
        look.lesson.view.channels,
    )  # fmt: skip
    alone = len(look.tracks) == 1
    if shown.kind != "forward" and track.learning is not None:
        how = learning_arithmetic if alone else learning_in_words
        made = how(shown, progress, track.learning.recipe, area, style)
    else:
        words = block_line if isinstance(shown.spec, OF_BLOCK) else in_words
        made = (arithmetic if alone else words)(shown, progress, area, style)
    return made if alone else tuple(_renamed(p, key) for p in made)


def _renamed(primitive: Primitive, key: str) -> Primitive:
    """The primitive of one track's arithmetic with a key of its own."""
    return replace(primitive, key=key + primitive.key.removeprefix("sum"))

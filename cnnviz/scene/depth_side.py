"""Beside the runs: whether they are recorded, their recipe, and in a column of its own what was published."""

from __future__ import annotations

from cnnviz.files.datasets import shipped_sets
from cnnviz.files.recordings import Recording
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_bars import called
from cnnviz.scene.depth_columns import LINE, broken
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Align, Box, Link, Panel, Primitive, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.recorded import PUBLISHED

WIDE = 11.0
"""The width of the column in sizes of its text."""

NOTE = "on ImageNet, top 1, 10 crops; far wider networks (He et al. 2015, table 2)"


def side_panels(box: Box, recording: Recording, look: Look) -> tuple[Panel, ...]:
    """The recipe from the top, and what was published from the bottom, as far as there is room for both.

    Where the box is but a line, it holds the recipe.
    """
    size = text_size(look)
    if box.h < size * LINE * 1.5:
        return (Panel("recipe", box, "Recipe", (_recipe_line("recipe", box, recording, look),)),)
    high = published_height(recording, box.w, look)
    below = Box(box.x, max(box.bottom - high, box.y), box.w, min(high, box.h))
    above = Box(box.x, box.y, box.w, max(below.y - size * LINE * 0.6 - box.y, 0.0))
    return (
        Panel("recipe", above, "Recipe", recipe_parts("recipe", above, recording, look)),
        Panel("published", below, "Published errors", published_parts("published", below, recording, look)),
    )


def _recipe_line(key: str, box: Box, recording: Recording, look: Look) -> Text:
    theme = look.theme
    runs = (
        Words(f"{_origin(recording)}   ", theme.accent, Weight.BOLD),
        Words(" · ".join(recipe_words(recording)), theme.muted),
    )
    return Text(f"{key}/line", box, runs, text_size(look))


def _origin(recording: Recording) -> str:
    return "Recorded" if recording.made else "Computed here"


def recipe_parts(key: str, box: Box, recording: Recording, look: Look) -> tuple[Primitive, ...]:
    """Whether the runs are recorded or computed here, how they learn, and on what they were recorded."""
    size, theme = text_size(look), look.theme
    rest = int(box.h / (size * LINE)) - 1
    lines = [line for told in recipe_words(recording) for line in broken(told, box.w, size)]
    made = broken(recording.made, box.w, size) if recording.made else ()
    if len(lines) + len(made) <= rest:  # else the trace tells on what it was recorded
        lines.extend(made)
    texts = [Text(f"{key}/line", Box(box.x, box.y, box.w, size * LINE),
                  (Words(_origin(recording), theme.accent, Weight.BOLD),), size)]  # fmt: skip
    for n, line in enumerate(lines[: max(rest, 0)]):
        place = Box(box.x, box.y + (n + 1) * size * LINE, box.w, size * LINE)
        texts.append(Text(f"{key}/{n}", place, (Words(line, theme.muted),), size))
    return tuple(texts)


def recipe_words(recording: Recording) -> tuple[str, ...]:
    """What all runs have in common: the data, how they learn, the seed."""
    recipe = recording.recipe
    how, batches = recipe.recipe, recipe.recipe.batches
    assert batches is not None
    title = next((e.title for e in shipped_sets() if e.id == recipe.data), recipe.data)
    smaller = (f"averaged over {recipe.pool}×{recipe.pool}",) if recipe.pool > 1 else ()
    return (
        title,
        *smaller,
        f"batch {batches.size}, rate {how.rate:g}",
        f"momentum {how.momentum:g}, seed {how.seed}",
    )


def published_height(recording: Recording, width: float, look: Look) -> float:
    """How high the column of published errors is."""
    size = text_size(look)
    return size * LINE * (2 + len(_published(recording)) + len(broken(NOTE, width, size)))


def published_parts(key: str, box: Box, recording: Recording, look: Look) -> tuple[Primitive, ...]:
    """The validation error of each network as it was published, and of what it is one."""
    size, theme = text_size(look), look.theme
    high = size * LINE
    row = [Box(box.x, box.y + n * high, box.w, high) for n in range(int(box.h / high + 0.01))]
    parts: list[Primitive] = [
        Text(f"{key}/title", row[0], (Words("Published", theme.text, Weight.BOLD),), size),
        Text(f"{key}/head", row[1], (Words("validation error, %", theme.text),), size),
        Link(f"{key}/rule", ((box.x, row[1].bottom), (box.right, row[1].bottom)), theme.muted, width=1.0),
    ]
    lines: list[tuple[str, str]] = [
        (called(name), f"{PUBLISHED[name]:.2f}") for name in _published(recording)
    ]
    for n, ((name, error), place) in enumerate(zip(lines, row[2:], strict=False)):
        parts += [
            Text(f"{key}/{n}/name", Box(place.x, place.y, place.w * 0.7, high), (Words(name, theme.text),), size),
            Text(f"{key}/{n}/error", Box(place.x + place.w * 0.7, place.y, place.w * 0.3, high),
                 (Words(error, theme.text, Weight.MEDIUM),), size, Align.RIGHT),
        ]  # fmt: skip
    for n, (line, place) in enumerate(zip(broken(NOTE, box.w, size), row[2 + len(lines) :], strict=False)):
        parts.append(Text(f"{key}/note{n}", place, (Words(line, theme.muted),), size))
    return tuple(parts)


def _published(recording: Recording) -> tuple[str, ...]:
    """The networks whose errors were published."""
    return tuple(name for name in dict.fromkeys(run.twin.name for run in recording.runs) if name in PUBLISHED)

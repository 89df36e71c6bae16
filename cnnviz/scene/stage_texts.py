"""The words above and below the maps: title, section and step, story line, caption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.lesson.findings import told_lesson
from cnnviz.scene import words
from cnnviz.scene.areas import Areas, Look
from cnnviz.scene.composition import Composition
from cnnviz.scene.learning import in_one, state_words
from cnnviz.scene.learning_words import learning_caption, place_of, story_of
from cnnviz.scene.primitives import Align, Box, Primitive, Run, Text, Weight
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import Frame, TrackFrame
from cnnviz.timeline.relations import Relation
from cnnviz.timeline.timeline import Timeline


def told_timeline(timeline: Timeline, asks: bool = False) -> Timeline:
    """The timeline with the words that hold for its lesson, before an iteration puts other weights into it.

    Where answers are asked for, lines that give them away are left out.
    """
    lesson = told_lesson(timeline.lesson, asks)
    return timeline if lesson is timeline.lesson else replace(timeline, lesson=lesson)


def stage_texts(
    timeline: Timeline, lead: TrackFrame, caption: str, areas: Areas, look: Look, composition: Composition
) -> tuple[Primitive, ...]:
    """The lesson's title, the section at work, the story line and the caption: those that the picture shall have."""
    m, theme = look.metrics, look.theme
    step = lead.step
    out: list[Primitive] = []
    half = Box(areas.title.x, areas.title.y, areas.title.w * 0.6 - m.body, areas.title.h)
    if composition.has("title"):
        out.append(Text("title", half, (Run(look.lesson.title, theme.text, Weight.BOLD),), m.large))
    if composition.has("section"):
        rest = Box(half.right + m.body, half.y, areas.title.right - half.right - m.body, half.h)
        out += _section(timeline, lead, rest, look)
    if not composition.has("caption"):
        return tuple(out)
    story = words.story(look.lesson, step)
    if areas.story.h:
        line = (Run(story, theme.text, Weight.MEDIUM),)
        out.append(Text("story", areas.story, line, m.body, Align.CENTER))
    color = theme.muted if story else theme.text
    if lead.learning is not None and state_words(timeline, lead):
        color = theme.accent
    out.append(
        Text("caption", areas.caption, (Run(caption, color),), m.body * (0.9 if story else 1.0), Align.CENTER)
    )
    return tuple(out)


def _section(timeline: Timeline, lead: TrackFrame, box: Box, look: Look) -> Iterator[Text]:
    """The section at work and the step; of a track that learns the phase above, the iteration beside the step."""
    m, theme, step = look.metrics, look.theme, lead.step
    name = Run(words.section_title(look.lesson, step), theme.accent, Weight.BOLD)
    place = f"step {step.index + 1:,} of {timeline.count:,}"
    if lead.learning is None:
        runs = (name, Run(f"  {place}", theme.muted))
        yield Text("section", box, runs, m.body * 0.86, Align.RIGHT)
        return
    whole = in_one(timeline, lead)
    phase = Run("" if whole else f"{step.section.phase.value}  ", theme.muted, Weight.MEDIUM)
    if whole and name.text == step.section.name:
        name = Run("One iteration", theme.accent, Weight.BOLD)
    top = Box(box.x, box.y, box.w, m.body * 1.1)
    below = Box(box.x, top.bottom, box.w, m.small * 1.2)
    yield Text("section", top, (phase, name), m.body * 0.86, Align.RIGHT)
    told = place_of(lead.learning)
    line: tuple[Run, ...] = (Run(f"{told} · {place}", theme.muted),)
    if lead.learning.stopped and state_words(timeline, lead):
        line = (Run(f"stopped after {told}", theme.accent, Weight.MEDIUM), Run(f" · {place}", theme.muted))
    yield Text("section/iteration", below, line, m.small, Align.RIGHT)


def caption_of(timeline: Timeline, frame: Frame, spot: Relation | None, viewpoint: Viewpoint) -> str:
    """What is said of the hovered or pinned cell, else of the step."""
    lesson, lead = timeline.lesson, frame.lead
    if spot is not None:
        recipe = frame.tracks[spot.ref.track].learning
        return words.relation_words(spot, lesson.conventions.base, recipe.recipe if recipe else None)
    if lead.learning is not None:
        told = state_words(timeline, lead)
        if not told and in_one(timeline, lead):
            told = story_of(lead)
        elif not told and lead.step.section.kind != "forward":
            told = learning_caption(lead, viewpoint.hidden)
        if told:
            return told
    told = words.caption(lesson, frame.lead.step, frame.lead.focus, viewpoint.hidden)
    name = lesson.tracks[frame.lead.track].name
    return f"{name}: {told[0].lower()}{told[1:]}" if len(frame.tracks) > 1 and name else told

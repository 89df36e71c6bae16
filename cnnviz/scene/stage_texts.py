"""The words above and below the maps: title, section and step, story line, caption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.lesson.findings import told_lesson
from cnnviz.scene import words
from cnnviz.scene.areas import Areas, Look
from cnnviz.scene.chosen import other_layer
from cnnviz.scene.composition import Composition
from cnnviz.scene.learning import in_one, state_words
from cnnviz.scene.learning_words import learning_caption, place_of, story_of
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Align, Box, Primitive, Run, Text, Weight
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import Frame, Step, TrackFrame
from cnnviz.timeline.relations import Relation
from cnnviz.timeline.sections import Section
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
    chosen = other_layer(timeline, lead, look.viewpoint.pinned)
    step = lead.step if chosen is None else replace(lead.step, section=chosen)
    out: list[Primitive] = []
    half = Box(areas.title.x, areas.title.y, areas.title.w * 0.6 - m.body, areas.title.h)
    if composition.has("title"):
        out.append(Text("title", half, (Run(look.lesson.title, theme.text, Weight.BOLD),), m.large))
    if composition.has("section"):
        rest = Box(half.right + m.body, half.y, areas.title.right - half.right - m.body, half.h)
        out += _section(timeline, lead, chosen, rest, look)
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


def _section(
    timeline: Timeline, lead: TrackFrame, chosen: Section | None, box: Box, look: Look
) -> Iterator[Text]:
    """The section at work and the step; of a track that learns the phase above, the iteration beside the step.

    Of a layer that is chosen in its place the name, in the colour of what is chosen, and where the step is.
    """
    m, theme = look.metrics, look.theme
    whole = lead.learning is not None and in_one(timeline, lead)
    at_work = _title(lead.step, whole, look)
    name = Run(at_work, theme.accent, Weight.BOLD)
    place = f"step {lead.step.index + 1:,} of {timeline.count:,}"
    if chosen is not None:
        name = Run(_title(replace(lead.step, section=chosen), False, look), theme.hover, Weight.BOLD)
    if lead.learning is None:
        runs = (name, Run(f"  {place}", theme.muted))
        longer = (name, Run(f"  {place}: {at_work}", theme.muted))
        runs = longer if chosen is not None and width_of(longer, m.body * 0.86) <= box.w else runs
        yield Text("section", box, runs, m.body * 0.86, Align.RIGHT)
        return
    phase = (chosen or lead.step.section).phase.value
    before = Run("" if whole and chosen is None else f"{phase}  ", theme.muted, Weight.MEDIUM)
    top = Box(box.x, box.y, box.w, m.body * 1.1)
    below = Box(box.x, top.bottom, box.w, m.small * 1.2)
    yield Text("section", top, (before, name), m.body * 0.86, Align.RIGHT)
    told = place_of(lead.learning)
    line: tuple[Run, ...] = (Run(f"{told} · {place}", theme.muted),)
    whole_line = (Run(f"{told} · {place}: {at_work}", theme.muted),)
    if chosen is not None and width_of(whole_line, m.small) <= box.w:
        line = whole_line
    if lead.learning.stopped and state_words(timeline, lead):
        line = (Run(f"stopped after {told}", theme.accent, Weight.MEDIUM), Run(f" · {place}", theme.muted))
    yield Text("section/iteration", below, line, m.small, Align.RIGHT)


def _title(step: Step, whole: bool, look: Look) -> str:
    """What a section is called; where a step is a whole iteration and nobody has named it, that."""
    title = words.section_title(look.lesson, step)
    return "One iteration" if whole and title == step.section.name else title


def caption_of(timeline: Timeline, frame: Frame, spot: Relation | None, viewpoint: Viewpoint) -> str:
    """What is said of the hovered or pinned cell, else of the step."""
    lesson, lead = timeline.lesson, frame.lead
    if spot is not None:
        recipe = frame.tracks[spot.ref.track].learning
        return words.relation_words(
            spot, lesson.conventions.base, recipe.recipe if recipe else None, viewpoint.hidden
        )
    if lead.learning is not None:
        told = state_words(timeline, lead)
        if not told and in_one(timeline, lead):
            told = story_of(lead, viewpoint.hidden)
        elif not told and lead.step.section.kind != "forward":
            told = learning_caption(lead, viewpoint.hidden)
        if told:
            return told
    told = words.caption(lesson, frame.lead.step, frame.lead.focus, viewpoint.hidden)
    name = lesson.tracks[frame.lead.track].name
    return f"{name}: {told[0].lower()}{told[1:]}" if len(frame.tracks) > 1 and name else told

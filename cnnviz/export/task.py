"""A lesson's timeline and a plan make a task: the same for the window and for commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cnnviz.export.formats import check_extra, check_picture
from cnnviz.export.notes import notes_of
from cnnviz.export.plan import format_wanted, frame_indices, target_of
from cnnviz.export.shots import Shot, shots_of
from cnnviz.export.type_guard import guarded
from cnnviz.export.writing import SceneAt, Task
from cnnviz.lesson.edits import set_pace
from cnnviz.lesson.plans import Answer, Plan
from cnnviz.scene.composition import Composition
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import theme_named
from cnnviz.scene.tween import tween
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.mistakes import facts_at
from cnnviz.timeline.progress import advance, patiently
from cnnviz.timeline.timeline import Timeline, make_timeline


def task_of(timeline: Timeline, viewpoint: Viewpoint, plan: Plan, out: str | Path) -> Task:
    """Make the task of an export.

    Parameters
    ----------
    timeline : Timeline
        Of the lesson as it is; a pace of the plan cuts it anew.
    viewpoint : Viewpoint
        Camera, pinned cell and what is hidden already.
    plan : Plan
    out : str or Path
        The name that decides format and place: see `target_of`.

    Raises
    ------
    BadInput
        The plan does not fit the timeline or the place.
    """
    timeline = paced(timeline, plan)
    wanted = format_wanted(out, plan)
    if (
        wanted.ending == "json"
    ):  # facts hide nothing, so that questions would be their answers; no type is small
        plan = replace(plan, hide=(), pairs=False, smallest=0.0)
    check_extra(wanted)
    check_picture(wanted, plan)
    shots = shots_of(plan, indices_of(timeline, plan), wanted.animated)
    target = target_of(out, plan, shots, timeline.count)
    scene_at = guarded(scenes_of(timeline, viewpoint, plan), plan)
    return Task(
        plan,
        target,
        shots,
        scene_at,
        facts_at=lambda shot: facts_at(timeline, shot.index),
        notes_at=lambda shot: notes_of(timeline, shot.index, scene_at(shot).spoken, viewpoint.pinned),
        ready=lambda shot, seconds: _learned(timeline, shot, seconds),
        title=timeline.lesson.title,
    )


def _learned(timeline: Timeline, shot: Shot, seconds: float) -> bool:
    """Whether the iterations of a shot are computed; they are for so long, where they are not."""
    if shot.before is not None and not advance(timeline, shot.before, seconds):
        return False
    return advance(timeline, shot.index, seconds)


def paced(timeline: Timeline, plan: Plan) -> Timeline:
    """The timeline as the plan cuts it, whose frames wait for what has to be learned first."""
    lesson = timeline.lesson
    if plan.pace is not None and plan.pace != lesson.pace:
        timeline = make_timeline(set_pace(lesson, plan.pace), timeline)
    return patiently(timeline)


def indices_of(timeline: Timeline, plan: Plan) -> Sequence[int]:
    """The steps of the plan; `BadInput` when there are none or too many."""
    return frame_indices(plan, timeline.count, key_steps(timeline, plan.keys) if plan.keys else ())


def scenes_of(timeline: Timeline, viewpoint: Viewpoint, plan: Plan) -> SceneAt:
    """Build the scenes of shots: the view given, the size, theme, parts and hidden answers of the plan."""
    theme, size = theme_named(plan.theme), (float(plan.size[0]), float(plan.size[1]))
    composition = Composition(frozenset(plan.include), plan.margin)

    @lru_cache(maxsize=3)  # a glide needs two steps again and again
    def at_rest(index: int, hide: frozenset[Answer]) -> Scene:
        view = replace(viewpoint, hidden=viewpoint.hidden | hide)
        return build_scene(timeline, index, view, size, theme, composition=composition)

    def scene_at(shot: Shot) -> Scene:
        hide = frozenset(shot.hide)
        scene = at_rest(shot.index, hide)
        return scene if shot.before is None else tween(at_rest(shot.before, hide), scene, shot.part)

    return scene_at

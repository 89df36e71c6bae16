"""Refuses frames whose type is smaller than the plan allows."""

from __future__ import annotations

from cnnviz.engine.errors import BadInput
from cnnviz.export.shots import Shot
from cnnviz.export.writing import SceneAt
from cnnviz.lesson.plans import Plan
from cnnviz.paint.type_size import smallest_type
from cnnviz.scene.primitives import Scene

LONGEST = 40
"""Characters of a text that are named."""


def type_fault(scene: Scene, plan: Plan, shot: Shot) -> str:
    """Say which text of a scene is too small for the plan, in one line; empty where none is."""
    found = smallest_type(scene, plan.scale) if plan.smallest else None
    # Half a pixel less is what rounding to whole pixels makes.
    if found is None or found.size >= plan.smallest - 0.5:
        return ""
    text = found.text if len(found.text) <= LONGEST else f"{found.text[: LONGEST - 1]}…"
    return (
        f"smallest {plan.smallest:g}: step {shot.index + 1} has “{text}” in type of {found.size:.1f} pixels; "
        "choose a larger size or scale, leave parts out, or allow smaller type"
    )


def guarded(scene_at: SceneAt, plan: Plan) -> SceneAt:
    """The same scenes, refused by `BadInput` where their type is too small; glides are as their ends."""
    if not plan.smallest:
        return scene_at

    def checked(shot: Shot) -> Scene:
        scene = scene_at(shot)
        if shot.before is None and (fault := type_fault(scene, plan, shot)):
            raise BadInput(fault)
        return scene

    return checked

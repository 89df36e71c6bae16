"""Plans of exports that a lesson keeps, as pure edits: kept, renamed, removed, found by name."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import category

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.plans import MOST_PLANS, Plan

MOST_CHARACTERS = 80
"""Of a name."""


def plan_named(lesson: Lesson, name: str) -> Plan:
    """The plan of that name.

    Raises
    ------
    BadInput
        The lesson keeps none, with the names that it knows.
    """
    for plan in lesson.plans:
        if plan.name == name:
            return plan
    known = ", ".join(plan.name for plan in lesson.plans if plan.name)
    raise BadInput(
        f"plan {name!r}: the lesson keeps none of that name; "
        + (f"use {known}" if known else "give the file of a plan")
    )


def keep_plan(lesson: Lesson, plan: Plan) -> Lesson:
    """Keep a plan under its name; one of the same name is replaced in its place.

    Raises
    ------
    BadInput
        The name is empty or too long, or the lesson keeps a hundred plans already.
    """
    plan = replace(plan, name=plan_name(plan.name))
    kept = list(lesson.plans)
    at = next((n for n, old in enumerate(kept) if old.name == plan.name), None)
    if at is not None:
        kept[at] = plan
    elif len(kept) >= MOST_PLANS:
        raise BadInput(f"plan {plan.name!r}: the lesson keeps {MOST_PLANS} plans already; delete one first")
    else:
        kept.append(plan)
    return replace(lesson, plans=tuple(kept))


def rename_plan(lesson: Lesson, old: str, new: str) -> Lesson:
    """Give a plan another name; `BadInput` where another plan has it."""
    plan, name = plan_named(lesson, old), plan_name(new)
    if name != old and any(other.name == name for other in lesson.plans):
        raise BadInput(f"plan {name!r}: another plan has this name; choose another")
    plans = tuple(replace(p, name=name) if p is plan else p for p in lesson.plans)
    return replace(lesson, plans=plans)


def remove_plan(lesson: Lesson, name: str) -> Lesson:
    """Keep a plan no longer."""
    gone = plan_named(lesson, name)
    return replace(lesson, plans=tuple(plan for plan in lesson.plans if plan is not gone))


def plan_name(text: str) -> str:
    """A name as it is kept: one line without blanks at its ends; `BadInput` where nothing is left or it is too long."""
    name = " ".join(text.split())
    if not name:
        raise BadInput("the name of the plan is empty: type at least one letter")
    if len(name) > MOST_CHARACTERS or any(category(mark) in ("Cc", "Cs") for mark in name):
        raise BadInput(
            f"plan {name[:20]!r}…: give a name of at most {MOST_CHARACTERS} characters that can be shown"
        )
    return name

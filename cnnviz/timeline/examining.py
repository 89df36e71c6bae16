"""Finds out how many pictures a descent gets right, example by example: those that are due, then those in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnnviz.timeline.descent import Descent
from cnnviz.timeline.fold import Breathe, no_breath

if TYPE_CHECKING:
    from cnnviz.timeline.plots import AccuracyCurve


def complete(descent: Descent) -> bool:
    """Whether nothing is left to do: all is computed, and all that is to be examined is."""
    own, filled = descent.accuracy, descent.filled
    return descent.done and own.due >= filled and own.between(filled) is None


def examine(descent: Descent, breathe: Breathe = no_breath) -> bool:
    """Look at one example more of those whose accuracy is due; whether there was one."""
    due = descent.accuracy.due
    if due >= descent.filled:
        return False
    descent.accuracy.look(lambda: descent.state(due).params, breathe)
    return True


def refine(descent: Descent, breathe: Breathe = no_breath) -> bool:
    """Once all is computed, do one step of what is left to know the accuracy in between; whether there was one."""
    at = descent.accuracy.between(descent.filled) if descent.done else None
    if at is not None:
        examine_at(descent, at, breathe)
    return at is not None


def examine_at(descent: Descent, iteration: int, breathe: Breathe = no_breath) -> bool:
    """Do one step of what is left until the accuracy of an iteration is known; whether there was one.

    Of an iteration that is not computed, or has none, it cannot be known.
    """
    own = descent.accuracy
    if not own.tested or own.known(iteration) or iteration >= descent.filled:
        return False
    if descent.approach(iteration, breathe):
        own.look(lambda: descent.state(iteration).params, breathe, iteration)
    return True


def accuracy_up_to(descent: Descent, iteration: int, patient: bool) -> AccuracyCurve:
    """The tests up to an iteration.

    Who is ``patient`` has those that are due done, and that of the iteration itself, and sees no others: the same
    whatever was known before. Otherwise all are shown that were done meanwhile.
    """
    from cnnviz.timeline.plots import AccuracyCurve  # few lessons are tested

    own = descent.accuracy
    while patient and own.due <= iteration and examine(descent):
        pass
    while patient and examine_at(descent, iteration):
        pass
    x, y = own.curve(iteration, not patient)
    for values in (x, y):
        values.setflags(write=False)
    return AccuracyCurve(x, y, descent.recipe.iterations, own.pictures)

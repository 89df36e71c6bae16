"""Fields of a recipe, set by their names and a text, as ``--set rate=0.01`` does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.field_texts import float_from_text, number_below, unknown_field
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.plain import shown
from cnnviz.lesson.recipe import LOSSES, REDUCTIONS
from cnnviz.lesson.recipe_edits import (
    recipe_of,
    set_batch,
    set_iterations,
    set_loss,
    set_momentum,
    set_random,
    set_rate,
    set_reduction,
    set_seed,
    set_target_cells,
)

RECIPE_FIELDS = ("rate", "iterations", "momentum", "seed", "batch", "loss", "reduction", "random", "examples")
NONE = "none"

Word = TypeVar("Word", bound=str)


def set_recipe_field(lesson: Lesson, track: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    """The lesson with one field of a track's recipe changed; ``path`` names it in errors."""
    match parts:
        case ["rate"]:
            return set_rate(lesson, float_from_text(text, path), track)
        case ["momentum"]:
            return set_momentum(lesson, float_from_text(text, path), track)
        case ["iterations"]:
            return set_iterations(lesson, _whole(text, path), track)
        case ["seed"]:
            return set_seed(lesson, _whole(text, path), track)
        case ["batch"]:
            return set_batch(lesson, _whole(text, path), track)
        case ["loss"]:
            return set_loss(lesson, _one_of(LOSSES, text, path), track)
        case ["reduction"]:
            return set_reduction(lesson, _one_of(REDUCTIONS, text, path), track)
        case ["random"]:
            layers = () if text.strip() in ("", NONE) else text.split(",")
            return set_random(lesson, tuple(_whole(part, path) for part in layers), track)
        case ["examples", example, "target", channel, row, column]:
            examples = recipe_of(lesson, track).examples
            at = number_below(example, len(examples), path)
            limits = zip((channel, row, column), examples[at].target.shape, strict=True)
            c, r, k = (number_below(place, limit, path) for place, limit in limits)
            return set_target_cells(lesson, {(c, r, k): float_from_text(text, path)}, track, at)
    raise unknown_field(path, (*RECIPE_FIELDS[:-1], "examples.EXAMPLE.target.CHANNEL.ROW.COLUMN"))


def _whole(text: str, path: str) -> int:
    if not re.fullmatch("[+-]?[0-9]{1,12}", text.strip()):
        raise BadInput(f"{path}: {shown(text)} is no whole number; write it as 100")
    return int(text)


def _one_of(words: tuple[Word, ...], text: str, path: str) -> Word:
    for word in words:
        if word == text.strip():
            return word
    raise BadInput(f"{path}: is {shown(text)}; give one of {', '.join(words)}")

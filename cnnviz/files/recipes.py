"""How a lesson learns, as lesson files hold it, and back: each field by its name, strict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.pictures import MOST_CLASSES, Pictures
from cnnviz.lesson.plain import (
    Plain,
    checked_keys,
    float_from_plain,
    items_from_plain,
    shown,
    text_from_plain,
    whole_from_plain,
)
from cnnviz.lesson.recipe import (
    LARGEST_BATCH,
    LARGEST_SEED,
    LOSSES,
    MOST_EXAMPLES,
    MOST_ITERATIONS,
    REDUCTIONS,
    Batches,
    Example,
    Recipe,
)

if TYPE_CHECKING:
    from cnnviz.files.schema import Get, Put

FIELDS = tuple(f.name for f in fields(Recipe) if f.name != "examples")
"""Fields that may be left out."""

MOST_LAYERS = 1000


def recipe_to_document(recipe: Recipe, place: str, put: Put) -> dict[str, Plain]:
    """The whole recipe as what JSON can hold; the arrays of its examples go through `put`."""
    return {
        **{name: getattr(recipe, name) for name in FIELDS if name != "batches"},
        "random": list(recipe.random),
        **(
            {}
            if recipe.batches is None
            else {"batches": _batches_to(recipe.batches, f"{place}/batches", put)}
        ),
        "examples": [
            {
                "name": example.name,
                "target": put(f"{place}/examples/{number}/target", example.target),
                "source": None
                if example.source is None
                else put(f"{place}/examples/{number}/source", example.source),
            }
            for number, example in enumerate(recipe.examples)
        ],
    }


def recipe_from_document(value: Plain, where: str, get: Get) -> Recipe:
    """The recipe that `recipe_to_document` wrote; fields that have a default may be left out.

    Raises
    ------
    BadInput
        For an unknown or missing field or a value that is none; whether it fits its track is checked with the lesson.
    """
    given = checked_keys(value, where, ("examples",), FIELDS)
    readers: dict[str, Callable[[Plain, str], Plain]] = {
        "loss": lambda v, at: _word(LOSSES, v, at),
        "reduction": lambda v, at: _word(REDUCTIONS, v, at),
        "rate": float_from_plain,
        "momentum": float_from_plain,
        "iterations": lambda v, at: whole_from_plain(v, at, 1, MOST_ITERATIONS),
        "seed": lambda v, at: whole_from_plain(v, at, 0, LARGEST_SEED),
        "random": _layers,
        "batches": lambda v, at: _batches(v, at, get),
    }
    examples = items_from_plain(given["examples"], f"{where}.examples", MOST_EXAMPLES)
    return Recipe(
        tuple(_example(e, f"{where}.examples.{i}", get) for i, e in enumerate(examples)),
        **{name: readers[name](given[name], f"{where}.{name}") for name in FIELDS if name in given},
    )


def _batches_to(batches: Batches, place: str, put: Put) -> dict[str, Plain]:
    own = batches.pictures
    plain: dict[str, Plain] = {"data": batches.data, "size": batches.size}
    if own is not None:
        plain["pictures"] = {
            "name": own.name,
            "classes": list(own.classes),
            "train": own.train,
            "images": put(f"{place}/images", own.images),
            "labels": put(f"{place}/labels", own.labels),
        }
    return plain


def _batches(value: Plain, where: str, get: Get) -> Batches | None:
    if value is None:
        return None
    given = checked_keys(value, where, ("data",), ("size", "pictures"))
    size = whole_from_plain(given.get("size", Batches("").size), f"{where}.size", 1, LARGEST_BATCH)
    own = given.get("pictures")
    return Batches(
        text_from_plain(given["data"], f"{where}.data"),
        size,
        None if own is None else _pictures(own, f"{where}.pictures", get),
    )


def _pictures(value: Plain, where: str, get: Get) -> Pictures:
    given = checked_keys(value, where, ("name", "classes", "train", "images", "labels"), ())
    names = items_from_plain(given["classes"], f"{where}.classes", MOST_CLASSES)
    images, labels = (
        get(given[name], axes, f"{where}.{name}") for name, axes in (("images", 4), ("labels", 1))
    )
    return Pictures(
        text_from_plain(given["name"], f"{where}.name"),
        tuple(text_from_plain(name, f"{where}.classes.{n}") for n, name in enumerate(names)),
        whole_from_plain(given["train"], f"{where}.train", 1, len(labels)),
        images,
        labels,
    )


def _example(value: Plain, where: str, get: Get) -> Example:
    given = checked_keys(value, where, ("target",), ("source", "name"))
    arrays = {
        name: get(given[name], 3, f"{where}.{name}")
        for name in ("target", "source")
        if given.get(name) is not None or name == "target"
    }
    for name, array in arrays.items():
        if array.dtype != np.float64:
            raise BadInput(f"{where}.{name}: is {array.dtype}; give float64")
    return Example(
        arrays["target"], arrays.get("source"), text_from_plain(given.get("name", ""), f"{where}.name")
    )


def _word(words: tuple[str, ...], value: Plain, where: str) -> str:
    if not isinstance(value, str) or value not in words:
        raise BadInput(f"{where}: is {shown(value)}; give one of {', '.join(words)}")
    return value


def _layers(value: Plain, where: str) -> tuple[int, ...]:
    items = items_from_plain(value, where, MOST_LAYERS)
    return tuple(whole_from_plain(item, f"{where}.{i}", 0, MOST_LAYERS) for i, item in enumerate(items))

"""Edits of any layer of any track: its numbers and switches, its kind, and what follows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from cnnviz.engine.apply import ACTIVATIONS
from cnnviz.engine.branches import renumbered
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Elu,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Sigmoid,
    Softmax,
    Tanh,
)
from cnnviz.lesson.edits import set_layer, with_track
from cnnviz.lesson.lesson import Lesson, Track, check
from cnnviz.lesson.limit_words import Ask, Sized
from cnnviz.lesson.limits import SIDES, with_value
from cnnviz.lesson.recipe import Recipe
from cnnviz.lesson.word_edits import forward_words, words_after_drop, words_after_insert

NONE = "none"

ACTIVATION_KINDS: dict[str, AnyLayer] = {
    spec.op: spec for spec in (Relu(), LeakyRelu(), Elu(), Gelu(), Sigmoid(), Tanh(), Softmax())
}
POOL_KINDS: dict[str, AnyLayer] = {
    spec.op: spec
    for spec in (MaxPool((2, 2), (2, 2)), AvgPool((2, 2), (2, 2)), GlobalAvgPool(), GlobalMaxPool())
}
ACTIVE = (*ACTIVATIONS, Softmax)
POOLS = (MaxPool, AvgPool, GlobalAvgPool, GlobalMaxPool)


class TrackEdit(Protocol):
    """An edit that is told which track it changes."""

    def __call__(self, lesson: Lesson, *, track: int) -> Lesson: ...


def in_track(lesson: Lesson, edit: TrackEdit, track: int, alone: bool) -> Lesson:
    """Do an edit in a track; alone, or also where other tracks have the same."""
    if not alone:
        return edit(lesson, track=track)
    single = edit(replace(lesson, tracks=(lesson.tracks[track],)), track=0)
    tracks = (*lesson.tracks[:track], single.tracks[0], *lesson.tracks[track + 1 :])
    return check(replace(single, tracks=tracks))


WHOLE = 100
"""What is added of a block's f is set in parts of so many."""


def set_number(lesson: Lesson, layer: int, key: str, value: int, track: int = 0) -> Lesson:
    """Another number of a layer, by the key that its limit has: ``stride``, ``padding.top``, in percent ``scale``."""
    chain = lesson.tracks[track]
    spec = chain.layers[layer]
    name, _, part = key.partition(".")
    if name == "groups":
        return set_option(lesson, layer, name, value, track)
    if isinstance(spec, Add) and name == "scale":
        return set_option(lesson, layer, name, value / WHOLE, track)
    if not isinstance(spec, Sized) or not hasattr(spec, name):
        raise BadInput(f"layer {layer} ({spec.op}) has no {name}: choose another layer")
    sides = isinstance(spec, Conv) and name == "padding"
    parts = SIDES if sides else ("rows", "columns")
    if part and part not in parts:
        raise BadInput(f"{name} has no {part}: give {', '.join(parts)}")
    axes = (parts.index(part),) if part else tuple(range(len(parts)))
    changed = with_value(spec, chain.shapes()[layer], Ask(key, name, axes, value), value)
    return set_layer(lesson, layer, changed, track)


def set_option(lesson: Lesson, layer: int, name: str, value: Any, track: int = 0) -> Lesson:
    """Another value of a field that is no pair of numbers; one number of several as ``mean.2``."""
    spec = lesson.tracks[track].layers[layer]
    name, _, part = name.partition(".")
    if not hasattr(spec, name) or name == "op":
        raise BadInput(f"layer {layer} ({spec.op}) has no {name}: choose another layer")
    if part:
        old = getattr(spec, name)
        value = tuple(value if number == int(part) else v for number, v in enumerate(old))
    changed: Any = replace(spec, **{name: value})
    return set_layer(lesson, layer, changed, track)


def set_kind(lesson: Lesson, layer: int, kind: str, track: int = 0) -> Lesson:
    """Another activation or pooling in the place of one; ``none`` takes it out."""
    old = lesson.tracks[track].layers[layer]
    if kind == NONE:
        return _put(lesson, track, layer, None, drop=True)
    new = (ACTIVATION_KINDS | POOL_KINDS)[kind]
    if isinstance(old, MaxPool | AvgPool) and isinstance(new, MaxPool | AvgPool):
        new = type(new)(old.kernel_size, old.stride, old.padding, old.ceil_mode)
    return set_layer(lesson, layer, new, track)


def nearest_conv(track: Track, layer: int) -> tuple[int, Conv] | None:
    """The layer itself if it is a convolution, else the nearest one before it, else the first after it."""
    have = [(number, spec) for number, spec in enumerate(track.layers) if isinstance(spec, Conv)]
    before = [conv for conv in have if conv[0] <= layer]
    return before[-1] if before else next(iter(have), None)


def padding_rule(spec: Conv) -> str:
    """The word of a convolution's padding; "valid" for amounts of 0, "" for others."""
    if isinstance(spec.padding, str):
        return spec.padding
    return "" if np.any(spec.padding) else "valid"


def activation_after(track: Track, layer: int) -> int | None:
    """The number of the activation right behind a layer."""
    return _at(track, layer + 1, ACTIVE)


def pooling_after(track: Track, layer: int) -> int | None:
    """The number of the pooling behind a layer and its activation."""
    active = activation_after(track, layer)
    return _at(track, (layer if active is None else active) + 1, POOLS)


def set_activation_after(lesson: Lesson, layer: int, kind: str, track: int = 0) -> Lesson:
    """The activation right behind a layer: of this kind, or ``none``."""
    at = activation_after(lesson.tracks[track], layer)
    return _set_after(lesson, track, at, layer + 1, ACTIVATION_KINDS.get, kind)


def set_pooling_after(lesson: Lesson, layer: int, kind: str, track: int = 0) -> Lesson:
    """The pooling behind a layer and its activation: of this kind, or ``none``."""
    chain = lesson.tracks[track]
    active = activation_after(chain, layer)
    behind = (layer if active is None else active) + 1
    return _set_after(lesson, track, pooling_after(chain, layer), behind, POOL_KINDS.get, kind)


def _set_after(
    lesson: Lesson,
    track: int,
    at: int | None,
    behind: int,
    kinds: Callable[[str], AnyLayer | None],
    kind: str,
) -> Lesson:
    if at is not None:
        return set_kind(lesson, at, kind, track)
    spec = kinds(kind)
    return lesson if spec is None else _put(lesson, track, behind, spec, drop=False)


def _put(lesson: Lesson, track: int, at: int, spec: AnyLayer | None, drop: bool) -> Lesson:
    """Put a layer in before that number, or take the one there out; the words of later sections go with them."""
    old = lesson.tracks[track]
    new: tuple[AnyLayer, ...] = () if spec is None else (spec,)
    layers = renumbered(old.layers, at, -1 if drop else 1)
    changed = replace(
        old,
        layers=(*layers[:at], *new, *layers[at + drop :]),
        params=(*old.params[:at], *(None for _ in new), *old.params[at + drop :]),
        recipe=_renumbered(old.recipe, at, drop),
    )
    made = with_track(lesson, track, changed)
    kept = forward_words(lesson)
    words = words_after_drop(kept, at) if drop else words_after_insert(kept, at)
    return replace(made, words=words)


def _renumbered(recipe: Recipe | None, at: int, drop: bool) -> Recipe | None:
    """The layers that start from random, by their new numbers."""
    if recipe is None:
        return None
    step = -1 if drop else 1
    numbers = (n + step if n >= at + drop else n for n in recipe.random if not (drop and n == at))
    return replace(recipe, random=tuple(numbers))


def _at(track: Track, number: int, kinds: tuple[type, ...]) -> int | None:
    inside = number < len(track.layers) and isinstance(track.layers[number], kinds)
    return number if inside else None

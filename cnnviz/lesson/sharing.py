"""What tracks share stays shared: a change of one track goes to all that had the same there."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeAlias

from cnnviz.engine.apply import needs_params
from cnnviz.engine.layers import Params, digest_of
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.fitting import fitting
from cnnviz.lesson.lesson import Lesson, Track, check
from cnnviz.lesson.recipe import Recipe
from cnnviz.lesson.source import Source

Layer: TypeAlias = tuple[AnyLayer, Params | None]

SHAPE_FIELDS = ("out_channels", "kernel_size", "groups", "out_features")
"""Fields of a layer that say which shape its weights have."""


def shared_change(tracks: tuple[Track, ...], number: int, changed: Track) -> tuple[Track, ...]:
    """The tracks with one of them changed, and every other as far as it had the same.

    The input, each layer's parameters and each field of a layer count singly: with strides 1, 2 and 3 side by side
    a weight or a padding changes in all three, a stride only where it is typed. Layers put in or taken away change
    the tracks that had the same layers throughout.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnviz.engine.layers import MaxPool
    >>> from cnnviz.lesson.source import Source
    >>> a = Track(Source(np.ones((1, 6, 6))), (MaxPool((2, 2), (2, 2)),), (None,))
    >>> b = replace(a, layers=(MaxPool((2, 2), (1, 1)),))
    >>> wider = replace(a, layers=(MaxPool((3, 2), (2, 2)),))
    >>> shared_change((a, b), 0, wider)[1].layers
    (MaxPool(kernel_size=(3, 2), stride=(1, 1), padding=(0, 0), ceil_mode=False),)
    """
    old = tracks[number]
    followed = (changed if at == number else _follow(other, old, changed) for at, other in enumerate(tracks))
    return tuple(fitting(before, after) for before, after in zip(tracks, followed, strict=True))


def _follow(other: Track, old: Track, new: Track) -> Track:
    if other.recipe is not None and old.recipe is not None and new.recipe is not None:
        other = replace(other, recipe=_follow_recipe(other.recipe, old.recipe, new.recipe))
    other = replace(other, source=follow_source(other.source, old.source, new.source))
    if len(old.layers) != len(new.layers):
        if other.layers != old.layers:
            return other
        same = other.params == old.params
        # Elsewhere the layers that came are without weights; the others keep theirs in their order.
        return replace(other, layers=new.layers, params=new.params if same else _kept(other, old, new))
    layers, params = list(other.layers), list(other.params)
    for at in range(min(len(layers), len(new.layers))):
        weights = at < len(old.params) and params[at] == old.params[at]
        layers[at] = follow_layer(layers[at], old.layers[at], new.layers[at], weights)
        if weights:
            params[at] = new.params[at]
    return replace(other, layers=tuple(layers), params=tuple(params))


def follow_source(other: Source, old: Source, new: Source) -> Source:
    """The other input with what changed, as far as it had the same: the array, the transforms, the cells typed over."""
    if other == old or old == new:
        return new if other == old else other
    changes: dict[str, Any] = {}
    if digest_of(other.array) == digest_of(old.array) != digest_of(new.array):
        # Cells that were typed over belonged to the picture that is gone.
        changes = {"array": new.array, "name": new.name, "credit": new.credit, "overrides": ()}
    for name in ("transforms", "overrides"):
        if getattr(other, name) == getattr(old, name) != getattr(new, name):
            changes[name] = getattr(new, name)
    return replace(other, **changes)


def _follow_recipe(other: Recipe, old: Recipe, new: Recipe) -> Recipe:
    changes: dict[str, Any] = {
        f.name: getattr(new, f.name)
        for f in fields(old)
        if getattr(old, f.name) != getattr(new, f.name) and getattr(other, f.name) == getattr(old, f.name)
    }
    return replace(other, **changes)


def follow_layer(other: AnyLayer, old: AnyLayer, new: AnyLayer, weights: bool) -> AnyLayer:
    """Another track's layer with what changed, as far as it had the same; `weights` says whether those are alike."""
    if old == new or (other == old and weights):
        return new if other == old else other
    if not type(other) is type(old) is type(new):
        return other
    changes: dict[str, Any] = {
        f.name: getattr(new, f.name)
        for f in fields(old)
        if getattr(old, f.name) != getattr(new, f.name)
        and getattr(other, f.name) == getattr(old, f.name)
        # What is the shape of the weights changes with them only.
        and (weights or not needs_params(old) or f.name not in SHAPE_FIELDS)
    }
    return replace(other, **changes)


def _kept(other: Track, old: Track, new: Track) -> tuple[Params | None, ...]:
    """The other track's own parameters of the layers before and after those that came or went."""
    before = list(zip(old.layers, old.params, strict=True))
    after = list(zip(new.layers, new.params, strict=True))
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    middle = new.params[head : len(after) - tail]
    return (*other.params[:head], *middle, *other.params[len(before) - tail :])


def _alike(a: list[Layer], b: list[Layer]) -> int:
    """With how many like layers both begin."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def alone(old: Lesson, new: Lesson, track: int) -> Lesson:
    """The new lesson in one track, the old one in all others: an edit that is not shared."""
    tracks = (*old.tracks[:track], new.tracks[track], *old.tracks[track + 1 :])
    return check(replace(new, tracks=tracks))

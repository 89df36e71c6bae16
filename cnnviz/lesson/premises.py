"""Fingerprints of what a lesson's findings rest on: equal where it computes the same, whatever way it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from cnnviz.engine.geometry import resolve_padding
from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import Add, AnyLayer
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.plain import layer_to_plain
from cnnviz.lesson.source import SMALL, Source, materialise
from cnnviz.lesson.words import Aspect

SIZE = 4
"""Bytes of a fingerprint: no secrets, and an edit that leaves it as it was by chance comes once in 2³²."""

SHAPE_FREE = ("valid", "full", "half")
"""Paddings in words that add the same around every picture."""


class Part(NamedTuple):
    """What of a track a section rests on."""

    track: Track
    layers: tuple[AnyLayer, ...]
    params: tuple[Params | None, ...]
    kinds: tuple[AnyLayer, ...]
    """The layers whose kind counts."""
    learns: bool
    """Whether it stands behind the forward pass."""


def fingerprint(lesson: Lesson, section: int, aspect: Aspect) -> str:
    """What an aspect of a lesson is like, in 8 hexadecimal digits.

    A section of the forward pass rests on the layers up to its own, and of these its own says what kind it is. All
    layers count behind the forward pass, and where tracks of different lengths stand beside one another.

    Parameters
    ----------
    lesson : Lesson
    section : int
        Its number in the leading track, from 0.
    aspect : Aspect
    """
    of = _OF[aspect]
    return _joined(of(part) for part in _parts(lesson, section))[:SIZE].hex()


def track_fingerprint(track: Track, aspect: Aspect) -> str:
    """What an aspect of a whole track is like, in 8 hexadecimal digits."""
    whole = Part(track, track.layers, track.params, track.layers, track.recipe is not None)
    return _joined((_OF[aspect](whole),))[:SIZE].hex()


def first_whole(lesson: Lesson) -> int:
    """The first section that rests on all layers, as do those behind it."""
    lengths = {len(track.layers) for track in lesson.tracks}
    return max(lengths) if len(lengths) == 1 else 0


def _parts(lesson: Lesson, section: int) -> Iterator[Part]:
    whole = section >= first_whole(lesson)
    for track in lesson.tracks:
        count = len(track.layers) if whole else section + 1
        layers = track.layers[:count]
        learns = track.recipe is not None and section >= len(track.layers)
        yield Part(track, layers, track.params[:count], layers if whole else layers[-1:], learns)


def _kinds(part: Part) -> bytes:
    told = [
        f"{spec.op} alone" if isinstance(spec, Add) and not spec.shortcut else spec.op for spec in part.kinds
    ]
    if part.learns and (recipe := part.track.recipe) is not None:
        told += [recipe.loss, recipe.reduction, "momentum" if recipe.momentum else ""]
    return ";".join(told).encode()


def _layers(part: Part) -> bytes:
    return _joined(_of_layer(spec) for spec in part.layers)


def _weights(part: Part) -> bytes:
    recipe = part.track.recipe
    random = () if recipe is None else recipe.random
    drawn = b"" if recipe is None else f"drawn by {recipe.seed}".encode()
    return _joined(drawn if n in random else _of_params(params) for n, params in enumerate(part.params))


def _target(part: Part) -> bytes:
    recipe = part.track.recipe
    if recipe is None:
        return b""
    batches = recipe.batches
    told = "" if batches is None else f"{batches.data} {batches.size}"
    own = b"" if batches is None or batches.pictures is None else batches.pictures.digest
    return _joined((told.encode(), own, *(example.digest for example in recipe.examples)))


def _learning(part: Part) -> bytes:
    recipe = part.track.recipe
    return b"" if recipe is None else f"{recipe.rate!r} {recipe.momentum!r} {recipe.iterations}".encode()


_OF: dict[Aspect, Callable[[Part], bytes]] = {
    "kind": _kinds,
    "shape": lambda part: repr(part.track.source.shape).encode(),
    "input": lambda part: _of_source(part.track.source),
    "layers": _layers,
    "weights": _weights,
    "target": _target,
    "learning": _learning,
}


def _of_source(source: Source) -> bytes:
    """Of the original and its transforms, and of the cells typed over that differ from what lies under them.

    In a large picture all cells typed over count: what lies under them would have to be computed at every edit.
    """
    if not source.overrides or source.array.size > SMALL:
        return source.digest
    under = materialise(replace(source, overrides=())).ravel()
    changed = tuple((at, value) for at, value in source.overrides if float(under[at]) != value)
    return replace(source, overrides=changed).digest


@lru_cache(maxsize=1024)
def _of_layer(spec: AnyLayer) -> bytes:
    """Of all its numbers; a padding in words counts as the amounts that it adds."""
    return repr(layer_to_plain(_with_amounts(spec))).encode()


def _with_amounts(spec: AnyLayer) -> AnyLayer:
    if not isinstance(spec, Conv):
        return spec
    if isinstance(spec.padding, str) and spec.padding not in SHAPE_FREE and spec.stride != (1, 1):
        return spec  # what it adds depends on the picture
    anything = (max(spec.kernel_size) * max(spec.dilation),) * 2
    pads = resolve_padding(spec.padding, anything, spec.kernel_size, spec.stride, spec.dilation)
    return replace(spec, padding=(pads.top, pads.bottom, pads.left, pads.right))


def _of_params(params: Params | None) -> bytes:
    """Of weights and bias; of few of them a bias that is left out counts as zeros, and −0 as 0."""
    if params is None:
        return b"-"
    if params.drawn is not None or params.weight.size > SMALL:
        return params.digest  # taken once: every section of a deep network asks for those before it
    bias = params.bias if params.bias is not None else np.zeros(0)
    told = b"" if not bias.any() else (bias + 0.0).tobytes()
    return _joined((repr(params.weight.shape).encode(), (params.weight + 0.0).tobytes(), told))


def _joined(parts: Iterable[bytes]) -> bytes:
    h = blake2b(digest_size=16)
    for part in parts:
        h.update(len(part).to_bytes(8, "little") + part)
    return h.digest()

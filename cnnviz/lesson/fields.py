"""Sets any field of a lesson by its dotted path and a text, as ``--set layers.2.stride=2`` does."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson.edits import set_cells, set_layer, set_pace, set_transforms, set_weight, with_track
from cnnviz.lesson.lesson import PACES, Lesson, Pace, Words
from cnnviz.lesson.plain import field_from_plain, plain_from_text, shown, text_from_plain
from cnnviz.lesson.source import Grey, Resize, Transform

LESSON_FIELDS = ("title", "group", "notes", "systems", "pace", "words", "tracks")
TRACK_FIELDS = ("name", "source", "layers", "params")
SOURCE_FIELDS = ("name", "credit", "grey", "size", "cells")
WORDS_FIELDS = ("title", "caption", "notes")


def set_field(lesson: Lesson, path: str, text: str) -> Lesson:
    """The lesson with one field changed.

    Parameters
    ----------
    lesson : Lesson
    path : str
        ``title``, ``group``, ``notes``, ``systems``, ``pace``, ``words.SECTION.FIELD`` (title, caption, notes);
        of the first track ``name``, ``source.name``, ``source.credit``, ``source.grey``, ``source.size``,
        ``source.cells.CHANNEL.ROW.COLUMN``, ``layers.N.FIELD`` with any field of that layer,
        ``params.N.weight.KERNEL.CHANNEL.ROW.COLUMN``, ``params.N.bias.KERNEL``; of another track the same
        behind ``tracks.T.``.
    text : str
        The value, read by the type of the field: a whole number, several as ``1,2`` (``1x2``), ``true`` or
        ``false``, a number such as ``0.5`` or ``1/9``, or words. Nothing is evaluated.

    Raises
    ------
    BadInput
        The path leads nowhere (the line lists the keys that there are) or the value does not fit.
    """
    text = text_from_plain(text, path)
    match path.split("."):
        case ["title"]:
            return replace(lesson, title=text)
        case ["group"]:
            return replace(lesson, group=text)
        case ["notes"]:
            return replace(lesson, notes=text)
        case ["systems"]:
            return replace(lesson, systems=tuple(part.strip() for part in text.split(",") if part.strip()))
        case ["pace"]:
            return set_pace(lesson, pace_from_text(text))
        case ["words", section, name]:
            return _set_words(lesson, _number(section, 10_000, path), name, text, path)
        case ["tracks", track, *rest]:
            return _set_in_track(lesson, _number(track, len(lesson.tracks), path), rest, text, path)
        case [first, *_] as parts if first in TRACK_FIELDS:
            return _set_in_track(lesson, 0, parts, text, path)
    raise _unknown(path, (*LESSON_FIELDS, *TRACK_FIELDS))


def pace_from_text(text: str) -> Pace | None:
    """A pace by its name; "default" stands for the lesson's default."""
    if text == "default":
        return None
    if text not in PACES:
        raise BadInput(f"pace {shown(text)} is unknown; give one of {', '.join(PACES)} or default")
    return text


def float_from_text(text: str, where: str) -> float:
    """A finite number, or a fraction of two such as 1/9."""
    above, bar, below = text.partition("/")
    try:
        value = float(above) / (float(below) if bar else 1.0)
    except ValueError:
        raise BadInput(f"{where}: {shown(text)} is not a number; write it as 0.5, 1e-3 or 1/9") from None
    except ZeroDivisionError:
        raise BadInput(f"{where}: {shown(text)} divides by zero; give another number") from None
    if not math.isfinite(value):
        raise BadInput(f"{where}: {shown(text)} is not a finite number; give another number")
    return value


def _set_words(lesson: Lesson, section: int, name: str, text: str, path: str) -> Lesson:
    if name not in WORDS_FIELDS:
        raise _unknown(path, WORDS_FIELDS)
    words = {w.section: w for w in lesson.words}
    old = words.get(section, Words(section))
    values = {known: getattr(old, known) for known in WORDS_FIELDS} | {name: text}
    words[section] = Words(section, **values)
    return replace(lesson, words=tuple(words[number] for number in sorted(words)))


def _set_in_track(lesson: Lesson, track: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    chain = lesson.tracks[track]
    match parts:
        case ["name"]:
            return with_track(lesson, track, replace(chain, name=text))
        case ["source", *rest]:
            return _set_source_field(lesson, track, rest, text, path)
        case ["layers", layer, name]:
            number = _number(layer, len(chain.layers), path)
            spec = chain.layers[number]
            value = field_from_plain(type(spec), name, plain_from_text(text), path)
            return set_layer(lesson, number, replace(spec, **{name: value}), track)
        case ["layers", layer]:
            spec = chain.layers[_number(layer, len(chain.layers), path)]
            raise _unknown(path, [f.name for f in fields(spec)])
        case ["params", layer, *rest]:
            return _set_param(lesson, track, _number(layer, len(chain.layers), path), rest, text, path)
    raise _unknown(path, TRACK_FIELDS)


def _set_source_field(lesson: Lesson, track: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    chain = lesson.tracks[track]
    transforms = chain.source.transforms
    match parts:
        case ["name"]:
            return with_track(lesson, track, replace(chain, source=replace(chain.source, name=text)))
        case ["credit"]:
            return with_track(lesson, track, replace(chain, source=replace(chain.source, credit=text)))
        case ["grey"]:
            wanted = plain_from_text(text)
            if not isinstance(wanted, bool):
                raise BadInput(f"{path}: is {shown(text)}; give true or false")
            left = tuple(t for t in transforms if not isinstance(t, Grey))
            return set_transforms(lesson, (Grey(), *left) if wanted else left, track)
        case ["size"]:
            kept = tuple(t for t in transforms if not isinstance(t, Resize))
            return set_transforms(lesson, (*kept, *_resize(text, path)), track)
        case ["cells", channel, row, column]:
            limits = zip((channel, row, column), chain.source.shape, strict=True)
            c, r, k = (_number(part, limit, path) for part, limit in limits)
            return set_cells(lesson, {(c, r, k): float_from_text(text, path)}, track)
    raise _unknown(path, SOURCE_FIELDS)


def _resize(text: str, path: str) -> tuple[Transform, ...]:
    if text == "original":
        return ()
    size = plain_from_text(text)
    if not isinstance(size, list) or len(size) != 2:
        raise BadInput(f"{path}: is {shown(text)}; give ROWSxCOLUMNS or original")
    rows, columns = (field_from_plain(Resize, "rows", n, path) for n in size)
    return (Resize(rows, columns),)


def _set_param(lesson: Lesson, track: int, layer: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    chain = lesson.tracks[track]
    spec, params = chain.layers[layer], chain.params[layer]
    if params is None or not isinstance(spec, Conv):
        raise BadInput(f"{path}: layer {layer} ({spec.op}) has no parameters; choose a convolution")
    match parts:
        case ["weight", *places] if len(places) == 4:
            limits = zip(places, params.weight.shape, strict=True)
            o, c, r, k = (_number(place, limit, path) for place, limit in limits)
            return set_weight(lesson, (o, c, r, k), float_from_text(text, path), track, layer)
        case ["bias", kernel]:
            bias = np.zeros(spec.out_channels) if params.bias is None else params.bias.copy()
            bias[_number(kernel, spec.out_channels, path)] = float_from_text(text, path)
            changed = (*chain.params[:layer], Params(params.weight, bias), *chain.params[layer + 1 :])
            return with_track(lesson, track, replace(chain, params=changed))
    raise _unknown(path, ("weight.KERNEL.CHANNEL.ROW.COLUMN", "bias.KERNEL"))


def _number(text: str, count: int, path: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) >= count:
        raise BadInput(
            f"field {shown(path)}: {shown(text)} is not one of 0 to {count - 1}; choose one of them"
        )
    return int(text)


def _unknown(path: str, keys: Sequence[str]) -> BadInput:
    return BadInput(f"field {shown(path)} is unknown; the keys here are {', '.join(keys) or 'none'}")

"""Sets any field of a lesson by its dotted path and a text, as ``--set layers.2.stride=2`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.edits import (
    set_bias,
    set_cells,
    set_layer,
    set_pace,
    set_transforms,
    set_weight,
    with_track,
)
from cnnviz.lesson.field_texts import float_from_text, number_below, unknown_field
from cnnviz.lesson.labels import can_label, set_label
from cnnviz.lesson.lesson import PACES, Conventions, Lesson, Pace, Track, View
from cnnviz.lesson.likeness import set_like
from cnnviz.lesson.options import field_set
from cnnviz.lesson.plain import field_from_plain, plain_from_text, shown, text_from_plain
from cnnviz.lesson.recipe_edits import own_weights
from cnnviz.lesson.recipe_fields import RECIPE_FIELDS, set_recipe_field
from cnnviz.lesson.sharing import alone
from cnnviz.lesson.source import Grey, Noise, Resize, Shift, Transform, with_noise, with_rotation, with_shift
from cnnviz.lesson.word_edits import with_own_words
from cnnviz.lesson.words import WORD_FIELDS

LESSON_FIELDS = ("title", "group", "notes", "systems", "pace", "conventions", "view", "words", "tracks")
TRACK_FIELDS = ("name", "source", "layers", "params")
SOURCE_FIELDS = ("name", "credit", "grey", "size", "noise", "shift", "rotate", "like", "cells")


def set_field(lesson: Lesson, path: str, text: str) -> Lesson:
    """The lesson with one field changed.

    Parameters
    ----------
    lesson : Lesson
    path : str
        ``title``, ``group``, ``notes``, ``systems``, ``pace``, ``words.SECTION.FIELD`` (title, caption, notes),
        ``conventions.FIELD`` (letters, base, decimal), ``view.FIELD`` (heat, curves, channels, formula,
        marks, range);
        of the first track ``name``, ``source.name``, ``source.credit``, ``source.grey``, ``source.size``,
        ``source.noise`` (standard deviation, or that and a seed), ``source.shift`` (rows, columns),
        ``source.rotate`` (degrees), ``source.like`` (whether a picture is made like those a network knows),
        ``source.cells.CHANNEL.ROW.COLUMN``, ``layers.N.FIELD`` with any field of that layer,
        ``params.N.weight.KERNEL.CHANNEL.ROW.COLUMN``, ``params.N.bias.KERNEL``, ``label`` (the class of the
        input of a network, or none); of one that learns ``rate``,
        ``iterations``, ``momentum``, ``seed``, ``loss``, ``reduction``, ``random`` (numbers of layers, or none),
        ``examples.E.target.CHANNEL.ROW.COLUMN``. What further tracks share with the first changes in them too;
        behind ``tracks.T.`` the same fields of one track alone.
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
        case ["conventions", name]:
            return replace(lesson, conventions=field_set(lesson.conventions, name, text, path))
        case ["view", name]:
            return replace(lesson, view=field_set(lesson.view, name, text, path))
        case ["conventions" | "view" as options]:
            kind = Conventions if options == "conventions" else View
            raise unknown_field(path, [f"{options}.{f.name}" for f in fields(kind)])
        case ["words", section, name]:
            return _set_words(lesson, number_below(section, 10_000, path), name, text, path)
        case ["tracks", track, *rest]:
            number = number_below(track, len(lesson.tracks), path)
            # A track that is named is meant alone; without a name the first leads those that share with it.
            return alone(lesson, _set_in_track(lesson, number, rest, text, path), number)
        case [first, *_] as parts if first in _keys(lesson, 0):
            return _set_in_track(lesson, 0, parts, text, path)
    raise unknown_field(path, (*LESSON_FIELDS, *_keys(lesson, 0)))


def pace_from_text(text: str) -> Pace | None:
    """A pace by its name; "default" stands for the lesson's default."""
    if text == "default":
        return None
    if text not in PACES:
        raise BadInput(f"pace {shown(text)} is unknown; give one of {', '.join(PACES)} or default")
    return text


def _set_words(lesson: Lesson, section: int, name: str, text: str, path: str) -> Lesson:
    field = next((known for known in WORD_FIELDS if known == name), None)
    if field is None:
        raise unknown_field(path, WORD_FIELDS)
    return with_own_words(lesson, section, field, text)


def _set_in_track(lesson: Lesson, track: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    chain = lesson.tracks[track]
    match parts:
        case ["name"]:
            return with_track(lesson, track, replace(chain, name=text, name_premise=()))
        case ["label"] if can_label(chain):
            return set_label(lesson, None if text == "none" else _label(chain, text, path), track)
        case ["source", *rest]:
            return _set_source_field(lesson, track, rest, text, path)
        case ["layers", layer, name]:
            number = number_below(layer, len(chain.layers), path)
            spec = chain.layers[number]
            value = field_from_plain(type(spec), name, plain_from_text(text), path)
            return set_layer(lesson, number, replace(spec, **{name: value}), track)
        case ["layers", layer]:
            spec = chain.layers[number_below(layer, len(chain.layers), path)]
            raise unknown_field(path, [f.name for f in fields(spec)])
        case ["params", layer, *rest]:
            return _set_param(lesson, track, number_below(layer, len(chain.layers), path), rest, text, path)
        case [first, *_] if first in RECIPE_FIELDS and chain.recipe is not None:
            return set_recipe_field(lesson, track, parts, text, path)
    raise unknown_field(path, _keys(lesson, track))


def _label(track: Track, text: str, path: str) -> int:
    return number_below(text, track.shapes()[-1][0], path)


def _keys(lesson: Lesson, track: int) -> tuple[str, ...]:
    """The fields of a track, with those of its recipe and the label of its picture where it has them."""
    own = lesson.tracks[track]
    label = ("label",) if can_label(own) else ()
    return (*TRACK_FIELDS, *label, *(RECIPE_FIELDS if own.recipe is not None else ()))


def _set_source_field(lesson: Lesson, track: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    chain = lesson.tracks[track]
    transforms = chain.source.transforms
    match parts:
        case ["name"]:
            return with_track(lesson, track, replace(chain, source=replace(chain.source, name=text)))
        case ["credit"]:
            return with_track(lesson, track, replace(chain, source=replace(chain.source, credit=text)))
        case ["grey"]:
            wanted = _truth(text, path)
            left = tuple(t for t in transforms if not isinstance(t, Grey))
            return set_transforms(lesson, (Grey(), *left) if wanted else left, track)
        case ["size"]:
            kept = tuple(t for t in transforms if not isinstance(t, Resize))
            return set_transforms(lesson, (*kept, *_resize(text, path)), track)
        case ["noise"]:
            return set_transforms(lesson, with_noise(transforms, *_noise(text, path)), track)
        case ["shift"]:
            return set_transforms(lesson, with_shift(transforms, *_shift(text, path)), track)
        case ["rotate"]:
            return set_transforms(lesson, with_rotation(transforms, float_from_text(text, path)), track)
        case ["like"]:
            return set_like(lesson, _truth(text, path), track)
        case ["cells", channel, row, column]:
            limits = zip((channel, row, column), chain.source.shape, strict=True)
            c, r, k = (number_below(part, limit, path) for part, limit in limits)
            return set_cells(lesson, {(c, r, k): float_from_text(text, path)}, track)
    raise unknown_field(path, SOURCE_FIELDS)


def _truth(text: str, path: str) -> bool:
    wanted = plain_from_text(text)
    if not isinstance(wanted, bool):
        raise BadInput(f"{path}: is {shown(text)}; give true or false")
    return wanted


def _resize(text: str, path: str) -> tuple[Transform, ...]:
    if text == "original":
        return ()
    size = plain_from_text(text)
    if not isinstance(size, list) or len(size) != 2:
        raise BadInput(f"{path}: is {shown(text)}; give ROWSxCOLUMNS or original")
    rows, columns = (field_from_plain(Resize, "rows", n, path) for n in size)
    return (Resize(rows, columns),)


def _noise(text: str, path: str) -> tuple[float, int]:
    given = plain_from_text(text)
    sigma, seed = given if isinstance(given, list) and len(given) == 2 else (given, 0)
    return (
        field_from_plain(Noise, "sigma", sigma, path),
        field_from_plain(Noise, "seed", int(seed) if seed == int(seed) else seed, path),
    )


def _shift(text: str, path: str) -> tuple[int, int]:
    given = plain_from_text(text)
    if not isinstance(given, list) or len(given) != 2:
        raise BadInput(f"{path}: is {shown(text)}; give ROWS,COLUMNS")
    rows, columns = (field_from_plain(Shift, "rows", n, path) for n in given)
    return rows, columns


def _set_param(lesson: Lesson, track: int, layer: int, parts: Sequence[str], text: str, path: str) -> Lesson:
    chain = lesson.tracks[track]
    spec, params = chain.layers[layer], chain.params[layer]
    if params is None:
        raise BadInput(f"{path}: layer {layer} ({spec.op}) has no parameters; choose one that has")
    match parts:
        case ["weight", *places] if len(places) == params.weight.ndim:
            limits = zip(places, params.weight.shape, strict=True)
            cell = tuple(number_below(place, limit, path) for place, limit in limits)
            lesson = own_weights(lesson, layer, track)  # of drawn weights the others stay
            return set_weight(lesson, cell, float_from_text(text, path), track, layer)
        case ["bias", kernel]:
            outputs = chain.shapes()[layer + 1][0]
            lesson = own_weights(lesson, layer, track)
            return set_bias(
                lesson, number_below(kernel, outputs, path), float_from_text(text, path), track, layer
            )
    form = "KERNEL.CHANNEL.ROW.COLUMN" if params.weight.ndim == 4 else "OUTPUT.INPUT"
    raise unknown_field(path, (f"weight.{form}", "bias.OUTPUT"))

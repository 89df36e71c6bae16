"""A Lesson as the document that lesson files hold, and back: strict, so that no fault goes unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import needs_params
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array, Params
from cnnviz.engine.specs import AnyLayer, Linear
from cnnviz.files.bookmarks import bookmark_from_document, bookmark_to_document
from cnnviz.files.drawn import check_drawn, drawn_ahead, drawn_from_document
from cnnviz.files.plans import plan_from_document, plan_to_document
from cnnviz.files.recipes import recipe_from_document, recipe_to_document
from cnnviz.files.words import premise_from_document, words_from_document, words_to_document
from cnnviz.lesson.bookmarks import MOST_BOOKMARKS
from cnnviz.lesson.lesson import PACES, Conventions, Lesson, Track, View, check
from cnnviz.lesson.options import options_from_plain, options_to_plain
from cnnviz.lesson.plain import (
    Plain,
    checked_keys,
    items_from_plain,
    layer_from_plain,
    layer_to_plain,
    shown,
    text_from_plain,
    transform_from_plain,
    transform_to_plain,
)
from cnnviz.lesson.plans import MOST_PLANS
from cnnviz.lesson.source import Source, override, transformed

FORMAT = "cnnviz-lesson"
VERSION = 2

MAX_TRACKS = 16
MAX_LAYERS = 1000

DTYPES = ("uint8", "uint16", "float64")

Put = Callable[[str, Array], Plain]
"""Stores an array under a name and gives what stands for it in the document."""

Get = Callable[[Plain, int, str], NDArray[Any]]
"""Gives the array that stands there, with so many axes; the last argument names the place in an error."""


def lesson_to_document(lesson: Lesson, put: Put) -> dict[str, Plain]:
    """The whole lesson as what JSON can hold; arrays go through `put`."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": lesson.title,
        "group": lesson.group,
        "systems": list(lesson.systems),
        "pace": lesson.pace,
        "conventions": options_to_plain(lesson.conventions),
        "view": options_to_plain(lesson.view),
        "notes": lesson.notes,
        "words": [words_to_document(words) for words in lesson.words],
        **({"plans": [plan_to_document(plan) for plan in lesson.plans]} if lesson.plans else {}),
        **({"bookmarks": [bookmark_to_document(b) for b in lesson.bookmarks]} if lesson.bookmarks else {}),
        **({"runs": lesson.runs} if lesson.runs else {}),
        "tracks": [_track_to_document(track, f"tracks/{i}", put) for i, track in enumerate(lesson.tracks)],
    }


def lesson_from_document(document: Plain, get: Get) -> Lesson:
    """The lesson that `lesson_to_document` wrote; fields that have a default may be left out.

    Raises
    ------
    BadInput
        With the path of the field and what is wrong there; nothing is guessed.
    """
    _check_version(document)
    required = ("format", "version", "title", "tracks")
    optional = (
        "group", "systems", "pace", "conventions", "view", "notes", "words", "plans", "bookmarks", "runs",
    )  # fmt: skip
    fields = checked_keys(document, "the lesson", required, optional)
    pace = fields.get("pace")
    if pace is not None and pace not in PACES:
        raise BadInput(f"pace: is {shown(pace)}; give null or one of {', '.join(PACES)}")
    tracks = items_from_plain(fields["tracks"], "tracks", MAX_TRACKS)
    check_drawn(tracks)
    with drawn_ahead(tracks):
        made = tuple(_track_from_document(track, f"tracks.{i}", get) for i, track in enumerate(tracks))
    lesson = Lesson(
        text_from_plain(fields["title"], "title"),
        made,
        pace,
        tuple(
            words_from_document(w, f"words.{i}")
            for i, w in enumerate(items_from_plain(fields.get("words", []), "words"))
        ),
        text_from_plain(fields.get("notes", ""), "notes"),
        text_from_plain(fields.get("group", ""), "group"),
        tuple(
            text_from_plain(s, f"systems.{i}")
            for i, s in enumerate(items_from_plain(fields.get("systems", []), "systems"))
        ),
        options_from_plain(Conventions, fields.get("conventions", {}), "conventions"),
        options_from_plain(View, fields.get("view", {}), "view"),
        plans=tuple(
            plan_from_document(plan, f"plans.{i}")
            for i, plan in enumerate(items_from_plain(fields.get("plans", []), "plans", MOST_PLANS))
        ),
        bookmarks=tuple(
            bookmark_from_document(mark, f"bookmarks.{i}")
            for i, mark in enumerate(
                items_from_plain(fields.get("bookmarks", []), "bookmarks", MOST_BOOKMARKS)
            )
        ),
        runs=text_from_plain(fields.get("runs", ""), "runs"),
    )
    return check(lesson)


def array_from_lists(value: Plain, ndim: int, where: str) -> NDArray[Any]:
    """An array from ``{"dtype": …, "values": nested lists}``; BadInput unless it is whole and in range."""
    fields = checked_keys(value, where, ("dtype", "values"))
    dtype = fields["dtype"]
    if dtype not in DTYPES:
        raise BadInput(f"{where}.dtype: is {shown(dtype)}; give one of {', '.join(DTYPES)}")
    shape: list[int] = []
    flat: list[Plain] = [fields["values"]]
    for _ in range(ndim):
        lengths = {len(row) if isinstance(row, list) else -1 for row in flat}
        if len(lengths) != 1 or -1 in lengths:
            raise BadInput(
                f"{where}.values: needs lists nested {ndim} deep and equally long; make every row whole"
            )
        shape.append(lengths.pop())
        flat = list(chain.from_iterable(flat))
        if not flat:
            raise BadInput(f"{where}.values: holds no numbers; give at least one")
    numbers = int if dtype != "float64" else (int, float)
    for number in flat:
        if isinstance(number, bool) or not isinstance(number, numbers):
            kind = "whole numbers" if dtype != "float64" else "numbers"
            raise BadInput(f"{where}.values: holds {shown(number)}; give {kind} only")
    try:
        return checked_array(np.array(flat, dtype=dtype).reshape(shape), ndim, where)
    except OverflowError:
        raise BadInput(
            f"{where}.values: holds a number that {dtype} cannot hold; choose another dtype"
        ) from None


def array_to_lists(array: Array) -> dict[str, Plain]:
    """What `array_from_lists` reads."""
    return {"dtype": array.dtype.name, "values": _whole(array.tolist())}


def _whole(value: Plain) -> Plain:
    """Write 10 for 10.0, which reads better and gives the same number back; -0.0 stays."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    same = isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and str(value) != "-0.0"
    return int(value) if same else value


def checked_array(array: NDArray[Any], ndim: int, where: str) -> NDArray[Any]:
    """The array when it has so many axes, is not empty and holds finite numbers only."""
    if array.ndim != ndim or array.size == 0:
        raise BadInput(f"{where}: has the shape {array.shape}; give {ndim} axes, none of them empty")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise BadInput(f"{where}: holds a value that is not a finite number; give numbers only")
    return array


def _check_version(document: Plain) -> None:
    # Before anything else: a newer file may hold fields that this version does not know.
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadInput(f'is no lesson of cnnviz ("format" is not "{FORMAT}"); give a lesson file')
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise BadInput(f"version: is {shown(version)}; give {VERSION}")
    if version > VERSION:
        raise BadInput(
            f"was made by a newer cnnviz (version {version}, this one reads {VERSION}); update cnnviz"
        )


def _track_to_document(track: Track, place: str, put: Put) -> dict[str, Plain]:
    source = track.source
    cells = np.array(source.overrides, dtype=np.float64) if source.overrides else None
    recipe = (
        {} if track.recipe is None else {"recipe": recipe_to_document(track.recipe, f"{place}/recipe", put)}
    )
    return {
        "name": track.name,
        "source": {
            "name": source.name,
            "credit": source.credit,
            "array": put(f"{place}/source", source.array),
            "transforms": [transform_to_plain(t) for t in source.transforms],
            "overrides": None if cells is None else put(f"{place}/overrides", cells),
        },
        "layers": [layer_to_plain(spec) for spec in track.layers],
        "params": [params_to_document(p, f"{place}/params/{i}", put) for i, p in enumerate(track.params)],
        **recipe,
        **({"data": track.data} if track.data else {}),
        **({"name_holds_for": dict(track.name_premise)} if track.name_premise else {}),
    }


def params_to_document(params: Params | None, place: str, put: Put) -> Plain:
    """Weights and bias as what JSON can hold, None as null; the arrays go through `put`."""
    if params is None:
        return None
    if params.drawn is not None:
        return {
            "drawn": {
                **params.drawn._asdict(),
                "shape": list(params.weight.shape),
                "bias": params.bias is not None,
            }
        }
    bias = None if params.bias is None else put(f"{place}/bias", params.bias)
    return {"weight": put(f"{place}/weight", params.weight), "bias": bias}


def _track_from_document(value: Plain, where: str, get: Get) -> Track:
    fields = checked_keys(
        value, where, ("source", "layers", "params"), ("name", "recipe", "data", "name_holds_for")
    )
    layers = items_from_plain(fields["layers"], f"{where}.layers", MAX_LAYERS)
    params = items_from_plain(fields["params"], f"{where}.params", MAX_LAYERS)
    if len(params) != len(layers):
        raise BadInput(
            f"{where}.params: has {len(params)} entries for {len(layers)} layers; give one each, or null"
        )
    specs = tuple(layer_from_plain(spec, f"{where}.layers.{i}") for i, spec in enumerate(layers))
    return Track(
        _source(fields["source"], f"{where}.source", get),
        specs,
        tuple(params_from_document(p, specs[i], f"{where}.params.{i}", get) for i, p in enumerate(params)),
        text_from_plain(fields.get("name", ""), f"{where}.name"),
        None
        if fields.get("recipe") is None
        else recipe_from_document(fields["recipe"], f"{where}.recipe", get),
        text_from_plain(fields.get("data", ""), f"{where}.data"),
        premise_from_document(fields.get("name_holds_for", {}), f"{where}.name_holds_for"),
    )


def _source(value: Plain, where: str, get: Get) -> Source:
    fields = checked_keys(value, where, ("array",), ("name", "credit", "transforms", "overrides"))
    transforms = enumerate(items_from_plain(fields.get("transforms", []), f"{where}.transforms", MAX_LAYERS))
    source = Source(
        get(fields["array"], 3, f"{where}.array"),
        text_from_plain(fields.get("name", "input"), f"{where}.name"),
        credit=text_from_plain(fields.get("credit", ""), f"{where}.credit"),
    )
    source = transformed(
        source, tuple(transform_from_plain(t, f"{where}.transforms.{i}") for i, t in transforms)
    )
    if fields.get("overrides") is None:
        return source
    return _with_overrides(source, get(fields["overrides"], 2, f"{where}.overrides"), f"{where}.overrides")


def _with_overrides(source: Source, cells: NDArray[Any], where: str) -> Source:
    channels, rows, columns = source.shape
    if cells.shape[1] != 2 or cells.dtype != np.float64:
        raise BadInput(
            f"{where}: has the shape {cells.shape} of {cells.dtype}; give rows (flat index, value), float64"
        )
    index = cells[:, 0]
    if (
        (index % 1).any()
        or index[0] < 0
        or index[-1] >= channels * rows * columns
        or (np.diff(index) <= 0).any()
    ):
        raise BadInput(
            f"{where}: the indices must be whole, rising, below {channels * rows * columns}; correct them"
        )
    places = np.unravel_index(index.astype(np.int64), source.shape)
    where_to = zip(*(axis.tolist() for axis in places), strict=True)
    return override(source, dict(zip(where_to, cells[:, 1].tolist(), strict=True)))


def params_from_document(value: Plain, spec: AnyLayer, where: str, get: Get) -> Params | None:
    """The parameters that `params_to_document` wrote for a layer; whether they fit its input is checked later."""
    if value is None:
        return None
    if not needs_params(spec):
        raise BadInput(f"{where}: {spec.op} has no parameters; give null")
    if isinstance(value, dict) and "drawn" in value:
        return drawn_from_document(checked_keys(value, where, ("drawn",))["drawn"], f"{where}.drawn")
    fields = checked_keys(value, where, ("weight",), ("bias",))
    bias = fields.get("bias")
    weight = _floats(
        get(fields["weight"], 2 if isinstance(spec, Linear) else 4, f"{where}.weight"), f"{where}.weight"
    )
    return Params(weight, None if bias is None else _floats(get(bias, 1, f"{where}.bias"), f"{where}.bias"))


def _floats(array: NDArray[Any], where: str) -> NDArray[np.float64]:
    if array.dtype != np.float64:
        raise BadInput(f"{where}: is {array.dtype}; give float64")
    return array

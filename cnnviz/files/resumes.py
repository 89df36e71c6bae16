"""Trainings that were interrupted: the weights and velocities of each track in a file, to go on from later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TypeAlias

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array, Params
from cnnviz.files.archive import read_archive, write_archive
from cnnviz.files.atomic import atomic_file
from cnnviz.files.json_text import json_text, parse_json
from cnnviz.files.reading import PathLike, opened, shown
from cnnviz.files.schema import Get, Put, lesson_to_document, params_from_document, params_to_document
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.plain import Plain, checked_keys, items_from_plain
from cnnviz.lesson.recipe import MOST_ITERATIONS

FORMAT = "cnnviz-training"
VERSION = 1

TEXT_LIMIT = 2**20
"""Bytes of the text of such a file: its arrays stand beside it."""

ParamsList: TypeAlias = tuple[Params | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Where the training of a track stands: so many updates done, the weights and the velocities after them."""

    done: int
    params: ParamsList
    velocity: ParamsList


def write_resume(path: PathLike, lesson: Lesson, points: dict[int, Point]) -> None:
    """Write the points of a lesson's tracks, by their numbers, whole or not at all."""
    arrays: dict[str, Array] = {}

    def put(name: str, array: Array) -> Plain:
        arrays[f"{name}.npy"] = array
        return {"file": f"{name}.npy"}

    document = {
        "format": FORMAT,
        "version": VERSION,
        "lesson": _digest(lesson),
        "tracks": [
            _point_to_document(points.get(number), f"tracks/{number}", put)
            for number in range(len(lesson.tracks))
        ],
    }
    with atomic_file(path) as stream:
        write_archive(stream, json_text(document).encode(), arrays)


def read_resume(path: PathLike, lesson: Lesson) -> dict[int, Point]:
    """The points that `write_resume` wrote for this very lesson; it may have more or fewer iterations by now.

    Raises
    ------
    BadInput
        The file is damaged, belongs to another lesson or has come further than the lesson wants.
    """
    name = shown(path)
    try:
        with opened(path) as (stream, size):
            text, get = read_archive(stream, size, TEXT_LIMIT)
            return _points(parse_json(text), lesson, get)
    except BadInput as error:
        line = str(error).removeprefix(f"{name}: ")
        raise BadInput(f"{name}: {line} (delete it to begin anew)") from error


def _points(document: Plain, lesson: Lesson, get: Get) -> dict[int, Point]:
    given = checked_keys(document, "the training", ("format", "version", "lesson", "tracks"))
    if given["format"] != FORMAT or given["version"] != VERSION:
        raise BadInput("is no interrupted training of this cnnviz; give another --out")
    if given["lesson"] != _digest(lesson):
        raise BadInput("belongs to another lesson or other settings; give another --out")
    tracks = items_from_plain(given["tracks"], "tracks")
    if len(tracks) != len(lesson.tracks):
        raise BadInput(
            f"tracks: has {len(tracks)} entries for {len(lesson.tracks)} tracks; give another --out"
        )
    return {
        number: _point(value, lesson.tracks[number], f"tracks.{number}", get)
        for number, value in enumerate(tracks)
        if value is not None
    }


def _point_to_document(point: Point | None, place: str, put: Put) -> Plain:
    if point is None:
        return None
    return {
        "done": point.done,
        "params": [params_to_document(p, f"{place}/params/{i}", put) for i, p in enumerate(point.params)],
        "velocity": [
            params_to_document(p, f"{place}/velocity/{i}", put) for i, p in enumerate(point.velocity)
        ],
    }


def _point(value: Plain, track: Track, where: str, get: Get) -> Point:
    given = checked_keys(value, where, ("done", "params", "velocity"))
    done, most = given["done"], MOST_ITERATIONS if track.recipe is None else track.recipe.iterations
    if isinstance(done, bool) or not isinstance(done, int) or done < 0:
        raise BadInput(f"{where}.done: is {shown(str(done))}; give another --out")
    if done > most:
        raise BadInput(f"{where}: {done} iterations are done and {most} are asked for; ask for as many")
    return Point(
        done, *(_params(given[name], track, f"{where}.{name}", get) for name in ("params", "velocity"))
    )


def _params(value: Plain, track: Track, where: str, get: Get) -> ParamsList:
    items = items_from_plain(value, where)
    if len(items) != len(track.layers):
        raise BadInput(
            f"{where}: has {len(items)} entries for {len(track.layers)} layers; give another --out"
        )
    read = tuple(
        params_from_document(item, spec, f"{where}.{i}", get)
        for i, (item, spec) in enumerate(zip(items, track.layers, strict=True))
    )
    if [_shapes(p) for p in read] != [_shapes(p) for p in track.params]:
        raise BadInput(f"{where}: the weights have other shapes than the lesson's; give another --out")
    return read


def _shapes(params: Params | None) -> tuple[object, ...]:
    if params is None:
        return ()
    return params.weight.shape, None if params.bias is None else params.bias.shape


def _digest(lesson: Lesson) -> str:
    """What the weights depend on: the tracks, but not for how many iterations they are to be trained."""

    def put(name: str, array: Array) -> Plain:
        return [array.dtype.str, list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()]

    tracks = tuple(
        t if t.recipe is None else replace(t, recipe=replace(t.recipe, iterations=1)) for t in lesson.tracks
    )
    document = lesson_to_document(replace(lesson, tracks=tracks), put)
    return hashlib.sha256(json_text(document["tracks"]).encode()).hexdigest()

"""What can be shown of a lesson while millions of its weights are drawn: its pictures, and what is done first."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.errors import BadInput
from cnnviz.files.drawn import weights_to_draw
from cnnviz.files.lessons import document_in
from cnnviz.files.reading import PathLike
from cnnviz.files.schema import Get, lesson_from_document
from cnnviz.lesson.lesson import Lesson, Words
from cnnviz.lesson.plain import Plain

MANY = 2_000_000
"""Fewer weights are drawn before anybody notices."""


def cover_of(path: PathLike) -> Lesson | None:
    """A lesson's tracks up to their first layer with weights, and a line that says what is awaited.

    None where few weights are to be drawn, where a track begins with weights, and for what cannot be read: who reads
    the whole lesson is told why.
    """
    try:
        return document_in(path, _cover)
    except BadInput:
        return None


def _cover(document: Plain, get: Get) -> Lesson | None:
    tracks = document.get("tracks") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(tracks, list):
        return None
    count = weights_to_draw(tracks)
    begun = [_begun(track) for track in tracks]
    if count < MANY or not all(begun):
        return None
    short = {
        **document,
        "tracks": begun,
        "words": [],
        "plans": [],
        "bookmarks": [],
        "pace": "layer",
        "view": {},
    }
    line = f"{count:,} weights are being drawn …"
    return replace(lesson_from_document(short, get), words=(Words(0, "", line, ""),))


def _begun(track: Plain) -> dict[str, Plain]:
    """A track up to its first layer with weights; nothing where that is the first of all."""
    if not isinstance(track, dict):
        return {}
    layers, params = track.get("layers"), track.get("params")
    if not isinstance(layers, list) or not isinstance(params, list):
        return {}
    count = next((n for n, own in enumerate(params) if own is not None), len(params))
    kept = {name: track[name] for name in ("source", "name") if name in track}
    return {**kept, "layers": layers[:count], "params": params[:count]} if count else {}

"""Bookmarks as lesson files hold them."""

from __future__ import annotations

from dataclasses import fields

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.bookmarks import BEAT_NAMES, Bookmark, Place
from cnnviz.lesson.plain import Plain, checked_keys, items_from_plain, shown, text_from_plain

OPTIONAL = ("beat", "products")


def bookmark_to_document(mark: Bookmark) -> dict[str, Plain]:
    """The name and the place in one object; what is at its default is left out."""
    place = mark.place
    made: dict[str, Plain] = {
        "name": mark.name,
        "iteration": place.iteration,
        "tensor": place.tensor,
        "cell": list(place.cell),
    }
    default = {f.name: f.default for f in fields(Place)}
    return made | {k: getattr(place, k) for k in OPTIONAL if getattr(place, k) != default[k]}


def bookmark_from_document(value: Plain, where: str) -> Bookmark:
    """The bookmark that `bookmark_to_document` wrote.

    Raises
    ------
    BadInput
        For an unknown field or a value that does not fit; whether there is such a place is seen when it is gone to.
    """
    given = checked_keys(value, where, ("name", "iteration", "tensor", "cell"), OPTIONAL)
    cell = items_from_plain(given["cell"], f"{where}.cell")
    if len(cell) != 3:
        raise BadInput(f"{where}.cell: has {len(cell)} numbers; give channel, row and column")
    channel, row, column = (_count(item, f"{where}.cell.{i}") for i, item in enumerate(cell))
    beat = next((b for b in BEAT_NAMES if b == given.get("beat", "write")), None)
    if beat is None:
        raise BadInput(f"{where}.beat: is {shown(given['beat'])}; give one of {', '.join(BEAT_NAMES)}")
    place = Place(
        _count(given["iteration"], f"{where}.iteration"),
        text_from_plain(given["tensor"], f"{where}.tensor"),
        (channel, row, column),
        beat,
        _count(given.get("products", 0), f"{where}.products"),
    )
    name = text_from_plain(given["name"], f"{where}.name")
    try:
        return Bookmark(name, place)
    except BadInput as error:
        raise BadInput(f"{where}.name: {error}") from error


def _count(value: Plain, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadInput(f"{where}: is {shown(value)}; give a whole number from 0")
    return value

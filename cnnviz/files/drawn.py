"""Weights that a lesson file tells by a seed, read strictly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from cnnviz.engine.drawn import LARGEST_SEED, MOST_DRAWN, drawn_params, drawn_together
from cnnviz.engine.errors import BadInput
from cnnviz.engine.initialisation import INIT_KINDS
from cnnviz.engine.layers import Drawn, Params
from cnnviz.lesson.plain import (
    LARGEST,
    Plain,
    checked_keys,
    items_from_plain,
    shown,
    text_from_plain,
    whole_from_plain,
)

WORTH_IT = 500_000
"""Fewer weights are drawn one layer after the other."""


def weights_to_draw(tracks: list[Plain]) -> int:
    """How many weights of a lesson are to be drawn, as far as it can be told."""
    return sum(math.prod(shape) for shape, _ in _told(tracks))


def check_drawn(tracks: list[Plain]) -> None:
    """Refuse a lesson whose weights to be drawn are too many together, before any is drawn.

    What is no list of whole numbers is left to `drawn_from_document`, which names the field.
    """
    total = weights_to_draw(tracks)
    if total > MOST_DRAWN:
        raise BadInput(f"tracks: {total:,} weights are to be drawn: at most {MOST_DRAWN:,} are; choose fewer")


@contextmanager
def drawn_ahead(tracks: list[Plain]) -> Iterator[None]:
    """Inside the block `drawn_from_document` finds what it would draw: large networks are drawn on several threads."""
    wanted = []
    if weights_to_draw(tracks) >= WORTH_IT:
        for shape, how in _told(tracks):
            try:
                wanted.append((shape, _how(how, "")))
            except (BadInput, KeyError):
                continue  # told with its place when its turn comes
    held = drawn_together(
        [(shape, how) for shape, how in wanted if how.kind in INIT_KINDS and len(shape) > 1]
    )
    yield
    del held


def _told(tracks: list[Plain]) -> Iterator[tuple[tuple[int, ...], dict[str, Plain]]]:
    """The shapes of all weights to be drawn, and how; what is no list of whole numbers is left out."""
    for track in tracks:
        params = track.get("params") if isinstance(track, dict) else None
        for own in params if isinstance(params, list) else []:
            drawn = own.get("drawn") if isinstance(own, dict) else None
            shape = drawn.get("shape") if isinstance(drawn, dict) else None
            if isinstance(drawn, dict) and isinstance(shape, list):
                whole = tuple(n for n in shape[:4] if isinstance(n, int) and n > 0)
                if len(whole) == len(shape[:4]):
                    yield whole, drawn


def drawn_from_document(value: Plain, where: str) -> Params:
    """The weights of ``{"kind", "seed", "number", "shape", "bias"}``, drawn anew; BadInput with the field at fault."""
    fields = checked_keys(value, where, ("kind", "seed", "number", "shape"), ("bias",))
    shape = tuple(
        whole_from_plain(n, f"{where}.shape.{i}", 1, LARGEST)
        for i, n in enumerate(items_from_plain(fields["shape"], f"{where}.shape", 4))
    )
    bias = fields.get("bias", False)
    if not isinstance(bias, bool):
        raise BadInput(f"{where}.bias: is {shown(bias)}; give true or false")
    how = _how(fields, where)
    try:
        return drawn_params(shape, how, bias)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None


def _how(fields: dict[str, Plain], where: str) -> Drawn:
    return Drawn(
        text_from_plain(fields["kind"], f"{where}.kind"),
        whole_from_plain(fields["seed"], f"{where}.seed", 0, LARGEST_SEED),
        whole_from_plain(fields["number"], f"{where}.number", 0, LARGEST_SEED),
    )

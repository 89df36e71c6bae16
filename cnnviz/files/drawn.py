"""Weights that a lesson file tells by a seed, read strictly."""

from __future__ import annotations

import math

from cnnviz.engine.drawn import LARGEST_SEED, MOST_DRAWN, drawn_params
from cnnviz.engine.errors import BadInput
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


def check_drawn(tracks: list[Plain]) -> None:
    """Refuse a lesson whose weights to be drawn are too many together, before any is drawn.

    What is no list of whole numbers is left to `drawn_from_document`, which names the field.
    """
    total = 0
    for track in tracks:
        params = track.get("params") if isinstance(track, dict) else None
        for own in params if isinstance(params, list) else []:
            drawn = own.get("drawn") if isinstance(own, dict) else None
            shape = drawn.get("shape") if isinstance(drawn, dict) else None
            if isinstance(shape, list) and all(isinstance(n, int) and n > 0 for n in shape[:4]):
                total += math.prod(shape[:4])
    if total > MOST_DRAWN:
        raise BadInput(f"tracks: {total:,} weights are to be drawn: at most {MOST_DRAWN:,} are; choose fewer")


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
    how = Drawn(
        text_from_plain(fields["kind"], f"{where}.kind"),
        whole_from_plain(fields["seed"], f"{where}.seed", 0, LARGEST_SEED),
        whole_from_plain(fields["number"], f"{where}.number", 0, LARGEST_SEED),
    )
    try:
        return drawn_params(shape, how, bias)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None

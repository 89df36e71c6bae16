"""A Frame as plain facts that JSON can hold: every number on the stage."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.timeline.frame import Frame, Tensor, Terms, TrackFrame

VALUES_LIMIT = 250_000
"""A tensor with more values than this is traced by its shape alone (``values`` is null); the terms are always there."""


def facts(frame: Frame) -> dict[str, Any]:
    """The facts of a frame.

    Returns
    -------
    dict
        ``step``, ``section`` {track, phase, op, layer, name}, ``iteration``, ``cell`` [channel, row, column], ``beat``,
        ``window`` [row, column, height, width] on the unpadded input, ``terms`` {x, w, products, bias, total, op},
        ``tensors`` [{name, shape, values, written}] with flat values in row-major order, ``losses``. The keys stand
        for the leading track; ``tracks`` holds the same of every further one.
    """
    out: dict[str, Any] = {"step": frame.step.index} | _track(frame.lead)
    others = [t for t in frame.tracks if t is not frame.lead]
    if others:
        out["tracks"] = [_track(t) for t in others]
    return out


def _track(track: TrackFrame) -> dict[str, Any]:
    step, focus = track.step, track.focus
    section = step.section
    return {
        "section": {
            "track": section.track,
            "phase": section.phase.value,
            "op": section.op,
            "layer": section.layer,
            "name": section.name,
        },
        "iteration": step.iteration,
        "cell": list(step.cell),
        "beat": step.beat.value,
        "window": list(focus.window[:4]),
        "terms": _terms(focus.terms),
        "tensors": [_tensor(t) for t in track.tensors],
        "losses": [],
    }


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "x": _numbers(terms.x),
        "w": _numbers(terms.w),
        "products": _numbers(terms.products),
        "bias": terms.bias,
        "total": _number(terms.total),
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    shown = tensor.values.size <= VALUES_LIMIT
    return {
        "name": tensor.name,
        "shape": list(tensor.shape),
        "values": _numbers(tensor.values) if shown else None,
        "written": tensor.written,
    }


def _numbers(values: NDArray[np.floating]) -> list[float | str]:
    flat = values.ravel()
    if np.isfinite(flat).all():
        return (flat.astype(np.float64) + 0.0).tolist()  # + 0.0 turns -0.0 into 0.0
    return [_number(v) for v in flat.tolist()]


def _number(value: float) -> float | str:
    """JSON has no infinity: it is written as a word, as in the padding of a maximum."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value + 0.0

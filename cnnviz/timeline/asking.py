"""What a network answers to the input of its track, without cutting anything into steps."""

from __future__ import annotations

import threading

import numpy as np

from cnnviz.engine.plan import Plan
from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import Softmax
from cnnviz.files.datasets import shipped_sets
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from cnnviz.lesson.strokes import data_of_track

_own = threading.local()
"""The plan of each thread and what it was made for: its buffers are written to by every run."""


def ask(track: Track) -> tuple[tuple[str, float], ...]:
    """Each class with its probability, in the order of the scores, in float32 with the weights of the lesson.

    Nothing where the last layer gives no scores, or where the weights are still being learned from batches.
    """
    classes, rows, columns = track.shapes()[-1]
    learns = track.recipe is not None and (track.recipe.batches is not None or bool(track.recipe.random))
    if learns or rows * columns != 1 or classes < 2:
        return ()
    scores = np.array(
        _plan(track).forward(materialise(track.source)[None].astype(np.float32), training=False)
    )
    flat = scores.ravel().astype(np.float64)
    p = flat if isinstance(track.layers[-1], Softmax) else np.asarray(softmax(flat, axis=0), np.float64)
    known = next((entry.classes for entry in shipped_sets() if entry.id == data_of_track(track)), ())
    names = known if len(known) == classes else tuple(str(n) for n in range(classes))
    return tuple(zip(names, p.tolist(), strict=True))


def _plan(track: Track) -> Plan:
    """The plan of the network, made anew only for other layers or weights."""
    key = (track.layers, track.source.shape, track.params)
    kept: tuple[object, Plan] | None = getattr(_own, "kept", None)
    if kept is not None and kept[0] == key:
        return kept[1]
    plan = Plan(track.layers, track.source.shape, 1, np.float32, loss=None, training=False)
    into = plan.parameters
    for number, own in enumerate(track.params):
        if own is not None:
            into[f"{number}.weight"][...] = own.weight
            into[f"{number}.bias"][...] = 0.0 if own.bias is None else own.bias
    _own.kept = (key, plan)
    return plan

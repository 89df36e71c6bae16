"""Trains the networks that ship and keeps their weights and what came of them in packaging/weights.

Usage, in an environment where cnnviz is installed (or with PYTHONPATH=.), all of them or those named:

    python packaging/train_networks.py [NAME …]

Then build the lessons anew: ``python packaging/build_lessons.py``.
"""

from __future__ import annotations

import cnnviz  # isort: skip  # before NumPy: on one thread the same sums give the same bits
import hashlib
import json
import sys
from typing import Any

import numpy as np
from lessons.trained import NETWORKS, WEIGHTS, learner

from cnnviz.engine.layers import Params
from cnnviz.files.datasets import shipped_set
from cnnviz.timeline.batches import evaluate
from cnnviz.timeline.training import first_moment, training

assert cnnviz.blas_on_one_thread
REPLAYED = 20
"""So many losses of the first iterations are kept: whoever trains again can compare."""


def train(name: str) -> dict[str, Any]:
    """Follow a network's recipe, write its weights, and give what came of it."""
    track = learner(name)
    recipe = track.recipe
    assert recipe is not None
    assert recipe.batches is not None
    losses = []
    for moment in training(track, first_moment(track)):
        losses.append(moment.loss)
        if moment.done % 100 == 0:
            print(f"{name}: {moment.done} of {recipe.iterations}, loss {moment.loss:.4f}", flush=True)
    params = tuple(_single(own) for own in moment.state.params)
    arrays = {
        f"{n}.{field}": np.asarray(getattr(own, field), np.float32)
        for n, own in enumerate(params)
        if own is not None
        for field in ("weight", "bias")
    }
    np.savez_compressed(WEIGHTS / f"{name}.npz", **arrays)  # type: ignore[arg-type]  # arrays, by their names
    came = evaluate(track, params, recipe.batches)
    digest = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values()))
    return {
        "right": came.right,
        "count": came.count,
        "loss": round(came.loss, 6),
        "train": shipped_set(recipe.batches.data).entry.train,
        "parameters": sum(array.size for array in arrays.values()),
        "iterations": moment.done,
        "losses": [float(f"{loss:.9g}") for loss in losses[:REPLAYED]],
        "digest": digest.hexdigest(),
    }


def _single(own: Params | None) -> Params | None:
    """The weights as float32 holds them."""
    if own is None or own.bias is None:
        return own
    weight, bias = (a.astype(np.float32).astype(np.float64) for a in (own.weight, own.bias))
    return Params(weight, bias)


def main(names: list[str]) -> int:
    """Train the networks with these names, or all."""
    WEIGHTS.mkdir(exist_ok=True)
    index = WEIGHTS / "index.json"
    kept = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    for name in names or NETWORKS:
        kept[name] = train(name)
        print(f"{name}: {kept[name]['right']} of {kept[name]['count']} right")
        ordered = {known: kept[known] for known in NETWORKS if known in kept}
        index.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

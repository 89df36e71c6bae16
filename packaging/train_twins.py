"""Trains the plain and residual twins that ship as recorded runs, and keeps what was measured in resources/runs.

Usage, in an environment where cnnviz is installed (or with PYTHONPATH=.):

    python packaging/train_twins.py

It takes some seven minutes on one core, and gives the same bytes on every processor. Then build the lessons anew, and
record the resources: ``python packaging/build_lessons.py``, ``python packaging/build_resources.py record``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import cnnviz
from cnnviz.engine.specs import Shortcut
from cnnviz.files.recordings import Recording, recording_to_bytes
from cnnviz.lesson.recipe import Batches, Recipe
from cnnviz.lesson.runs import Runs, Twin
from cnnviz.timeline.twins import running

FOLDER = Path(__file__).parents[1] / "resources" / "runs"
MADE = "23 November 2026"
"""The day of the recording, fixed: who records again with the same program gets the same file."""

KINDS: tuple[tuple[str, Shortcut], ...] = (("plain", "none"), ("residual", "zero-padding"))
TWINS = tuple(
    Twin(f"{kind}-{2 + 2 * sum(blocks)}", blocks, shortcut, norm)
    for norm in (True, False)
    for kind, shortcut in KINDS
    for blocks in ((3, 3, 2), (5, 6, 5))
)

RUNS = Runs(
    "twins", "Plain and residual twins",
    Recipe((), "cross_entropy", rate=0.01, iterations=2000, momentum=0.9, seed=0, batches=Batches("patches", 32)),
    2, (128.0,), (50.0,), (8, 16, 32), TWINS,
)  # fmt: skip


def entry_of(runs: Runs) -> dict[str, Any]:
    """The recipe as the index of recordings holds it."""
    how = runs.recipe
    assert how.batches is not None
    return {
        "title": runs.title,
        "made": f"{MADE}, cnnviz {cnnviz.__version__}",
        "recipe": {
            "data": how.batches.data, "batch": how.batches.size, "rate": how.rate, "momentum": how.momentum,
            "seed": how.seed, "iterations": how.iterations, "pool": runs.pool, "mean": list(runs.mean),
            "std": list(runs.std), "widths": list(runs.widths),
            "twins": [
                {"name": t.name, "blocks": list(t.blocks), "shortcut": t.shortcut, "norm": t.norm} for t in runs.twins
            ],
        },
    }  # fmt: skip


def main() -> int:
    """Train all, and write what was measured."""
    last: Recording | None = None
    for number, last in enumerate(running(RUNS)):
        run = last.runs[number % len(TWINS)]
        if number // len(TWINS) % 20 == 0:
            loss = run.losses[max(run.done - 1, 0)]
            print(f"{run.twin.name}: {run.done} of {RUNS.recipe.iterations}, loss {loss:.4f}", flush=True)
    assert last is not None
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{RUNS.id}.npz").write_bytes(recording_to_bytes(last))
    index = json.dumps({RUNS.id: entry_of(RUNS)}, indent=1)
    (FOLDER / "index.json").write_text(index + "\n", encoding="utf-8")
    for run in last.runs:
        train, test = (100 * float(errors[-1]) for errors in (run.train_errors, run.test_errors))
        print(
            f"{run.twin.name}: wrong {train:.2f} % of training, {test:.2f} % of test pictures; done {run.done}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

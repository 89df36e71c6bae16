"""What learning did over the iterations, as curves to plot and as a table: losses, gradients, weights."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.timeline.timeline import Timeline

Floats = NDArray[np.float64]
Quantity = Literal["loss", "gradient", "weights"]

QUANTITIES: tuple[Quantity, ...] = ("loss", "gradient", "weights")

FARTHEST = 1e100
"""A descent that diverges is drawn so far; beyond, the arithmetic of plotting would overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """One track: for each iteration that is computed its loss, and the norms of all gradients and weights."""

    name: str
    loss: Floats
    gradient: Floats
    weights: Floats

    def values(self, quantity: Quantity) -> Floats:
        """One of the three."""
        return {"loss": self.loss, "gradient": self.gradient, "weights": self.weights}[quantity]


def learning_curves(timeline: Timeline) -> tuple[LearningCurve, ...]:
    """The curves of all tracks that learn, as far as they are computed."""
    curves = []
    for number, descent in enumerate(timeline.descents):
        if descent is None:
            continue
        norms, losses = descent.norms(), descent.losses()
        count = min(len(norms), len(losses))  # the thread may have gone on between the two
        name = timeline.lesson.tracks[number].name or f"Track {number + 1}"
        curves.append(LearningCurve(name, losses[:count], norms[:count, 0], norms[:count, 1]))
    return tuple(curves)


def drawable(values: Floats, logarithmic: bool = False) -> tuple[Floats, Floats]:
    """Iterations and values of the points that can be drawn: finite, not too far, above 0 on a logarithmic axis."""
    fits = np.isfinite(values) & (np.abs(np.nan_to_num(values)) <= FARTHEST)
    if logarithmic:
        fits &= values > 0
    at = np.flatnonzero(fits)
    return at.astype(np.float64), values[at]


def curves_csv(curves: tuple[LearningCurve, ...]) -> bytes:
    """A table with a row for each track and iteration; numbers in full, as Python writes them."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("track", "iteration", "loss", "gradient_norm", "weight_norm"))
    for curve in curves:
        rows = zip(curve.loss.tolist(), curve.gradient.tolist(), curve.weights.tolist(), strict=True)
        table.writerows((curve.name, number, *row) for number, row in enumerate(rows))
    return text.getvalue().encode()

"""What learning did over the iterations, as curves to plot and as a table: losses, accuracy, gradients, weights."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.lesson.findings import told_lesson
from cnnviz.timeline.timeline import Timeline

Floats = NDArray[np.float64]
Quantity = Literal["loss", "accuracy", "gradient", "weights"]

QUANTITIES: tuple[Quantity, ...] = ("loss", "accuracy", "gradient", "weights")

FARTHEST = 1e100
"""A descent that diverges is drawn so far; beyond, the arithmetic of plotting would overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """One track: for each iteration that is computed its loss, and the norms of all gradients and weights.

    The share of examples that are right is known at some iterations only: ``examined`` and ``accuracy``, both empty
    where it is not defined; ``tested`` says that it is that of pictures that are never learned from.
    """

    name: str
    loss: Floats
    gradient: Floats
    weights: Floats
    examined: Floats = field(default_factory=lambda: np.empty(0))
    accuracy: Floats = field(default_factory=lambda: np.empty(0))
    tested: bool = False

    def points(self, quantity: Quantity) -> tuple[Floats, Floats]:
        """The iterations and the values of one of the four."""
        if quantity == "accuracy":
            return self.examined, self.accuracy
        values = {"loss": self.loss, "gradient": self.gradient, "weights": self.weights}[quantity]
        return np.arange(len(values), dtype=np.float64), values

    def goes_on(self, later: LearningCurve) -> bool:
        """Whether another one is this one and what has been learned since."""
        known = len(self.loss)
        return self.name == later.name and np.array_equal(self.loss, later.loss[:known], equal_nan=True)


class Near(NamedTuple):
    """The point of a curve that is pointed at."""

    name: str
    iteration: int
    value: float


def learning_curves(timeline: Timeline) -> tuple[LearningCurve, ...]:
    """The curves of all tracks that learn, as far as they are computed."""
    curves = []
    for number, descent in enumerate(timeline.descents):
        if descent is None:
            continue
        norms, losses = descent.norms(), descent.losses()
        count = min(len(norms), len(losses))  # the thread may have gone on between the two
        name = told_lesson(timeline.lesson).tracks[number].name or f"Track {number + 1}"
        examined, accuracy = descent.accuracy.curve()
        curves.append(
            LearningCurve(
                name,
                losses[:count],
                norms[:count, 0],
                norms[:count, 1],
                examined,
                accuracy,
                descent.accuracy.tested,
            )
        )
    return tuple(curves)


def shown(curves: tuple[LearningCurve, ...]) -> tuple[Quantity, ...]:
    """What there is to draw: accuracy only where it is defined for a curve."""
    return tuple(q for q in QUANTITIES if q != "accuracy" or any(len(curve.accuracy) for curve in curves))


def drawable(x: Floats, y: Floats, logarithmic: bool = False) -> tuple[Floats, Floats]:
    """The points that can be drawn: finite, not too far, above 0 on a logarithmic axis."""
    fits = np.isfinite(y) & (np.abs(np.nan_to_num(y)) <= FARTHEST)
    if logarithmic:
        fits &= y > 0
    return x[fits], y[fits]


def near(
    curves: tuple[LearningCurve, ...],
    quantity: Quantity,
    spot: tuple[float, float],
    reach: tuple[float, float],
    logarithmic: bool = False,
) -> Near | None:
    """The point of the nearest curve whose line passes a spot within reach; None where there is none.

    Parameters
    ----------
    spot : (x, y)
        In the numbers of the axes: on a logarithmic one log₁₀ of the value.
    reach : (x, y)
        How far that may be from the line, along each axis.
    """
    best: tuple[float, Near] | None = None
    for curve in curves:
        x, y = drawable(*curve.points(quantity), logarithmic)
        first, last = np.searchsorted(x, (spot[0] - reach[0], spot[0] + reach[0]))
        part = slice(max(0, int(first) - 1), int(last) + 1)
        own = _distance(x[part], np.log10(y[part]) if logarithmic else y[part], spot, reach)
        if own <= 1 and (best is None or own < best[0]):
            at = int(np.abs(x - spot[0]).argmin())
            best = own, Near(curve.name, int(x[at]), float(y[at]))
    return None if best is None else best[1]


def _distance(x: Floats, y: Floats, spot: tuple[float, float], reach: tuple[float, float]) -> float:
    """From a spot to the line through points, in reaches."""
    if not len(x):
        return np.inf
    points = np.stack(((x - spot[0]) / reach[0], (y - spot[1]) / reach[1]), axis=1)
    if len(points) == 1:
        return float(np.hypot(*points[0]))
    start, step = points[:-1], np.diff(points, axis=0)
    length = np.maximum((step**2).sum(axis=1), np.finfo(float).tiny)
    along = np.clip(-(start * step).sum(axis=1) / length, 0, 1)
    return float(np.hypot(*(start + along[:, None] * step).T).min())


def curves_csv(curves: tuple[LearningCurve, ...]) -> bytes:
    """A table with a row for each track and iteration; numbers in full, as Python writes them.

    The accuracy stands where it was looked at, and is blank elsewhere.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("track", "iteration", "loss", "gradient_norm", "weight_norm", "accuracy"))
    for curve in curves:
        rows = zip(curve.loss.tolist(), curve.gradient.tolist(), curve.weights.tolist(), strict=True)
        known = dict(zip(curve.examined.tolist(), curve.accuracy.tolist(), strict=True))
        table.writerows((curve.name, number, *row, known.get(number, "")) for number, row in enumerate(rows))
    return text.getvalue().encode()

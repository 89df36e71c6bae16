"""The numbers in the formulas of a residual block: the two summands of its addition, and a batch normalisation."""

from __future__ import annotations

import math

from cnnviz.engine.specs import Add, AnyLayer
from cnnviz.scene.numbers import MINUS, as_shown, bracketed, decimals_needed, short
from cnnviz.scene.primitives import Run, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, Terms

Runs = tuple[Run, ...]


def added_term(focus: Focus, n: int, made: int, current: int | None, theme: Theme) -> Runs:
    """A summand of an addition: the first is f, with its scale before it, the second the shortcut's.

    It is grey while it is not taken up yet, bold when it is taken up just now.
    """
    spec, weight = focus.spec, Weight.BOLD if n == current else Weight.REGULAR
    assert isinstance(spec, Add)
    text = short(float(focus.terms.x[n]))
    shown = text if n == 0 and spec.scale == 1 else bracketed(text)
    color = theme.text if n == 0 else theme.input
    runs: Runs = (Run(shown, color if n < made else theme.muted, weight),)
    if n == 0 and spec.scale != 1:
        runs = (Run(f"{short(spec.scale)}·", theme.weight if made else theme.muted, weight), *runs)
    return runs


def mean_and_spread(terms: Terms) -> tuple[float, float]:
    """What a batch normalisation takes away, and what it divides by, from its slope and its bias."""
    slope = float(terms.w[0])
    return -(terms.bias or 0.0) / slope, 1.0 / slope


def normalised(terms: Terms, x: Run, theme: Theme) -> Runs:
    """``(x − mean) / spread`` with its numbers."""
    mean, spread = (short(v) for v in mean_and_spread(terms))
    return (
        Run("(", theme.text), x, Run(f" {MINUS} ", theme.text), Run(bracketed(mean), theme.weight),
        Run(") / ", theme.text), Run(spread, theme.weight),
    )  # fmt: skip


def equation(focus: Focus) -> str:
    """An addition, a batch normalisation or a pixel that is kept in one line: ``0.5 × (−2) + 5 = 4``."""
    spec, terms = focus.spec, focus.terms
    x = [short(float(v)) for v in terms.x]
    if isinstance(spec, Add):
        first = f"{short(spec.scale)} × {bracketed(x[0])}" if spec.scale != 1 else x[0]
        told = f"{first} + {bracketed(x[1])}" if spec.shortcut else first
    elif terms.w.size:
        mean, spread = (short(v) for v in mean_and_spread(terms))
        told = f"({x[0]} {MINUS} {bracketed(mean)}) / {spread}"
    else:
        told = x[0] if x else "0"
    return f"{told} {'=' if holds(spec, terms) else '≈'} {short(terms.total)}"


def holds(spec: AnyLayer, terms: Terms) -> bool:
    """Whether the numbers as printed give the total as printed."""

    def printed(value: float) -> float:
        return float(as_shown([value], decimals_needed([value]))[0])

    if not (math.isfinite(terms.total) and all(map(math.isfinite, terms.x))):
        return False
    x, total = [printed(float(v)) for v in terms.x], printed(terms.total)
    if isinstance(spec, Add):
        given = sum(v * printed(float(w)) for v, w in zip(x, terms.w, strict=True))
    elif terms.w.size:
        mean, spread = (printed(v) for v in mean_and_spread(terms))
        given = (x[0] - mean) / spread if spread else math.inf
    else:
        given = x[0] if x else 0.0
    return abs(given - total) <= 1e-9 * max(1.0, abs(total))

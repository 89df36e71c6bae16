"""Breaks the numbers of a formula into lines: all terms of a cell, however many, as far as they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cnnviz.scene.formula_live import Live
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Run

Runs = tuple[Run, ...]


def broken(numbers: Live, start: Runs, width: float, size: float, most: int) -> tuple[Runs, ...]:
    """The formula with its numbers in at most so many lines of a width; where they do not suffice one that is cut.

    Parameters
    ----------
    numbers : Live
    start : tuple of Run
        What stands before the numbers.
    width, size : float
        Of a line, and of its type.
    most : int
    """
    terms = [numbers.term(n) for n in range(numbers.count)]
    end = numbers.closing + numbers.result
    parts = [start + numbers.opening, *_joined(terms, numbers.joint), end]
    lines = lines_of([width_of(part, size) for part in parts], width)
    if len(lines) > most:
        return (numbers.line(width, size, start),)
    return tuple(_line(parts[first:stop]) for first, stop in lines)


def lines_of(widths: list[float], width: float) -> list[tuple[int, int]]:
    """Which parts stand in which line, from the first to the one before the last, when each line is filled in turn.

    Examples
    --------
    >>> lines_of([2, 3, 3, 1], 6)
    [(0, 2), (2, 4)]
    """
    starts, used = [0], 0.0
    for n, wide in enumerate(widths):
        if used and used + wide > width:
            starts.append(n)
            used = 0.0
        used += wide
    return list(pairwise([*starts, len(widths)]))


def _joined(terms: list[Runs], joint: Run) -> Iterator[Runs]:
    """The terms with what joins them: a plus before, a comma behind."""
    before = joint.text.startswith(" ")
    for n, term in enumerate(terms):
        if before:
            yield (joint, *term) if n else term
        else:
            yield (*term, joint) if n < len(terms) - 1 else term


def _line(parts: list[Runs]) -> Runs:
    """The parts of a line; it neither begins nor ends with a blank."""
    runs = [run for part in parts for run in part]
    if runs:
        runs[0] = Run(runs[0].text.lstrip(" "), runs[0].color, runs[0].weight)
        runs[-1] = Run(runs[-1].text.rstrip(" "), runs[-1].color, runs[-1].weight)
    return tuple(runs)

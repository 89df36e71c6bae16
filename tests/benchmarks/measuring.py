"""Medians of repeated runs, and the table that they end up in."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

TABLES = Path(__file__).parents[2] / "build"
HEAD = "| what | median | fastest–slowest | threads | wanted | |\n|---|---|---|---|---|---|\n"
NOISY = 1.5
"""So many times the fastest is a slowest measurement that tells of a busy machine."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: several measurements of one thing, and the most that it may take."""

    what: str
    values: tuple[float, ...]
    unit: str
    limit: float | None
    threads: str = ""
    against: tuple[float, ...] = ()
    """What the values were set against, where only its fastest is in them."""

    @property
    def noisy(self) -> bool:
        """Whether something else on the machine took part."""
        return any(max(v) > NOISY * min(v) for v in (self.values, self.against) if v)

    @property
    def met(self) -> bool:
        """Whether the median is within the limit; so it is where there is none."""
        return self.limit is None or median(self.values) <= self.limit

    def __str__(self) -> str:
        low, high = min(self.values), max(self.values)
        wanted = "" if self.limit is None else f"at most {self.limit:g} {self.unit}"
        verdict = "" if self.limit is None else ("met" if self.met else "missed")
        if verdict and self.noisy:
            verdict += ", noisy"
        spread = f"{low:.3g}–{high:.3g}" if len(self.values) > 1 else ""
        middle = f"{median(self.values):.3g} {self.unit}".strip()
        return f"| {self.what} | {middle} | {spread} | {self.threads} | {wanted} | {verdict} |"


@dataclass(slots=True)
class Report:
    """The rows of one run, in the order in which they were measured."""

    rows: list[Row] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    """Libraries that could not be measured against."""
    pictures: dict[str, str] = field(default_factory=dict)
    """Files beside the table, and what they show."""

    def add(
        self,
        what: str,
        values: list[float],
        unit: str,
        limit: float | None = None,
        threads: int | str = "",
        against: tuple[float, ...] = (),
    ) -> float:
        """Note measurements of one thing; gives their median. Nothing fails when it is above the limit."""
        row = Row(what, tuple(values), unit, limit, str(threads), against)
        self.rows.append(row)
        print(f"\n{row}")
        return median(values)

    def __str__(self) -> str:
        machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {sys.version.split()[0]}, {sys.platform}"
        limited = [row for row in self.rows if row.limit is not None]
        missed = [row for row in limited if not row.met]
        lines = [f"Measured on {machine}.", "", f"{len(limited) - len(missed)} of {len(limited)} limits met."]
        lines += [f"- missed: {row.what}{f' (threads: {row.threads})' * bool(row.threads)}" for row in missed]
        lines += [f"- not there, so nothing was measured against it: {name}" for name in sorted(self.absent)]
        lines += ["", HEAD + "".join(f"{row}\n" for row in self.rows)]
        lines += [f"![{shows}]({name})" for name, shows in self.pictures.items()]
        return "\n".join(lines).rstrip() + "\n"

    def write(self, file: Path) -> None:
        """Write the table with a line about the machine, a list of what was missed, and links to the pictures."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(self), encoding="utf-8")


def milliseconds(action: Callable[[int], object], times: int, warm: int = 3) -> list[float]:
    """How long the action takes when it is called with 0, 1, 2 …; the first calls do not count."""
    taken = []
    for number in range(warm + times):
        start = time.perf_counter()
        action(number)
        if number >= warm:
            taken.append((time.perf_counter() - start) * 1e3)
    return taken

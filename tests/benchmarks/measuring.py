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
HEAD = "| what | median | slowest | wanted | |\n|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: several measurements of one thing, and the most that it may take."""

    what: str
    values: tuple[float, ...]
    unit: str
    limit: float | None

    def __str__(self) -> str:
        middle = median(self.values)
        wanted = "" if self.limit is None else f"at most {self.limit:g} {self.unit}"
        verdict = "" if self.limit is None else ("met" if middle <= self.limit else "missed")
        slowest = f"{max(self.values):.3g}" if len(self.values) > 1 else ""
        return f"| {self.what} | {middle:.3g} {self.unit} | {slowest} | {wanted} | {verdict} |"


@dataclass(slots=True)
class Report:
    """The rows of one run, in the order in which they were measured."""

    rows: list[Row] = field(default_factory=list)

    def add(self, what: str, values: list[float], unit: str, limit: float | None = None) -> float:
        """Note measurements of one thing; gives their median. Nothing fails when it is above the limit."""
        row = Row(what, tuple(values), unit, limit)
        self.rows.append(row)
        print(f"\n{row}")
        return median(values)

    def write(self, file: Path) -> None:
        """Write the table with a line about the machine."""
        machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {sys.version.split()[0]}, {sys.platform}"
        table = HEAD + "".join(f"{row}\n" for row in self.rows)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"Measured on {machine}.\n\n{table}", encoding="utf-8")


def milliseconds(action: Callable[[int], object], times: int, warm: int = 3) -> list[float]:
    """How long the action takes when it is called with 0, 1, 2 …; the first calls do not count."""
    taken = []
    for number in range(warm + times):
        start = time.perf_counter()
        action(number)
        if number >= warm:
            taken.append((time.perf_counter() - start) * 1e3)
    return taken

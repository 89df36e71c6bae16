"""The teaching plan: what each system, such as "S31", is called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from cnnviz.resources import resource_text


@cache
def system_names() -> Mapping[str, str]:
    """The name of every system by its number, in teaching order."""
    return MappingProxyType(json.loads(resource_text("systems.json")))


def systems_in_short(systems: Sequence[str]) -> str:
    """Numbers alone, three or more in a row as a range: "S12–S15 S18"."""
    order = list(system_names())
    runs: list[list[str]] = []
    for system in systems:
        follows = bool(runs) and system in order and order[order.index(system) - 1] == runs[-1][-1]
        if follows:
            runs[-1].append(system)
        else:
            runs.append([system])
    return " ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else " ".join(run) for run in runs)


def systems_in_words(systems: Iterable[str], separator: str = " · ") -> str:
    """Numbers with their names: "S12 Place the kernel · S13 Multiply element by element"."""
    names = system_names()
    return separator.join(f"{system} {names.get(system, '')}".rstrip() for system in systems)

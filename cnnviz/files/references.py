"""Tools and resources to go on with: what resources/reading.json lists, checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from cnnviz.resources import resource_text


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper, course, explanation, tool or data set.

    Attributes
    ----------
    year : int
        When it was published; of a tool or a course when it first was.
    address : str
        Where it is found; nothing is fetched from there.
    use : str
        One sentence on what it is good for.
    """

    title: str
    authors: str
    year: int
    address: str
    use: str


@cache
def references() -> tuple[tuple[str, tuple[Reference, ...]], ...]:
    """Every reference under the heading of its group."""
    groups = json.loads(resource_text("reading.json"))
    return tuple(
        (group["group"], tuple(Reference(**entry) for entry in group["entries"])) for group in groups
    )

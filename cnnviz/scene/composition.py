"""What of the stage stands in a picture, and how much room is left around it."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.lesson.plans import PARTS, Part


@dataclass(frozen=True, slots=True)
class Composition:
    """Parts beside the maps, and a margin beyond the stage's own.

    Attributes
    ----------
    parts : frozenset of Part
        What is left out gives its room to the maps.
    margin : float
        Left free on every side, as a part of the height: screens and projectors cut the border off.
    type : float
        How many times as large as usual words and formulas are set.
    formula_instead : bool
        Whether formulas stand in the place of the arithmetic, which tells the same numbers: the maps keep their size.
    """

    parts: frozenset[Part] = frozenset(PARTS)
    margin: float = 0.0
    type: float = 1.0
    formula_instead: bool = False

    def has(self, *parts: Part) -> bool:
        """Whether one of these parts is there."""
        return not self.parts.isdisjoint(parts)


WHOLE = Composition()
UNTITLED = Composition(frozenset(PARTS) - {"title", "section"})

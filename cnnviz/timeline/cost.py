"""What one step of a computation costs, measured over its first few and fixed from then on."""

from __future__ import annotations

SAMPLES = 16
"""Afterwards the figure stays: what was found to be quick must not be found slow when it is asked again."""


class Cost:
    """The mean of the first measurements; 0 until there are enough of them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._spent: list[float] = []

    def add(self, seconds: float) -> None:
        """Take what one step took."""
        if self.seconds == 0.0:
            self._spent.append(seconds)
            if len(self._spent) >= SAMPLES:
                self.seconds = sum(self._spent) / len(self._spent)

"""What is computed when it is first asked for: of the gradients of an iteration few are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from cnnviz.timeline.frame import Tensor

Floats = NDArray[np.float64]


class LateArrays(Sequence[Floats]):
    """Arrays that are all computed when the first of them, or their number, is asked for."""

    def __init__(self, find: Callable[[], Sequence[Floats]]) -> None:
        self._find = find
        self._found: Sequence[Floats] | None = None

    def _arrays(self) -> Sequence[Floats]:
        if self._found is None:
            self._found = self._find()
        return self._found

    @overload
    def __getitem__(self, at: int) -> Floats: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Floats]: ...
    def __getitem__(self, at: int | slice) -> Floats | Sequence[Floats]:
        return self._arrays()[at]

    def __len__(self) -> int:
        return len(self._arrays())


class LateTensor(Tensor):
    """A tensor of which only name, kind and layer are there from the start."""

    __slots__ = ("_make",)

    def __getattr__(self, name: str) -> Any:
        """What is not there yet: Python asks here for slots that are empty."""
        if name not in _FIELDS:
            raise AttributeError(name)
        made = self._make()
        for field in _FIELDS:
            object.__setattr__(self, field, getattr(made, field))
        return getattr(made, name)


_FIELDS = tuple(field.name for field in fields(Tensor))


def late_tensor(name: str, kind: str, layer: int, make: Callable[[], Tensor]) -> Tensor:
    """The tensor that ``make`` gives, which has this name, kind and layer."""
    out = object.__new__(LateTensor)
    for field, value in (("name", name), ("kind", kind), ("layer", layer), ("_make", make)):
        object.__setattr__(out, field, value)
    return out

"""The planes of a tensor as coloured pictures with the values behind them, padding included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.geometry import Pads
from cnnviz.scene.colors import LEVELS, levels, rgb, table_of
from cnnviz.scene.memo import Memo
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Tensor

PADDING_MIX = 0.75
"""Share of the padding's tone in the colour of a padding cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One plane of a tensor ready to be drawn: colours and numbers, padding included.

    ``image`` holds for each cell the number of its colour in ``palette``, or the colour itself where that is None.
    """

    image: NDArray[np.uint8]
    palette: NDArray[np.uint8] | None
    values: NDArray[np.floating]


class Planes(Sequence[Plane]):
    """The planes of a tensor, each made when it is first asked for: of kernels there may be hundreds of thousands."""

    __slots__ = ("_images", "_made", "_palette", "_values")

    def __init__(
        self, images: NDArray[np.uint8], palette: NDArray[np.uint8] | None, values: NDArray[np.floating]
    ) -> None:
        self._images, self._palette, self._values = images, palette, values
        self._made: dict[int, Plane] = {}

    def __len__(self) -> int:
        return len(self._images)

    @overload
    def __getitem__(self, place: int) -> Plane: ...

    @overload
    def __getitem__(self, place: slice) -> Planes: ...

    def __getitem__(self, place: int | slice) -> Plane | Planes:
        if isinstance(place, slice):
            return Planes(self._images[place], self._palette, self._values[place])
        if place not in self._made:
            self._made[place] = Plane(self._images[place], self._palette, self._values[place])
        return self._made[place]


_planes: Memo[Planes] = Memo(48)


def planes_of(tensor: Tensor, span: tuple[float, float] | None, theme: Theme, power: int = 0) -> Planes:
    """The planes of a tensor with its padding; weights are flattened to kernel · channels + channel.

    Without a span each plane reaches from minus to plus its own largest value. The numbers are given in a power of ten.
    """
    array = tensor.padded

    def compute() -> Planes:
        flat = array.reshape(-1, *array.shape[-2:])
        table = table_of(tensor.colors, theme)
        numbers = (
            levels(flat, span) if span is not None else np.stack([levels(p, _own_span(p)) for p in flat])
        )
        images, palette = _coloured(numbers, table, tensor.pads, theme)
        images.setflags(write=False)
        shown = flat / 10.0**power if power else flat
        shown.setflags(write=False)
        return Planes(images, palette, shown)

    return _planes.get(array, (span, theme.name, tensor.colors, tensor.pads, power), compute)


def _own_span(plane: NDArray[np.floating]) -> tuple[float, float]:
    finite = plane if np.isfinite(plane).all() else plane[np.isfinite(plane)]  # a maximum's padding is −∞
    reach = max(abs(float(finite.min())), abs(float(finite.max()))) or 1.0
    return (-reach, reach)


def _coloured(
    images: NDArray[np.uint8], table: NDArray[np.uint8], pads: Pads, theme: Theme
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Pictures and their palette. The padding's colours are blended with a tone, so that it reads as added.

    A padding of one value is one more colour of the palette. One that repeats the picture has too many for it.
    """
    if not any(pads):
        return images, table
    parts = _borders(images, pads)
    shown = np.unique(np.concatenate([part.ravel() for part in parts]))
    blended = _blended(table, theme)
    if shown.size == 1:
        for part in parts:
            part[:] = LEVELS
        return images, np.concatenate([table, blended[shown]])
    colors: NDArray[np.uint8] = table[images]
    for part, numbers in zip(_borders(colors, pads), parts, strict=True):
        part[:] = blended[numbers]
    return colors, None


def _blended(table: NDArray[np.uint8], theme: Theme) -> NDArray[np.uint8]:
    tone = np.array(rgb(theme.padding), dtype=np.float32)
    blended: NDArray[np.uint8] = np.rint(table * (1 - PADDING_MIX) + tone * PADDING_MIX).astype(np.uint8)
    return blended


def _borders(images: NDArray[np.uint8], pads: Pads) -> tuple[NDArray[np.uint8], ...]:
    """The padding of (planes, rows, columns, …): above, below, left and right."""
    rows, columns = images.shape[1:3]
    inner = images[:, pads.top : rows - pads.bottom]
    return (
        images[:, : pads.top],
        images[:, rows - pads.bottom :],
        inner[:, :, : pads.left],
        inner[:, :, columns - pads.right :],
    )

"""The planes of a tensor as coloured pictures with the values behind them, padding included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.geometry import Pads
from cnnviz.scene.colors import colorise, diverging, greys, rgb
from cnnviz.scene.memo import Memo
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Tensor

PADDING_MIX = 0.75
"""Share of the padding's tone in the colour of a padding cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One plane of a tensor ready to be drawn: colours and numbers, padding included."""

    image: NDArray[np.uint8]
    values: NDArray[np.floating]


_planes: Memo[tuple[Plane, ...]] = Memo(48)


def planes_of(tensor: Tensor, span: tuple[float, float], theme: Theme) -> tuple[Plane, ...]:
    """The planes of a tensor with its padding; weights are flattened to kernel · channels + channel."""
    array = tensor.padded

    def compute() -> tuple[Plane, ...]:
        flat = array.reshape(-1, *array.shape[-2:])
        table = diverging(theme) if tensor.signed else greys()
        images = colorise(flat, span, table)
        if any(tensor.pads):
            _tint_padding(images, tensor.pads, theme)
        images.setflags(write=False)
        return tuple(Plane(image, values) for image, values in zip(images, flat, strict=True))

    return _planes.get(array, (span, theme.name, tensor.signed, tensor.pads), compute)


def _tint_padding(images: NDArray[np.uint8], pads: Pads, theme: Theme) -> None:
    """Blend the colours of the padding with the theme's tone for it, so that it reads as added."""
    tone = np.array(rgb(theme.padding), dtype=np.float32)
    rows, columns = images.shape[1:3]
    parts = (
        images[:, : pads.top],
        images[:, rows - pads.bottom :],
        images[:, pads.top : rows - pads.bottom, : pads.left],
        images[:, pads.top : rows - pads.bottom, columns - pads.right :],
    )
    for part in parts:
        part[:] = np.rint(part * (1 - PADDING_MIX) + tone * PADDING_MIX).astype(np.uint8)

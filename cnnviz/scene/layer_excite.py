"""Beside the map at work the nine parts of pictures that excite its channel most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.lesson.lesson import Track
from cnnviz.scene.areas import Look
from cnnviz.scene.colors import greys
from cnnviz.scene.memo import Memo
from cnnviz.scene.primitives import Align, Box, Grid, Panel, Primitive, Ring, Run, Text, Weight
from cnnviz.timeline.excite import BEST, Excited, found, patch, white
from cnnviz.timeline.frame import Focus

ACROSS = 3

SHARE = 0.46
"""So much of the height they have at most, in the column of all maps."""

_patches: Memo[tuple[NDArray[np.uint8], ...]] = Memo(64)


def exciting_panel(
    track: Track, number: int, focus: Focus, room: Box, look: Look, patient: bool = True
) -> Panel | None:
    """The nine in the lower part of a room, with what they are; None where the data has none.

    Where it is not ``patient``, only what was found already is shown.
    """
    excited = found(track, focus.layer, patient)
    if excited is None:
        return None
    m, theme, channel = look.metrics, look.theme, focus.cell[0]
    images = _patches.get(excited.values, channel, lambda: _pictures(track, excited, channel))
    high, wide = images[0].shape[:2]
    gap, head = max(2.0, m.small * 0.25), m.small * 2.5
    cell = min(
        (room.w - 2 * gap) / (ACROSS * wide), (room.h * SHARE - head - 2 * gap) / (ACROSS * high), m.large
    )
    cell = float(int(cell)) if cell >= 4 else max(cell, 0.01)
    w, h = ACROSS * wide * cell + 2 * gap, ACROSS * high * cell + 2 * gap
    box = Box(room.x, room.bottom - h - head, room.w, h + head)
    left, top = round(room.cx - w / 2), round(box.y + head)
    key = f"{number}/excite"
    rows, columns = excited.field.size
    line, below = (
        Box(room.x, box.y, room.w, m.small * 1.3),
        Box(room.x, box.y + m.small * 1.2, room.w, m.small * 1.1),
    )
    title = (Run("Excited most by", theme.text, Weight.BOLD),)
    detail = (Run(f"parts of {rows}×{columns} of other pictures", theme.muted),)
    out: list[Primitive] = [
        Text(f"{key}/title", line, title, m.small, Align.CENTER),
        Text(f"{key}/shape", below, detail, m.small * 0.8, Align.CENTER),
    ]
    for n, image in enumerate(images):
        tile = Box(
            left + n % ACROSS * (wide * cell + gap),
            top + n // ACROSS * (high * cell + gap),
            wide * cell,
            high * cell,
        )
        palette = greys() if image.ndim == 2 else None
        out.append(
            Grid(
                f"{key}/{n}",
                tile,
                (tile.x, tile.y),
                cell,
                image,
                (f"excite-{channel}-{n}", n, 0, 0),
                palette=palette,
            )
        )
        out.append(Ring(f"{key}/{n}/frame", tile, theme.line, width=1.0))
    return Panel(key, box, "Excited most by", tuple(out))


def _pictures(track: Track, excited: Excited, channel: int) -> tuple[NDArray[np.uint8], ...]:
    count = min(BEST, excited.pictures.shape[1])
    return tuple(_image(patch(track, excited, channel, n), white(track)) for n in range(count))


def _image(planes: NDArray[np.uint8], largest: int) -> NDArray[np.uint8]:
    """Grey levels as numbers of their colours, three channels as colours."""
    if planes.shape[0] == 3:
        image = np.ascontiguousarray(planes.transpose(1, 2, 0))
    else:
        levels = np.rint(planes[0] * ((len(greys()) - 1) / largest))
        image = levels.astype(np.uint8)
    image.setflags(write=False)
    return image

"""The photographs that lessons embed: cut and reduced from those in resources/pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from cnnviz.lesson.source import Source

FOLDER = Path(__file__).parents[2] / "resources" / "pictures"

CREDITS = {
    "camera": "Photograph by Lav Varshney, CC0 1.0, from scikit-image",
    "coffee": "Photograph by Rachel Michetti, CC0 1.0, from scikit-image",
    "cat": "Photograph by Stefan van der Walt, CC0 1.0, from scikit-image",
}


def photograph(
    picture: str, name: str = "Photograph", cut: tuple[int, int, int, int] | None = None, reduce: int = 1
) -> Source:
    """A photograph, cut to (left, top, right, bottom) and then reduced by means over squares."""
    with Image.open(FOLDER / f"{picture}.png") as image:
        part = image.crop(cut) if cut else image.copy()
    array = np.asarray(part.reduce(reduce) if reduce > 1 else part)
    planes = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return Source(np.ascontiguousarray(planes), name, credit=CREDITS[picture])


def head() -> Source:
    """The head of the man with the camera, 96×96: edges in every direction, and smooth ground."""
    return photograph("camera", "Photograph", (72, 24, 168, 120))

"""Formulas on known pixels: colours of roles and sharp at every scale."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.paint.painter import scene_image
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Align, Box, Formula
from tests.paint.scenes import pixels, scene

NAME = "lhs.IK.ij sum.mn in.IK.0.-.none ker.IK.0.mn"
COLORS = (("input", "#00c000"), ("weight", "#0000ff"), ("output", "#ff0000"), ("text", "#000000"))


def formula(size: float = 20, align: Align = Align.LEFT, box: Box | None = None) -> Formula:
    return Formula("f", box or Box(10, 10, 380, 60), NAME, COLORS, size, align)


def ink(made: Formula, scale: float = 1.0) -> NDArray[np.bool_]:
    """Where anything is drawn."""
    found: NDArray[np.bool_] = (
        pixels(scene_image(scene(made, size=(400, 80)), scale))[..., :3].min(axis=2) < 250
    )
    return found


def test_each_role_has_its_colour_from_left_to_right() -> None:
    image = pixels(scene_image(scene(formula(40), size=(800, 120))))[..., :3]
    columns = [
        np.flatnonzero((image == color).all(axis=2).any(axis=0))
        for color in ((255, 0, 0), (0, 0, 0), (0, 192, 0), (0, 0, 255))
    ]
    assert all(column.size for column in columns)
    middles = [float(np.median(column)) for column in columns]
    assert middles == sorted(middles)


@pytest.mark.parametrize("scale", [1, 1.25, 1.5, 2, 3])
def test_it_takes_the_room_that_the_scene_counts_with(scale: float) -> None:
    made, room = formula(), outline(NAME)
    ys, xs = np.nonzero(ink(made, scale))
    assert xs.min() / scale == pytest.approx(10, abs=1.5)
    assert (xs.max() + 1) / scale == pytest.approx(10 + room.width * 20, abs=1.5)
    assert (ys.max() + 1 - ys.min()) / scale == pytest.approx(room.height * 20, abs=1.5)
    assert (ys.max() + 1 + ys.min()) / 2 / scale == pytest.approx(made.box.cy, abs=1.5)


def test_it_is_placed_at_the_left_in_the_middle_or_at_the_right() -> None:
    starts = [
        np.nonzero(ink(formula(align=align)))[1].min() for align in (Align.LEFT, Align.CENTER, Align.RIGHT)
    ]
    spare = 380 - outline(NAME).width * 20
    assert starts[1] - starts[0] == pytest.approx(spare / 2, abs=1)
    assert starts[2] - starts[0] == pytest.approx(spare, abs=1)


def test_the_same_formula_gives_the_same_bytes_wherever_it_was_painted_before() -> None:
    first = pixels(scene_image(scene(formula(), size=(400, 80))))
    moved = pixels(scene_image(scene(formula(box=Box(10.3, 20.4, 380, 60)), size=(400, 80))))
    again = pixels(scene_image(scene(formula(), size=(400, 80))))
    assert (first == again).all()
    # A picture is kept and put down on whole pixels, so it looks the same everywhere.
    assert (moved[10:] == first[:-10]).all()

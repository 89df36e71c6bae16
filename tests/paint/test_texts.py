"""Letters land inside their box, in their colour, and scale with the picture."""

import numpy as np
import pytest

from cnnviz.paint.fonts import shaped
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Align, Box, Run, Text, Weight
from tests.paint.scenes import pixels, scene


def _text(words: str, box: Box, size: float = 16, color: str = "#000000", **other: object) -> Text:
    return Text("t", box, (Run(words, color),), size, **other)  # type: ignore[arg-type]  # fields by name


def _ink_box(text: Text, scale: float = 1) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is darker than a third."""
    dark = pixels(scene_image(scene(text, size=(200, 100)), scale))[..., 0] < 170
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize(
    "words", ["Feature map 4×4", "−30 + 4 · 2 = −22", "ggg", "A far too long line that must be cut"]
)
def test_ink_stays_inside_the_box(words: str) -> None:
    left, top, right, bottom = _ink_box(_text(words, Box(20, 30, 150, 26)))
    assert 20 <= left < right <= 170
    assert 30 <= top < bottom <= 56


def test_capitals_stand_in_the_middle() -> None:
    _, top, _, bottom = _ink_box(_text("H", Box(20, 30, 150, 40), 28))
    assert (top + bottom) / 2 == pytest.approx(50, abs=1)


def test_a_text_at_the_right_ends_there() -> None:
    _, _, right, _ = _ink_box(_text("H", Box(20, 30, 150, 40), 28, align=Align.RIGHT))
    assert 164 <= right <= 170


def test_a_text_at_the_top_starts_there() -> None:
    _, top, _, _ = _ink_box(_text("H", Box(20, 30, 150, 60), 28, top=True, wrap=True))
    assert 30 <= top <= 40


@pytest.mark.parametrize("scale", [1.25, 1.5, 2, 3])
def test_text_scales_with_the_picture(scale: float) -> None:
    box = _ink_box(_text("Kernel", Box(20, 30, 150, 26)))
    large = _ink_box(_text("Kernel", Box(20, 30, 150, 26)), scale)
    assert large == pytest.approx([v * scale for v in box], abs=1.5 * scale)


def test_colours_and_weights_of_runs() -> None:
    runs = (Run("■■", "#ff0000"), Run("■■", "#0000ff", Weight.BOLD))
    seen = pixels(scene_image(scene(Text("t", Box(0, 0, 200, 100), runs, 40), size=(200, 100))))
    red = np.flatnonzero(((seen[..., 0] > 250) & (seen[..., 1] < 5)).any(axis=0))
    blue = np.flatnonzero(((seen[..., 2] > 250) & (seen[..., 1] < 5)).any(axis=0))
    assert len(red)
    assert len(blue)
    assert red[-1] < blue[0]


def test_letters_the_family_lacks_are_still_shaped() -> None:
    assert sum(len(run.glyphIndexes()) for run in shaped("漢", Weight.REGULAR)) == 1


def test_text_is_crisp_on_a_transparent_ground() -> None:
    image = scene_image(scene(_text("H", Box(0, 0, 100, 100), 60, "#ff0000"), background=None))
    seen = pixels(image)
    assert seen[0, 0, 3] == 0
    assert tuple(seen[seen[..., 3] == 255][0]) == (255, 0, 0, 255)


def test_an_empty_text_paints_nothing() -> None:
    assert (pixels(scene_image(scene(_text("", Box(0, 0, 100, 100))))) == 255).all()

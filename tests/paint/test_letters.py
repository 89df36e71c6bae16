"""Large letters: as Qt fills them, at quarters of a pixel, in any order."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from cnnviz.paint import letters
from cnnviz.paint.fonts import REFERENCE, shaped
from cnnviz.paint.letters import LARGE, draw_letters, letters_of
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Box, Panel, Run, Scene, Text, Weight

TEXT = "fig. −12,5 Wg"
INK = "#20304080"


def _pixels(image: QImage) -> NDArray[np.int64]:
    shape = image.height(), image.bytesPerLine() // 4, 4
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape).astype(np.int64)


def _paper() -> QImage:
    image = QImage(1400, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    return image


def _drawn(x: float, em: float, weight: Weight = Weight.REGULAR) -> NDArray[np.int64]:
    image = _paper()
    painter = QPainter(image)
    found = letters_of(TEXT, weight)
    assert found is not None
    draw_letters(painter, found, weight, INK, x, 170, em)
    painter.end()
    return _pixels(image)


def _by_qt(x: float, em: float, weight: Weight = Weight.REGULAR) -> NDArray[np.int64]:
    image = _paper()
    painter = QPainter(image)
    painter.translate(x, 170)
    painter.scale(em / REFERENCE, em / REFERENCE)
    painter.setPen(QColor("#80203040"))  # Qt writes the opacity first
    for run in shaped(TEXT, weight):
        painter.drawGlyphRun(QPointF(0, 0), run)
    painter.end()
    return _pixels(image)


@pytest.mark.parametrize("weight", list(Weight))
@pytest.mark.parametrize("em", [65.0, 86.4, 150.0])
def test_letters_are_those_of_qt_within_an_eighth_of_a_pixel(em: float, weight: Weight) -> None:
    """An edge that moves by an eighth of a pixel changes by an eighth of the ink, in each direction."""
    ours, theirs = _drawn(20.3, em, weight), _by_qt(20.3, em, weight)
    ink = 255 - theirs.min()
    assert ink > 60
    assert np.abs(ours - theirs).max() <= ink / 4
    assert abs(int((255 - ours).sum()) / int((255 - theirs).sum()) - 1) < 0.01


def test_places_move_by_quarters() -> None:
    assert np.array_equal(_drawn(20.01, 80), _drawn(20.0, 80))
    assert not np.array_equal(_drawn(20.25, 80), _drawn(20.0, 80))
    assert np.array_equal(_drawn(23.25, 80)[:, 3:], _drawn(20.25, 80)[:, :-3])


def test_what_was_drawn_before_changes_nothing() -> None:
    letters._PICTURES.clear()
    fresh = _drawn(20.3, 90)
    _drawn(20.3, 91)
    _drawn(20.3, 90, Weight.BOLD)
    assert np.array_equal(_drawn(20.3, 90), fresh)
    assert 0 < letters._PICTURES.held <= 32 << 20


def test_spaces_are_no_letters() -> None:
    found = letters_of("a b", Weight.REGULAR)
    assert found is not None
    assert len(found) == 2
    assert letters_of("  ", Weight.REGULAR) == ()


def _scene(scale: float) -> tuple[Scene, float]:
    text = Text(
        "t", Box(10, 10, 300, 60), (Run("Kernel ", "#102030"), Run("3×3", "#d01c8b", Weight.BOLD)), 40
    )
    return Scene((320, 80), "#ffffff", (Panel("p", Box(0, 0, 320, 80), "", (text,)),), (), "", ""), scale


def test_a_text_looks_alike_on_both_sides_of_the_border() -> None:
    """The same scene a hair below and above the size from which letters are kept here: nothing jumps."""
    below, above = (scene_image(*_scene(LARGE / 40 * part)) for part in (0.9999, 1.0001))
    assert below.size() == above.size()
    assert np.abs(_pixels(below) - _pixels(above)).mean() < 0.6
    assert (_pixels(above) < 128).any()

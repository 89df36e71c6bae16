"""A painter ends with what it paints, also where that goes wrong."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from cnnviz.views.painting import painting

WHITE, BLACK = QColor("white"), QColor("black")


def canvas() -> QImage:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    return image


def test_what_is_painted_is_there_and_the_painter_has_ended(qtbot: QtBot) -> None:
    image = canvas()
    with painting(image) as painter:
        painter.fillRect(QRect(0, 0, 4, 8), Qt.GlobalColor.black)
        assert painter.isActive()
    assert not painter.isActive()
    assert (image.pixelColor(3, 4), image.pixelColor(4, 4)) == (BLACK, WHITE)


def test_an_error_leaves_no_painter_behind(qtbot: QtBot) -> None:
    image = canvas()
    with pytest.raises(ZeroDivisionError), painting(image) as painter:
        _ = 1 / 0
    assert not painter.isActive()
    assert not image.paintingActive()
    with painting(image, smooth=True) as another:  # which Qt would refuse while the first one paints
        assert another.isActive()
        assert another.testRenderHint(QPainter.RenderHint.Antialiasing)

"""Names of sections over the scrubber's bar."""

from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from cnnviz.paint.fonts import font
from cnnviz.views.section_names import fitting, placed


def test_a_name_is_shown_as_far_as_it_tells_which_it_is(qtbot: QtBot) -> None:
    metrics = QFontMetrics(font(11))
    room = metrics.horizontalAdvance("Convolution")
    assert fitting("Convolution", room, metrics) == "Convolution"
    assert fitting("Convolution", room - 12, metrics).startswith("Convol")
    assert fitting("Convolution", metrics.horizontalAdvance("Con…") + 1, metrics) == ""
    assert fitting("ReLU", metrics.horizontalAdvance("ReLU"), metrics) == "ReLU"
    assert fitting("ReLU", 10, metrics) == ""


def test_a_lesson_without_sections_has_no_names(qtbot: QtBot) -> None:
    assert placed([], [], -1, 200.0, QFontMetrics(font(11))) == []

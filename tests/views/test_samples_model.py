"""The icons of a data set."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from cnnviz.timeline.samples import Sample
from cnnviz.views.samples_model import ITEM, SIDE, SamplesModel

CLASSES = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
MARGIN = 3
"""Around a text, in the delegate of a list."""


def lines(text: str, view: QListView) -> tuple[int, float]:
    """How many lines a text takes under a picture, and the height of them all."""
    layout = QTextLayout(text, view.font())
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignHCenter))
    layout.beginLayout()
    made, height = 0, 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(ITEM.width() - 2 * MARGIN)
        made, height = made + 1, height + line.height()
    layout.endLayout()
    return made, height


def test_what_a_picture_was_taken_for_has_room_under_it(qtbot: QtBot) -> None:
    view = QListView()
    qtbot.addWidget(view)
    samples = tuple(Sample(10 * c + a, c, a, 0.999) for c in range(10) for a in range(10))
    model = SamplesModel(CLASSES, lambda _: (bytes(3), 1, 1))
    model.show_samples(samples)
    for row in range(len(samples)):
        index = model.index(row)
        size = model.data(index, Qt.ItemDataRole.SizeHintRole)
        count, height = lines(model.data(index), view)
        assert count <= 2
        assert SIDE + height + 2 * MARGIN <= size.height()

"""The card over the stage while something takes its time."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cnnviz.views.busy_card import LONGEST, TOP, BusyCard
from tests.views.signals import heard


def shown(qtbot: QtBot) -> tuple[QWidget, BusyCard]:
    stage = QWidget()
    qtbot.addWidget(stage)
    stage.resize(800, 400)
    with qtbot.waitExposed(stage):
        stage.show()
    return stage, BusyCard(stage)


def test_it_appears_soon_at_the_top_and_goes_when_all_is_done(qtbot: QtBot) -> None:
    stage, card = shown(qtbot)
    card.show_work("Opening photo.png …", may_cancel=True)
    assert not card.isVisible()
    qtbot.waitUntil(card.isVisible)
    assert card.words.text() == "Opening photo.png …"
    for width in (800, 640):
        stage.resize(width, 400)
        assert (card.y(), abs(card.geometry().center().x() - width // 2) <= 1) == (TOP, True)
    card.show_work("")
    assert not card.isVisible()


def test_what_is_done_at_once_shows_none(qtbot: QtBot) -> None:
    _stage, card = shown(qtbot)
    card.show_work("Opening rgb …")
    card.show_work("")
    timer = card.findChild(QTimer)
    assert timer is not None
    assert not timer.isActive()
    assert not card.isVisible()


def test_only_what_can_be_cancelled_has_the_button(qtbot: QtBot) -> None:
    _stage, card = shown(qtbot)
    asked = heard(card.cancel_requested)
    card.show_work("Computing …")
    qtbot.waitUntil(card.isVisible)
    assert not card.cancel.isVisible()
    card.show_work(f"Opening {'a-very-long-name-' * 20}.png …", may_cancel=True)
    assert card.words.width() <= LONGEST
    assert card.words.text().endswith(".png …")
    qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    assert len(asked) == 1

"""Drawing an input in the window: by mouse and by keys, erased, cleared, undone; the network answers meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cnnviz.controllers.opening import start_with
from cnnviz.lesson.lesson import Track
from cnnviz.scene.primitives import Text
from cnnviz.views.drawing import Canvas, DrawingPanel
from tests.helpers.stand import Stand

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


class Drawing(Stand):
    """A window on a network with its input panel in front, and what a person does to it."""

    def __init__(self, qtbot: QtBot, name: str) -> None:
        super().__init__(qtbot, *start_with((name,)))
        self.desk.preferences.set_motion(False)
        self.window.resize(1280, 800)
        self.window.show_panel("input")
        qtbot.waitUntil(self.canvas.isVisible)

    @property
    def panel(self) -> DrawingPanel:
        return self.window.panels.drawing

    @property
    def canvas(self) -> Canvas:
        return self.panel.canvas

    @property
    def track(self) -> Track:
        return self.desk.editing.lesson.tracks[0]

    def draw(self, *places: tuple[int, int]) -> None:
        """One stroke of the mouse through these places."""
        first, *others = (QPoint(x, y) for x, y in places)
        self.qtbot.mousePress(self.canvas, LEFT, pos=first)
        for place in others:
            self.qtbot.mouseMove(self.canvas, place)
            self.qtbot.wait(1)
        self.qtbot.mouseRelease(self.canvas, LEFT, pos=places and QPoint(*places[-1]))

    def texts(self, end: str) -> list[str]:
        """The texts of the stage whose keys end so."""
        return [p.text for p in self.scene.primitives() if isinstance(p, Text) and p.key.endswith(end)]


@pytest.fixture
def stand(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Drawing]:
    made = Drawing(qtbot, getattr(request, "param", "mnist-network"))
    yield made
    made.desk.editing.stack.blockSignals(True)  # as where the program ends
    made.desk.training.close()
    made.window.deleteLater()


ONE = ((104, 40), (104, 80), (104, 120), (104, 165))
SEVEN = ((60, 50), (100, 48), (145, 50), (125, 90), (108, 130), (95, 170))


def test_a_seven_is_answered_while_it_is_drawn_and_undone_stroke_by_stroke(stand: Drawing) -> None:
    before, count = stand.track, stand.desk.editing.stack.count()
    assert "✓" in "".join(stand.texts("/p"))
    stand.draw(*SEVEN)
    assert stand.panel.answer.text().startswith("7 ")
    assert stand.desk.editing.stack.count() == count + 1
    # The bars on the stage are filled, and nobody says what would be right.
    numbers = stand.texts("/p")
    assert "–" not in numbers
    assert "✓" not in "".join(numbers)
    assert float(numbers[7]) > 0.5
    stand.draw((80, 110), (130, 110))
    two_strokes = stand.canvas.ink
    assert stand.desk.editing.stack.count() == count + 2
    stand.desk.actions["edit.undo"].trigger()
    assert stand.canvas.ink != two_strokes
    assert any(stand.canvas.ink)
    stand.desk.actions["edit.undo"].trigger()
    assert stand.track == before
    assert not any(stand.canvas.ink)
    assert "✓" in "".join(stand.texts("/p"))


def test_the_panel_stays_in_front_while_the_lesson_stops_learning(stand: Drawing) -> None:
    before = stand.track.recipe
    stand.draw(*ONE)
    after = stand.track.recipe
    assert before is not None
    assert after is None
    stand.qtbot.wait(20)
    assert stand.canvas.isVisible()
    assert not stand.canvas.visibleRegion().isEmpty()


def test_the_eraser_and_clear(stand: Drawing) -> None:
    stand.draw(*ONE)
    whole = stand.track.source
    stand.panel.eraser.click()
    stand.draw((104, 60), (104, 90))
    assert stand.track.source != whole
    erased, steps = stand.track.source, stand.desk.editing.stack.count()
    stand.panel.clear.click()
    assert stand.panel.note.isVisible()
    assert (stand.track.source, stand.desk.editing.stack.count()) == (erased, steps)


def test_drawing_by_keys(stand: Drawing) -> None:
    stand.canvas.setFocus()
    for key in (*[Key.Key_Up] * 7, Key.Key_Space, *[Key.Key_Down] * 14, Key.Key_Space):
        stand.qtbot.keyClick(stand.canvas, key)
    assert stand.track.source.name == "drawing"
    assert stand.panel.answer.text().startswith("1 ")
    assert stand.desk.editing.stack.count() == 1


def test_the_right_answer_brings_the_way_back(stand: Drawing) -> None:
    stand.draw(*SEVEN)
    steps = stand.desk.session.moment.timeline.count
    stand.panel.label.setFocus()
    for key in (Key.Key_Home, *[Key.Key_Down] * 8):
        stand.qtbot.keyClick(stand.panel.label, key)
    assert stand.panel.label.currentText() == "7"
    assert stand.desk.session.moment.timeline.count > steps
    assert [text for text in stand.texts("/p") if "✓" in text] == [stand.texts("/p")[7]]
    stand.qtbot.wait(20)
    assert stand.canvas.isVisible()


def test_a_slider_moves_the_answer(stand: Drawing) -> None:
    stand.desk.session.show(index=0)
    before = stand.panel.answer.text()
    stand.window.panels.input.rotation.slider.setValue(stand.window.panels.input.rotation.slider.maximum())
    assert stand.panel.answer.text() != before
    assert "–" not in stand.texts("/p")


def test_a_blank_picture_is_refused_in_one_line(stand: Drawing, tmp_path: object) -> None:
    path = f"{tmp_path}/blank.png"
    said: list[str] = []
    image = QImage(28, 28, QImage.Format.Format_Grayscale8)
    image.fill(255)
    assert image.save(path)
    stand.desk.opening.failed.disconnect()
    stand.desk.opening.failed.connect(said.append)
    before = stand.track
    stand.desk.opening.open(path)
    stand.qtbot.waitUntil(lambda: bool(said))
    assert said[0].startswith("blank.png: all of it is 255")
    assert stand.track == before


@pytest.mark.parametrize("stand", ["learn-digits"], indirect=True)
def test_while_it_learns_a_drawing_is_answered_with_the_weights_that_are_shown(stand: Drawing) -> None:
    stand.draw(*ONE)
    assert stand.track.source.name == "drawing"
    assert stand.track.recipe is not None
    assert "✓" not in "".join(stand.texts("/p"))
    assert not stand.panel.label.isVisible()
    first = stand.panel.answer.text()
    stand.qtbot.waitUntil(lambda: stand.desk.training.progress.filled > 60, timeout=30_000)
    stand.desk.player.seek(60)
    assert stand.panel.answer.text() != first
    assert np.frombuffer(stand.canvas.ink, np.uint8).any()


def test_the_answer_has_room_where_one_update_is_shown(stand: Drawing) -> None:
    assert stand.track.recipe is not None
    assert not stand.window.docks.plots_shown
    stand.qtbot.waitUntil(lambda: not stand.panel.answer.visibleRegion().isEmpty())

"""Lines that stay true in the whole window: an edit takes a finding away, undoing brings it back, files keep it so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.__main__ import main
from cnnviz.controllers.opening import start_with
from cnnviz.export.notes import notes_of
from cnnviz.files.lessons import read_lesson, shipped_lesson
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.findings import told_lesson
from cnnviz.scene.primitives import Text
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.stand import Stand

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier

GENERAL = "The kernel slides over the picture."
WHOLE = f"{GENERAL} Where bright turns into dark, it answers 30; elsewhere 0."


class Telling(Stand):
    """A window on a lesson that ships, and what it says."""

    def text(self, key: str) -> str:
        """A text of the stage; empty where it has none."""
        return next((p.text for p in self.scene.primitives() if isinstance(p, Text) and p.key == key), "")

    @property
    def story(self) -> str:
        return self.text("story")

    def type_cell(self, tensor: str, row: int, column: int, value: str) -> None:
        """Type another number over a cell of the stage, by a double click."""
        self.click(tensor, row, column, double=True)
        widget = QApplication.focusWidget()
        assert widget is not None
        self.qtbot.keyClicks(widget, value)
        self.key(Key.Key_Return)


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Telling]:
    made = Telling(qtbot, *start_with(("vertical-edge",)))
    yield made
    made.close()


def test_an_edited_pixel_takes_the_line_and_undo_brings_it_back(stand: Telling) -> None:
    assert stand.story == WHOLE
    stand.type_cell("input", 2, 2, "-11")
    assert stand.story == GENERAL
    stand.key(Key.Key_Z, CTRL)
    assert stand.story == WHOLE
    stand.key(Key.Key_Y, CTRL)
    assert stand.story == GENERAL


def test_a_number_typed_back_by_hand_brings_it_back_too(stand: Telling) -> None:
    stand.type_cell("input", 2, 2, "7")
    stand.type_cell("input", 2, 2, "10")
    assert stand.story == WHOLE


def test_an_edited_weight_takes_it_as_well(stand: Telling) -> None:
    stand.type_cell("conv1.weight", 0, 0, "-2")
    assert stand.story == GENERAL
    stand.key(Key.Key_Z, CTRL)
    assert stand.story == WHOLE


def test_the_stage_stays_where_it_is(stand: Telling) -> None:
    before = stand.grid("input").origin, stand.grid("input").cell
    stand.type_cell("input", 2, 2, "7")
    assert (stand.grid("input").origin, stand.grid("input").cell) == before


def test_the_panel_at_the_side_shows_what_is_told(stand: Telling) -> None:
    panel = stand.window.panels.words
    assert panel.caption.toPlainText() == WHOLE
    assert "row sums are 10, 10, 10" in panel.notes.toPlainText()
    stand.type_cell("input", 2, 2, "7")
    stand.qtbot.waitUntil(lambda: panel.caption.toPlainText() == GENERAL)
    assert "row sums" not in panel.notes.toPlainText()


def test_a_line_typed_on_the_stage_is_the_teachers_and_stays(stand: Telling) -> None:
    stand.desk.words.ask("caption")
    editor = stand.window.stage.words.editor
    assert editor.toPlainText() == WHOLE
    editor.setPlainText("It answers 30, says the teacher")
    stand.key(Key.Key_Return)
    stand.type_cell("input", 2, 2, "7")
    assert stand.story == "It answers 30, says the teacher"
    stand.key(Key.Key_Z, CTRL)
    stand.key(Key.Key_Z, CTRL)
    assert stand.story == WHOLE


def test_saved_and_opened_again_it_behaves_alike(stand: Telling, tmp_path: Path) -> None:
    stand.type_cell("input", 2, 2, "7")
    for name in ("mine.json", "mine.cnnviz"):
        place = tmp_path / name
        stand.desk.document.save_to(str(place))
        again = read_lesson(place)
        assert again == stand.desk.editing.lesson
        assert told_lesson(again).words[0].caption == GENERAL
        assert told_lesson(set_field(again, "source.cells.0.2.2", "10")).words[0].caption == WHOLE


def test_notes_of_the_speaker_follow_the_stage() -> None:
    lesson = shipped_lesson("vertical-edge")
    edited = set_field(lesson, "source.cells.0.2.2", "7")
    whole, rest = (notes_of(make_timeline(one), 0, "Spoken.") for one in (lesson, edited))
    assert "which makes 30" in whole
    assert "which makes 30" not in rest
    assert "Place the kernel over nine pixels" in rest


@pytest.mark.parametrize("pixel", ["10", "7"])
def test_an_export_says_what_the_stage_says(tmp_path: Path, pixel: str) -> None:
    out = tmp_path / "frame.svg"
    options = ("--frames", "0:1", "--set", f"source.cells.0.2.2={pixel}")
    assert main(["export", "vertical-edge", str(out), *options]) == 0
    text = out.read_text(encoding="utf-8")
    assert GENERAL.split()[-1] in text
    assert ("answers 30" in text) is (pixel == "10")


def test_a_quiz_is_not_answered_by_the_line_above_it(tmp_path: Path) -> None:
    out = tmp_path / "frame.svg"
    assert main(["export", "vertical-edge", str(out), "--frames", "0:1", "--hide", "total"]) == 0
    text = out.read_text(encoding="utf-8")
    assert "The kernel slides" in text
    assert "answers 30" not in text


def test_names_of_tracks_and_sections_follow_an_edit(qtbot: QtBot) -> None:
    stand = Telling(qtbot, *start_with(("strides",)))
    assert (stand.text("0/name"), stand.text("1/name")) == ("Stride 1", "Stride 2")
    assert stand.text("section").startswith("Strides 1, 2 and 3")
    stand.desk.editing.apply("Stride", lambda lesson: set_field(lesson, "layers.0.stride", "4"))
    assert (stand.text("0/name"), stand.text("1/name")) == ("Stride 4", "Stride 2")
    assert stand.text("section").startswith("Convolution")
    stand.key(Key.Key_Z, CTRL)
    assert stand.text("0/name") == "Stride 1"
    stand.close()


def test_a_line_about_the_start_stands_in_every_iteration_and_goes_with_the_rate(qtbot: QtBot) -> None:
    stand = Telling(qtbot, *start_with(("chain-rule",)))
    timeline = stand.desk.session.moment.timeline
    update = next(s for s in timeline.sections[0] if s.kind == "update")
    per_iteration = timeline.sections[0][-1].stop
    for iteration in (0, 2):
        stand.desk.session.show(index=iteration * per_iteration + update.start)
        assert "first to 7.6" in stand.story
    stand.desk.editing.apply("Rate", lambda lesson: set_field(lesson, "rate", "0.01"))
    assert stand.story == "Each weight takes its step."
    stand.close()


def test_names_of_a_learning_lesson_follow_the_rate() -> None:
    lesson = set_field(shipped_lesson("learning-rates"), "tracks.1.rate", "0.05")
    names = [track.name for track in told_lesson(lesson).tracks]
    assert names == ["η = 0.01: slow", "η = 0.05", "η = 0.2: cycling", "η = 0.21: diverging"]
    assert (
        told_lesson(replace(lesson, tracks=shipped_lesson("learning-rates").tracks))
        .tracks[1]
        .name.endswith("exact")
    )

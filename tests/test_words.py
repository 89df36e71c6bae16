"""The teacher's own words in the whole window: typed on the stage and in the panel, undone, saved, exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnviz.__main__ import main
from cnnviz.controllers.opening import start_with
from cnnviz.files.lessons import read_lesson
from cnnviz.lesson.lesson import Lesson, Words
from cnnviz.scene.primitives import Text
from cnnviz.views.words_edit import WordsEdit
from tests.helpers.stand import Stand

Key = Qt.Key
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton


class Writing(Stand):
    """A window on the 6×6 example, and what a person does to its words."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, *start_with(("vertical-edge",)))

    @property
    def words(self) -> Words:
        """The words of the section at the playhead."""
        return self.desk.words.form.words

    @property
    def edit(self) -> WordsEdit:
        return self.window.stage.words.editor

    def type(self, text: str) -> None:
        """Type where the focus is."""
        widget = QApplication.focusWidget()
        assert widget is not None
        self.qtbot.keyClicks(widget, text)

    def text(self, key: str) -> Text:
        """A text of the stage."""
        return next(p for p in self.scene.primitives() if isinstance(p, Text) and p.key == key)

    def double_click(self, key: str) -> None:
        """Click twice in the middle of a text of the stage."""
        box = self.text(key).box
        spot = QPointF(box.cx, box.cy).toPoint()
        self.qtbot.mouseClick(self.window.stage.viewport(), LEFT, pos=spot)
        self.qtbot.mouseDClick(self.window.stage.viewport(), LEFT, pos=spot)

    def shown(self) -> str:
        """All texts of the stage."""
        return "\n".join(p.text for p in self.scene.primitives() if isinstance(p, Text))


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Writing]:
    made = Writing(qtbot)
    made.desk.editing.apply("Without words", _silent)
    made.desk.editing.stack.clear()
    yield made
    made.close()


def _silent(lesson: Lesson) -> Lesson:
    """The lesson without the words that it ships with."""
    return replace(lesson, words=())


# On the stage


def test_a_double_click_on_the_caption_opens_an_editor_over_it(stand: Writing) -> None:
    stand.double_click("caption")
    assert stand.edit.isVisible()
    assert stand.edit.hasFocus()
    box = stand.text("caption").box
    assert stand.edit.geometry().contains(QPointF(box.cx, box.cy).toPoint())
    stand.type("Look where bright meets dark")
    stand.key(Key.Key_Return)
    assert not stand.edit.isVisible()
    assert stand.window.stage.hasFocus()
    assert stand.words.caption == "Look where bright meets dark"
    assert "Look where bright meets dark" in stand.shown()


def test_the_title_of_the_section_is_typed_over_its_own_name(stand: Writing) -> None:
    stand.double_click("section")
    assert stand.edit.toPlainText() == "Convolution"
    stand.type("Sliding the kernel")
    stand.key(Key.Key_Return)
    assert stand.words.title == "Sliding the kernel"
    assert "Sliding the kernel" in stand.text("section").text
    stand.key(Key.Key_Z, CTRL)
    assert stand.words == Words(0)
    assert "Convolution" in stand.text("section").text


def test_the_title_of_the_lesson_too(stand: Writing) -> None:
    stand.double_click("title")
    stand.type("My edges")
    stand.key(Key.Key_Return)
    assert stand.desk.editing.lesson.title == "My edges"
    assert stand.window.windowTitle().startswith("My edges")


def test_escape_leaves_the_words_and_a_click_elsewhere_takes_them(stand: Writing) -> None:
    stand.double_click("caption")
    stand.type("no")
    stand.key(Key.Key_Escape)
    assert (stand.edit.isVisible(), stand.words.caption) == (False, "")
    stand.double_click("caption")
    stand.type("yes")
    stand.window.stage.setFocus(Qt.FocusReason.MouseFocusReason)
    assert (stand.edit.isVisible(), stand.words.caption) == (False, "yes")


def test_the_keyboard_goes_from_editor_to_editor(stand: Writing) -> None:
    stand.key(Key.Key_F2)
    stand.type("A story")
    stand.key(Key.Key_Tab)
    assert stand.edit.accessibleName() == "Title of the section"
    stand.type("A title")
    stand.key(Key.Key_Tab)
    stand.type("A lesson")
    stand.key(Key.Key_Return)
    assert (stand.words.caption, stand.words.title) == ("A story", "A title")
    assert stand.desk.editing.lesson.title == "A lesson"
    assert stand.desk.editing.stack.count() == 3


def test_letters_and_arrows_in_the_editor_are_no_shortcuts(stand: Writing) -> None:
    stand.key(Key.Key_F2)
    for key in (Key.Key_R, Key.Key_Space, Key.Key_L, Key.Key_BracketRight, Key.Key_Left, Key.Key_PageDown):
        stand.key(key)
    assert stand.desk.session.moment.index == 0
    assert not stand.desk.player.playing
    assert stand.desk.player.speed == 1
    stand.key(Key.Key_Escape)


def test_typing_stops_the_player(stand: Writing) -> None:
    stand.key(Key.Key_Space)
    assert stand.desk.player.playing
    stand.key(Key.Key_F2)
    assert not stand.desk.player.playing


def test_too_long_a_text_stays_in_the_editor(stand: Writing) -> None:
    stand.key(Key.Key_F2)
    stand.edit.setPlainText("x" * 2001)
    stand.key(Key.Key_Return)
    assert stand.edit.hasFocus()
    assert len(stand.edit.toPlainText()) == 2001
    assert "2,001 characters" in stand.window.note.note
    stand.key(Key.Key_Escape)
    assert (stand.edit.isVisible(), stand.words.caption) == (False, "")


def test_a_long_story_stays_within_the_stage(stand: Writing) -> None:
    stand.key(Key.Key_F2)
    stand.edit.setPlainText("many words " * 150)
    inside = stand.window.stage.rect()
    assert inside.contains(stand.edit.geometry())
    assert stand.edit.height() > 2 * stand.edit.fontMetrics().lineSpacing()
    stand.key(Key.Key_Escape)


def test_the_pointer_tells_what_can_be_typed_over(stand: Writing) -> None:
    viewport, box = stand.window.stage.viewport(), stand.text("section").box
    shapes = []
    for spot in (QPointF(box.cx, box.cy), QPointF(box.cx, box.bottom + 4)):
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(QEvent.Type.MouseMove, spot, viewport.mapToGlobal(spot), none, none, NONE)
        QApplication.sendEvent(viewport, move)
        shapes.append(viewport.cursor().shape())
    assert shapes == [Qt.CursorShape.IBeamCursor, Qt.CursorShape.ArrowCursor]


def test_the_brush_opens_no_editor(stand: Writing) -> None:
    stand.window.stage.set_paint_mode(True)
    stand.double_click("section")
    assert not stand.edit.isVisible()


def test_a_story_line_is_typed_over_where_it_stands(stand: Writing) -> None:
    stand.desk.words.answer("caption", "First")
    stand.double_click("story")
    assert stand.edit.toPlainText() == "First"
    stand.type("Second")
    stand.key(Key.Key_Return)
    assert stand.text("story").text == "Second"


# In the panel


def test_the_panel_edits_the_section_at_the_playhead(stand: Writing) -> None:
    stand.key(Key.Key_F2, SHIFT)
    panel = stand.window.panels.words
    assert panel.isVisible()
    assert panel.notes.hasFocus()
    stand.type("Ask first")
    stand.key(Key.Key_Return)
    stand.type("then tell")
    assert stand.words.notes == "Ask first\nthen tell"
    assert stand.desk.editing.stack.count() == 1
    stand.key(Key.Key_Escape)
    assert stand.window.stage.hasFocus()
    stand.key(Key.Key_PageDown)
    assert panel.section.text() == "Section: ReLU"
    assert panel.notes.toPlainText() == ""
    stand.key(Key.Key_PageUp)
    assert panel.notes.toPlainText() == "Ask first\nthen tell"


@pytest.mark.parametrize("name", ["title", "caption"])
def test_undo_in_a_field_is_that_of_the_lesson(stand: Writing, name: str) -> None:
    stand.window.show_panel("words")
    field: QWidget = getattr(stand.window.panels.words, name)
    field.setFocus()
    stand.type("One")
    stand.window.panels.words.notes.setFocus()
    field.setFocus()
    stand.type(" two")
    assert getattr(stand.words, name) == "One two"
    stand.key(Key.Key_Z, CTRL)
    assert getattr(stand.words, name) == "One"
    stand.key(Key.Key_Z, CTRL)
    assert stand.words == Words(0)
    stand.key(Key.Key_Z, CTRL | SHIFT)
    assert getattr(stand.words, name) == "One"


def test_what_is_typed_in_the_panel_shows_on_the_stage_at_once(stand: Writing) -> None:
    stand.window.show_panel("words")
    stand.window.panels.words.title.setFocus()
    stand.type("Edges")
    assert "Edges" in stand.text("section").text
    assert stand.window.panels.words.title.cursorPosition() == 5


def test_too_long_a_text_is_told_and_taken_back(stand: Writing) -> None:
    stand.window.show_panel("words")
    caption = stand.window.panels.words.caption
    caption.setFocus()
    QGuiApplication.clipboard().setText("x" * 2001)
    stand.qtbot.keyClick(caption, Key.Key_V, CTRL)
    assert caption.toPlainText() == ""
    assert "2,001 characters" in stand.window.note.note


# In files


def test_words_go_into_exported_frames(stand: Writing, tmp_path: Path) -> None:
    stand.desk.document.save_to(str(tmp_path / "without.json"))
    stand.desk.words.answer("caption", "Look")
    stand.desk.document.save_to(str(tmp_path / "with.json"))
    pictures = []
    for name in ("without", "with"):
        out = tmp_path / f"{name}.png"
        assert (
            main(["export", str(tmp_path / f"{name}.json"), str(out), "--frames", "0:1", "--size", "640x360"])
            == 0
        )
        pictures.append(out.read_bytes())
    assert pictures[0] != pictures[1]


def test_words_are_saved_with_the_lesson(stand: Writing, tmp_path: Path) -> None:
    stand.desk.words.answer("caption", "Look")
    place = tmp_path / "mine.cnnviz"
    stand.desk.document.save_to(str(place))
    assert read_lesson(place).words == (Words(0, caption="Look"),)

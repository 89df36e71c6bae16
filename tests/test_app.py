"""The whole window without a screen, driven by real keys and mouse events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.commands import commands
from cnnviz.controllers.actions import ACTIONS
from cnnviz.controllers.opening import start_with
from cnnviz.lesson.source import materialise
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.timeline.frame import CellRef
from cnnviz.views import ask
from cnnviz.views.menus import MENUS
from tests.helpers.stand import Stand

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class App(Stand):
    """A window on the 6×6 example, and what a person does to it."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, *start_with(()))

    @property
    def kernel(self) -> list[list[float]]:
        params = self.desk.editing.lesson.tracks[0].params[0]
        assert params is not None
        return params.weight[0, 0].tolist()  # type: ignore[no-any-return]

    @property
    def picture(self) -> list[list[float]]:
        return materialise(self.desk.editing.lesson.tracks[0].source)[0].tolist()  # type: ignore[no-any-return]


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[App]:
    made = App(qtbot)
    yield made
    made.close()


# The table of commands


def test_every_command_stands_in_a_menu_and_does_something(stand: App) -> None:
    placed = [name for _, names in MENUS for name in names if "." in name]
    assert sorted(placed) == sorted(spec.id for spec in ACTIONS)
    assert set(commands(stand.desk)) == set(stand.desk.actions)


def test_quit_and_preferences_have_keys_of_their_own(stand: App) -> None:
    assert stand.desk.actions["file.quit"].shortcut().toString() == "Ctrl+Q"
    assert stand.desk.actions["edit.preferences"].shortcut().toString() == "Ctrl+,"


# Playing


def test_keys_step_and_jump(stand: App) -> None:
    seen = []
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_PageDown, Key.Key_End, Key.Key_Up):
        stand.key(key)
        seen.append(stand.index)
    assert seen == [1, 11, 10, 16, 35, 25]
    stand.key(Key.Key_PageUp)
    stand.key(Key.Key_Home)
    assert stand.index == 0


def test_space_plays_and_pauses(stand: App) -> None:
    stand.key(Key.Key_BracketRight)
    assert stand.desk.player.speed == 1.5
    stand.desk.player.set_speed(8)
    stand.key(Key.Key_Space)
    stand.qtbot.waitUntil(lambda: stand.index >= 2)
    stand.key(Key.Key_Space)
    assert not stand.desk.player.playing


def test_shift_space_plays_backwards_and_escape_stops(stand: App) -> None:
    stand.key(Key.Key_Space, SHIFT)
    assert stand.desk.player.transport_state().backwards
    stand.key(Key.Key_Escape)
    assert not stand.desk.player.playing


def test_the_title_tells_the_step(stand: App) -> None:
    stand.key(Key.Key_Right)
    assert "2 / 36" in stand.window.windowTitle()


def test_a_click_in_the_scrubber_seeks(stand: App) -> None:
    bar = stand.window.transport.scrubber
    stand.qtbot.mouseClick(bar, LEFT, pos=QPoint(bar.width() - 6, bar.height() // 2 + 6))
    assert stand.index >= 34


def test_the_counter_takes_a_number(stand: App) -> None:
    field = stand.window.transport.counter.edit
    field.setFocus()
    field.selectAll()
    stand.qtbot.keyClicks(field, "20")
    stand.qtbot.keyClick(field, Key.Key_Return)
    assert stand.index == 19


def test_single_keys_do_not_steal_typing(stand: App) -> None:
    words = stand.window.panels.kernel.presets.words
    words.setFocus()
    for key in (Key.Key_R, Key.Key_Space, Key.Key_L, Key.Key_BracketRight, Key.Key_Left, Key.Key_Home):
        stand.key(key)
    assert (stand.index, stand.desk.player.playing, stand.desk.player.speed) == (0, False, 1.0)
    assert words.text() == "r l]"


# Pointer


def test_a_click_on_an_output_cell_seeks_there(stand: App) -> None:
    stand.click("conv1", 2, 1)
    assert stand.index == 9
    assert stand.desk.session.moment.viewpoint.pinned is None


def test_a_click_on_a_cell_inside_a_step_pins_it(stand: App) -> None:
    stand.desk.layers.set_pace("row")
    stand.click("conv1", 2, 1)
    assert stand.index == 2
    assert stand.desk.session.moment.viewpoint.pinned == CellRef(0, "conv1", 0, 2, 1)
    stand.key(Key.Key_Escape)
    assert stand.desk.session.moment.viewpoint.pinned is None


def test_hovering_names_the_cell(stand: App) -> None:
    stand.qtbot.mouseMove(stand.window.stage.viewport(), stand.spot("conv1", 0, 1))
    assert stand.desk.staging.hover == CellRef(0, "conv1", 0, 0, 1)


def test_a_double_click_on_a_weight_edits_it(stand: App) -> None:
    stand.click("conv1.weight", 0, 0, double=True)
    editor = QGuiApplication.focusObject()
    assert editor is not None
    stand.qtbot.keyClicks(editor, "1/2")
    stand.key(Key.Key_Return)
    assert stand.kernel[0] == [0.5, 0, -1]
    stand.key(Key.Key_Z, CTRL)
    assert stand.kernel[0] == [1, 0, -1]
    stand.key(Key.Key_Z, CTRL | SHIFT)
    assert stand.kernel[0] == [0.5, 0, -1]


def test_painting_is_one_entry_for_each_stroke(stand: App) -> None:
    stand.window.panels.input.brush.click()
    view, start, end = stand.window.stage.viewport(), stand.spot("input", 0, 3), stand.spot("input", 0, 5)
    stand.qtbot.mouseMove(view, start)
    stand.qtbot.mousePress(view, LEFT, pos=start)
    stand.qtbot.mouseMove(view, end)
    stand.qtbot.mouseRelease(view, LEFT, pos=end)
    assert stand.picture[0] == [10, 10, 10, 10, 10, 10]
    assert stand.desk.editing.stack.count() == 1


def test_escape_puts_the_brush_away(stand: App) -> None:
    stand.window.panels.input.brush.click()
    painting = [stand.desk.inputs.painting]
    stand.window.stage.setFocus()
    stand.key(Key.Key_Escape)
    painting.append(stand.desk.inputs.painting)
    assert painting == [True, False]
    assert not stand.window.panels.input.brush.isChecked()


def test_zoom_keys_and_fit(stand: App) -> None:
    stand.key(Key.Key_Plus, CTRL)
    assert stand.desk.session.moment.viewpoint.camera.zoom == 1.25
    stand.key(Key.Key_0, CTRL)
    assert stand.desk.session.moment.viewpoint.camera.zoom == 1


# Editing


def test_a_cell_of_the_kernel_table_is_typed_in_place(stand: App) -> None:
    table = stand.window.panels.kernel.table
    table.setFocus()
    table.setCurrentCell(1, 1)
    stand.qtbot.keyClicks(table, "7")
    stand.key(Key.Key_Return)
    assert stand.kernel[1] == [1, 7, -1]
    assert stand.window.isWindowModified()
    stand.desk.actions["edit.undo"].trigger()
    assert not stand.window.isWindowModified()


def test_undo_says_what_it_takes_back(stand: App) -> None:
    undo = stand.desk.actions["edit.undo"]
    assert not undo.isEnabled()
    stand.desk.kernels.use_named("sobel-x")
    assert undo.isEnabled()
    assert undo.text() == "&Undo Kernel Sobel x"


def test_a_refused_edit_is_told_and_changes_nothing(stand: App) -> None:
    before = stand.desk.editing.lesson
    stand.desk.kernels.set_size("kernel_size", 9)
    assert stand.desk.editing.lesson is before
    assert "9" in stand.window.note.note
    assert stand.window.panels.kernel.extent.rows.box.value() == 3


# Files


def test_a_dropped_picture_and_kernel_are_opened_one_after_the_other(stand: App, tmp_path: Path) -> None:
    picture, kernel = tmp_path / "ramp.png", tmp_path / "mean.txt"
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(6, 8)).save(picture)
    kernel.write_text("1/4 1/4\n1/4 1/4\n")
    stand.window.files_dropped.emit([str(picture), str(kernel)])
    stand.qtbot.waitUntil(lambda: stand.desk.editing.stack.count() == 2)
    assert stand.picture[5] == [40, 41, 42, 43, 44, 45, 46, 47]
    assert stand.kernel == [[0.25, 0.25], [0.25, 0.25]]
    assert [path for path, _ in stand.desk.preferences.recent_entries()] == [str(kernel), str(picture)]


def test_a_broken_picture_changes_nothing(
    stand: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    stand.desk.opening.failed.disconnect()
    stand.desk.opening.failed.connect(told.append)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    before = stand.desk.editing.lesson
    stand.desk.opening.open(str(broken))
    stand.qtbot.waitUntil(lambda: bool(told))
    assert told[0].startswith("broken.png") or "broken.png:" in told[0]
    assert "\n" not in told[0]
    assert stand.desk.editing.lesson is before


def test_a_picture_is_pasted(stand: App) -> None:
    image = QImage(3, 2, QImage.Format.Format_Grayscale8)
    image.fill(77)
    QGuiApplication.clipboard().setImage(image)
    stand.desk.kernels.set_size("kernel_size", 1)
    stand.desk.layers.set_pooling("none")
    stand.key(Key.Key_V, CTRL)
    stand.qtbot.waitUntil(lambda: stand.picture == [[77, 77, 77], [77, 77, 77]])


def test_a_small_table_is_pasted_as_kernel(stand: App) -> None:
    mime = QMimeData()
    mime.setText("1\t2\n3\t4")
    QGuiApplication.clipboard().setMimeData(mime)
    stand.key(Key.Key_V, CTRL)
    stand.qtbot.waitUntil(lambda: stand.kernel == [[1, 2], [3, 4]])


def test_saved_and_opened_again(stand: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "mine.cnnviz"
    monkeypatch.setattr(ask, "ask_save", lambda _parent, _suggested: str(place))
    stand.desk.kernels.use_named("emboss")
    changed = stand.desk.editing.lesson
    stand.key(Key.Key_S, CTRL)
    assert not stand.window.isWindowModified()
    assert stand.window.windowTitle().startswith("mine.cnnviz")
    stand.key(Key.Key_N, CTRL)
    assert stand.desk.editing.lesson != changed
    stand.desk.opening.open(str(place))
    stand.qtbot.waitUntil(lambda: stand.desk.editing.lesson == changed)


@pytest.mark.parametrize(("answer", "closed"), [("discard", True), ("cancel", False)])
def test_closing_a_changed_lesson_asks(
    stand: App, monkeypatch: pytest.MonkeyPatch, answer: str, closed: bool
) -> None:
    asked: list[str] = []

    def confirm(_parent: QWidget, name: str) -> str:
        asked.append(name)
        return answer

    monkeypatch.setattr(ask, "confirm_save", confirm)
    stand.desk.kernels.use_named("emboss")
    stand.key(Key.Key_Q, CTRL)
    stand.qtbot.waitUntil(lambda: bool(asked))
    stand.qtbot.waitUntil(lambda: stand.window.isVisible() is not closed)


def test_new_input_by_its_dialog(stand: App) -> None:
    from cnnviz.views.new_input_dialog import NewInputDialog

    stand.key(Key.Key_N, CTRL | SHIFT)
    dialog = stand.dialog(NewInputDialog)
    stand.qtbot.keyClick(dialog, Key.Key_Return)
    stand.qtbot.waitUntil(lambda: stand.desk.editing.stack.count() == 1)
    assert stand.picture == [[0, 0, 10, 10, 0, 0]] * 6


def test_go_to_by_its_dialog(stand: App) -> None:
    from cnnviz.views.goto_dialog import GotoDialog

    stand.key(Key.Key_G, CTRL)
    dialog = stand.dialog(GotoDialog)
    stand.qtbot.keyClicks(dialog.number, "12")
    stand.qtbot.keyClick(dialog.number, Key.Key_Return)
    assert stand.index == 11


def test_the_matrix_and_the_frame_are_copied(stand: App) -> None:
    stand.key(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "\n".join(["0\t30\t30\t0"] * 4)
    stand.key(Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().image().width() == 1920


# Look


@pytest.mark.parametrize("panel", ["kernel", "layer", "input"])
def test_no_two_access_keys_clash(stand: App, panel: str) -> None:
    stand.window.show_panel(panel)
    QApplication.processEvents()
    texts = [menu.text() for menu in stand.window.menuBar().actions()]
    labels = [w for w in stand.window.findChildren(QLabel) if w.isVisible()]
    buttons = [w for w in stand.window.findChildren(QAbstractButton) if w.isVisible()]
    texts += [label.text() for label in labels]
    texts += [button.text() for button in buttons if not isinstance(button, QToolButton)]
    keys = sorted(text[text.index("&") + 1].lower() for text in texts if "&" in text)
    assert len(keys) > 5
    assert keys == sorted(set(keys))


def test_an_access_key_leads_to_the_field_of_the_panel_in_front(stand: App) -> None:
    stand.key(Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    assert QGuiApplication.focusObject() is stand.window.panels.kernel.extent.rows.box


def test_dark_and_light(stand: App) -> None:
    assert stand.desk.staging.theme is LIGHT
    stand.key(Key.Key_D, CTRL | SHIFT)
    assert stand.desk.staging.theme is DARK
    assert stand.window.palette().window().color().name() == DARK.surface
    stand.key(Key.Key_D, CTRL | SHIFT)
    assert stand.desk.staging.theme is LIGHT


def test_full_screen_and_back_by_escape(stand: App) -> None:
    stand.key(Key.Key_F11)
    assert stand.window.isFullScreen()
    stand.key(Key.Key_Escape)
    assert not stand.window.isFullScreen()


def test_the_speed_is_remembered(stand: App) -> None:
    stand.key(Key.Key_BracketRight)
    again = app.build(*start_with(()))
    stand.qtbot.addWidget(again.window)
    assert again.player.speed == 1.5
    assert again.window.transport.speed.choice == 1.5

"""Exports in the whole window, driven by real keys and mouse events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from cnnviz.controllers.exporting import Exporting
from cnnviz.controllers.opening import start_with
from cnnviz.export.job import Progress
from cnnviz.lesson.lesson import BadInput
from cnnviz.views.export_dialog import ExportDialog
from cnnviz.views.plan_name_dialog import PlanNameDialog
from cnnviz.views.progress_dialog import ProgressDialog
from tests.helpers.stand import Stand

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Stand]:
    made = Stand(qtbot, *start_with(()))
    yield made
    made.close()


def _export_dialog(stand: Stand, out: Path) -> ExportDialog:
    """The dialog with three small frames and a place in its fields."""
    stand.key(Key.Key_E, CTRL)
    dialog = stand.dialog(ExportDialog)
    dialog.where.out.setText(str(out))
    dialog.steps_tab.range.setFocus()
    stand.qtbot.keyClick(dialog.steps_tab.range, Key.Key_End)
    dialog.steps_tab.steps.last.setText("3")
    dialog.look_tab.extent.show_pair(320, 180)
    dialog.announce()
    stand.qtbot.waitUntil(lambda: "3" in dialog.preview.estimate.text())
    return dialog


def test_exports_by_its_dialog(stand: Stand, tmp_path: Path) -> None:
    dialog = _export_dialog(stand, tmp_path / "slides")
    stand.qtbot.waitUntil(lambda: dialog.preview.words.text() == "Convolution, step 1 of 36")
    dialog.go.click()
    stand.qtbot.waitUntil(lambda: "3 files" in stand.window.note.note)
    names = sorted(path.name for path in (tmp_path / "slides").iterdir())
    assert names == ["frame-0000.png", "frame-0001.png", "frame-0002.png"]
    with Image.open(tmp_path / "slides" / names[0]) as image:
        assert image.size == (320, 180)


def test_what_was_exported_can_be_opened_and_put_into_latex(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    _export_dialog(stand, tmp_path / "edge.pdf").go.click()
    stand.qtbot.waitUntil(lambda: stand.window.note.note.startswith("Wrote edge.pdf"))
    folder, latex = stand.window.note_actions.buttons
    stand.qtbot.mouseClick(folder, LEFT)
    assert [Path(path) for path in opened] == [tmp_path.resolve()]
    stand.qtbot.mouseClick(latex, LEFT)
    assert QGuiApplication.clipboard().text().startswith(r"\animategraphics")
    stand.window.show_note("Something else")
    stand.qtbot.waitUntil(lambda: not stand.window.note_actions.isVisible())
    assert stand.window.note_actions.buttons == []


@pytest.mark.parametrize("agreed", [True, False])
def test_files_are_replaced_only_when_that_is_wanted(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    asked: list[list[str]] = []

    def confirm(_parent: object, paths: list[str]) -> bool:
        asked.append([Path(path).name for path in paths])
        return agreed

    monkeypatch.setattr("cnnviz.views.ask.confirm_overwrite", confirm)
    old = tmp_path / "frame-0001.png"
    old.write_bytes(b"mine")
    dialog = _export_dialog(stand, tmp_path)
    dialog.go.click()
    assert asked == [["frame-0001.png"]]
    assert dialog.isVisible() is not agreed
    if agreed:
        stand.qtbot.waitUntil(lambda: "3 files" in stand.window.note.note)
    else:
        dialog.reject()
    assert (old.read_bytes() == b"mine") is not agreed


@pytest.mark.parametrize("agreed", [True, False])
def test_closing_the_window_asks_before_an_export_is_given_up(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    asked: list[bool] = []
    exporting: list[Exporting] = []

    def confirm(_parent: object) -> bool:
        asked.append(exporting[0].running)
        return agreed

    monkeypatch.setattr("cnnviz.views.ask.confirm_stop_export", confirm)
    _export_dialog(stand, tmp_path / "slides").go.click()
    exporting += stand.window.findChildren(Exporting)
    stand.window.close()
    stand.qtbot.waitUntil(lambda: bool(asked))
    assert asked == [True]
    if agreed:
        stand.qtbot.waitUntil(lambda: not stand.window.isVisible())
        assert list(tmp_path.iterdir()) == []
    else:
        stand.qtbot.waitUntil(lambda: "3 files" in stand.window.note.note)
        assert stand.window.isVisible()


def test_an_export_goes_on_beside_the_window_and_is_found_again(stand: Stand, tmp_path: Path) -> None:
    _export_dialog(stand, tmp_path / "slides").go.click()
    stand.window.activateWindow()
    stand.desk.actions["file.export"].trigger()  # shows how it goes, not a second dialog
    assert not [d for d in stand.window.findChildren(ExportDialog) if d.isVisible()]
    shown = [d for d in stand.window.findChildren(ProgressDialog) if d.isVisible()]
    assert len(shown) == 1
    assert not shown[0].isModal()
    shown[0].reject()
    stand.qtbot.waitUntil(lambda: "cancelled" in stand.window.note.note)
    assert list(tmp_path.iterdir()) == []


def test_choices_stand_there_again_when_the_files_could_not_be_written(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "slides: the disk is full; choose another folder"

    def fails(_task: object) -> Iterator[Progress]:
        yield Progress(0, 3, 0.0, 0)
        raise BadInput(line)

    dialog = _export_dialog(stand, tmp_path / "slides")
    with monkeypatch.context() as patch:
        patch.setattr("cnnviz.controllers.exporting.export_steps", fails)
        dialog.go.click()
        assert not dialog.isVisible()
        stand.qtbot.waitUntil(lambda: dialog.isVisible() and dialog.error.text() == line)
    assert not [shown for shown in stand.window.findChildren(ProgressDialog) if shown.isVisible()]
    assert (dialog.plan().size, dialog.steps_tab.steps.last.text()) == ((320, 180), "3")
    dialog.where.out.setText(str(tmp_path / "elsewhere"))
    dialog.go.click()
    stand.qtbot.waitUntil(lambda: "3 files" in stand.window.note.note)
    assert len(list((tmp_path / "elsewhere").iterdir())) == 3
    stand.qtbot.waitUntil(lambda: not stand.window.findChildren(ExportDialog))


def test_an_export_begins_with_the_steps_between_the_marks(stand: Stand) -> None:
    stand.desk.player.seek(4)
    stand.key(Key.Key_I)
    stand.desk.player.seek(8)
    stand.key(Key.Key_O)
    stand.key(Key.Key_E, CTRL)
    dialog = stand.dialog(ExportDialog)
    assert (dialog.plan().frames, dialog.steps_tab.range.choice) == ("4:9", "marks")
    dialog.reject()


def test_a_plan_is_kept_with_the_lesson_by_keys(stand: Stand) -> None:
    stand.key(Key.Key_E, CTRL)
    dialog = stand.dialog(ExportDialog)
    dialog.steps_tab.keys.click()
    dialog.plans.keep.trigger()
    name = stand.dialog(PlanNameDialog)
    stand.qtbot.keyClicks(name.name, "deck")
    stand.qtbot.keyClick(name.name, Key.Key_Return)
    assert [plan.name for plan in stand.desk.editing.lesson.plans] == ["deck"]
    assert dialog.plans.name == "deck"
    assert stand.desk.document.dirty
    dialog.steps_tab.keys.click()
    assert not dialog.plan().keys
    stand.qtbot.keyClick(dialog.plans.names, Key.Key_Home)
    stand.qtbot.keyClick(dialog.plans.names, Key.Key_End)
    assert dialog.plan().keys
    dialog.reject()
    stand.desk.actions["edit.undo"].trigger()
    assert stand.desk.editing.lesson.plans == ()


def test_a_fault_that_is_mended_is_told_no_more(stand: Stand, tmp_path: Path) -> None:
    dialog = _export_dialog(stand, tmp_path / "slides")
    dialog.look_tab.smallest.setValue(40)
    stand.qtbot.waitUntil(lambda: "smallest 40" in dialog.error.text())
    assert not dialog.go.isEnabled()
    painted = dialog.preview.words.text()
    dialog.look_tab.smallest.setValue(0)
    dialog.preview.slider.setValue(2)
    stand.qtbot.waitUntil(lambda: dialog.preview.words.text() != painted)
    stand.qtbot.waitUntil(lambda: "written in" in dialog.preview.estimate.text())
    assert dialog.error.text() == ""
    assert dialog.go.isEnabled()
    dialog.reject()

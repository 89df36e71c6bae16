"""The window as a whole."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cnnviz.controllers.actions import ACTIONS
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.views import ask
from cnnviz.views.lessons_menu import LessonsMenu
from cnnviz.views.look import contrast, dress, mix
from cnnviz.views.main_window import FRAME, MainWindow
from cnnviz.views.menus import BOOKMARKS, LESSONS, MENUS, PANELS, RECENT, SEPARATOR, TOOLBAR
from tests.views.signals import all_actions, heard


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow(all_actions())
    qtbot.addWidget(made, before_close_func=lambda w: w.leave())
    with qtbot.waitExposed(made):
        made.show()
    return made


def menu(window: MainWindow, at: int) -> QMenu:
    found = window.menuBar().actions()[at].menu()
    assert isinstance(found, QMenu)
    return found


def recent(window: MainWindow) -> QMenu:
    return next(
        m for m in menu(window, 0).findChildren(QMenu) + window.findChildren(QMenu) if "recent" in m.title()
    )


def test_every_command_has_its_place_in_a_menu_once() -> None:
    others = (SEPARATOR, LESSONS, RECENT, BOOKMARKS, PANELS)
    placed = [name for _, ids in MENUS for name in ids if name not in others]
    assert sorted(placed) == sorted(spec.id for spec in ACTIONS)
    assert set(TOOLBAR) - {SEPARATOR} <= set(placed)


def test_every_menu_has_an_access_key_of_its_own(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    keys = [title[title.index("&") + 1].lower() for title in titles]
    assert len(set(keys)) == len(titles) == 8


def test_the_stage_has_at_least_70_percent(window: MainWindow) -> None:
    assert (window.width(), window.height()) == (1280, 800)
    share = window.stage.width() * window.stage.height() / (window.width() * window.height())
    assert share >= 0.70


def test_it_fills_a_screen_that_is_too_small_for_it(qtbot: QtBot) -> None:
    made = MainWindow(all_actions())
    qtbot.addWidget(made, before_close_func=lambda w: w.leave())
    room = made.screen().availableSize()
    made.resize(room.width(), room.height() - FRAME)
    made.show_fitting()
    assert not made.isMaximized()
    made.hide()
    made.resize(room.width(), room.height() - FRAME + 1)  # its title bar would be beyond the screen
    made.show_fitting()
    assert made.isMaximized()
    assert made.normalGeometry().height() == room.height() - FRAME


def test_the_title_carries_the_star(window: MainWindow) -> None:
    window.set_title("Vertical edge", dirty=True)
    assert window.isWindowModified()
    assert window.windowTitle().startswith("Vertical edge[*]")
    window.set_title("Vertical edge", dirty=False)
    assert not window.isWindowModified()


def test_closing_is_asked_for_and_done_only_by_leave(window: MainWindow) -> None:
    asked = heard(window.close_requested)
    assert not window.close()
    assert window.isVisible()
    assert len(asked) == 1
    window.leave()
    assert not window.isVisible()
    assert len(asked) == 1


def test_panels_come_back_as_tabs(window: MainWindow) -> None:
    kernel, layer, *_ = window.findChildren(QDockWidget)
    layer.setFloating(True)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, kernel)
    kernel.hide()
    window.docks.reset()
    assert not layer.isFloating()
    assert window.dockWidgetArea(kernel) == Qt.DockWidgetArea.RightDockWidgetArea
    assert len(window.tabifiedDockWidgets(kernel)) == 3


def test_a_panel_is_brought_to_the_front(window: MainWindow) -> None:
    window.show_panel("input")
    assert not window.panels.input.visibleRegion().isEmpty()
    window.show_panel("kernel")
    assert window.panels.input.visibleRegion().isEmpty()


def test_recent_files_are_listed_and_missing_ones_are_grey(window: MainWindow) -> None:
    window.show_recent([(f"/a/{n}.cnnviz", n != 1) for n in range(12)])
    said, cleared = heard(window.recent_requested), heard(window.recent_cleared)
    entries = [a for a in recent(window).actions() if not a.isSeparator()]
    assert len(entries) == 11  # ten and Clear
    assert [a.isEnabled() for a in entries[:3]] == [True, False, True]
    entries[2].trigger()
    entries[-1].trigger()
    assert (said, len(cleared)) == ([("/a/2.cnnviz",)], 1)
    window.show_recent([])
    assert not recent(window).isEnabled()


def test_files_dropped_on_the_chrome_count_too(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/a/k.txt")])
    said, held = heard(window.files_dropped), Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    for target in (window, window.stage.viewport()):
        QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), copy, mime, left, held))
        assert window.stage.hint.isVisible()
        QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), copy, mime, left, held))
    assert said == [(["/a/k.txt"],), (["/a/k.txt"],)]


def test_a_note_is_shown_on_one_line_and_whole_as_tooltip(window: MainWindow) -> None:
    text = "weights: row 3 has 2 numbers,\nrow 1 has 3 " + "x" * 400
    width = window.width()
    window.show_note(text, error=True)
    assert window.note.toolTip() == text.replace("\n", " ")
    assert "…" in window.note.text()
    assert window.width() == width


def answer(button: QMessageBox.StandardButton) -> None:
    """Press a button of the message box that comes up next."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(button).click()

    QTimer.singleShot(0, press)


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (QMessageBox.StandardButton.Save, "save"),
        (QMessageBox.StandardButton.Discard, "discard"),
        (QMessageBox.StandardButton.Cancel, "cancel"),
    ],
)
def test_save_changes_has_three_answers(
    window: MainWindow, button: QMessageBox.StandardButton, said: str
) -> None:
    answer(button)
    assert ask.confirm_save(window, "Vertical edge") == said


def test_overwriting_is_asked(window: MainWindow, tmp_path: Path) -> None:
    paths = [str(tmp_path / f"frame-{n}.png") for n in range(20)]
    answer(QMessageBox.StandardButton.Cancel)
    assert not ask.confirm_overwrite(window, paths)

    def agree() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert "frame-7.png" in box.informativeText()
        assert "frame-8.png" not in box.informativeText()
        next(b for b in box.buttons() if "Replace" in b.text()).click()

    QTimer.singleShot(0, agree)
    assert ask.confirm_overwrite(window, paths)


def test_enter_replaces_no_files(window: MainWindow, qtbot: QtBot) -> None:
    QTimer.singleShot(0, lambda: qtbot.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Return))
    assert not ask.confirm_overwrite(window, ["frame-0000.png"])


@pytest.mark.parametrize(("parent_width", "least", "most"), [(1280, 760, 900), (700, 420, 560)])
def test_a_message_is_as_wide_as_its_line_and_its_window_let_it(
    qtbot: QtBot, parent_width: int, least: int, most: int
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(parent_width, 480)
    sizes = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        sizes.append(box.width())
        box.accept()

    for line in ("The file cannot be written. " * 8, "No."):
        QTimer.singleShot(0, look)
        ask.show_error(parent, line)
    assert least <= sizes[0] <= most
    assert sizes[1] < 300


def test_the_context_menu_offers_panels_only(window: MainWindow) -> None:
    made = window.createPopupMenu()
    assert [action.text() for action in made.actions() if action.isEnabled()] == [
        "Kernel",
        "Layer",
        "Input",
        "Words",
    ]
    assert [action.text() for action in made.actions()][4:] == ["Learning", "Plots"]


def test_arrows_step_when_a_button_of_the_player_has_the_focus(qtbot: QtBot) -> None:
    actions = all_actions()
    window = MainWindow(actions)
    qtbot.addWidget(window, before_close_func=lambda w: w.leave())
    step: QAction = actions["play.step-forward"]
    step.setShortcut("Right")
    window.addAction(step)
    with qtbot.waitExposed(window):
        window.show()
    window.transport.play.setFocus()
    with qtbot.waitSignal(step.triggered):
        qtbot.keyClick(window.transport.play, Qt.Key.Key_Right)
    toggle = actions["play.toggle"]
    toggle.setShortcut("Space")
    said = heard(toggle.triggered)
    qtbot.keyClick(window.transport.play, Qt.Key.Key_Space)
    assert len(said) == 1  # the button's own press, not the shortcut beside it


def test_the_lessons_that_ship_stand_in_a_menu(window: MainWindow) -> None:
    asked = heard(window.lesson_requested)
    menu = window.findChild(LessonsMenu)
    assert menu is not None
    menu.aboutToShow.emit()
    titles = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert titles[0] == "Vertical edge"
    next(action for action in menu.actions() if action.text() == "Vertical edge").trigger()
    assert asked == [("vertical-edge",)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_small_buttons_of_panels_can_be_seen(window: MainWindow, theme: Theme) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window.furnish()
    try:
        dress(app, theme)
        app.processEvents()  # panels hear of it then
        dock = next(d for d in window.findChildren(QDockWidget) if d.objectName() == "kernel")
        for button in dock.findChildren(QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly):
            picture = button.icon().pixmap(16, 16).toImage()
            seen = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
            most = max(seen, key=QColor.alphaF)
            ink = mix(QColor(theme.surface), most, most.alphaF())
            assert contrast(ink, QColor(theme.surface)) >= 4.5
    finally:
        dress(app, LIGHT)

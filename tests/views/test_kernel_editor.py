"""Editing a kernel by mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from cnnviz.lesson.kernel_form import KernelForm, kernel_form
from cnnviz.lesson.layer_form import Pair
from cnnviz.lesson.limits import Limit
from cnnviz.views.kernel_editor import KernelEditor
from tests.views.scenes import lesson
from tests.views.signals import heard


@pytest.fixture
def editor(qtbot: QtBot) -> KernelEditor:
    """Kernel 0, channel 0 of the lesson: rows 1 0 −1."""
    widget = KernelEditor()
    qtbot.addWidget(widget)
    widget.resize(240, 640)
    widget.show_form(kernel_form(lesson(), 0, 0))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def typed(editor: KernelEditor, qtbot: QtBot, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type over the current cell with real keys."""
    editor.table.setFocus()
    qtbot.keyClick(editor.table, text[0])
    field = editor.table.viewport().findChild(QLineEdit)
    assert field is not None
    qtbot.keyClicks(field, text[1:])
    qtbot.keyClick(field, end)
    # The field takes Enter first and ends the edit in the next turn of the event loop.
    qtbot.waitUntil(lambda: editor.table.viewport().findChild(QLineEdit) is None)


def cell_text(editor: KernelEditor, row: int, column: int) -> str:
    item = editor.table.item(row, column)
    assert item is not None
    return item.text()


def test_it_shows_the_plane_its_name_and_its_size(editor: KernelEditor) -> None:
    assert [cell_text(editor, 0, c) for c in range(3)] == ["1", "0", "−1"]
    assert editor.name.text() == "Vertical edge"
    assert (editor.extent.rows.box.value(), editor.extent.columns.box.value()) == (3, 3)
    assert [editor.kernel.itemText(i) for i in range(editor.kernel.count())] == ["Kernel 0", "Kernel 1"]
    assert [editor.channel.itemText(i) for i in range(4)] == ["All channels", "0 · R", "1 · G", "2 · B"]
    assert editor.channel.currentIndex() == 1
    assert editor.presets.list.currentItem().text() == "Vertical edge"


def test_one_channel_offers_no_choice_of_channels(editor: KernelEditor) -> None:
    size = Pair("kernel_size", 1, 2, Limit(1, 4), Limit(1, 4), Limit(1, 4))
    editor.show_form(KernelForm(1, 1, 0, 0, (("1", "2"),), "0", "", True, size=size))
    assert not editor.channel.isVisible()
    assert not editor.remove.isEnabled()
    assert (editor.extent.rows.box.value(), editor.extent.columns.box.value()) == (1, 2)
    assert not editor.extent.link.isChecked()


def test_showing_says_nothing(editor: KernelEditor) -> None:
    signals = (
        editor.weight_edited,
        editor.size_edited,
        editor.bias_edited,
        editor.selection_requested,
        editor.plane_requested,
    )
    said = [heard(signal) for signal in signals]
    editor.show_form(KernelForm(2, 3, 1, 2, (("5", "6", "7"), ("8", "9", "1/9")), "2", "", False))
    assert said == [[]] * 5


@pytest.mark.parametrize(("text", "value"), [("1/4", 0.25), ("0,5", 0.5), ("-2", -2.0), ("1e-3", 0.001)])
def test_a_weight_is_typed_as_people_write_it(
    editor: KernelEditor, qtbot: QtBot, text: str, value: float
) -> None:
    said = heard(editor.weight_edited)
    editor.table.setCurrentCell(1, 1)
    typed(editor, qtbot, text)
    assert said == [(1, 1, value)]


def test_enter_goes_down_and_tab_goes_on(editor: KernelEditor, qtbot: QtBot) -> None:
    editor.table.setCurrentCell(0, 1)
    typed(editor, qtbot, "7", Qt.Key.Key_Return)
    assert (editor.table.currentRow(), editor.table.currentColumn()) == (1, 1)
    typed(editor, qtbot, "7", Qt.Key.Key_Tab)
    assert (editor.table.currentRow(), editor.table.currentColumn()) == (1, 2)
    qtbot.keyClick(editor.table, Qt.Key.Key_Tab)
    assert (editor.table.currentRow(), editor.table.currentColumn()) == (2, 0)
    qtbot.keyClick(editor.table, Qt.Key.Key_Up)
    assert (editor.table.currentRow(), editor.table.currentColumn()) == (1, 0)


def test_tab_leaves_the_table_behind_the_last_cell(editor: KernelEditor, qtbot: QtBot) -> None:
    editor.table.setFocus()
    editor.table.setCurrentCell(2, 2)
    qtbot.keyClick(editor.table, Qt.Key.Key_Tab)
    assert not editor.table.hasFocus()


def test_a_wrong_text_is_refused_in_one_line_and_the_old_value_stays(
    editor: KernelEditor, qtbot: QtBot
) -> None:
    said = heard(editor.weight_edited)
    editor.table.setCurrentCell(0, 0)
    typed(editor, qtbot, "x1")
    assert said == []
    assert cell_text(editor, 0, 0) == "1"
    assert editor.error.isVisible()
    assert "x1" in editor.error.text()
    assert "\n" not in editor.error.text()
    # The cell waits for another number.
    assert (editor.table.currentRow(), editor.table.currentColumn()) == (0, 0)
    typed(editor, qtbot, "4")
    assert cell_text(editor, 0, 0) == "1"  # until it is told so
    assert len(said) == 1
    assert not editor.error.isVisible()


def test_the_table_shows_only_what_it_is_told(editor: KernelEditor, qtbot: QtBot) -> None:
    editor.table.setCurrentCell(0, 0)
    typed(editor, qtbot, "4")
    assert cell_text(editor, 0, 0) == "1"  # nobody took the edit


def test_a_number_goes_into_all_selected_cells(editor: KernelEditor, qtbot: QtBot) -> None:
    said = heard(editor.weight_edited)
    editor.table.selectColumn(0)
    typed(editor, qtbot, "3")
    assert said == [(0, 0, 3.0), (1, 0, 3.0), (2, 0, 3.0)]


def test_paste_and_copy_in_the_table_are_about_the_matrix(editor: KernelEditor, qtbot: QtBot) -> None:
    pasted, copied = heard(editor.pasted), heard(editor.copy_requested)
    QGuiApplication.clipboard().setText("1 2\n3 4")
    editor.table.setFocus()
    qtbot.keyClick(editor.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(editor.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert (pasted, copied) == ([("1 2\n3 4",)], [("plain",)])


def test_search_narrows_and_enter_or_a_click_takes(editor: KernelEditor, qtbot: QtBot) -> None:
    said = heard(editor.plane_requested)
    qtbot.keyClicks(editor.presets.words, "blur 5 gauss")
    assert [editor.presets.list.item(i).text() for i in range(editor.presets.list.count())] == [
        "Gaussian blur 5×5"
    ]
    qtbot.keyClick(editor.presets.words, Qt.Key.Key_Return)
    editor.presets.words.setText("sharpen")
    spot = editor.presets.list.visualItemRect(editor.presets.list.item(1)).center()
    qtbot.mouseClick(editor.presets.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert said == [("gaussian-5",), ("sharpen-strong",)]


def test_down_and_enter_take_a_named_kernel_by_key_alone(editor: KernelEditor, qtbot: QtBot) -> None:
    said = heard(editor.plane_requested)
    editor.presets.words.setFocus()
    qtbot.keyClicks(editor.presets.words, "prewitt")
    qtbot.keyClick(editor.presets.words, Qt.Key.Key_Down)
    qtbot.keyClick(editor.presets.list, Qt.Key.Key_Down)
    qtbot.keyClick(editor.presets.list, Qt.Key.Key_Return)
    assert said == [("prewitt-y",)]


def test_size_is_linked_until_the_link_is_opened(editor: KernelEditor, qtbot: QtBot) -> None:
    said = heard(editor.size_edited)
    editor.extent.rows.box.stepUp()
    editor.extent.link.click()
    editor.extent.columns.box.stepUp()
    assert said == [("kernel_size", 4, False), ("kernel_size.columns", 4, False)]


def test_bias_is_typed_and_refused(editor: KernelEditor, qtbot: QtBot) -> None:
    said = heard(editor.bias_edited)
    editor.bias.selectAll()
    qtbot.keyClicks(editor.bias, "-1/2")
    qtbot.keyClick(editor.bias, Qt.Key.Key_Return)
    editor.bias.selectAll()
    qtbot.keyClicks(editor.bias, "much")
    qtbot.keyClick(editor.bias, Qt.Key.Key_Return)
    assert said == [(-0.5,)]
    assert editor.error.isVisible()


def test_another_kernel_or_all_channels_are_asked_for(editor: KernelEditor, qtbot: QtBot) -> None:
    said = heard(editor.selection_requested)
    editor.kernel.setFocus()
    qtbot.keyClick(editor.kernel, Qt.Key.Key_Down)
    editor.show_form(kernel_form(lesson(), 1, 0))
    editor.channel.setFocus()
    qtbot.keyClick(editor.channel, Qt.Key.Key_Up)
    assert said == [(1, 0), (1, -1)]


def test_no_shortcut_of_the_window_steals_typing(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    editor = KernelEditor()
    editor.show_form(kernel_form(lesson(), 0, 0))
    window.setCentralWidget(editor)
    stolen = []
    for keys in (
        "Space",
        "Left",
        "Right",
        "Up",
        "Down",
        "Home",
        "End",
        "PgUp",
        "PgDown",
        "R",
        "[",
        "]",
        "1",
        "-",
    ):
        action = QAction(keys, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False, keys=keys: stolen.append(keys))
        window.addAction(action)
    with qtbot.waitExposed(window):
        window.show()
    focused = (
        editor.table,
        editor.bias,
        editor.presets.words,
        editor.presets.list,
        editor.kernel,
        editor.extent.rows.box,
    )
    for widget in focused:
        widget.setFocus()
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown):
            qtbot.keyClick(widget, key)
    for typed_key in ("r", "1", " "):
        editor.presets.words.setFocus()
        qtbot.keyClicks(editor.presets.words, typed_key)
    assert stolen == []
    assert editor.presets.words.text().endswith("r1 ")


def test_the_buttons_ask(editor: KernelEditor, qtbot: QtBot) -> None:
    added, removed = heard(editor.add_requested), heard(editor.remove_requested)
    qtbot.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(editor.remove, Qt.MouseButton.LeftButton)
    loaded, reset, copied = (
        heard(editor.load_requested),
        heard(editor.reset_requested),
        heard(editor.copy_requested),
    )
    for action in editor.more.actions():
        action.trigger()
    assert (len(added), len(removed), len(loaded), len(reset)) == (1, 1, 1, 1)
    assert copied == [("plain",), ("numpy",), ("latex",)]


def test_31_by_31_weights_scroll_and_are_shown_whole(editor: KernelEditor) -> None:
    rows = tuple(tuple(str(r * 31 + c) for c in range(31)) for r in range(31))
    editor.show_form(KernelForm(1, 1, 0, 0, rows, "0", "", True))
    assert cell_text(editor, 30, 30) == "960"
    assert editor.table.columnWidth(30) == 40
    assert editor.table.viewport().rect().contains(QPoint(10, 10))


def test_short_numbers_in_six_columns_need_no_scrolling(editor: KernelEditor) -> None:
    editor.show_form(KernelForm(1, 1, 0, 0, (("10",) * 6,), "0", "", True))
    assert editor.table.horizontalHeader().length() == editor.table.viewport().width()
    editor.show_form(KernelForm(1, 1, 0, 0, (("−0.125",) * 6,), "0", "", True))
    assert editor.table.horizontalHeader().length() > editor.table.viewport().width()
    assert editor.table.columnWidth(0) > 40

"""Why a value was refused is seen, however low or far scrolled the panel is."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cnnviz.views.cell_table import CellTable
from cnnviz.views.fields import NumberField
from cnnviz.views.refusal import WIDEST, Refusal

LINE = "“x1” is no number; write one such as 0.5, 1/9 or -1"


class Panel(QWidget):
    """A field far down in a form that scrolls, at the right of a window."""

    def __init__(self, window: QMainWindow, height: int) -> None:
        super().__init__()
        self.field, self.table = NumberField(), CellTable("Cells")
        column = QVBoxLayout(self)
        column.addSpacing(400)
        column.addWidget(self.field)
        column.addWidget(self.table)
        column.addSpacing(400)
        self.table.show_texts([[f"{3 * row + column}" for column in range(3)] for row in range(3)])
        self.error = Refusal(self)
        self.area = QScrollArea(window)
        self.area.setWidget(self)
        self.area.setGeometry(560, 100, 240, height)
        self.resize(220, 1000)


def shown(qtbot: QtBot, height: int = 300) -> tuple[QMainWindow, Panel]:
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = Panel(window, height)
    window.resize(800, 500)
    with qtbot.waitExposed(window):
        window.show()
    return window, panel


def box_of(widget: QWidget, window: QWidget) -> QRect:
    return widget.rect().translated(widget.mapTo(window, QPoint()))


def test_it_stands_below_its_field_and_inside_the_window(qtbot: QtBot) -> None:
    window, panel = shown(qtbot)
    panel.area.ensureWidgetVisible(panel.field)
    panel.error.show_error(LINE, panel.field)
    error, field = panel.error.geometry(), box_of(panel.field, window)
    assert panel.error.parentWidget() is window
    assert window.rect().contains(error)
    assert error.width() <= WIDEST
    assert field.bottom() < error.top() <= field.bottom() + 10


def test_it_goes_with_its_field_and_stays_in_sight_when_that_is_scrolled_away(qtbot: QtBot) -> None:
    window, panel = shown(qtbot)
    panel.area.ensureWidgetVisible(panel.field)
    panel.error.show_error(LINE, panel.field)
    before = panel.error.y()
    bar = panel.area.verticalScrollBar()
    bar.setValue(bar.value() + 50)
    assert panel.error.y() == before - 50
    for end in (bar.minimum(), bar.maximum()):
        bar.setValue(end)
        assert window.rect().contains(panel.error.geometry())
        assert 50 <= panel.error.y() <= 450  # beside the panel, which lies from 100 to 400


def test_where_there_is_no_room_below_it_stands_above(qtbot: QtBot) -> None:
    window, panel = shown(qtbot, height=395)
    bar = panel.area.verticalScrollBar()
    bar.setValue(panel.field.geometry().bottom() - 393)  # the field ends where the window does
    panel.error.show_error(LINE, panel.field)
    error, field = panel.error.geometry(), box_of(panel.field, window)
    assert window.rect().contains(error)
    assert error.bottom() < field.top()


def test_of_a_table_it_stands_at_the_cell_that_was_typed_into(qtbot: QtBot) -> None:
    window, panel = shown(qtbot)
    table = panel.table
    table.refused.connect(lambda line: panel.error.show_error(line, table))
    panel.area.ensureWidgetVisible(table)
    table.setFocus()
    table.setCurrentCell(1, 0)
    qtbot.keyClick(table, "x")
    field = table.viewport().findChild(QLineEdit)
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.error.isVisible() and table.viewport().findChild(QLineEdit) is None)
    cell = table.visualRect(table.model().index(1, 0)).translated(table.viewport().mapTo(window, QPoint()))
    assert 0 < panel.error.y() - cell.bottom() <= 10
    assert (table.currentRow(), table.currentColumn()) == (1, 0)


def test_it_is_gone_with_a_click_with_the_next_value_and_with_its_form(qtbot: QtBot) -> None:
    _window, panel = shown(qtbot)
    panel.error.show_error(LINE, panel.field)
    qtbot.mouseClick(panel.error, Qt.MouseButton.LeftButton)
    assert not panel.error.isVisible()
    panel.error.show_error(LINE, panel.field)
    panel.error.show_error("")
    assert not panel.error.isVisible()
    panel.error.show_error(LINE, panel.field)
    panel.hide()
    assert not panel.error.isVisible()

"""Who cannot see or has no mouse: every control has a name, and Tab goes through all of them in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFocusFrame,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.stand import Stand

LESSONS = ("vertical-edge", "learn-digits", "residual-block", "twins")
PANELS = ("kernel", "layer", "input", "words", "learning", "plots")
DIALOGS = (
    "file.new-input", "file.samples", "file.lessons", "file.export", "edit.preferences", "play.goto",
    "play.add-bookmark", "help.contents", "help.shortcuts", "help.reading", "help.about",
)  # fmt: skip
TAB = Qt.FocusPolicy.TabFocus


@pytest.fixture(params=LESSONS)
def stand(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Stand]:
    stand = Stand(qtbot, make_timeline(shipped_lesson(request.param)))
    yield stand
    stand.close()


def is_part(widget: QWidget) -> bool:
    """Whether it is an inner part of one of Qt's own fields, which speaks for it."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_")


def controls(top: QWidget) -> Iterator[QWidget]:
    """What can be pressed, or takes the focus itself."""
    for widget in top.findChildren(QWidget):
        pressed = isinstance(widget, QAbstractButton)
        focused = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        if (pressed or focused) and not is_part(widget) and widget.window() is top.window():
            yield widget


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it; a choice, which Linux calls by its text, needs a label or a description too."""
    told = QAccessible.queryAccessibleInterface(widget)
    name = told.text(QAccessible.Text.Name).strip()
    if isinstance(widget, QComboBox) and not told.relations():
        return name if told.text(QAccessible.Text.Description).strip() else ""
    return name


def nameless(top: QWidget) -> list[str]:
    return [
        f"{type(w).__name__} {w.geometry()}" for w in controls(top) if len(name_of(w)) < 2 and not _number(w)
    ]


def _number(widget: QWidget) -> bool:
    """A choice among numbers is called by the one that is chosen."""
    return isinstance(widget, QComboBox) and widget.currentText().isdigit() and bool(widget.accessibleName())


def stops(top: QWidget) -> list[QWidget]:
    """Where Tab goes, beginning behind ``top``."""
    chain: list[QWidget] = []
    widget = top.nextInFocusChain()
    while widget is not None and widget is not top and widget not in chain:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    return [w for w in chain if _takes_tab(w)]


def _takes_tab(widget: QWidget) -> bool:
    free = widget.focusProxy() is None and widget.isEnabled() and widget.isVisible()
    return free and bool(widget.focusPolicy() & TAB) and not is_part(widget)


def place_in(top: QWidget, widget: QWidget) -> QPoint:
    return widget.mapTo(top, widget.rect().center())


def test_every_control_of_the_window_has_a_name(stand: Stand) -> None:
    assert nameless(stand.window) == []


def test_every_control_of_every_dialog_has_a_name(qtbot: QtBot) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("digits-network")))
    for action in DIALOGS:
        stand.desk.actions[action].trigger()
        dialog = stand.dialog(QDialog)
        assert list(controls(dialog)), action
        assert nameless(dialog) == [], action
        dialog.close()
        qtbot.waitUntil(lambda: not any(d.isVisible() for d in stand.window.findChildren(QDialog)))
    stand.close()


def test_tab_stops_only_where_the_focus_is_seen(stand: Stand) -> None:
    for panel in PANELS:
        if stand.dock(panel).toggleViewAction().isEnabled():
            stand.window.show_panel(panel)
            QApplication.processEvents()
        places = [(type(w).__name__, name_of(w), place_in(stand.window, w).x()) for w in stops(stand.window)]
        assert [place for place in places if not 0 <= place[2] < stand.window.width()] == [], panel


def test_tab_goes_through_each_panel_from_top_to_bottom(qtbot: QtBot) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("vertical-edge")))
    for panel in ("kernel", "layer", "input", "words"):
        stand.window.show_panel(panel)
        QApplication.processEvents()
        dock = stand.dock(panel)
        places = [(place_in(dock, w).y(), name_of(w)) for w in stops(stand.window) if dock.isAncestorOf(w)]
        assert len(places) > 2
        # Fields of one line have their middles at nearly the same height.
        assert [(a, b) for a, b in pairwise(places) if b[0] < a[0] - 20] == []
    stand.close()


def test_a_search_field_names_its_buttons(qtbot: QtBot) -> None:
    from cnnviz.views.search_field import search_field

    field = search_field("Search kernels")
    qtbot.addWidget(field)
    field.setText("sobel")
    assert isinstance(field, QLineEdit)
    assert {name_of(b) for b in field.findChildren(QAbstractButton)} == {"Clear", "Search kernels"}
    assert field.placeholderText() == "Search kernels"


def test_a_key_leads_to_the_panels_one_after_the_other_and_another_back(qtbot: QtBot) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("vertical-edge")))
    entered = []
    for _ in range(5):
        stand.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ControlModifier)
        focus = stand.window.focusWidget()
        assert focus is not None
        entered.append(next(name for name in PANELS if stand.dock(name).isAncestorOf(focus)))
        QApplication.processEvents()
    assert entered == ["kernel", "layer", "input", "words", "kernel"]
    stand.key(Qt.Key.Key_Escape)
    assert stand.window.stage.hasFocus()
    stand.close()


def unmarked(top: QWidget, qtbot: QtBot) -> list[str]:
    """Where Tab goes in a window without a change to be seen at the widget that has the focus then."""
    seen: list[QWidget] = []
    found: list[str] = []
    while True:
        before = top.grab().toImage()
        qtbot.keyClick(QApplication.focusWidget() or top, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget in seen:
            return found
        seen.append(widget)
        part = widget.rect().translated(widget.mapTo(top, QPoint(0, 0))).adjusted(-3, -3, 3, 3)
        if before.copy(part) == top.grab().toImage().copy(part):
            found.append(f"{type(widget).__name__} {name_of(widget)}")


@pytest.mark.parametrize("action", ["", "file.export", "edit.preferences", "help.about", "help.contents"])
def test_the_focus_is_seen_wherever_tab_goes(qtbot: QtBot, action: str) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("vertical-edge")))
    top: QWidget = stand.window
    if action:
        stand.desk.actions[action].trigger()
        top = stand.dialog(QDialog)
        qtbot.waitUntil(lambda: top.isActiveWindow() and QApplication.focusWidget() is not None)
    assert unmarked(top, qtbot) == []
    top.close() if action else None
    stand.close()


def test_a_ring_is_laid_only_once_keys_move_the_focus(qtbot: QtBot) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("vertical-edge")))
    assert stand.window.stage.hasFocus()
    assert stand.window.findChildren(QFocusFrame) == []
    stand.key(Qt.Key.Key_Tab)
    stand.key(Qt.Key.Key_Backtab)
    assert [ring.widget() for ring in stand.window.findChildren(QFocusFrame)] == [stand.window.stage]
    stand.close()

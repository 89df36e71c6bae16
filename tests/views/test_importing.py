"""A module that takes long is imported while the event loop goes on."""

import gc
import sys
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from cnnviz.views.importing import Importing

NAME = "cnnviz_slow_module"


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Event:
    """A module that is imported once the event is set."""
    (tmp_path / f"{NAME}.py").write_text("import sys\nassert sys.cnnviz_may_go_on.wait(20)\nmade = 1\n")
    may_go_on = Event()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "cnnviz_may_go_on", may_go_on, raising=False)
    monkeypatch.delitem(sys.modules, NAME, raising=False)
    return may_go_on


def test_the_event_loop_goes_on_meanwhile(qtbot: QtBot, slow: Event) -> None:
    importing, ticks = Importing(NAME), []
    QTimer.singleShot(20, lambda: ticks.append(1))
    importing.start()
    importing.start()  # it has begun
    qtbot.waitUntil(lambda: bool(ticks))
    with qtbot.waitSignal(importing.done):
        slow.set()
    assert sys.modules.pop(NAME).made == 1


def test_no_garbage_is_collected_in_its_thread(qtbot: QtBot, slow: Event) -> None:
    importing, before = Importing(NAME), gc.isenabled()
    gc.enable()
    try:
        importing.start()
        assert not gc.isenabled()
        with qtbot.waitSignal(importing.done):
            slow.set()
        assert gc.isenabled()
    finally:
        sys.modules.pop(NAME, None)
        if not before:
            gc.disable()


def test_what_is_imported_already_is_there_at_once(qtbot: QtBot) -> None:
    importing = Importing("sys")
    with qtbot.waitSignal(importing.done, timeout=0):
        importing.start()


def test_several_come_one_after_the_other(qtbot: QtBot, slow: Event) -> None:
    importing = Importing("sys", NAME)
    slow.set()
    with qtbot.waitSignal(importing.done):
        importing.start()
    assert sys.modules.pop(NAME).made == 1


def test_what_cannot_be_had_is_over_too(qtbot: QtBot) -> None:
    importing = Importing("cnnviz.no_such_module")
    with qtbot.waitSignal(importing.done):
        importing.start()

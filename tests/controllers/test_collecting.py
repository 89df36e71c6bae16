"""Garbage: collected by the window's thread only, wherever it was made."""

from __future__ import annotations

import gc
import mmap
import platform
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThreadPool
from pytestqt.qtbot import QtBot

from cnnviz.controllers import collecting


class Ring:
    """Something that only the collector can free; it tells in which thread that was."""

    def __init__(self, freed: list[str]) -> None:
        self.ring = self
        weakref.finalize(self, lambda: freed.append(threading.current_thread().name))


def make_garbage(freed: list[str]) -> None:
    """More than the collector would leave alone."""
    for _ in range(3 * gc.get_threshold()[0]):
        Ring(freed)


def test_a_worker_makes_garbage_and_the_window_collects_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "SETTLED_MS", 0)
    monkeypatch.setattr(collecting, "SWEEP_MS", 10)
    owner = QObject()
    freed: list[str] = []
    collecting.keep_to_this_thread(owner)
    pool = QThreadPool()
    pool.start(lambda: make_garbage(freed))
    assert pool.waitForDone(10_000)
    assert freed == []
    qtbot.waitUntil(lambda: bool(freed))
    assert set(freed) == {threading.main_thread().name}
    collecting.release(owner)
    gc.collect()


def test_without_that_the_worker_itself_would(qtbot: QtBot) -> None:
    freed: list[str] = []
    pool = QThreadPool()
    pool.start(lambda: make_garbage(freed))
    assert pool.waitForDone(10_000)
    assert any(name != threading.main_thread().name for name in freed)
    gc.collect()


def test_the_collector_works_again_when_the_last_owner_is_gone(qtbot: QtBot) -> None:
    first, second = QObject(), QObject()
    collecting.keep_to_this_thread(first)
    collecting.keep_to_this_thread(second)
    collecting.release(first)
    collecting.release(first)
    assert not gc.isenabled()
    del second
    assert gc.isenabled()


def resident() -> int:
    """Bytes of this process that lie in memory; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * mmap.PAGESIZE if told.exists() else 0


def test_what_is_free_goes_back_to_the_system() -> None:
    pieces = [bytes([n % 251]) * 10_000 for n in range(8_000)]
    del pieces[:-1]  # the last one lies above the others and keeps the heap from ending sooner
    before = resident()
    collecting.give_back()
    assert before - resident() > 50_000_000 or platform.libc_ver()[0] != "glibc"

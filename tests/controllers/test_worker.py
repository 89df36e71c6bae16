"""What all threads beside the window have in common: they begin, pause, end when told to, and tell of a full memory."""

from __future__ import annotations

import threading

import pytest

from cnnviz.controllers.worker import Worker


class Counting(Worker):
    """Counts while it goes, until it is over or full."""

    def __init__(self, most: int = 1_000_000_000) -> None:
        super().__init__("counting", "the memory is full")
        self.count = 0
        self.most = most

    def _work(self) -> None:
        while not self.over:
            if self.count == self.most:
                raise MemoryError
            self.going.wait()
            self.count += 1


def test_it_ends_when_it_is_told_to_also_while_it_is_paused() -> None:
    worker = Counting()
    worker.going.clear()
    worker.start()
    alive = [worker.alive]
    assert worker.count == 0
    worker.stop()
    worker.join()
    assert [*alive, worker.alive] == [True, False]
    assert worker.count <= 1
    assert worker.failed == ""


def test_a_full_memory_is_told() -> None:
    worker = Counting(3)
    worker.start()
    worker.join()
    assert (worker.count, worker.failed) == (3, "the memory is full")


def test_it_is_over_where_the_program_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Counting()
    assert not worker.over
    ended = threading.Thread(target=lambda: None)
    ended.start()
    ended.join()
    monkeypatch.setattr(threading, "main_thread", lambda: ended)
    assert worker.over

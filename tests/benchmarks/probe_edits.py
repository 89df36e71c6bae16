"""Edits kernels in the whole program, in a process of its own, and tells how long the stage takes to be repainted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import cnnviz  # noqa: F401 - before NumPy, as in the program, so that BLAS keeps to one thread
from tests.benchmarks.probe_cnnviz import peak_memory
from tests.benchmarks.workloads import serve

import numpy as np  # isort: skip
from PySide6.QtWidgets import QApplication

from cnnviz import app
from cnnviz.desk import Desk
from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.lesson.edits import set_kernels
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.timeline import make_timeline
from cnnviz.views.scene_item import SceneItem

PAUSE = 0.15
"""Seconds between two edits: what the program puts off until nothing is edited happens there."""


class Program:
    """The window, not on any screen, and the moment at which its stage has painted a new scene."""

    def __init__(self, lesson: Lesson) -> None:
        self.qt: QApplication = app.make_application()
        self.desk: Desk = app.build(make_timeline(lesson))
        self._due = False
        self._painted = 0.0
        self._hook()
        self.desk.staging.scene_changed.connect(lambda _scene: self._is_due())
        self.desk.window.resize(1280, 800)
        self.desk.window.show()
        self.rest()

    def _is_due(self) -> None:
        self._due = True

    def _hook(self) -> None:
        paint = SceneItem.paint

        def paint_and_note(item: SceneItem, *rest: Any) -> None:
            paint(item, *rest)
            if self._due:
                self._due, self._painted = False, time.perf_counter()

        SceneItem.paint = paint_and_note  # type: ignore[method-assign,assignment]  # the hook of this measurement

    def rest(self) -> None:
        """Let a moment pass."""
        end = time.perf_counter() + PAUSE
        while time.perf_counter() < end:
            self.qt.processEvents()

    def until_painted(self, act: Callable[[], object]) -> float:
        """Milliseconds from here until what the act changed is on the stage."""
        self._due, self._painted = False, 0.0
        start = time.perf_counter()
        act()
        while not self._painted:
            self.qt.processEvents()
        return (self._painted - start) * 1e3


def lesson_of(channels: int, rows: int, columns: int, kernels: int) -> Lesson:
    """A picture, 3×3 kernels and the activation after them."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (channels, rows, columns)).astype(np.uint8)
    params = Params(random.uniform(-1, 1, (kernels, channels, 3, 3)), np.zeros(kernels))
    layers = Conv(kernels, (3, 3), padding=1), Relu()
    return Lesson("Edited", (Track(Source(pixels, "picture"), layers, (params, None)),))


def values() -> Iterator[float]:
    """Weights, none of them twice, so that nothing was computed before."""
    return (number / 64 for number in count(1))


def make(kind: str, numbers: list[int]) -> Callable[[], float]:
    """An edit that tells its milliseconds: of one weight, or of all of them at once."""
    program, weights = Program(lesson_of(*numbers)), values()
    desk = program.desk

    def one() -> None:
        desk.kernels.set_weight(1, 1, next(weights))

    def every() -> None:
        random = np.random.default_rng(round(next(weights) * 64))
        kernels = random.uniform(-1, 1, (numbers[3], numbers[0], 3, 3))
        desk.editing.apply("All kernels", partial(set_kernels, kernels=kernels))

    act = {"one": one, "all": every}[kind]

    def edited() -> float:
        program.rest()
        return program.until_painted(act)

    return edited


if __name__ == "__main__":
    serve(make, peak_memory, lambda edited: edited())
    # While the parts are taken down, they would tell one another of their end.
    os._exit(0)

"""Paints the pictures of an export in small steps, in memory that is made beside the window and used again."""

from __future__ import annotations

import weakref
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cnnviz.export.shots import Shot
from cnnviz.export.writing import Task, aside
from cnnviz.paint.painter import image_kind, image_size, image_steps
from cnnviz.scene.primitives import Scene

TURN = 0.012
"""Seconds after which painting is continued in the next step; large pictures take several."""

Memory = NDArray[np.uint32]


@dataclass(slots=True, eq=False)
class Easel:
    """Paints the shots of one task.

    The system hands out the memory of a 4K picture page by page as it is first written to, which takes tens of
    milliseconds. Therefore a thread does that, and what a picture lay in is used again when nobody has it any more:
    its pixels must not be looked at longer than the picture is kept.
    """

    task: Task
    _free: list[Memory] = field(default_factory=list, init=False)

    def paint(self, shot: Shot) -> Generator[None, None, QImage]:
        """Build the scene of a shot and paint it; what takes long in several steps."""
        began, scale = perf_counter(), self.task.plan.scale
        scene = self.task.scene_at(shot)
        if perf_counter() - began > TURN / 2:
            yield
        sheet = yield from self._sheet(scene, scale)
        yield from image_steps(scene, sheet, scale, TURN)
        return sheet

    def _sheet(self, scene: Scene, scale: float) -> Generator[None, None, QImage]:
        """An empty picture."""
        width, height = image_size(scene, scale)
        memory = self._free.pop() if self._free else (yield from aside(partial(_touched, width, height)))
        image = QImage(memory.data, width, height, 4 * width, image_kind(scene))
        weakref.finalize(image, self._free.append, memory)
        return image


def _touched(width: int, height: int) -> Memory:
    return np.full((height, width), 0, np.uint32)

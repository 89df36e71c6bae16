"""Exports of a lesson that ships, and its frames as the stage paints them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.export.raster import channel_array
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.files.lessons import find_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.paint.painter import scene_image
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline


def task(out: Path, **fields: object) -> Task:
    """Six steps of the first lesson in a small size; fields of the plan by name."""
    plan = Plan(**{"size": (640, 360), "frames": "0:6"} | fields)  # type: ignore[arg-type]  # fields by name
    return task_of(make_timeline(find_lesson("vertical-edge")), Viewpoint(), plan, out)


def painted(job: Task) -> list[NDArray[np.uint8]]:
    """What the stage shows at each shot: (height, width, 3), or 4 where it is transparent."""
    channels = 4 if job.plan.theme == "transparent" else 3
    return [channel_array(scene_image(job.scene_at(shot), job.plan.scale), channels) for shot in job.shots]


def noise_ratio(seen: NDArray[np.uint8], painted: NDArray[np.uint8]) -> float:
    """Peak signal to noise in decibels."""
    error = float(np.mean(np.square(seen.astype(float) - painted)))
    return 10 * float(np.log10(255**2 / error)) if error else np.inf

"""A small lesson, and the line with which a file is refused."""

from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.files.lessons import read_lesson
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source


def small() -> Lesson:
    """A ramp of 4×4, a convolution, ReLU and pooling."""
    track = Track(
        Source(np.arange(16, dtype=np.uint8).reshape(1, 4, 4), "ramp"),
        (Conv(1, (2, 2)), Relu(), MaxPool((2, 2), (1, 1))),
        (Params(np.array([[[[1.0, -1.0], [0.5, 0.0]]]]), np.array([2.0])), None, None),
    )
    return Lesson("Small", (track,))


def refused(path: Path) -> str:
    """Why a lesson is not read, in one line and without the name of its file."""
    with pytest.raises(BadInput) as caught:
        read_lesson(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    return line.removeprefix(f"{path}: ")

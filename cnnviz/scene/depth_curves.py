"""The errors of networks trained beside each other, in training and test, up to the playhead."""

from __future__ import annotations

import numpy as np

from cnnviz.files.recordings import Run
from cnnviz.lesson.runs import Twin
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_bars import color_of
from cnnviz.scene.plots import Axes, Labels, axes_in, axes_parts, polyline, text_size
from cnnviz.scene.primitives import Align, Box, Link, Primitive, Rect, Text
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.recorded import RunsFrame, errors

SWATCH = 0.9
"""The length of a piece of a line that stands for it, in sizes of the text beside it."""

DEEP = 30
"""Networks of so many layers are drawn with a thick line."""


def error_plot(
    key: str, box: Box, runs: tuple[Run, ...], frame: RunsFrame, title: str, look: Look
) -> tuple[Primitive, ...]:
    """Of each network a line through its errors on test pictures and dots at those on pictures to train on."""
    iterations = frame.recording.recipe.recipe.iterations
    labels = Labels(title, "updates")
    axes = axes_in(box, (0.0, float(iterations)), (0.0, 100.0), look, labels, False, True)
    parts = axes_parts(key, box, axes, look, labels)
    for n, run in enumerate(runs):
        parts += _curve(f"{key}/run{n}", axes, run, frame, look)
    x = axes.at(min(frame.iteration + 1, iterations), 0.0)[0]
    now = ((x, axes.box.y), (x, axes.box.bottom))
    return (*parts, Link(f"{key}/now", now, look.theme.accent, width=max(1.0, look.metrics.stroke * 0.6)))


def curves_key(key: str, box: Box, look: Look) -> Text:
    """What lines, dots and their thickness stand for."""
    told = "line: test · dots: training · thick: 34 layers"
    return Text(key, box, (Words(told, look.theme.muted),), text_size(look), Align.LEFT)


def swatch(key: str, left: float, middle: float, twin: Twin, look: Look) -> Rect:
    """A piece of a network's line: its colour and its thickness."""
    high = max(1.5, look.metrics.stroke * _thickness(twin))
    return Rect(key, Box(left, middle - high / 2, text_size(look) * SWATCH, high), color_of(twin, look.theme))


def _thickness(twin: Twin) -> float:
    return 1.5 if twin.depth > DEEP else 0.6


def _curve(key: str, axes: Axes, run: Run, frame: RunsFrame, look: Look) -> list[Primitive]:
    tests, train, test = errors(run, frame)
    color, thick = color_of(run.twin, look.theme), _thickness(run.twin)
    x, y = np.array(tests, dtype=np.float64), 100.0 * test.astype(np.float64)
    parts = polyline(f"{key}/test", axes, x, y, color, look, thick)
    r = max(1.5, look.metrics.stroke * (thick + 0.4) / 2)
    for n, (at, wrong) in enumerate(zip(tests, (100.0 * train).tolist(), strict=True)):
        left, top = axes.at(at, wrong)
        parts.append(Rect(f"{key}/train{n}", Box(left - r, top - r, 2 * r, 2 * r), color, r))
    return parts

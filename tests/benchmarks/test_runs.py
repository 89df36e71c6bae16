"""How long recorded runs take to open and to seek."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.files import recordings
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Plots
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.recorded import span_of
from cnnviz.timeline.timeline import Timeline, make_timeline
from cnnviz.views.stage import StageView
from tests.benchmarks.measuring import Report

pytestmark = pytest.mark.bench

OPENED = 300.0
SOUGHT = 100.0
SIZE = (1920.0, 1080.0)


@pytest.fixture
def view(qtbot: QtBot) -> StageView:
    shown = StageView()
    qtbot.addWidget(shown)
    shown.resize(1920, 1080)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def _show(view: StageView, timeline: Timeline, index: int) -> None:
    view.show_scene(build_scene(timeline, index, Viewpoint(), SIZE, LIGHT))
    QApplication.processEvents()


def test_recorded_runs_open(report: Report, view: StageView) -> None:
    times = []
    for _ in range(7):
        recordings.recording.cache_clear()
        span_of.cache_clear()
        began = perf_counter()
        _show(view, make_timeline(shipped_lesson("twins")), 0)
        times.append(1000 * (perf_counter() - began))
    report.add("recorded twins open, 1920×1080", times, "ms", OPENED)


@pytest.mark.parametrize("plots", ["auto", "loss"])
def test_recorded_runs_seek(report: Report, view: StageView, plots: Plots) -> None:
    lesson, times = shipped_lesson("twins"), []
    timeline = make_timeline(replace(lesson, view=replace(lesson.view, plots=plots)))
    for n in range(60):
        began = perf_counter()
        _show(view, timeline, 37 * n % timeline.count)
        times.append(1000 * (perf_counter() - began))
    told = "losses" if plots == "loss" else "errors"
    report.add(f"seek in recorded twins with {told}, 1920×1080", times, "ms", SOUGHT)

"""One table for the whole run, written to build/benchmarks.md, and a stage that is painted before one goes on."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.scene.primitives import Scene
from cnnviz.views.stage import StageView
from tests.benchmarks.measuring import TABLES, Report

# They are the programs of child processes, and some import what only the measurements need.
collect_ignore_glob = ["probe_*.py"]

TABLE = TABLES / "benchmarks.md"


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """Where every measurement is noted."""
    table = Report()
    yield table
    table.write(TABLE)
    print(f"\nwritten to {TABLE.relative_to(TABLE.parents[1])}:\n{TABLE.read_text(encoding='utf-8')}")


@pytest.fixture
def stage(qtbot: QtBot) -> StageView:
    """A stage on the (offscreen) screen."""
    view = StageView()
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def show(stage: StageView) -> Callable[[Scene], None]:
    """Show a scene and paint what has changed before it returns."""

    def shown(scene: Scene) -> None:
        size = (round(scene.size[0]), round(scene.size[1]))
        if (stage.width(), stage.height()) != size:
            stage.resize(*size)
        stage.show_scene(scene)
        QApplication.processEvents()

    return shown

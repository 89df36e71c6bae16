"""What the window does not need for its first painted lesson is imported and made after it."""

import os
import subprocess
import sys

import pytest

LATER = (
    "cnnviz.controllers.exporting", "cnnviz.controllers.gallery", "cnnviz.export", "cnnviz.files.arrays",
    "cnnviz.files.datasets", "cnnviz.files.kernels", "cnnviz.files.pictures", "cnnviz.files.resumes",
    "cnnviz.engine.plan", "cnnviz.scene.network", "cnnviz.scene.layer",
    "cnnviz.timeline.learning_curves", "cnnviz.timeline.trace", "cnnviz.train_command", "cnnviz.views.export_dialog",
    "cnnviz.views.gallery_dialog", "cnnviz.views.input_form", "cnnviz.views.kernel_editor", "cnnviz.views.layer_form",
    "cnnviz.views.learning_panel", "cnnviz.views.panels", "cnnviz.views.plot_canvas", "cnnviz.views.plots_dock",
    "cnnviz.views.preferences_dialog", "cnnviz.views.words_panel", "PIL", "numpy.random", "pyqtgraph",
)  # fmt: skip

PROGRAM = """
import sys
from cnnviz import __main__, app

assemble = app.assemble

def watched(*arguments):
    desk = assemble(*arguments)
    window = desk.window

    def tell():
        print("painted", window.is_furnished, *sys.modules)

    def end():
        print("furnished", window.panels.kernel.isVisible(), window.stage.width())
        window.leave()

    window.stage.first_painted.connect(tell)
    window.furnished.connect(end)
    return desk

app.assemble = watched
sys.exit(__main__.main([]))
"""


@pytest.fixture(scope="module")
def told() -> list[list[str]]:
    """What a start says at its first paint and when the panels are there."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROGRAM]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    return [line.split() for line in result.stdout.splitlines()]


def test_the_lesson_is_painted_before_the_panels_are_made(told: list[list[str]]) -> None:
    assert [line[0] for line in told] == ["painted", "furnished"]
    assert told[0][1] == "False"


def test_the_panel_in_front_is_seen_once_it_is_made(told: list[list[str]]) -> None:
    assert told[1][1] == "True"


@pytest.mark.parametrize("name", LATER)
def test_is_imported_after_the_first_paint(name: str, told: list[list[str]]) -> None:
    loaded = told[0][2:]
    assert "cnnviz.scene.stage" in loaded
    assert name not in loaded


DEEP = """
import sys
from cnnviz import __main__, app

assemble = app.assemble

def watched(*arguments):
    desk = assemble(*arguments)
    window = desk.window
    window.stage.first_painted.connect(lambda: print("painted", desk.session.moment.timeline.count))

    def arrived(name):
        if not name and not desk.opening.busy:
            print("arrived", desk.session.moment.timeline.count)
            window.leave()

    desk.opening.busy_changed.connect(arrived)
    return desk

app.assemble = watched
sys.exit(__main__.main(["plain-34"]))
"""


def test_a_network_whose_weights_are_to_be_drawn_is_awaited_in_the_window() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", DEEP]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["painted", "1"]
    assert lines[-1][0] == "arrived"
    assert int(lines[-1][1]) > 200  # its 34 layers, there and back

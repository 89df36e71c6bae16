"""A session in a real window: open, play, scrub, edit, undo and export, once by mouse and once by keys alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.controllers.opening import start_with
from cnnviz.scene.primitives import Grid
from tests.helpers.x_display import Window, wait_until

RunWindow = Callable[..., Window]
Spot = tuple[int, int]

PICTURE_STEPS = 81
"""An 8×8 picture: 36 cells of the map, 36 through ReLU, 9 pooled."""
KERNEL_STEPS = 107
"""With a kernel of 2×2 then 49 + 49 + 9."""


class Plan:
    """Where things are: the same window without a screen, asked for the places of its parts."""

    def __init__(self, *files: Path) -> None:
        app.make_application()
        self.desk = app.build(*start_with([str(file) for file in files]))
        self.window = self.desk.window
        self.window.show()

    def of(self, widget: QWidget) -> Spot:
        """The middle of a widget."""
        spot = widget.mapTo(self.window, widget.rect().center())
        return spot.x(), spot.y()

    def button(self, action: str) -> Spot:
        """The tool button of a command."""
        for bar in self.window.findChildren(QToolBar):
            for button in bar.findChildren(QToolButton):
                if button.defaultAction() is self.desk.actions[action]:
                    return self.of(button)
        raise AssertionError(f"no button for {action}")

    def scrubber(self, part: float) -> Spot:
        """A place on the scrubber's bar, 0 at its start and 1 at its end."""
        bar = self.window.transport.scrubber
        spot = bar.mapTo(self.window, QPoint(round(6 + part * (bar.width() - 12)), bar.height() // 2 + 6))
        return spot.x(), spot.y()

    def cell(self, tensor: str, row: int, column: int) -> Spot:
        """The middle of a cell on the stage."""
        self.desk.staging.flush()
        scene = self.desk.staging.scene
        assert scene is not None
        grid = next(p for p in scene.primitives() if isinstance(p, Grid) and p.ref[:2] == (f"0/{tensor}", 0))
        x = grid.origin[0] + (column + grid.ref[3] + 0.5) * grid.cell
        y = grid.origin[1] + (row + grid.ref[2] + 0.5) * grid.cell
        spot = self.window.stage.viewport().mapTo(self.window, QPointF(x, y).toPoint())
        return spot.x(), spot.y()


@pytest.fixture
def plan(qtbot: QtBot) -> Iterator[Callable[..., Plan]]:
    made: list[Plan] = []

    def make(*files: Path) -> Plan:
        made.append(Plan(*files))
        qtbot.waitUntil(lambda: made[-1].desk.staging.scene is not None)
        return made[-1]

    yield make
    for one in made:
        one.window.leave()
        one.window.deleteLater()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "step.png"
    array = np.zeros((8, 8), dtype=np.uint8)
    array[:, 4:] = 200
    Image.fromarray(array).save(path)
    return path


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    path = tmp_path / "mean.txt"
    path.write_text("1/4 1/4\n1/4 1/4\n")
    return path


def step_of(window: Window) -> int:
    """The step that the title names, counted from 1."""
    found = re.search(r"(\d+) / \d+", window.title())
    assert found is not None, window.title()
    return int(found[1])


def wait_dialog(window: Window, title: str) -> None:
    wait_until(
        lambda: any(title in name for name in window.titles()), f"the dialog {title!r}: {window.titles()}"
    )


def wait_no_dialog(window: Window) -> None:
    wait_until(lambda: len(window.windows()) == 1, f"the dialogs to close: {window.titles()}")


def answer_file(window: Window, title: str, path: Path) -> None:
    """Type the name of a file into a file dialog."""
    wait_dialog(window, title)
    window.type(str(path))
    window.key("Return")
    wait_no_dialog(window)


def save_as(window: Window, path: Path) -> list[list[float]]:
    """Save the lesson under a name by keys and read its first kernel."""
    window.key("ctrl+shift+s")
    answer_file(window, "Save lesson", path)
    wait_until(path.exists, f"{path.name}")
    return first_kernel(path)


def first_kernel(path: Path) -> list[list[float]]:
    """The first kernel in a lesson file of text, wherever its writer keeps it."""
    text = json.loads(path.read_text())
    values = text["tracks"][0]["params"][0]["weight"]
    return values["values"][0][0] if isinstance(values, dict) else values[0][0]  # type: ignore[no-any-return]


def test_by_keys_alone(run_window: RunWindow, picture: Path, kernel: Path, tmp_path: Path) -> None:
    window = run_window()
    window.wait_title("Vertical edge – 1 / 36")
    window.key("Right", "Right", "Left")
    window.wait_title("2 / 36")
    window.key("bracketright", "bracketright", "bracketright", "space")
    wait_until(lambda: step_of(window) >= 4, "playing")
    window.key("Escape")
    window.wait_still()
    at = step_of(window)
    window.key("End", "Page_Up")
    window.wait_title("33 / 36")
    assert at < 33

    window.key("ctrl+shift+o")
    answer_file(window, "Open picture", picture)
    window.wait_title(f"/ {PICTURE_STEPS}")
    window.key("ctrl+k")
    answer_file(window, "Open kernel", kernel)
    window.wait_title(f"/ {KERNEL_STEPS}")

    window.key("alt+b", "shift+Tab", "ctrl+Home")
    window.type("3")
    window.key("Return")
    assert save_as(window, tmp_path / "edited.json") == [[3, 0.25], [0.25, 0.25]]
    window.key("ctrl+z")
    assert save_as(window, tmp_path / "undone.json") == [[0.25, 0.25], [0.25, 0.25]]

    window.key("ctrl+e")
    wait_dialog(window, "Export")
    window.key("alt+k", "alt+w", "ctrl+a")
    window.type(str(tmp_path / "slides"))
    window.key("Return")
    wait_until((tmp_path / "slides").is_dir, "the slides", 60)
    names = sorted(path.name for path in (tmp_path / "slides").iterdir())
    assert names[0] == "frame-0000.png"
    assert names[-1] == f"frame-{KERNEL_STEPS - 1:04}.png"
    with Image.open(tmp_path / "slides" / names[0]) as image:
        assert image.size == (1920, 1080)
    wait_no_dialog(window)
    window.key("ctrl+q")
    assert window.wait_ended() == ""


def test_by_mouse(
    run_window: RunWindow, plan: Callable[..., Plan], picture: Path, kernel: Path, tmp_path: Path
) -> None:
    before = plan()
    window = run_window()
    window.wait_title("1 / 36")
    assert window.geometry()[2:] == (before.window.width(), before.window.height())
    play = before.of(before.window.transport.play)
    window.click(*play)
    wait_until(lambda: step_of(window) >= 3, "playing")
    window.click(*play)
    window.wait_still()
    window.drag(before.scrubber(0.1), before.scrubber(1.0))
    window.wait_title("36 / 36")
    window.click(*before.cell("conv1", 2, 1))
    window.wait_title("10 / 36")

    window.click(*before.button("file.open-picture"))
    answer_file(window, "Open picture", picture)
    window.wait_title(f"/ {PICTURE_STEPS}")
    window.click(*before.button("file.open-kernel"))
    answer_file(window, "Open kernel", kernel)
    window.wait_title(f"/ {KERNEL_STEPS}")

    after = plan(picture, kernel)
    window.wait_still()
    window.click(*after.cell("conv1.weight", 1, 0), times=2)
    window.type("5")
    window.key("Return")
    assert save_as(window, tmp_path / "edited.json") == [[0.25, 0.25], [5, 0.25]]
    window.click(*before.button("edit.undo"))
    assert save_as(window, tmp_path / "undone.json") == [[0.25, 0.25], [0.25, 0.25]]

    window.click(*before.button("file.export"))
    wait_dialog(window, "Export")
    window.key("alt+w", "ctrl+a")
    window.type(str(tmp_path / "one.gif"))
    window.key("alt+k", "Return")
    wait_until((tmp_path / "one.gif").exists, "the animation", 60)
    with Image.open(tmp_path / "one.gif") as image:
        assert getattr(image, "n_frames", 1) > 10
    wait_no_dialog(window)


def test_a_screen_of_its_own_gives_the_same_picture(run_window: RunWindow, plan: Callable[..., Plan]) -> None:
    twin = plan()
    window = run_window()
    window.wait_title("1 / 36")
    window.move(5, 5)
    window.wait_still()
    stage = twin.window.stage
    corner = stage.viewport().mapTo(twin.window, QPoint(0, 0))
    area = (slice(corner.y(), corner.y() + stage.height()), slice(corner.x(), corner.x() + stage.width()))
    image = twin.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    expected = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)[area]
    seen = window.pixels()[area]
    assert np.argwhere((seen != expected).any(axis=2)).tolist() == []

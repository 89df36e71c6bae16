"""Fixtures for tests that drive a real window by mouse and keys."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers.x_display import Display, Window, start_window

RunWindow = Callable[..., Window]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.window)


@pytest.fixture(scope="session")
def x_display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    """An X server with a window manager, shared by all tests of windows."""
    display = Display(tmp_path_factory.mktemp("screen"))
    try:
        display.start()
        yield display
    finally:
        display.stop()


@pytest.fixture
def run_window(x_display: Display) -> Iterator[RunWindow]:
    """Start cnnviz with arguments and return its window; what still runs after the test is ended.

    The gallery of the first start is left out unless ``first_start`` is set.
    """
    windows: list[Window] = []

    def run(*arguments: str | Path, first_start: bool = False) -> Window:
        if not first_start:
            _leave_out_the_gallery()
        windows.append(start_window(x_display, [str(argument) for argument in arguments]))
        return windows[-1]

    yield run
    for window in windows:
        window.end()


def _leave_out_the_gallery() -> None:
    settings = Path(os.environ["XDG_CONFIG_HOME"], "cnnviz", "cnnviz.conf")
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[General]\ngallery-shown=true\n", encoding="utf-8")

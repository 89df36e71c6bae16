"""What holds for every test: no screen, a home of its own, fixed seeds, no stray logs, no leaked widget."""

import gc
import itertools
import logging
import os
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import cnnviz  # noqa: F401 - before NumPy, as in the program, so that BLAS keeps to one thread

# Before anything of Qt is loaded: tests/window starts its own display and overrides this for its processes.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test compares pixels, so nothing of the desktop that runs it may change them.
for name in ("SCALE_FACTOR", "SCREEN_SCALE_FACTORS", "FONT_DPI", "STYLE_OVERRIDE", "QPA_PLATFORMTHEME"):
    os.environ.pop(f"QT_{name}", None)

# A shell starts what runs in the background without Ctrl+C, and programs that tests interrupt would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples on every run, and no clock: the machine may be slow.
settings.register_profile(
    "cnnviz", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("cnnviz")


def pytest_addoption(parser: pytest.Parser) -> None:
    # Without Qt there is no pytest-qt, and its settings in pyproject.toml would be unknown names.
    if find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "used by pytest-qt only")


@pytest.fixture(scope="session")
def _homes() -> Iterator[Iterator[Path]]:
    with tempfile.TemporaryDirectory(prefix="cnnviz-tests-") as folder:
        yield (Path(folder, str(number)) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    home = next(_homes)
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        # Qt reads the environment once; only this moves its settings afterwards.
        for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(form, QSettings.Scope.UserScope, str(home / "config"))


@pytest.fixture(autouse=True)
def _fixed_seed() -> None:
    random.seed(0)


@pytest.fixture(scope="module", autouse=True)
def _settled_heap() -> Iterator[None]:
    # What modules and caches hold by now stays: no later collection, of which there is one after each test of
    # widgets, goes through all of it again.
    yield
    gc.collect()
    gc.freeze()


class _StrayRecords(logging.Handler):
    """Keeps what is logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_stray_logs() -> Iterator[None]:
    handler = _StrayRecords()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    assert not handler.lines, f"logged during the test: {handler.lines}"


@pytest.fixture(autouse=True)
def _no_leaked_widgets() -> Iterator[None]:
    before = set(_top_level_widgets())
    yield
    left = [widget for widget in _top_level_widgets() if widget not in before]
    if left:
        _finish_deletions()
        left = [widget for widget in _top_level_widgets() if widget not in before]
    assert not left, f"widgets left behind: {left}; give them to qtbot.addWidget, or close and delete them"


def _top_level_widgets() -> list[object]:
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtWidgets import QApplication

    return list(QApplication.topLevelWidgets()) if QApplication.instance() is not None else []


def _finish_deletions() -> None:
    # deleteLater waits for an event loop, and a cycle of references for the collector; neither is a leak.
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

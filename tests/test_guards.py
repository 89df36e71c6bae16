"""The suite's own guards: each of these slips, planted in a test, makes that test fail."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

PLANTED = """
import logging
import random
import warnings
from pathlib import Path

from PySide6.QtCore import QSettings, qDebug
from PySide6.QtWidgets import QLabel

kept = []
drawn = []


def test_bad_warning():
    warnings.warn("stray", stacklevel=1)


def test_bad_log():
    logging.getLogger("room").warning("stray")


def test_bad_qt_message(qtbot):
    qDebug("stray")


def test_bad_widget(qtbot):
    kept.append(QLabel("left behind"))


def test_bad_slot(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    label.windowTitleChanged.connect(lambda text: 1 / 0)
    label.setWindowTitle("x")


def test_good_widget(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    QLabel().deleteLater()


def test_good_settings(qtbot):
    assert not Path.home().samefile({home!r})
    settings = QSettings("cnnviz", "cnnviz")
    assert Path(settings.fileName()).is_relative_to(Path.home())
    assert settings.value("planted") is None
    settings.setValue("planted", 1)


test_good_settings_again = test_good_settings


def test_good_seed():
    drawn.append(random.random())


def test_good_seed_again():
    assert drawn == [random.random()]
"""


def test_slips_fail_and_what_is_right_passes(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tmp_path / "cnnviz" / "engine").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    # Not str.format, because the planted text is code.
    (tests / "test_planted.py").write_text(PLANTED.replace("{home!r}", repr(str(Path.home()))))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-rA", "--tb=no", "-p", "no:cacheprovider"]
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    bad = set(re.findall(r"^(?:FAILED|ERROR) tests/test_planted\.py::(\w+)", result.stdout, re.MULTILINE))
    passed = set(re.findall(r"^PASSED tests/test_planted\.py::(\w+)", result.stdout, re.MULTILINE))
    names = set(re.findall(r"^(?:def )?(test_\w+)", PLANTED, re.MULTILINE))
    assert bad == {name for name in names if name.startswith("test_bad")}, result.stdout
    assert passed - bad == names - bad, result.stdout

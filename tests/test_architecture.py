"""The rules of who may import whom: kept by the package, and broken by a planted import."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
CORE = ("resources", "engine", "lesson", "files", "timeline", "scene")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # No colours and no wrapping, so that the text can be searched.
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "500"}
    command = [sys.executable, "-c", LINT]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cnnviz", tmp_path / "cnnviz", ignore=ignore)
    shutil.copytree(ROOT / "tests" / "helpers", tmp_path / "tests" / "helpers", ignore=ignore)
    return tmp_path


def test_the_package_keeps_every_contract() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "6 kept, 0 broken" in result.stdout


LAYERS = "A lower room never imports a higher one, and there are no other rooms"
NO_QT = "What is computed and what is drawn know no GUI toolkit"
NO_ARITHMETIC = "Views and controllers compute nothing"
PLOTS = "Only views touch pyqtgraph"
WIDGETS = "Only views and the composition root touch widgets"
COMPOSITION = "Only the composition root knows the views"
PLANTED = (
    ("engine/planted_low.py", "import cnnviz.lesson", LAYERS, "- cnnviz.engine.planted_low -> cnnviz.lesson"),
    ("views/planted_side.py", "import cnnviz.controllers", LAYERS, "- cnnviz.views.planted_side -> "),
    ("utils/__init__.py", "import math", LAYERS, "- cnnviz.utils"),
    ("scene/planted_qt.py", "import PySide6.QtGui", NO_QT, "-   cnnviz.scene.planted_qt -> PySide6"),
    ("views/planted_sums.py", "import numpy", NO_ARITHMETIC, "-   cnnviz.views.planted_sums -> numpy"),
    ("controllers/planted_sums.py", "from cnnviz import engine", NO_ARITHMETIC, "-   cnnviz.controllers.pl"),
    (
        "paint/planted_plot.py",
        "import pyqtgraph as pg",
        PLOTS,
        "cnnviz.paint.planted_plot:3 imports pyqtgraph,",
    ),
    (
        "export/planted_widgets.py",
        "from PySide6 import (\n    QtGui,\n    QtWidgets,\n)",
        WIDGETS,
        "cnnviz.export.planted_widgets:3 imports PySide6.QtWidgets,",
    ),
    (
        "cli_planted.py",
        "def f():\n    from cnnviz.views import stage",
        COMPOSITION,
        "cnnviz.cli_planted:4 imports",
    ),
)
"""A file, what it imports, the contract that this breaks, and how the line about it begins there."""


def test_a_planted_import_breaks_its_contract(copy: Path) -> None:
    for module, line, _, _ in PLANTED:
        place = copy / "cnnviz" / module
        place.parent.mkdir(exist_ok=True)
        place.write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    result = lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    said = broken_contracts(result.stdout)
    assert set(said) == {contract for _, _, contract, _ in PLANTED}
    for module, _, contract, begin in PLANTED:
        assert any(line.startswith(begin) for line in said[contract]), (module, said[contract])


def broken_contracts(report: str) -> dict[str, list[str]]:
    """Return what a report says of each broken contract, line by line."""
    lines = report.partition("Broken contracts")[2].splitlines()[2:]
    found: dict[str, list[str]] = {}
    title = ""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line and below == "-" * len(line):
            title = line
        found.setdefault(title, []).append(line)
    found.pop("", None)
    return found


def test_rooms_below_paint_import_where_qt_cannot_be_imported() -> None:
    program = f"""
import importlib, pkgutil, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError(f"{{name}} is refused")
sys.meta_path.insert(0, Refuse())
for room in {CORE!r}:
    package = importlib.import_module(f"cnnviz.{{room}}")
    for module in pkgutil.iter_modules(getattr(package, "__path__", [])):
        importlib.import_module(f"cnnviz.{{room}}.{{module.name}}")
        print(room, module.name)
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "engine geometry" in result.stdout


@pytest.mark.parametrize(
    "command", [["trace", "vertical-edge"], ["export", "vertical-edge", "OUT", "--frames", "0:3"]]
)
def test_headless_commands_load_neither_widgets_nor_pyqtgraph(command: list[str], tmp_path: Path) -> None:
    program = f"""
import sys
from cnnviz.__main__ import main
try:
    code = main({command!r})
except SystemExit as end:
    code = end.code
loaded = sorted({{"pyqtgraph", "PySide6.QtWidgets"}} & set(sys.modules))
print("exit", code or 0, "loaded", loaded, file=sys.stderr)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr.splitlines()[-1:] == ["exit 0 loaded []"], result.stderr
    if command[0] == "export":
        assert len(list((tmp_path / "OUT").glob("*.png"))) == 3

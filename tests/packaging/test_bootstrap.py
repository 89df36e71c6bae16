"""The set-up script: usage, environments kept or made again, what is missing, runs without a screen."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
sys.path.insert(0, str(PACKAGING))
import bootstrap  # noqa: E402 - found only through the line above, as when the script runs
import environments  # noqa: E402
import system_packages  # noqa: E402

Calls = list[list[str]]
PROJECT = """
[project]
dependencies = ["numpy>=2", "PySide6-Essentials", "pyqtgraph", "Pillow"]
[project.optional-dependencies]
test = ["pytest>=8", "pytest-qt", "hypothesis>=6", "import-linter"]
"""


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What would have been started; nothing is."""
    seen: Calls = []

    def call(command: list[str], **_: object) -> int:
        seen.append(command)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    return seen


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pyproject.toml, where making an environment is instant."""

    def create(place: Path, with_pip: bool) -> None:
        python = environments._python(place)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        (place / "with-pip").write_text(str(with_pip))

    monkeypatch.setattr(environments, "_create", create)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    return tmp_path


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PACKAGING / "bootstrap.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_names_every_verb() -> None:
    result = run_script("--help")
    assert result.returncode == 0
    for verb in ("run", "test", "check", "bench"):
        assert f"\n{verb} " in result.stdout


@pytest.mark.parametrize("arguments", [(), ("dance",)])
def test_without_a_known_verb_usage_goes_to_stderr(arguments: tuple[str, ...]) -> None:
    result = run_script(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert "usage:" in result.stderr


def test_an_environment_is_kept_while_nothing_changed(project: Path, calls: Calls) -> None:
    first = environments.main_environment(project, extras=("test",))
    again = environments.main_environment(project, extras=())
    assert first == again
    (install,) = calls
    assert install[-2:] == ["--editable", ".[slides,test,video]"]


def test_an_extra_is_added_to_those_that_are_there(project: Path, calls: Calls) -> None:
    environments.main_environment(project, extras=("test",))
    environments.main_environment(project, extras=("check",))
    assert [command[-1] for command in calls] == [".[slides,test,video]", ".[check,slides,test,video]"]


def test_a_changed_project_is_installed_again(project: Path, calls: Calls) -> None:
    environments.main_environment(project, extras=())
    with (project / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    environments.main_environment(project, extras=())
    assert [command[-1] for command in calls] == [".[slides,video]"] * 2


def test_an_interrupted_set_up_is_done_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 1)
    for _ in range(2):
        with pytest.raises(system_packages.SetupError, match="check the network"):
            environments.main_environment(project, extras=())
    assert not (project / ".venv" / "cnnviz-setup.json").exists()


def test_the_core_environment_has_no_gui_toolkit(project: Path, calls: Calls) -> None:
    environments.core_environment(project, Path("python"))
    (install,) = calls
    assert install[install.index("install") :][-4:] == ["numpy>=2", "Pillow", "pytest>=8", "hypothesis>=6"]
    stamp = json.loads((project / ".venv-core" / "cnnviz-setup.json").read_text())
    assert stamp["extras"] == []


LIBRARIES = (("libcnnviz-a.so.1", "package-a"), ("libc.so.6", "libc6"), ("libcnnviz-b.so.1", "package-b"))


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str] | None], None]:
    """Pretend to be on Debian, as root or not."""

    def pretend(prefix: list[str] | None) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(system_packages, "_as_root", lambda: prefix)

    return pretend


def test_missing_libraries_are_installed_where_that_is_allowed(
    debian: Callable[[list[str] | None], None], calls: Calls
) -> None:
    debian([])
    assert not system_packages.obtain(LIBRARIES)  # the pretended installation brings nothing
    update, install = calls
    assert update[-1] == "update"
    assert install[-4:] == ["-y", "--no-install-recommends", "package-a", "package-b"]


def test_without_the_right_the_one_command_is_named(
    debian: Callable[[list[str] | None], None], calls: Calls
) -> None:
    debian(None)
    with pytest.raises(
        system_packages.SetupError, match=r"run: sudo apt-get update && .* package-a package-b$"
    ):
        system_packages.require(LIBRARIES)
    assert calls == []


def test_what_is_there_is_not_installed(debian: Callable[[list[str] | None], None], calls: Calls) -> None:
    debian([])
    assert system_packages.obtain((("libc.so.6", "libc6"), ("sh", "dash")))
    assert calls == []


@pytest.mark.parametrize(
    ("variables", "screen"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
    ],
)
def test_a_screen_is_known_by_its_variables(
    variables: dict[str, str], screen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert bootstrap.has_screen() is screen


def test_without_a_screen_frames_are_exported_and_counted(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(system_packages, "require", lambda needs: None)
    monkeypatch.setattr(environments, "main_environment", lambda root, extras: Path("python"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "frames").mkdir()
    for number in range(3):
        (tmp_path / "frames" / f"frame-{number:04}.png").touch()
    assert bootstrap.main(["run"]) == 0
    assert calls == [["python", "-m", "cnnviz", "export", "vertical-edge", "frames"]]
    assert f"3 frames in {tmp_path / 'frames'}" in capsys.readouterr().out


@pytest.fixture
def equipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that everything that tests need is there."""
    monkeypatch.setattr(system_packages, "require", lambda needs: None)
    monkeypatch.setattr(system_packages, "obtain", lambda needs: True)
    monkeypatch.setattr(environments, "main_environment", lambda root, extras: Path("python"))
    monkeypatch.setattr(environments, "core_environment", lambda root, python: Path("core-python"))


@pytest.mark.usefixtures("equipped")
def test_all_tests_run_side_by_side_but_real_windows_alone(calls: Calls) -> None:
    assert bootstrap.main(["test"]) == 0
    core, others, windows = calls
    assert core[0] == "core-python"
    assert core[-len(bootstrap.CORE_TESTS) :] == list(bootstrap.CORE_TESTS)
    assert others[0] == windows[0] == "python"
    assert "not window" in others[others.index("-m", 3) + 1]
    assert {"tests", "cnnviz", *(f"--ignore={room}" for room in bootstrap.CORE_TESTS)} <= set(others)
    assert "-n" in core
    assert "-n" in others
    assert "-n" not in windows
    assert windows[-3:] == ["-m", "window", "tests/window"]


@pytest.mark.usefixtures("equipped")
def test_one_part_that_fails_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, **_: int("core" in command[0]))
    assert bootstrap.main(["test"]) == 1


@pytest.mark.usefixtures("equipped")
def test_without_a_display_all_but_real_windows_is_tested(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "obtain", lambda needs: needs != system_packages.WINDOW_TOOLS)
    assert bootstrap.main(["test"]) == 0
    assert len(calls) == 2
    assert "Real windows are not tested" in capsys.readouterr().out

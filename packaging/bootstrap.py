"""Sets cnnviz up and runs it, from nothing but Python 3.11 or newer.

usage: python3 packaging/bootstrap.py VERB

run [FILE ...]      open the window; without a screen, export frames of the default lesson
test [PYTEST ARGS]  every test, or those that the arguments choose
check [--full]      linters, types and import contracts; --full: also slides as LibreOffice shows them
bench               the measurements of speed and memory, written to build/benchmarks.md and build/growth.svg
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file runs first, and before anything that an older Python could not read
    sys.exit(f"cnnviz needs Python 3.11 or newer, this is {sys.version.split()[0]}; start a newer python3")

import os
import subprocess
from pathlib import Path

import environments
import system_packages

ROOT = Path(__file__).resolve().parents[1]
# The rooms that must work where no GUI toolkit is installed.
CORE_ROOMS = ("engine", "lesson", "files", "timeline", "scene")
CORE_TESTS = tuple(f"{place}/{room}" for place in ("tests", "cnnviz") for room in CORE_ROOMS)
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy", "--num-workers", "auto"),
    ("lint-imports",),
)


def main(arguments: list[str]) -> int:
    """Do one verb and return the exit code of what it ran."""
    verbs = {"run": run, "test": test, "check": check, "bench": bench}
    if arguments in (["-h"], ["--help"]):
        print(__doc__.strip())
        return 0
    if not arguments or arguments[0] not in verbs:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        return verbs[arguments[0]](arguments[1:])
    except system_packages.SetupError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Open the window; without a screen and without arguments export the default lesson and say so."""
    screen = has_screen()
    system_packages.require(system_packages.QT + (system_packages.QT_WINDOW if screen else ()))
    python = environments.main_environment(ROOT, extras=())
    if screen or arguments:
        return call(python, "-m", "cnnviz", *arguments)
    folder = Path("frames")
    code = call(python, "-m", "cnnviz", "export", "vertical-edge", str(folder), QT_QPA_PLATFORM="offscreen")
    if code == 0:
        count = sum(1 for _ in folder.glob("*.png"))
        print(f"No screen, so the lesson vertical-edge was exported: {count} frames in {folder.resolve()}")
    return code


def test(arguments: list[str]) -> int:
    """Run the rooms that know no Qt where there is none, then all others; or what the arguments choose."""
    system_packages.require(system_packages.QT + system_packages.QT_WINDOW)
    windows = system_packages.obtain(system_packages.WINDOW_TOOLS)
    readers = system_packages.obtain(system_packages.READERS)
    python = environments.main_environment(ROOT, extras=("test",))
    if arguments:
        return pytest(python, *arguments)
    core = environments.core_environment(ROOT, python)
    print("Rooms without a GUI toolkit, where none is installed:", flush=True)
    codes = [pytest(core, "-q", *side_by_side(), *CORE_TESTS)]
    print("All other rooms, and the program as a whole, without a screen:", flush=True)
    chosen = "not bench and not oracle and not window"
    if not readers:
        print("PDF and SVG are not read back: that needs Poppler's tools and rsvg-convert.", flush=True)
        chosen += " and not readers"
    others = [f"--ignore={path}" for path in CORE_TESTS]
    codes.append(pytest(python, "-q", "-m", chosen, *side_by_side(), "tests", "cnnviz", *others))
    if windows:
        print("Real windows, one after the other:", flush=True)
        codes.append(pytest(python, "-q", "-m", "window", "tests/window"))
    else:
        print("Real windows are not tested: that needs Linux with Xvfb, openbox and xdotool.", flush=True)
    return max(codes)


def side_by_side() -> list[str]:
    """Tell pytest to run files in several processes; a file stays with one, and so do what its tests share."""
    processes = max(1, min(4, os.cpu_count() or 1))
    return ["-n", str(processes), "--dist", "loadfile"]


def check(arguments: list[str]) -> int:
    """Run every check, even after one has failed, and return 1 when any did."""
    if arguments not in ([], ["--full"]):
        raise system_packages.SetupError(f"check takes --full or nothing, got {' '.join(arguments)}")
    python = environments.main_environment(ROOT, extras=("check",))
    failed = []
    for words in CHECKS:
        print("==", *words, flush=True)
        if subprocess.call([str(python.with_name(words[0])), *words[1:]], cwd=ROOT) != 0:
            failed.append(" ".join(words))
    if arguments:
        print("== slides in LibreOffice", flush=True)
        script = "packaging/check_slides.py"
        if call(python, script, folder=ROOT, PYTHONPATH=str(ROOT), QT_QPA_PLATFORM="offscreen") != 0:
            failed.append("slides")
    print(f"check: {', '.join(failed)} failed" if failed else "check: all passed", flush=True)
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Run the tests marked bench and show what they print.

    PyTorch is not in the extra, it is large: CNNVIZ_BENCH_PYTHON names an interpreter that has it, with OpenCV and
    SciPy beside it; else what is missing is named in the table.
    """
    system_packages.require(system_packages.QT + system_packages.QT_WINDOW)
    python = environments.main_environment(ROOT, extras=("bench",))
    return pytest(python, "-m", "bench", "-s", *arguments)


def pytest(python: Path, *arguments: str) -> int:
    """Run pytest off screen; tests of real windows start a display of their own."""
    return call(python, "-m", "pytest", *arguments, folder=ROOT, QT_QPA_PLATFORM="offscreen")


def call(python: Path, *arguments: str, folder: Path | None = None, **variables: str) -> int:
    """Run Python of an environment with these arguments and wait."""
    return subprocess.call([str(python), *arguments], cwd=folder, env={**os.environ, **variables})


def has_screen() -> bool:
    """Tell whether a window could be seen."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.partition(":")[0] in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin") or platform:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

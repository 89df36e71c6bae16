"""Finds missing system libraries and programs, and installs them on Debian and Ubuntu where it may."""

import ctypes
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

# What a program needs (a library to load or a command to call) and the Debian package that brings it.
Need = tuple[str, str]

QT: tuple[Need, ...] = (
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libGL.so.1", "libgl1"),
    ("libEGL.so.1", "libegl1"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libdbus-1.so.3", "libdbus-1-3"),
)
QT_WINDOW: tuple[Need, ...] = (
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
)
WINDOW_TOOLS: tuple[Need, ...] = (("Xvfb", "xvfb"), ("openbox", "openbox"), ("xdotool", "xdotool"))
# Programs by which tests read PDF and SVG files back.
READERS: tuple[Need, ...] = (("pdftotext", "poppler-utils"), ("rsvg-convert", "librsvg2-bin"))
_APT = [
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "DEBCONF_NOWARNINGS=yes",
    "apt-get",
    "-qq",
    "-o",
    "Dpkg::Use-Pty=0",
]


class SetupError(RuntimeError):
    """The set-up cannot go on; the text says why and what to do."""


def require(needs: tuple[Need, ...]) -> None:
    """Install what is missing of these, or stop with the one command that does."""
    if not obtain(needs):
        missing = _missing(needs)
        if shutil.which("apt-get"):
            raise SetupError(f"libraries that Qt needs are missing; run: {_by_hand(missing)}")
        names = ", ".join(name for name, _ in missing)
        raise SetupError(
            f"libraries that Qt needs are missing: {names}; install the packages that bring them"
        )


def obtain(needs: tuple[Need, ...]) -> bool:
    """Install what is missing of these where that is allowed; tell whether all is there now."""
    if not sys.platform.startswith("linux"):
        # Qt's wheels for macOS and Windows bring their libraries; the tools are for X11 only.
        return needs is not WINDOW_TOOLS and (needs is not READERS or not _missing(needs))
    missing = _missing(needs)
    if missing and shutil.which("apt-get") and (prefix := _as_root()) is not None:
        _install(prefix, [package for _, package in missing])
        missing = _missing(needs)
    return not missing


def require_venv() -> None:
    """See to it that Python can make a virtual environment: Debian keeps that in a package of its own."""
    if find_spec("ensurepip") is not None:
        return
    package = f"python3.{sys.version_info.minor}-venv"
    prefix = _as_root() if shutil.which("apt-get") else None
    if prefix is not None:
        _install(prefix, [package])
    # In a new process, because this one may remember that there was none.
    if subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) != 0:
        raise SetupError(f"this Python cannot make virtual environments; run: {_by_hand([('', package)])}")


def _missing(needs: tuple[Need, ...]) -> list[Need]:
    return [need for need in needs if not _is_there(need[0])]


def _is_there(name: str) -> bool:
    if ".so" not in name:
        return shutil.which(name) is not None
    try:
        ctypes.CDLL(name)  # the loader's own answer, right for every architecture
    except OSError:
        return False
    return True


def _as_root() -> list[str] | None:
    """Give what goes before a command that needs root: nothing, sudo that asks nothing, or None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n"]
    return None


def _install(prefix: list[str], packages: list[str]) -> None:
    print(f"Installing system packages: {' '.join(packages)} ...", flush=True)
    apt = [*prefix, *_APT]
    subprocess.call([*apt, "update"], stdin=subprocess.DEVNULL)
    # A failure shows in what is still missing afterwards.
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    subprocess.call(install, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _by_hand(missing: list[Need]) -> str:
    packages = " ".join(package for _, package in missing)
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}"

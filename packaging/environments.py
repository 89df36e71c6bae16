"""Makes the virtual environments beside pyproject.toml and keeps them while what they hold is unchanged."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import NamedTuple

import system_packages
from system_packages import SetupError

FORMATS = frozenset({"slides", "video"})
"""The extras with which every format can be exported: whoever sets the program up here gets them all."""
_STAMP = "cnnviz-setup.json"
# A security update of Python keeps an environment valid; another minor version or another Python does not.
_PYTHON = f"{sys.implementation.cache_tag} {sys.base_prefix}"


class _Stamp(NamedTuple):
    """What an environment was made from; written last, so an interrupted set-up leaves none."""

    key: str
    python: str
    extras: frozenset[str]


_NO_STAMP = _Stamp("", "", frozenset())


def main_environment(root: Path, extras: tuple[str, ...]) -> Path:
    """Return the Python of `.venv`, which holds cnnviz (editable), all formats and at least these extras.

    The environment stays as it is while pyproject.toml and the Python that made it are the same; an extra
    that is missing is added to those that are there.
    """
    place = root / ".venv"
    key = _key(root)
    stamp = _read_stamp(place)
    needed = FORMATS.union(extras)
    if stamp.key == key and stamp.extras.issuperset(needed) and _python(place).exists():
        return _python(place)
    if stamp.python != _PYTHON or not _python(place).exists():
        _create(place, with_pip=True)
        stamp = _NO_STAMP
    wanted = sorted(stamp.extras.union(needed))
    target = f".[{','.join(wanted)}]"
    print(f"Installing cnnviz{target[1:]} into {place.name} ...", flush=True)
    _pip(_python(place), ["--editable", target], root)
    _write_stamp(place, key, wanted)
    return _python(place)


def core_environment(root: Path, main_python: Path) -> Path:
    """Return the Python of `.venv-core`: what the rooms below `paint` need and their tests, and no Qt."""
    place = root / ".venv-core"
    key = _key(root)
    if _read_stamp(place).key == key and _python(place).exists():
        return _python(place)
    _create(place, with_pip=False)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    core = [
        text
        for text in needed
        if text.lower().startswith(("numpy", "pillow", "pytest>", "pytest-xdist", "hypothesis"))
    ]
    print(f"Installing {', '.join(core)} into {place.name} ...", flush=True)
    # The main environment's pip installs here, which saves making one more.
    _pip(main_python, core, root, python=_python(place))
    _write_stamp(place, key, [])
    return _python(place)


def _create(place: Path, with_pip: bool) -> None:
    system_packages.require_venv()
    print(f"Making {place.name} with Python {sys.version.split()[0]} ...", flush=True)
    try:
        venv.EnvBuilder(clear=True, with_pip=with_pip, symlinks=os.name != "nt").create(place)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"cannot make {place}: {error}; check that the folder is writable") from error


def _pip(pip_python: Path, what: list[str], root: Path, python: Path | None = None) -> None:
    other = ["--python", str(python)] if python else []
    install = ["install", "--quiet", "--disable-pip-version-check", *what]
    if (
        subprocess.call([str(pip_python), "-m", "pip", *other, *install], cwd=root, stdin=subprocess.DEVNULL)
        != 0
    ):
        raise SetupError(
            "pip could not install what cnnviz needs (see above); check the network and try again"
        )


def _key(root: Path) -> str:
    content = (root / "pyproject.toml").read_bytes()
    return hashlib.sha256(content + str(root).encode() + _PYTHON.encode()).hexdigest()


def _python(place: Path) -> Path:
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _read_stamp(place: Path) -> _Stamp:
    try:
        stamp = json.loads((place / _STAMP).read_text(encoding="utf-8"))
        return _Stamp(stamp["key"], stamp["python"], frozenset(stamp["extras"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _NO_STAMP


def _write_stamp(place: Path, key: str, extras: list[str]) -> None:
    stamp = {"key": key, "python": _PYTHON, "extras": extras}
    (place / _STAMP).write_text(json.dumps(stamp), encoding="utf-8")

"""The resource folder: found from a checkout and from a wheel, closed, and every file accounted for."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cnnviz import resources

ROOT = Path(__file__).parents[1]

LICENCES = {"MIT", "CC0-1.0", "MIT AND CC0-1.0", "OFL-1.1", "CC-BY-4.0", "MIT AND CC-BY-SA-3.0"}
"""What may ship: all of them allow copies, of some by naming who made it, as resources/SOURCES.json does."""


def test_reads_the_same_bytes_in_every_way() -> None:
    name = "icons/play.svg"
    data = (ROOT / "resources" / name).read_bytes()
    with resources.open_resource(name) as stream:
        assert stream.read() == data
    assert resources.resource_bytes(name) == data
    assert resources.resource_text(name) == data.decode()
    assert resources.resource_path(name).read_bytes() == data


def test_lists_a_folder_in_order() -> None:
    names = resources.list_resources("icons", ".svg")
    assert names == tuple(sorted(names))
    assert "icons/play.svg" in names
    assert "icons/cnnviz.png" not in names
    assert resources.list_resources("no-such-folder") == ()


@pytest.mark.parametrize(
    "name", ["", ".", "/etc/passwd", "../pyproject.toml", "icons/../../LICENSE", "C:/x", "a\\b", "x\0"]
)
def test_refuses_names_that_leave_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        resources.resource_bytes(name)


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg"):
        resources.resource_bytes("icons/nothing.svg")


def test_every_file_is_recorded_with_licence_and_hash() -> None:
    folder = ROOT / "resources"
    record = json.loads((folder / "SOURCES.json").read_text(encoding="utf-8"))
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    del files["SOURCES.json"]
    hint = "run: python packaging/build_resources.py record"
    assert record.keys() == files.keys(), hint
    for name, entry in record.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == entry["sha256"], f"{name}; {hint}"
        assert entry["licence"] in LICENCES, name
        assert entry["source"], name
    assert files["licences/OFL-1.1.txt"].read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE") == 1


def test_an_installed_wheel_carries_the_code_and_the_resources(tmp_path: Path) -> None:
    # Sources are copied, because setuptools writes its build folder beside them.
    source = tmp_path / "source"
    source.mkdir()
    for name in ("cnnviz", "resources", "pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            subprocess.run(["cp", "-r", str(ROOT / name), str(source)], check=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run([*pip, *build], check=True, stdout=subprocess.DEVNULL)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "cnnviz").rglob("*.py")}
    data = {
        f"cnnviz/_resources/{path.relative_to(ROOT / 'resources').as_posix()}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    assert code | data | {"cnnviz/py.typed"} <= carried

    target = tmp_path / "target"
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)], check=True
    )
    program = (
        "from cnnviz.resources import list_resources, resource_path\n"
        "print(resource_path('icons/play.svg'), *list_resources('fonts'))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert printed == [
        str(target / "cnnviz" / "_resources" / "icons" / "play.svg"),
        *resources.list_resources("fonts"),
    ]

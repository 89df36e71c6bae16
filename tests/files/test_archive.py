"""The zip of a lesson: whatever is wrong with it is one line, before anything of it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.files.archive import array_from_npy, npy_from_array
from cnnviz.files.lessons import read_lesson, write_lesson
from tests.files.examples import refused, small


def archive(path: Path, members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return path


def members_of(tmp_path: Path) -> dict[str, bytes]:
    write_lesson(tmp_path / "whole.cnnviz", small())
    with zipfile.ZipFile(tmp_path / "whole.cnnviz") as source:
        return {name: source.read(name) for name in source.namelist()}


def npy(array: np.ndarray[Any, Any]) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


@settings(max_examples=150)
@given(data=st.data())
def test_no_damage_to_an_archive_raises_anything_but_bad_input(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damage") / "a.cnnviz"
    write_lesson(path, small())
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(2, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    with suppress(BadInput):  # a byte that nobody reads, such as a date, may change
        assert read_lesson(path).tracks


def test_a_deflated_archive_is_read_too(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.cnnviz", members_of(tmp_path), zipfile.ZIP_DEFLATED)
    assert read_lesson(path) == small()


@pytest.mark.parametrize(
    "name", ["../evil.npy", "/etc/evil.npy", "a/../../evil.npy", "C:evil.npy", "a\\b.npy"]
)
def test_a_member_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert "leading elsewhere" in refused(archive(tmp_path / "a.cnnviz", members_of(tmp_path) | {name: b""}))


def test_members_that_are_no_part_of_a_lesson_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.cnnviz", members_of(tmp_path) | {"setup.py": b"print()"})
    assert "holds 'setup.py', which is no part of a lesson" in refused(path)


def test_an_archive_without_the_document_or_an_array_is_refused(tmp_path: Path) -> None:
    members = members_of(tmp_path)
    rest = {name: data for name, data in members.items() if name != "lesson.json"}
    assert "holds no lesson.json" in refused(archive(tmp_path / "a.cnnviz", rest))
    rest = {name: data for name, data in members.items() if name != "tracks/0/source.npy"}
    line = refused(archive(tmp_path / "b.cnnviz", rest))
    assert "tracks.0.source.array.file: there is no 'tracks/0/source.npy' in the file" in line


@pytest.mark.parametrize(
    ("number", "stored"),
    [
        (0.5, "float32"),
        (-0.0, "float32"),
        (16777216.0, "float32"),
        (2.0**-149, "float32"),
        (0.1, "float64"),
        (16777217.0, "float64"),
        (1e39, "float64"),
        (2.0**-150, "float64"),
    ],
)
def test_numbers_stand_in_32_bits_where_those_hold_all_of_them(number: float, stored: str) -> None:
    """A mantissa of 24 bits: 2²⁴ + 1 is the first whole number that needs more."""
    numbers = np.array([[1.0, number]])
    data = npy_from_array(numbers)
    assert np.load(io.BytesIO(data)).dtype == stored
    again = array_from_npy(data, "a.npy")
    assert again.dtype == np.float64
    assert again.tobytes() == numbers.tobytes()
    assert not again.flags.writeable


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (npy(np.zeros((1, 4, 4), dtype=np.complex128)), "is no .npy array"),
        (npy(np.zeros((1, 4, 4), dtype=">f8")), "is no .npy array"),
        (
            npy(np.zeros((1, 4, 4), dtype=np.float16)),
            "is float16; give one of uint8, uint16, float64, float32",
        ),
        (npy(np.asfortranarray(np.arange(32.0).reshape(2, 4, 4))), "is no .npy array"),
        (npy(np.zeros((4, 4))), "has the shape (4, 4); give 3 axes"),
        (npy(np.zeros((1, 0, 4))), "none of them empty"),
        (npy(np.full((1, 4, 4), np.nan)), "holds a value that is not a finite number"),
        (npy(np.zeros((1, 4, 4)))[:-1], "holds more or less than its header"),
        (npy(np.zeros((1, 4, 4))) + b"\0", "holds more or less than its header"),
        (b"\x93NUMPY\x01\x00", "is no .npy array"),
        (b"", "is no .npy array"),
    ],
)
def test_an_array_that_is_none_is_refused(tmp_path: Path, data: bytes, line: str) -> None:
    path = archive(tmp_path / "a.cnnviz", members_of(tmp_path) | {"tracks/0/source.npy": data})
    assert line in refused(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = npy(np.zeros((1, 2000, 2000), dtype=np.uint8))
    members = members_of(tmp_path) | {"tracks/0/source.npy": bomb}
    line = refused(archive(tmp_path / "a.cnnviz", members, zipfile.ZIP_DEFLATED))
    assert "over 200 times; give an honest file" in line


def test_declared_sizes_are_limited_in_total(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.cnnviz", members_of(tmp_path))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")  # the directory's last entry: packed and unpacked size stand at 20 and 24
    struct.pack_into("<II", data, at + 20, 700 * 2**20, 700 * 2**20)
    path.write_bytes(data)
    assert "the limit is 629145600" in refused(path)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.cnnviz", members_of(tmp_path))
    data = bytearray(path.read_bytes())
    first = data.find(b"PK\x01\x02")
    data[6] |= 1  # the flag in the first member's own head and in the directory
    data[first + 8] |= 1
    path.write_bytes(data)
    assert "is encrypted" in refused(path)

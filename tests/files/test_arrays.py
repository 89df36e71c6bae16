"""Arrays from .npy files, checked before they are believed, and tables from every spreadsheet."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.arrays import parse_table, read_npy


def npy(header: str, data: bytes = b"", version: int = 1) -> bytes:
    """A .npy file by hand: magic, version, length of the header, header, data."""
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header.encode() + data


def header(descr: str = "<f8", shape: str = "(2,)", order: str = "False") -> str:
    return f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n"


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.uint8).reshape(2, 3),
        np.arange(6, dtype=">u2").reshape(3, 2),
        np.arange(-3, 3, dtype=">i8"),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.array([[True, False]]),
        np.array([1.5, 2.5], dtype=np.float16),
        np.array(3.5),
        np.arange(24, dtype=">f4").reshape(2, 3, 4),
    ],
)
def test_what_numpy_saves_is_read(tmp_path: Path, array: NDArray[Any]) -> None:
    np.save(tmp_path / "a.npy", array)
    read = read_npy(tmp_path / "a.npy")
    assert read.shape == array.shape
    assert read.tolist() == array.tolist()
    assert read.dtype == array.dtype.newbyteorder("=")
    assert not read.flags.writeable


def test_wider_than_float64_becomes_float64(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([1.5], dtype=np.longdouble))
    assert read_npy(tmp_path / "a.npy").dtype == np.float64


@pytest.mark.parametrize("version", [1, 2, 3])
def test_other_writers_are_understood(tmp_path: Path, version: int) -> None:
    odd = '{"shape": (2L, 1), "fortran_order": False, "descr": "<i2"}'
    (tmp_path / "a.npy").write_bytes(npy(odd, b"\1\0\2\0", version))
    assert read_npy(tmp_path / "a.npy").tolist() == [[1], [2]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hello world, this is text", "is not a .npy file"),
        (b"\x93NUMPY\1\0", "is not a .npy file"),
        (b"\x93NUMPY\x09\0\x10\0" + b" " * 30, "version 9"),
        (npy(header())[:20], "cut off in its header"),
        (b"\x93NUMPY\2\0\xff\xff\xff\xff" + b" " * 20, "header of 4294967295 bytes"),
        (npy(header("|O")), "no plain array of real numbers"),
        (npy(header("<c16")), "no plain array of real numbers"),
        (npy(header("<U3")), "no plain array of real numbers"),
        (npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}"), "no plain array"),
        (npy("__import__('os').abort()"), "no plain array"),
        (npy(header("<f3")), "kind '<f3'"),
        (npy(header(shape="(2)")), "cut off"),
        (npy(header(shape="(0, 3)")), "holds no numbers"),
        (npy(header(shape="(99999999999, 99999999999)")), "the limit is 100000000 numbers"),
        (npy(header(shape="(9999999, 10)")), "needs 799999920 bytes"),
        (npy(header(shape=f"({'9' * 5000},)")), "at most 8 sizes"),
        (npy(header(shape="(1,1,1,1,1,1,1,1,1)")), "at most 8 sizes"),
        (npy(header(), struct.pack("<2d", 1.0, 2.0)[:-1]), "is cut off"),
        (npy(header(), struct.pack("<2d", 1.0, float("nan"))), r"holds nan at \[1\]"),
        (npy(header(), struct.pack("<2d", float("-inf"), 2.0)), r"holds -inf at \[0\]"),
    ],
)
def test_a_bad_array_is_refused_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=words) as refused:
        read_npy(path)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)


def test_the_limit_of_items_is_kept(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(5))
    assert read_npy(tmp_path / "a.npy", max_items=5).size == 5
    with pytest.raises(BadInput, match="the limit is 4 numbers"):
        read_npy(tmp_path / "a.npy", max_items=4)


@pytest.mark.parametrize(
    "text",
    [
        "1,2.5\n3,4\n",
        "1, 2.5\r\n3, 4",
        "1;2,5\n3;4",
        "1;2.5;\n3;4;\n",
        "1\t2,5\n3\t4\n",
        "1 2.5\n3 4",
        "1 2,5\n3 4",
        "  1   2.5  \n\n  3   4  \n",
        '"1","2,5"\n"3","4"',
        '1;"2,5"\n"3";4',
        "sep=;\n1;2,5\n3;4",
        "# heights\n1,5/2\n3,4",
        "\ufeff1,2.5,\n3,4,\n,,\n",
        "1,2.5;\n3,4;",
        "1.0e0,25E-1\n+3,4.",
    ],
)
def test_a_table_is_read_however_it_was_written(text: str) -> None:
    table = parse_table(text)
    assert table.tolist() == [[1.0, 2.5], [3.0, 4.0]]
    assert table.dtype == np.float64


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no numbers"),
        ("\n , ,\n", "there are no numbers"),
        ("# only words", "there are no numbers"),
        ("sep=;", "there are no numbers"),
        ("a,b\n1,2", "line 1, cell 1: 'a' is not a number"),
        ("1,2\n3,x", "line 2, cell 2: 'x' is not a number"),
        ("# of a sheet\n\n1,2\n\n3,x", "line 5, cell 2: 'x' is not a number"),
        ("sep=;\n1;2\n3", "line 3 has 1 number, line 2 has 2"),
        ("1,2\n3", "line 2 has 1 number, line 1 has 2"),
        ("1,,2\n3,4,5", "line 1, cell 2 is empty"),
        (",1\n2,3", "line 1, cell 1 is empty"),
        ("1,2\n3,", "line 2, cell 2 is empty"),
        ("1,nan", "nan is not a finite number"),
        ("1,inf", "inf is not a finite number"),
        ("1,1e999", "1e999 is not finite"),
        ("1,1_0", "'1_0' is not a number"),
        ("1;1.234,5", "'1.234,5' is not a number"),
        ('1,"2', "not well quoted"),
        ("1,1/0", "divides by zero"),
        ("1,2;3\n4,5;6;7", "line 2 has 3 numbers, line 1 has 2"),
    ],
)
def test_a_bad_table_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        parse_table(text, "t.csv")
    assert str(refused.value).startswith("t.csv: ")
    assert "\n" not in str(refused.value)


def test_a_table_that_numpy_wrote_is_read() -> None:
    values, text = np.random.default_rng(1).normal(size=(40, 60)), io.StringIO()
    np.savetxt(text, values, delimiter=",", fmt="%.17g", header="made by NumPy")
    np.testing.assert_array_equal(parse_table(text.getvalue()), values)

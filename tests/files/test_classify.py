"""What a file is that was given on the command line or dropped on the window."""

from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.classify import classify

ROW = b"1 " * 32


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.cnnviz", b"PK\x03\x04", "lesson"),
        ("a.cnnviz", b"{}", "lesson"),
        ("a.zip", b"PK\x03\x04", "lesson"),
        ("a.json", b'{"title": "x", "tracks": []}', "lesson"),
        ("a.json", b'{"title": ', "lesson"),
        ("a.json", b'{"kernel": [[1]]}', "kernel"),
        ("a.json", b"[[1, 0], [0, 1]]", "kernel"),
        ("a.json", b"[[1, 0], [0]]", "kernel"),
        ("a.json", b"[[" + b"1," * 31 + b"1]]", "picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "picture"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "picture"),
        ("a", b"\xff\xd8\xff\xe0", "picture"),
        ("a.pgm", b"P2\n2 1 255\n1 2", "picture"),
        ("a.bmp", b"not even a bitmap", "picture"),
        ("a.dat", b"\0\1\2", "picture"),
        ("a.txt", b"1/9 * [1 1 1; 1 1 1]", "kernel"),
        ("a.csv", b"1,2\n3,4", "kernel"),
        ("a.csv", b'"1,5";2\n', "kernel"),
        ("a", b"1 0 -1", "kernel"),
        ("a.txt", b"what is this?", "kernel"),
        ("a.txt", ROW, "picture"),
        ("a.tsv", b"1\n" * 32, "picture"),
        ("a.csv", b'"1"\n' * 32, "picture"),
        ("a.txt", b"1\n" * 31, "kernel"),
    ],
)
def test_a_file_is_told_by_its_content_and_ending(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert classify(tmp_path / name) == kind


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((3, 3), "kernel"),
        ((31, 31), "kernel"),
        ((32, 3), "picture"),
        ((8, 3, 5, 5), "kernel"),
        ((3, 64, 64), "picture"),
    ],
)
def test_an_array_is_told_by_its_rows_and_columns(tmp_path: Path, shape: tuple[int, ...], kind: str) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape))
    assert classify(tmp_path / "a.npy") == kind


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for name in ("gone.txt", "."):
        with pytest.raises(BadInput):
            classify(tmp_path / name)

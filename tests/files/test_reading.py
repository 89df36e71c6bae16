"""Opening what is missing, unreadable, no file, or not text."""

import os
from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.reading import counted, decode_text, opened, plain_signs, read_bytes, read_head, shown


def test_an_ordinary_file_is_opened_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with opened(path) as (stream, size):
        assert (stream.read(), size) == (b"12345", 5)
    assert read_bytes(str(path), 5) == b"12345"
    assert read_head(path, 2) == b"12"


def test_what_cannot_be_opened_is_one_line_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "circle").symlink_to("circle")
    for name, words in {
        "gone.png": "there is no such file",
        ".": "is a folder",
        "empty": "is empty",
        "circle": "cannot be opened",
        "x" * 300: "cannot be opened",
        "a\0b": "cannot be opened",
        "two\nlines": "there is no such file",
    }.items():
        with pytest.raises(BadInput, match=words) as refused:
            read_bytes(tmp_path / name, 10)
        assert "\n" not in str(refused.value)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="not an ordinary file"):
        read_bytes(tmp_path / "pipe", 10)


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"1")

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)  # an administrator may read whatever its mode
    with pytest.raises(BadInput, match="may not be read"):
        read_bytes(tmp_path / "a", 10)


def test_a_larger_file_than_allowed_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(10**10)
    with pytest.raises(BadInput, match="has 10000000000 bytes, the limit is 1000"):
        read_bytes(path, 1000)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbf1", "1"),
        (b"\xff\xfe1\0", "1"),
        (b"\xfe\xff\x001", "1"),
        ("−1".encode(), "−1"),
        (b"\x961", "–1"),
    ],
)
def test_text_is_decoded_by_its_mark_or_its_look(data: bytes, text: str) -> None:
    assert decode_text(data, "a") == text


def test_binary_data_is_no_text() -> None:
    with pytest.raises(BadInput, match="a: is not text"):
        decode_text(b"1\x002", "a")


def test_signs_of_typography_become_plain() -> None:
    assert plain_signs("−1\u00a01⁄2\r\n2×3\r4") == "-1 1/2\n2*3\n4"


def test_a_shown_name_is_one_short_line() -> None:
    assert shown("a\nb\x1bc") == "a·b·c"
    assert len(shown("x" * 1000)) == 200
    assert shown("abcdefghij", 6) == "abc…ij"


def test_one_is_not_plural() -> None:
    assert [counted(n, "number") for n in (0, 1, 2)] == ["0 numbers", "1 number", "2 numbers"]

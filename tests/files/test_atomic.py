"""A file is there whole or not at all, whatever goes wrong."""

import errno
import os
import stat
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.atomic import atomic_file, atomic_folder, check_target, write_atomic


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def fill(target: Path, names: tuple[str, ...], data: bytes, error: BaseException | None = None) -> None:
    with atomic_folder(target) as folder:
        for name in names:
            (folder / name).write_bytes(data)
        if error is not None:
            raise error


def write_half(target: Path, error: BaseException) -> None:
    with atomic_file(target) as stream:
        stream.write(b"half")
        raise error


def fail_with(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, after: int = 0, times: int = 1000
) -> None:
    """Let one of the system's calls fail as a full or read-only disk makes it fail."""
    real = getattr(os, name)
    calls = count()

    def call(*args: object, **options: object) -> object:
        if not after <= next(calls) < after + times:
            return real(*args, **options)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, call)


@pytest.fixture
def umask() -> Iterator[None]:
    old = os.umask(0o027)
    yield
    os.umask(old)


def test_a_new_file_gets_the_permissions_of_the_umask(tmp_path: Path, umask: None) -> None:
    write_atomic(tmp_path / "a", b"new")
    assert tree(tmp_path) == {"a": b"new"}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_replaced_file_hands_on_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o604)
    write_atomic(str(tmp_path / "a"), b"new")
    assert tree(tmp_path) == {"a": b"new"}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o604


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real/a")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("call", "number"), [("fsync", errno.ENOSPC), ("fsync", errno.EDQUOT), ("replace", errno.EACCES)]
)
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    fail_with(monkeypatch, call, number)
    with pytest.raises(BadInput, match=r"disk is full|no permission"):
        write_atomic(tmp_path / "a", b"new")
    assert tree(tmp_path) == {"a": b"old"}


def test_an_error_in_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    for error in (KeyError("x"), KeyboardInterrupt(), OSError("an encoder's own")):
        with pytest.raises(type(error)):
            write_half(tmp_path / "a", error)
        assert tree(tmp_path) == {"a": b"old"}


def test_a_disk_that_fills_up_in_the_block_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the disk is full"):
        write_half(tmp_path / "a", OSError(errno.ENOSPC, "No space left on device"))
    assert tree(tmp_path) == {}


def test_a_target_that_cannot_be_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    os.mkfifo(tmp_path / "pipe")
    cases: dict[str | Path, str] = {
        tmp_path: "is a folder",
        tmp_path / "gone" / "a": "folder does not exist",
        tmp_path / "file" / "a": "not a folder",
        tmp_path / "pipe": "not an ordinary file",
        tmp_path / ("x" * 300): "too long",
        "": "no name",
        "a\0b": "no name",
    }
    for target, words in cases.items():
        for refuse in (partial(write_atomic, data=b"new"), check_target):
            with pytest.raises(BadInput, match=words) as refused:
                refuse(target)
            assert "\n" not in str(refused.value)
    check_target(tmp_path / "file")
    check_target(tmp_path / "new")
    assert tree(tmp_path) == {"file": b"1"}


def test_a_folder_that_may_not_be_written_is_known_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_bytes(b"1")
    # An administrator may write whatever the mode says.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path.resolve())
    for name in ("old", "new"):
        with pytest.raises(BadInput, match="there is no permission to write there"):
            check_target(tmp_path / name)


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(
        os, "access", lambda *args: False
    )  # an administrator may write whatever the mode says
    with pytest.raises(BadInput, match="write-protected"):
        write_atomic(tmp_path / "a", b"new")
    assert tree(tmp_path) == {"a": b"old"}


def test_a_folder_is_made_with_all_its_files(tmp_path: Path, umask: None) -> None:
    target = tmp_path / "frames"
    with atomic_folder(target) as folder:
        (folder / "0.png").write_bytes(b"0")
        (folder / "1.png").write_bytes(b"1")
        assert not target.exists()
        assert folder.parent == tmp_path
    assert tree(tmp_path) == {"frames/0.png": b"0", "frames/1.png": b"1"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o750


def test_in_an_existing_folder_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "0.png").write_bytes(b"old")
    (tmp_path / "mine").write_bytes(b"mine")
    with atomic_folder(tmp_path) as folder:
        (folder / "0.png").write_bytes(b"0")
        (folder / "1.png").write_bytes(b"1")
        assert (tmp_path / "0.png").read_bytes() == b"old"
    assert tree(tmp_path) == {"0.png": b"0", "1.png": b"1", "mine": b"mine"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.png", "1.png", "mine"]


@pytest.mark.parametrize("error", [KeyError("x"), KeyboardInterrupt(), GeneratorExit()])
@pytest.mark.parametrize("exists", [False, True])
def test_after_an_error_or_a_cancel_everything_is_as_it_was(
    tmp_path: Path, error: BaseException, exists: bool
) -> None:
    target = tmp_path / "frames"
    if exists:
        target.mkdir()
        (target / "0.png").write_bytes(b"old")
    before = tree(tmp_path)
    with pytest.raises(type(error)):
        fill(target, ("0.png",), b"0", error)
    assert tree(tmp_path) == before
    assert target.exists() is exists


@pytest.mark.parametrize(
    ("after", "links"), [(0, True), (1, True), (2, True), *((n, False) for n in range(4))]
)
def test_a_failure_half_way_through_the_moving_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, links: bool
) -> None:
    if not links:  # as on a memory card
        fail_with(monkeypatch, "link", errno.EPERM)
    (tmp_path / "0.png").write_bytes(b"old 0")
    (tmp_path / "2.png").write_bytes(b"old 2")
    fail_with(monkeypatch, "replace", errno.ENOSPC, after, times=1)
    with pytest.raises(BadInput, match="disk is full"):
        fill(tmp_path, ("0.png", "1.png", "2.png"), b"new")
    assert tree(tmp_path) == {"0.png": b"old 0", "2.png": b"old 2"}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_target_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    (tmp_path / "full" / "0.png").mkdir(parents=True)
    for target, words in {
        "file": "is a file, not a folder",
        "gone/frames": "folder does not exist",
        "file/frames": "not a folder",
        "full": "0.png is a folder there",
    }.items():
        with pytest.raises(BadInput, match=words):
            fill(tmp_path / target, ("0.png",), b"0")
    assert tree(tmp_path) == {"file": b"1"}
    assert list((tmp_path / "full").iterdir()) == [tmp_path / "full" / "0.png"]

"""Writes files so that they are there whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cnnviz.engine.errors import BadInput
from cnnviz.files.leftovers import hidden_name
from cnnviz.files.reading import PathLike, reason, shown

_CAUSES = {
    errno.ENOSPC: "the disk is full; free some space or choose another disk",
    errno.EDQUOT: "your share of the disk is full; free some space or choose another disk",
    errno.EFBIG: "the file would be larger than allowed here; write less or choose another disk",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "there is no permission to write there; choose another folder",
    errno.EPERM: "there is no permission to write there; choose another folder",
    errno.ENOENT: "the folder does not exist; make it first or choose another one",
    errno.ENOTDIR: "a part of the path is not a folder; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "the links lead in a circle; choose another path",
}
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def write_atomic(path: PathLike, data: bytes) -> None:
    """Write a file whole or not at all: see `atomic_file`."""
    with atomic_file(path) as stream:
        stream.write(data)


@contextmanager
def atomic_file(path: PathLike) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of `path` when the block ends without an error.

    The bytes go to a hidden file in the same folder, reach the disk, and then replace the target in one
    step. A link is followed, a file that is replaced hands on its permissions, a new one gets those of the
    umask.

    Raises
    ------
    BadInput
        The folder is missing or may not be written, the disk is full, the target is a folder, a device or
        write-protected. Whatever is raised, also inside the block, the target is as it was.
    """
    name = shown(path)
    with _as_bad_input(name, every=True):
        target = _target(path, name)
        old = _ordinary(target, name)
        temporary = target.with_name(hidden_name())
        # Not tempfile: its files are closed to everybody else, and the umask cannot be asked without
        # changing it.
        stream = temporary.open("xb")
    try:
        # Around the stream, because closing it writes what is left in its buffer and may fail once more.
        with _as_bad_input(name), stream:
            yield stream
            with _as_bad_input(name, every=True):
                stream.flush()
                _hand_on(temporary, old)
                os.fsync(stream.fileno())
        with _as_bad_input(name, every=True):
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def check_target(path: PathLike) -> None:
    """Raise `BadInput` now, before long work, where `atomic_file` would."""
    name = shown(path)
    with _as_bad_input(name, every=True):
        target = _target(path, name)
        _ordinary(target, name)
        target.parent.stat()  # its refusal says what is wrong with the path
        # The hidden file is made there, also where another one is replaced.
        if not os.access(target.parent, os.W_OK):
            raise BadInput(f"{name}: {_CAUSES[errno.EACCES]}")


@contextmanager
def atomic_folder(target: PathLike) -> Iterator[Path]:
    """Give an empty folder; when the block ends without an error, its files stand in `target`.

    A target that does not exist is made (its parent must exist); in one that does, files of the same names
    are replaced and all others stay. On an error, a cancel (any exception, `GeneratorExit` too) or a
    failure half-way through the moving, everything is as it was before. The block writes files only, no
    folders.

    Raises
    ------
    BadInput
        As for `atomic_file`; also when a file would take the place of a folder.
    """
    name = shown(target)
    with _as_bad_input(name, every=True):
        place = _target(target, name)
        exists = _is_folder(place, name)
        # Inside an existing target, because that may be a disk of its own, and a move between disks is a
        # copy.
        temporary = (place if exists else place.parent) / hidden_name()
        temporary.mkdir()
    try:
        with _as_bad_input(name):
            yield temporary
        with _as_bad_input(name, every=True):
            if exists:
                _move_files(temporary, place, name)
            else:
                temporary.rename(place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _sync_folder(place)


@contextmanager
def _as_bad_input(name: str, every: bool = False) -> Iterator[None]:
    """Turn the system's refusals into one line: every one, or only those of the disk itself."""
    try:
        yield
    except OSError as error:
        if not every and error.errno not in _DISK:
            raise
        cause = _CAUSES.get(error.errno or 0, f"cannot be written ({reason(error)}); choose another place")
        raise BadInput(f"{name}: {cause}") from error


def _target(path: PathLike, name: str) -> Path:
    text = os.fspath(path)
    if not text or "\0" in text:
        raise BadInput(f"{name}: is no name of a file; give a name")
    return Path(os.path.realpath(text))


def _ordinary(target: Path, name: str) -> os.stat_result | None:
    """The state of the file that will be replaced, None without one; BadInput when it may not be replaced."""
    try:
        state = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(state.st_mode):
        raise BadInput(f"{name}: is a folder; give the name of a file in it")
    if not stat.S_ISREG(state.st_mode):
        raise BadInput(f"{name}: is not an ordinary file; give another name")
    # Replacing asks the folder, not the file, so the file's own protection has to be looked at.
    if not os.access(target, os.W_OK):
        raise BadInput(f"{name}: is write-protected; choose another name or allow writing")
    return state


def _is_folder(place: Path, name: str) -> bool:
    try:
        state = place.stat()
    except FileNotFoundError:
        return False
    if not stat.S_ISDIR(state.st_mode):
        raise BadInput(f"{name}: is a file, not a folder; choose another name")
    return True


def _hand_on(temporary: Path, old: os.stat_result | None) -> None:
    if old is None:
        return
    chown = getattr(os, "chown", None)
    if chown is not None:
        # Only an administrator can give a file away; everybody else keeps what they own.
        with suppress(OSError):
            chown(temporary, old.st_uid, old.st_gid)
    with suppress(OSError):
        os.chmod(temporary, stat.S_IMODE(old.st_mode))


def _move_files(source: Path, place: Path, name: str) -> None:
    """Move every file, keeping those that it replaces aside; on a failure put all of them back."""
    files = sorted(source.iterdir())
    for file in files:
        if (place / file.name).is_dir():
            raise BadInput(f"{name}: {shown(file.name)} is a folder there; choose another name")
    aside = place / hidden_name("old")
    aside.mkdir()
    done: list[tuple[Path, bool]] = []
    try:
        for file in files:
            final = place / file.name
            replaces = os.path.lexists(final)
            if replaces:
                _put_aside(final, aside / file.name)
            done.append((final, replaces))
            os.replace(file, final)
    except BaseException:
        for final, replaces in reversed(done):
            with suppress(OSError):
                if replaces:
                    os.replace(aside / final.name, final)
                    (aside / final.name).unlink(missing_ok=True)  # both were names of one file
                else:
                    final.unlink()
        with suppress(OSError):  # what cannot be put back stays there
            aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _put_aside(file: Path, place: Path) -> None:
    """Keep a file under a second name, so that it never goes; where there are no such names, under that alone."""
    try:
        os.link(file, place, follow_symlinks=False)
    except (OSError, NotImplementedError):
        os.replace(file, place)


def _sync_folder(folder: Path) -> None:
    """Let the new name reach the disk too, where a folder can be opened for that (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""Names of what is being written, and what becomes of it when the process that writes is killed."""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

_HOST = blake2b(platform.node().encode(), digest_size=4).hexdigest()
_NAME = re.compile(r"\.cnnviz-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.(tmp|old)")
# Ends at once when it is told to; when the pipe breaks because we are gone, it removes what was being written.
_WATCH = 'read -r _ && exit; for folder; do rm -rf -- "$folder"/.cnnviz-"$0"-*.tmp; done'


def hidden_name(ending: str = "tmp") -> str:
    """A new name for what is being written (tmp) or put aside meanwhile (old); it tells machine and process."""
    return f".cnnviz-{_HOST}-{os.getpid()}-{secrets.token_hex(8)}.{ending}"


@contextmanager
def watched(*folders: Path) -> Iterator[None]:
    """Have what this process is writing in these folders removed, also when it is killed inside the block.

    A shell waits at the end of a pipe that breaks when we are gone. Where there is none, `sweep` has to do.
    """
    watcher = _start([str(folder) for folder in folders])
    try:
        yield
    finally:
        if watcher is not None:
            with suppress(OSError):
                watcher.communicate(b"\n")


def sweep(folder: Path) -> None:
    """Remove what processes of this machine that are gone left half-written, and put back what they put aside."""
    if os.name != "posix":  # elsewhere asking for a process ends it
        return
    with suppress(OSError):
        for path in [Path(entry) for entry in os.scandir(folder) if entry.name.startswith(".cnnviz-")]:
            found = _NAME.fullmatch(path.name)
            if found and found[1] == _HOST and not _alive(int(found[2])):
                if found[3] == "old":
                    _put_back(path)
                _remove(path)


def _start(folders: list[str]) -> subprocess.Popen[bytes] | None:
    if os.name != "posix":
        return None
    nowhere = subprocess.DEVNULL
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, f"{_HOST}-{os.getpid()}", *folders],
            stdin=subprocess.PIPE,
            stdout=nowhere,
            stderr=nowhere,
            cwd="/",  # no folder is held that somebody wants to unmount
            start_new_session=True,  # Ctrl+C and a closed terminal end us first
        )
    except OSError:
        return None


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _put_back(aside: Path) -> None:
    for path in sorted(aside.iterdir()):
        if not os.path.lexists(aside.parent / path.name):
            os.replace(path, aside.parent / path.name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()

"""What tests ask of folders that other processes write into."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def names(folder: Path) -> list[str]:
    """What a folder holds, in order."""
    return sorted(path.name for path in folder.iterdir())


def wait_until(true: Callable[[], bool]) -> None:
    """Let others work until it is so; a minute at most."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        os.sched_yield()

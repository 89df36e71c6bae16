"""Starts cnnviz like its command does, and tells when its first lesson is painted and what memory that took."""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> int:
    """Run the window with these arguments; the process ends at the first painted lesson."""
    from cnnviz import __main__ as command

    disable = gc.disable

    def disable_and_hook() -> None:
        # The first thing the command does for a window; from here on it imports what the hook needs as well.
        disable()
        hook()

    gc.disable = disable_and_hook
    return command.main(arguments)


def hook() -> None:
    """Let the first painting of a lesson tell."""
    import cnnviz.scene.stage  # noqa: F401  # before Qt, as the command does
    from cnnviz.views.scene_item import SceneItem

    paint = SceneItem.paint

    def paint_and_tell(item: SceneItem, *rest: Any) -> None:
        paint(item, *rest)
        if not item.boundingRect().isEmpty():
            tell()

    SceneItem.paint = paint_and_tell  # type: ignore[method-assign,assignment]  # the hook of this measurement


def tell() -> None:
    """Print the moment, on the clock that all processes share, and the peak of memory in MB; then end."""
    print(time.monotonic_ns(), peak_memory(), flush=True)
    os._exit(0)


def peak_memory() -> float:
    """The most memory that this process ever had, in MB; 0 where that is not known."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux a new process takes that over from the one that started it.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The entry point: opens the window, or runs a command without one."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run cnnviz with these arguments, by default the process's own, and give the exit status."""
    _replace_closed_streams()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and arguments[0] == "--encode-video":  # as `cnnviz.export.encoding` starts us
        from cnnviz.export.encoder import main as encode

        encode()
    try:
        from cnnviz.cli import main as run

        return run(arguments, _open_window)
    except KeyboardInterrupt:
        return 130


def _replace_closed_streams() -> None:
    """Say nothing where nobody can listen: a desktop or a service may start programs with closed streams."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - until the end


def _open_window(files: list[str], screenshot: str | None) -> int:
    # Thousands of objects are made while a window starts and none is garbage: looking through them costs a tenth of
    # the time to the first picture. `app.run` takes the collector up again.
    gc.disable()
    # All that needs no Qt comes before it: PySide reads the source of every module that is imported after it.
    import cnnviz.scene.stage  # noqa: F401

    # Only a window needs Qt's widgets and pyqtgraph, so that commands start fast and run without them.
    from cnnviz import app

    return app.run(files, screenshot)


if __name__ == "__main__":
    raise SystemExit(main())

"""Saves a picture of the window once it shows what it shall show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QTimer
from PySide6.QtWidgets import QWidget

from cnnviz.files.atomic import write_atomic

LOOK_MS = 10


def save_when_painted(
    window: QWidget, place: str, ready: Callable[[], bool], done: Callable[[str], None]
) -> None:
    """Wait until the window is on the screen and ``ready``, save its picture as PNG, then call ``done``.

    ``done`` gets "" or the one line that says why the file could not be written.
    """
    timer = QTimer(window, interval=LOOK_MS)

    def look_again() -> None:
        handle = window.windowHandle()
        if handle is not None and handle.isExposed() and ready():
            timer.stop()
            done(_save(window, place))

    timer.timeout.connect(look_again)
    timer.start()


def _save(window: QWidget, place: str) -> str:
    buffer = QBuffer()
    window.grab().save(buffer, "PNG")
    try:
        write_atomic(place, bytes(buffer.data().data()))
    except ValueError as error:
        return str(error)
    return ""

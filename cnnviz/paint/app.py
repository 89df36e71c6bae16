"""The one place that makes sure a QGuiApplication exists before anything is painted."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication


def ensure_gui_app(headless: bool = False) -> QCoreApplication:
    """Return the running application, or a new one that needs no screen when there is none.

    Qt aborts the process, without an exception, when it finds neither a display nor a platform to fall back
    to; therefore the environment is looked at first. With ``headless`` no window system is asked at all.
    """
    running = QCoreApplication.instance()
    if running is not None:
        return running
    if headless or not (os.environ.get("QT_QPA_PLATFORM") or has_display()):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(sys.argv[:1] or ["cnnviz"])


def has_display() -> bool:
    """Tell from the environment whether windows can be opened here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

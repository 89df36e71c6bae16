"""About: version, what it is, and the licences of all that is in it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, qVersion
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from cnnviz import __version__
from cnnviz.resources import list_resources, resource_text
from cnnviz.views.dialogs import SheetDialog, resize_on_screen
from cnnviz.views.forms import quiet
from cnnviz.views.look import window_icon

PARTS = (("NumPy", "numpy", "BSD"), ("pyqtgraph", "pyqtgraph", "MIT"), ("Pillow", "pillow", "MIT-CMU"))
ICON = 64


class AboutDialog(SheetDialog):
    """What a person needs to name the program in a report or to hand it on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("About cnnviz"), parent)
        picture = QLabel()
        picture.setPixmap(window_icon().pixmap(ICON, ICON))
        title = QLabel(f"cnnviz {__version__}")
        font = title.font()
        font.setBold(True)
        font.setPixelSize(20)
        title.setFont(font)
        purpose = quiet(
            self.tr("Shows, step by step and with its real numbers, how a CNN computes. MIT licence.")
        )
        self.parts = QPlainTextEdit(parts_text() + "\n\n" + licence_texts())
        self.parts.setReadOnly(True)
        self.parts.setAccessibleName(self.tr("Versions and licences"))
        self.parts.setTabChangesFocus(True)
        for widget in (picture, title, purpose):
            self.content.addWidget(widget)
        self.content.addWidget(self.parts, 1)
        resize_on_screen(self, QSize(560, 480))


def parts_text() -> str:
    """The parts in use with version and licence, a line each."""
    lines = [f"Python {platform.python_version()} (PSF)", f"Qt {qVersion()} (LGPL-3.0)"]
    lines += [f"{name} {_version(package)} ({licence})" for name, package, licence in PARTS]
    return "\n".join([*lines, "Inter (OFL-1.1)"])


def licence_texts() -> str:
    """The texts of the licences that ship with the program."""
    return "\n\n".join(resource_text(name) for name in list_resources("licences", ".txt"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a frozen build carries no metadata
        return ""

"""A painter that ends with what it paints, also where that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPaintDevice, QPainter


@contextmanager
def painting(device: QPaintDevice, smooth: bool = False) -> Iterator[QPainter]:
    """Paint on a widget or a picture.

    Parameters
    ----------
    device : QPaintDevice
        It must not be destroyed, nor be painted on by another painter, before this one has ended.
    smooth : bool
        Whether lines and shapes are drawn without steps.
    """
    painter = QPainter(device)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        yield painter
    finally:
        painter.end()

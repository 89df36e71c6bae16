"""The least that a pyqtgraph program can be: one window with one image, and the moment when it is painted."""

from __future__ import annotations

import sys
from typing import Any


def main() -> int:
    """Show a 6×6 image; the process ends when it is painted."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QMainWindow

    from tests.benchmarks.probe_cnnviz import tell

    class Image(pg.ImageItem):
        def paint(self, *rest: Any) -> None:
            super().paint(*rest)
            tell()

    app = QApplication(sys.argv)
    window, view, box = QMainWindow(), pg.GraphicsView(), pg.ViewBox()
    view.setCentralItem(box)
    box.addItem(Image(np.zeros((6, 6))))
    window.setCentralWidget(view)
    window.resize(1280, 800)
    window.show()
    return int(app.exec())


if __name__ == "__main__":
    sys.exit(main())

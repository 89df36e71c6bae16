"""Help: a first tour of the window, on one page."""

from __future__ import annotations

from PySide6.QtWidgets import QTextBrowser, QWidget

from cnnviz.views.dialogs import SheetDialog


class TourDialog(SheetDialog):
    """What to try first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Help"), parent)
        self.page = QTextBrowser()
        self.page.setHtml("".join(self._paragraphs()))
        self.page.setAccessibleName(self.tr("A first tour"))
        self.page.setTabChangesFocus(True)
        self.content.addWidget(self.page)
        self.resize(560, 560)

    def _paragraphs(self) -> tuple[str, ...]:
        tr = self.tr
        return (
            tr("<h2>A first tour</h2>"),
            tr(
                "<p><b>Play.</b> Space plays and pauses, ← and → go one step, ↑ and ↓ ten, "
                "Page Up and Page Down one layer. The bar below goes anywhere.</p>"
            ),
            tr(
                "<p><b>Look.</b> Point at a cell: its window, its kernel and its sum show. Click an output cell "
                "to go to its step. Ctrl and the wheel zoom; Space and a drag, or the middle button, "
                "move the picture.</p>"
            ),
            tr(
                "<p><b>Change.</b> In the panel Kernel type weights such as 0.5 or 1/9, take a named kernel or paste a "
                "table. Layer holds padding, stride, activation and pooling. Double-click a cell to type its value. "
                "Ctrl+Z takes every change back.</p>"
            ),
            tr(
                "<p><b>Bring your own.</b> Drop a picture, a kernel or a lesson on the window, or paste it. "
                "New input makes a small one; with the brush you paint its cells.</p>"
            ),
            tr(
                "<p><b>Take it along.</b> Ctrl+S saves the lesson, Ctrl+E writes the frames as pictures for slides.</p>"
            ),
        )

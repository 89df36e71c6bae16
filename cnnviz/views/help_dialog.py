"""Help: a first tour of the window in a few lines, with the keys that are worth knowing."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTextBrowser, QWidget

from cnnviz.views.dialogs import SheetDialog, resize_on_screen

TOUR = """
<h3>A first tour</h3>
<ol>
<li><b>Space</b> plays and pauses; <b>←</b> and <b>→</b> go one step, <b>↑</b> and <b>↓</b> ten,
<b>Page Up</b> and <b>Page Down</b> one layer. Drag in the bar below the stage to go anywhere.</li>
<li>Point at a cell: an output shows the window it comes from and its sum, an input every output it feeds, a weight
every input it meets. A click on an output cell goes to the step that writes it.</li>
<li>A double click on a weight or an input cell changes its value; <b>1/9</b> may be typed as it is.
<b>Ctrl+Z</b> takes any change back.</li>
<li>The panels at the side edit the kernel, the layer (padding, stride, pooling) and the input;
<b>Ctrl+F6</b> leads there, <b>Esc</b> back to the stage.</li>
<li><b>F6</b> shows the whole network, <b>F7</b> one layer, <b>F8</b> one cell. <b>Shift</b> with the arrows chooses a
map, <b>Enter</b> or a double click goes down to it, <b>Backspace</b> or <b>Esc</b> one level back.
The panel <b>Input</b> of a network has a canvas: it answers while you draw.</li>
<li><b>Ctrl+L</b> shows the lessons that ship. <b>F2</b>, or a double click on a title or on the line under the stage,
lets you put your own words there; <b>Shift+F2</b> your notes.</li>
<li>Drop a picture, a kernel or a lesson on the window, open it with <b>Ctrl+O</b>, or paste it with
<b>Ctrl+V</b>.</li>
<li><b>Ctrl</b> with the wheel zooms, the middle button or <b>Space</b> with a drag moves, <b>Ctrl+0</b> shows all.</li>
<li><b>Ctrl+E</b> writes the steps as pictures for slides; <b>Ctrl+Shift+C</b> copies the one that is shown.</li>
</ol>
<p><b>Ctrl+?</b> lists all keys.</p>
"""


class HelpDialog(SheetDialog):
    """The tour as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Help"), parent)
        self.tour = QTextBrowser()
        self.tour.setHtml(self.tr(TOUR))
        self.tour.setAccessibleName(self.tr("A first tour"))
        self.content.addWidget(self.tour, 1)
        resize_on_screen(self, QSize(560, 480))

"""What the panels at the side hold: made together, when the window has painted its first lesson."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnviz.views.drawing import DrawingPanel
from cnnviz.views.input_form import InputFormView
from cnnviz.views.kernel_editor import KernelEditor
from cnnviz.views.layer_form import LayerFormView
from cnnviz.views.learning_panel import LearningPanel
from cnnviz.views.plots_dock import PlotsPanel
from cnnviz.views.words_panel import WordsPanel


class Panels:
    """One widget for each panel."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        self.kernel = KernelEditor()
        self.layer = LayerFormView()
        self.input = InputFormView()
        self.drawing = DrawingPanel()
        self.words = WordsPanel()
        self.learning = LearningPanel()
        self.plots = PlotsPanel(actions)

    def by_name(self) -> dict[str, QWidget]:
        """Each by the name of its panel."""
        return {
            "kernel": self.kernel,
            "layer": self.layer,
            "input": _above(self.drawing, self.input),
            "words": self.words,
            "learning": self.learning,
            "plots": self.plots,
        }


def _above(first: QWidget, second: QWidget) -> QWidget:
    both = QWidget()
    layout = QVBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(first)
    layout.addWidget(second, 1)
    return both

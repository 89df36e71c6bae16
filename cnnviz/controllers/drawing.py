"""What is drawn by hand becomes the input, and the network's answer to it is told."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.lesson.strokes import can_draw, set_drawing


class Drawing(QObject):
    """Takes the canvas while it is drawn on; a stroke is one entry of the history.

    Signals
    -------
    available_changed : bool
        Whether the input can be drawn by hand.
    answer_changed : list of (name, probability)
        Most likely first; empty where the network has no classes.
    """

    available_changed = Signal(bool)
    answer_changed = Signal(object)

    def __init__(self, editing: Editing, choosing: Choosing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing, self._choosing = editing, choosing
        self._stroke = 0
        choosing.place_changed.connect(self.refresh)
        editing.lesson_changed.connect(lambda _lesson: self.refresh())

    def refresh(self) -> None:
        """Say whether one can draw, and what the network answers."""
        track = self._choosing.track
        able = can_draw(self._editing.lesson.tracks[track])
        self.available_changed.emit(able)
        if able:
            from cnnviz.timeline.asking import ask  # the engine's plans take time to load

            answer = ask(self._editing.lesson.tracks[track])
            self.answer_changed.emit(sorted(answer, key=lambda pair: -pair[1]))

    def draw(self, ink: bytes) -> None:
        """Take what is on the canvas now as the input."""
        edit = self._choosing.edit(partial(set_drawing, ink=ink))
        self._editing.apply("Draw", edit, ("drawing", self._stroke), math.inf, absolute=True)

    def end_stroke(self) -> None:
        """Let what is drawn next be another entry."""
        self._stroke += 1

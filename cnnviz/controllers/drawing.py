"""What is drawn by hand becomes the input, and the network's answer to it is told."""

from __future__ import annotations

import math
from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.labels import can_label, label_of, set_label
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.strokes import can_draw, set_drawing

MOST_DRAWINGS = 100
"""So many drawings are found again on the canvas when one goes back in the history."""


class Drawing(QObject):
    """Takes the canvas while it is drawn on; a stroke is one entry of the history.

    Signals
    -------
    available_changed : bool
        Whether the input can be drawn by hand.
    answer_changed : list of (name, probability)
        Most likely first; empty where the network has no classes, None while an audience is asked for it.
    label_changed : tuple of names, number or None
        The classes one can say the picture is of, none where that is not asked, and which was said.
    ink_changed : bytes
        What was drawn for the input there is now; empty for one that was not drawn.
    """

    available_changed = Signal(bool)
    answer_changed = Signal(object)
    label_changed = Signal(object, object)
    ink_changed = Signal(bytes)

    def __init__(
        self, editing: Editing, choosing: Choosing, session: Session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editing, self._choosing, self._session = editing, choosing, session
        self._stroke = 0
        self._drawn: OrderedDict[bytes, bytes] = OrderedDict()
        self._shown = b""
        self._answered: tuple[object, ...] = ()
        choosing.place_changed.connect(self.refresh)
        session.moment_changed.connect(self._follow)

    def refresh(self) -> None:
        """Say whether one can draw, what was drawn, and what the network answers."""
        track = self._track
        able = can_draw(track)
        self.available_changed.emit(able)
        if not able:
            return
        if track.source.digest != self._shown:
            self._shown = track.source.digest
            self.ink_changed.emit(self._drawn.get(self._shown, b""))
        self._tell()

    def draw(self, ink: bytes) -> None:
        """Take what is on the canvas now as the input; the stage shows it with its answer."""
        edit = self._choosing.edit(partial(set_drawing, ink=ink))
        key = ("drawing", self._stroke)
        if not self._editing.apply("Draw", edit, key, math.inf, absolute=True, quick=True):
            return
        self._shown = self._track.source.digest
        self._drawn[self._shown] = ink
        while len(self._drawn) > MOST_DRAWINGS:
            self._drawn.popitem(last=False)
        self.go_to_the_answer()

    def end_stroke(self) -> None:
        """Let what is drawn next be another entry."""
        self._stroke += 1
        self._editing.settle()

    def set_label(self, label: int | None) -> None:
        """Say which class the picture is of: then the way back from its loss is told too."""
        name = "No label" if label is None else f"Label {label}"
        self._editing.apply(name, self._choosing.edit(partial(set_label, label=label)))

    @property
    def _track(self) -> Track:
        return self._editing.lesson.tracks[self._choosing.track]

    def go_to_the_answer(self) -> None:
        """In the overview all maps and the classes are to be seen while one changes the input of a network."""
        from cnnviz.timeline.answers import answered  # loaded with the first network

        if not can_draw(self._track):
            return
        moment = self._session.moment
        if (moment.viewpoint.level or moment.timeline.lesson.view.level) == "network":
            self._session.show(index=answered(moment.timeline, moment.index, self._choosing.track))

    def _follow(self, moment: Moment) -> None:
        """The answer is that to the input that is shown; while it learns that of the iteration that is shown."""
        if can_draw(moment.timeline.lesson.tracks[self._at(moment)]):
            iteration = moment.timeline.step(moment.index, self._at(moment)).iteration
            if self._answered != (moment.timeline.tensors, iteration, moment.viewpoint.asks):
                self._tell()

    def _at(self, moment: Moment) -> int:
        return min(self._choosing.track, len(moment.timeline.sections) - 1)

    def _tell(self) -> None:
        from cnnviz.timeline.answers import answer_at

        moment, track = self._session.moment, self._track
        iteration = moment.timeline.step(moment.index, self._at(moment)).iteration
        asks = moment.viewpoint.asks
        self._answered = (moment.timeline.tensors, iteration, asks)
        answer = answer_at(moment.timeline, moment.index, self._at(moment))
        names = () if answer is None else answer.names
        pairs = [] if answer is None else list(zip(names, answer.probabilities.tolist(), strict=True))
        self.answer_changed.emit(None if asks else sorted(pairs, key=lambda pair: -pair[1]))
        # The right answer that was said before is one, too.
        self.label_changed.emit(names if can_label(track) and not asks else (), label_of(track))

"""Intents of the learning panel as named edits of a recipe, and the form it shows."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import RUN_SECONDS, Editing, LessonEdit
from cnnviz.lesson import recipe_edits
from cnnviz.lesson.forms import exact
from cnnviz.lesson.learning_form import LearningForm, learning_form, rate_at

_EDITS: dict[str, tuple[str, Any]] = {
    "rate": ("Learning rate", recipe_edits.set_rate),
    "momentum": ("Momentum", recipe_edits.set_momentum),
    "iterations": ("Iterations", recipe_edits.set_iterations),
    "seed": ("Seed", recipe_edits.set_seed),
    "batch": ("Batch", recipe_edits.set_batch),
    "loss": ("Loss", recipe_edits.set_loss),
    "reduction": ("Reduction", recipe_edits.set_reduction),
}


class LearningEditing(QObject):
    """What is done to the recipe of the track that is chosen; every edit starts its learning again."""

    form_changed = Signal(object)

    def __init__(self, editing: Editing, choosing: Choosing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._choosing = choosing
        self._track = choosing.track
        self._chosen = choosing.track
        self._example = 0
        self._run = 0
        choosing.place_changed.connect(self._follow)

    @property
    def form(self) -> LearningForm:
        """What the panel shows."""
        form = learning_form(self._editing.lesson, self._track, self._example)
        hides = self._choosing.asks and form.loss == "cross_entropy"
        return replace(form, targets=(), example_name="", hidden=True) if hides else form

    def refresh(self) -> None:
        """Show the form again."""
        self.form_changed.emit(self.form)

    def choose(self, track: int) -> None:
        """Show and edit another track."""
        self._track = track
        self.refresh()

    def show_example(self, example: int) -> None:
        """Show and edit the target of another example."""
        self._example = max(0, example)
        self.refresh()

    def set_field(self, name: str, value: object) -> None:
        """Change the rate, momentum, batch, iterations, seed, loss or reduction."""
        words, edit = _EDITS[name]
        shown = exact(value) if isinstance(value, float) else str(value).replace("_", " ")
        self._apply(f"{words} {shown}", partial(_with, edit=edit, value=value, track=self.form.track), name)

    def slide_rate(self, notch: int, dragging: bool) -> None:
        """Take the rate from its slider; a drag is one edit."""
        rate = rate_at(notch)
        edit = partial(recipe_edits.set_rate, rate=rate, track=self.form.track)
        seconds = math.inf if dragging else RUN_SECONDS
        self._apply(f"Learning rate {exact(rate)}", edit, ("slide", self._run), seconds)

    def end_drag(self) -> None:
        """Let what is done next be another entry."""
        self._run += 1

    def draw_seed(self) -> None:
        """Take the next seed: other random weights."""
        form = self.form
        if form.track >= 0:
            seed = form.seed + 1
            self._apply(f"Seed {seed}", partial(recipe_edits.set_seed, seed=seed, track=form.track))

    def set_targets(self, cells: list[tuple[int, int]], value: float) -> None:
        """Set cells of the target table: rows of all channels one below the other."""
        form = self.form
        places = {(row // form.rows, row % form.rows, column): value for row, column in cells}
        edit = partial(recipe_edits.set_target_cells, cells=places, track=form.track, example=form.example)
        self._apply(f"Target {exact(value)}", edit)

    def set_random(self, layer: int, on: bool) -> None:
        """Let a layer start from random weights, or from its own."""
        words = "Start from random weights" if on else "Start from own weights"
        edit = partial(recipe_edits.start_from_random, layer=layer, track=self.form.track, on=on)
        self._apply(words, edit)

    def _follow(self) -> None:
        # Another track that was clicked is followed; one that was chosen here stays otherwise.
        if self._choosing.track != self._chosen:
            self._track = self._chosen = self._choosing.track
        self.refresh()

    def _apply(
        self, words: str, edit: LessonEdit, merge: Hashable | None = None, seconds: float = RUN_SECONDS
    ) -> None:
        key = None if merge is None else ("learning", self.form.track, merge)
        # A refused value must not stay in the form.
        if not self._editing.apply(words, edit, key, seconds, absolute=True):
            self.refresh()


def _with(lesson: Any, edit: Any, value: object, track: int) -> Any:
    return edit(lesson, value, track)

"""Intents of the layer panel as named edits, and the form it shows."""

from __future__ import annotations

import math
from collections.abc import Hashable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import RUN_SECONDS, Editing, LessonEdit
from cnnviz.controllers.heard import is_heard
from cnnviz.lesson import layer_edits
from cnnviz.lesson.edits import set_pace
from cnnviz.lesson.layer_form import LayerForm, kind_names, layer_form
from cnnviz.lesson.lesson import Pace

NAMES: dict[str, str] = {
    "kernel_size": "Size",
    "stride": "Stride",
    "dilation": "Dilation",
    "groups": "Groups",
    "padding": "Padding",
    "output_padding": "Output padding",
    "padding_mode": "Fill of the padding",
    "flipped": "True convolution",
    "ceil_mode": "Overhanging windows",
    "count_include_pad": "Padding counted in the mean",
    "negative_slope": "Slope below 0",
    "alpha": "Alpha",
    "approximate": "Approximation",
    "shortcut": "Shortcut",
    "scale": "Percent of f(x)",
    "mean": "Mean",
    "std": "Standard deviation",
}


class LayerEditing(QObject):
    """What is done to the layer that is chosen, and to the pace."""

    form_changed = Signal(object)

    def __init__(self, editing: Editing, choosing: Choosing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._choosing = choosing
        self._run = 0
        choosing.place_changed.connect(self.refresh)

    @property
    def form(self) -> LayerForm:
        """What the form shows."""
        chosen = self._choosing
        return layer_form(self._editing.lesson, chosen.track, chosen.layer, chosen.alone)

    def refresh(self) -> None:
        """Show the form again."""
        if is_heard(self, self.form_changed):
            self.form_changed.emit(self.form)

    def set_number(self, key: str, value: int, dragging: bool = False) -> None:
        """Change a number, by the key of its limit; all that one drag of a slider does is one entry."""
        words = f"{_words(key)} {value}"
        edit = partial(layer_edits.set_number, layer=self._choosing.layer, key=key, value=value)
        seconds = math.inf if dragging else RUN_SECONDS
        self._do(words, edit, (key, self._run), seconds)

    def end_drag(self) -> None:
        """Let what is done next be another entry."""
        self._run += 1

    def set_option(self, name: str, value: Any) -> None:
        """Change a choice, a switch or a number typed as text."""
        if name == "kind":
            self._do(
                _kind_words(value),
                partial(layer_edits.set_kind, layer=self._choosing.layer, kind=value),
                None,
            )
            return
        words = f"{_words(name)} {_value_words(value)}"
        edit = partial(layer_edits.set_option, layer=self._choosing.layer, name=name, value=value)
        self._do(words, edit, name)

    def set_activation(self, kind: str) -> None:
        """Choose the activation behind the layer, or none."""
        edit = partial(layer_edits.set_activation_after, layer=self._choosing.layer, kind=kind)
        self._do(f"Activation {_kind_words(kind)}", edit, None)

    def set_pooling(self, kind: str) -> None:
        """Choose the pooling behind the layer, or none."""
        edit = partial(layer_edits.set_pooling_after, layer=self._choosing.layer, kind=kind)
        self._do(f"Pooling {_kind_words(kind)}", edit, None)

    def set_pace(self, pace: Pace | None) -> None:
        """Choose how finely the lesson is cut."""
        self._apply(f"Pace {pace or 'by default'}", partial(set_pace, pace=pace))

    def _do(
        self, words: str, edit: layer_edits.TrackEdit, merge: Hashable | None, seconds: float = RUN_SECONDS
    ) -> None:
        place = (self._choosing.track, self._choosing.layer)
        self._apply(words, self._choosing.edit(edit), None if merge is None else (*place, merge), seconds)

    def _apply(
        self, words: str, edit: LessonEdit, merge: Hashable | None = None, seconds: float = RUN_SECONDS
    ) -> None:
        # A refused value must not stay in the form.
        if not self._editing.apply(words, edit, merge, seconds, absolute=True):
            self.refresh()


def _words(key: str) -> str:
    name, _, part = key.partition(".")
    return f"{NAMES.get(name, name)} {part}".strip() if not part.isdigit() else f"{NAMES[name]} {part}"


def _value_words(value: object) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _kind_words(kind: str) -> str:
    return kind_names().get(kind, kind)

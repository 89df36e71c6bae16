"""Intents of the layer form as named edits, and the form it shows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing, LessonEdit
from cnnviz.lesson.edits import Activation, PoolKind, set_activation, set_geometry, set_pace, set_pooling
from cnnviz.lesson.forms import LayerForm, layer_form
from cnnviz.lesson.lesson import Pace

NAMES: dict[str, str] = {
    "padding": "Padding",
    "padding_mode": "Fill of the padding",
    "stride": "Stride",
    "dilation": "Dilation",
}


class LayerEditing(QObject):
    """Geometry, activation, pooling and pace of a lesson."""

    form_changed = Signal(object)

    def __init__(self, editing: Editing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        editing.lesson_changed.connect(lambda _lesson: self.refresh())

    @property
    def form(self) -> LayerForm:
        """What the form shows."""
        return layer_form(self._editing.lesson)

    def refresh(self) -> None:
        """Show the form again."""
        self.form_changed.emit(self.form)

    def set_geometry(self, changes: Mapping[str, Any]) -> None:
        """Change padding, its fill, stride or dilation; what is not named stays."""
        words = ", ".join(f"{NAMES[key]} {_words(value)}" for key, value in changes.items())
        self._apply(words, partial(set_geometry, **changes), ("geometry", *changes))

    def set_activation(self, kind: Activation) -> None:
        """Choose the activation."""
        self._apply(f"Activation {kind}", partial(set_activation, kind=kind))

    def set_pooling(self, kind: PoolKind, size: tuple[int, int], stride: tuple[int, int]) -> None:
        """Choose kind, size and stride of the pooling."""
        words = f"Pooling {kind}" + ("" if kind == "none" else f" {_words(size)}, stride {_words(stride)}")
        self._apply(words, partial(set_pooling, kind=kind, size=size, stride=stride), ("pool", kind))

    def set_pace(self, pace: Pace | None) -> None:
        """Choose how finely the lesson is cut."""
        self._apply(f"Pace {pace or 'by default'}", partial(set_pace, pace=pace))

    def _apply(self, words: str, edit: LessonEdit, merge: Hashable | None = None) -> None:
        # A refused value must not stay in the form.
        if not self._editing.apply(words, edit, merge):
            self.refresh()


def _words(value: object) -> str:
    return "×".join(map(str, value)) if isinstance(value, tuple | list) else str(value)

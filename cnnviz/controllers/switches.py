"""Switches of the menus: what the stage shows beside its maps, how it is written, and two choices of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Session
from cnnviz.lesson.edits import set_conventions, set_view
from cnnviz.lesson.layer_edits import nearest_conv, padding_rule, set_option
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.viewpoint import Hidden, RangeMode

VIEW: dict[str, tuple[str, Any, str]] = {
    "stage.heat-none": ("heat", "none", "No heat-map"),
    "stage.heat-uses": ("heat", "uses", "Heat-map of uses"),
    "stage.heat-fan-out": ("heat", "fan-out", "Fan-out of a pixel"),
    "stage.heat-field": ("heat", "field", "Receptive field"),
    "stage.curves": ("curves", True, "Curves"),
    "stage.channels": ("channels", True, "Opened channels"),
    "stage.marks": ("marks", True, "Marks"),
    "stage.formula": ("formula", True, "Formulas"),
    "stage.plots-auto": ("plots", "auto", "Plot for each phase"),
    "stage.plots-loss": ("plots", "loss", "Plot of the loss"),
    "stage.plots-chain": ("plots", "chain", "Chain rule"),
    "stage.plots-surface": ("plots", "surface", "Loss over two weights"),
    "stage.plots-check": ("plots", "check", "Gradient check"),
    "stage.plots-none": ("plots", "none", "No plot"),
}
"""Fields of the lesson's view: by action the field, the value it stands for, and what undo calls it."""

CONVENTIONS: dict[str, tuple[str, Any, Any, str]] = {
    "stage.letters": ("letters", "IK", "xw", "Letters"),
    "stage.base": ("base", 0, 1, "Indices from"),
    "stage.decimal": ("decimal", "point", "comma", "Decimal"),
}
"""Fields of the lesson's conventions: the value when off and when on."""

RANGES: dict[str, RangeMode] = {
    "stage.range-map": "map",
    "stage.range-tensor": "tensor",
    "stage.range-layer": "layer",
    "stage.range-network": "network",
}
"""Over what a colour range is taken: how one looks at the lesson, so no edit."""

HIDDEN: dict[str, Hidden] = {
    "stage.hide-total": "total",
    "stage.hide-products": "products",
    "stage.hide-cell": "cell",
}
"""Answers that an audience shall find by itself: how one looks at the lesson, so no edit."""

PADDINGS: dict[str, str] = {
    "layer.padding-valid": "valid",
    "layer.padding-same": "same",
    "layer.padding-same-lower": "same-lower",
    "layer.padding-half": "half",
    "layer.padding-full": "full",
}


class Switches(QObject):
    """Flips them, each as a named edit where it is data of the lesson, and says how they stand.

    Signals
    -------
    states_changed : dict of str to bool
        By the id of the action.
    """

    states_changed = Signal(object)

    def __init__(
        self, editing: Editing, session: Session, choosing: Choosing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editing = editing
        self._session = session
        self._choosing = choosing
        self._said: Mapping[str, bool] = {}
        session.moment_changed.connect(lambda _moment: self._say_if_other())
        choosing.place_changed.connect(self._say_if_other)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all actions that are switched here."""
        return tuple(self.states)

    @property
    def states(self) -> dict[str, bool]:
        """How each of them stands."""
        lesson, viewpoint = self._editing.lesson, self._session.moment.viewpoint
        conv = nearest_conv(lesson.tracks[self._choosing.track], self._choosing.layer)
        return {
            **{name: getattr(lesson.view, field) == value for name, (field, value, _) in VIEW.items()},
            **{name: getattr(lesson.conventions, c[0]) == c[2] for name, c in CONVENTIONS.items()},
            **{name: (viewpoint.range_mode or lesson.view.range) == mode for name, mode in RANGES.items()},
            **{name: word in viewpoint.hidden for name, word in HIDDEN.items()},
            **{name: conv is not None and padding_rule(conv[1]) == word for name, word in PADDINGS.items()},
            "layer.flipped": conv is not None and conv[1].flipped,
            "layer.pin": self._choosing.form().pinned,
            "layer.alone": self._choosing.form().alone,
        }

    def refresh(self) -> None:
        """Say how they stand, whether or not anything changed."""
        self._said = self.states
        self.states_changed.emit(self._said)

    def flip(self, name: str) -> None:
        """Do what choosing an action means: turn a switch over, or choose one of several."""
        on = self.states[name]
        if name in VIEW:
            self._set_view(name, on)
        elif name in CONVENTIONS:
            field, no, yes, words = CONVENTIONS[name]
            value = no if on else yes
            changed = replace(self._editing.lesson.conventions, **{field: value})
            self._editing.apply(f"{words} {value}", partial(set_conventions, conventions=changed))
        elif name in RANGES:
            self._look(RANGES[name])
        elif name in HIDDEN:
            viewpoint = self._session.moment.viewpoint
            self._session.show(viewpoint=replace(viewpoint, hidden=viewpoint.hidden ^ {HIDDEN[name]}))
        elif name in PADDINGS:
            self._set_conv("padding", PADDINGS[name], f"Padding {PADDINGS[name]}")
        elif name == "layer.flipped":
            self._set_conv("flipped", not on, "Correlation" if on else "True convolution")
        elif name == "layer.pin":
            self._choosing.pin(not on)
        else:
            self._choosing.set_alone(not on)
        # Qt has turned the action over already, whatever came of it.
        self.refresh()

    def forget_range(self) -> None:
        """Take colour ranges as the lesson has them."""
        self._look(self._editing.lesson.view.range)

    def _look(self, mode: RangeMode) -> None:
        own = mode == self._editing.lesson.view.range
        viewpoint = self._session.moment.viewpoint
        self._session.show(viewpoint=replace(viewpoint, range_mode=None if own else mode))

    def _set_view(self, name: str, on: bool) -> None:
        field, value, words = VIEW[name]
        # One of several is chosen; a switch is turned over.
        chosen = (not on) if value is True else value
        change: dict[str, Any] = {field: chosen}
        changed = replace(self._editing.lesson.view, **change)
        end = (" on" if chosen else " off") if value is True else ""
        self._editing.apply(words + end, partial(set_view, view=changed))

    def _set_conv(self, field: str, value: Any, words: str) -> None:
        def edit(lesson: Lesson, *, track: int) -> Lesson:
            conv = nearest_conv(lesson.tracks[track], self._choosing.layer)
            return lesson if conv is None else set_option(lesson, conv[0], field, value, track)

        if nearest_conv(self._editing.lesson.tracks[self._choosing.track], self._choosing.layer) is None:
            self._editing.refused.emit("this track has no convolution: choose another track")
            return
        self._editing.apply(words, self._choosing.edit(edit))

    def _say_if_other(self) -> None:
        if self.states != self._said:
            self.refresh()

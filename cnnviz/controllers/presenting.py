"""Presents a lesson: the stage in large type for an audience, led by a remote control, a mouse or keys."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.player import Player
from cnnviz.controllers.session import Session
from cnnviz.controllers.staging import Staging
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.theme import Theme
from cnnviz.timeline.keys import key_steps

Curtain: TypeAlias = Literal["", "black", "white"]

LARGE = Composition(WHOLE.parts - {"formula"}, type=1.2)
WITH_FORMULAS = replace(LARGE, formula_instead=True)
"""How the stage is composed for a hall: formulas that are asked for take no room from the maps."""

DIGITS = 12
"""No lesson has more steps than such a number."""


class Presenting(QObject):
    """One presentation: what the audience sees, and what its keys do.

    Signals
    -------
    scene_changed : Scene
    curtain_changed : str
        "black" or "white" while the audience shall look at the speaker, else "".
    number_changed : str
        The digits typed so far of the step to go to.
    """

    scene_changed = Signal(object)
    curtain_changed = Signal(str)
    number_changed = Signal(str)

    def __init__(
        self, session: Session, player: Player, glides: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._player = player
        self._curtain: Curtain = ""
        self._number = ""
        self._formulas = False
        self.staging = Staging(session, glides, parent=self, composition=LARGE)
        self.staging.scene_changed.connect(self.scene_changed)

    def begin(self, theme: Theme) -> None:
        """Show in these colours, with the curtain up."""
        self.staging.set_theme(theme)
        self._draw("")
        self._say_number("")

    def next_key(self) -> None:
        """Go to the next step worth a slide, or the end."""
        keys, moment = self._keys(), self._session.moment
        at = bisect_right(keys, moment.index)
        self._go(keys[at] if at < len(keys) else moment.timeline.count - 1)

    def previous_key(self) -> None:
        """Go to the step worth a slide before this one, or the start."""
        keys, moment = self._keys(), self._session.moment
        at = bisect_left(keys, moment.index)
        self._go(keys[at - 1] if at else 0)

    def toggle_curtain(self, color: Curtain) -> None:
        """Draw a curtain of this colour, or take it away."""
        self._draw("" if self._curtain == color else color)

    def toggle_formulas(self) -> None:
        """Show formulas in the place of the arithmetic, or the arithmetic again."""
        self._formulas = not self._formulas
        self.staging.set_composition(WITH_FORMULAS if self._formulas else LARGE)

    def type_digit(self, digit: str) -> None:
        """Add a digit to the number of the step to go to."""
        if len(self._number) < DIGITS:
            self._say_number(self._number + digit)

    def drop_digit(self) -> None:
        """Take the last digit away."""
        self._say_number(self._number[:-1])

    def jump(self) -> None:
        """Go to the step whose number was typed, as it stands on the stage; without one to the next key step."""
        if not self._number:
            self.next_key()
            return
        self._go(int(self._number) - 1)
        self._say_number("")

    def give_way(self) -> bool:
        """Take back what Esc takes back before the presentation ends: a number, a curtain, playing."""
        if self._number:
            self._say_number("")
        elif self._curtain:
            self._draw("")
        elif self._player.playing:
            self._player.pause()
        else:
            return False
        return True

    def _keys(self) -> tuple[int, ...]:
        return key_steps(self._session.moment.timeline)

    def _go(self, index: int) -> None:
        self._player.pause()
        self._draw("")
        self._player.seek(index)

    def _draw(self, curtain: Curtain) -> None:
        self._curtain = curtain
        self.curtain_changed.emit(curtain)

    def _say_number(self, number: str) -> None:
        self._number = number
        self.number_changed.emit(number)

"""The transport: one row of buttons, speed, scrubber, step counter and playing time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from cnnviz.timeline.progress import Progress
from cnnviz.timeline.transport import SPEEDS, TransportState, clock
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.keys import ButtonRow, Form
from cnnviz.views.look import icon
from cnnviz.views.scrubber import Scrubber

ICON = 20
LOOPS = ("off", "loop", "ping-pong")
BEFORE = ("play.to-start", "play.previous-section", "play.step-back")
AFTER = ("play.step-forward", "play.next-section", "play.to-end")


def grouped(number: int) -> str:
    """A whole number in groups of three from 10,000 on."""
    return f"{number:,}".replace(",", "\u00a0") if number >= 10_000 else str(number)


class Transport(ButtonRow):
    """Shows a `TransportState` and says what was asked; play and the steps are the actions it is handed.

    Signals
    -------
    seek_requested : int
    speed_requested : float
    loop_requested : str
        ``off``, ``loop`` or ``ping-pong``.
    """

    seek_requested = Signal(object)
    speed_requested = Signal(float)
    loop_requested = Signal(str)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = TransportState(0, 1)
        self.play = self._button(actions["play.toggle"])
        self.loop = self._loop_button()
        self.speed = self._speed_box()
        self.scrubber = Scrubber()
        self.scrubber.seek_requested.connect(self.seek_requested)
        self.counter = StepCounter()
        self.counter.seek_requested.connect(self.seek_requested)
        self.time = QLabel()
        self.time.setToolTip(self.tr("Playing time at this speed"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(2)
        for name in BEFORE:
            row.addWidget(self._button(actions[name]))
        row.addWidget(self.play)
        for name in AFTER:
            row.addWidget(self._button(actions[name]))
        row.addWidget(self.loop)
        for widget, stretch in ((self.speed, 0), (self.scrubber, 1), (self.counter, 0), (self.time, 0)):
            row.addSpacing(8)
            row.addWidget(widget, stretch)
        self._show(self._state)

    def show_state(self, state: TransportState) -> None:
        """Show where the player stands, whether it runs, how fast and how it loops."""
        # An edit that leaves the playhead where it is must not paint all of this again.
        if state != self._state:
            self._show(state)

    def _show(self, state: TransportState) -> None:
        self._state = state
        self.scrubber.show_state(state)
        self.counter.show_step(state.index, state.count)
        self.speed.show_choice(state.speed)
        self.time.setText(clock(state.total_seconds))
        self._show_play()
        self._show_loop()

    def show_progress(self, progress: Progress) -> None:
        """Show how far a lesson that learns is computed."""
        self.scrubber.show_reach(None if progress.state in ("none", "done") else progress.reach)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_play()
            self._show_loop()

    def _show_play(self) -> None:
        running = self._state.playing
        self.play.setIcon(icon("pause" if running else "play"))
        self.play.setAccessibleName(self.tr("Pause") if running else self.tr("Play"))

    def _show_loop(self) -> None:
        words = {
            "off": self.tr("No loop: stop at the end"),
            "loop": self.tr("Loop: start again at the end"),
            "ping-pong": self.tr("To and fro: turn at both ends"),
        }
        self.loop.setIcon(icon("ping-pong" if self._state.loop == "ping-pong" else "loop"))
        self.loop.setChecked(self._state.loop != "off")
        self.loop.setToolTip(words[self._state.loop])
        self.loop.setAccessibleName(words[self._state.loop])

    def _button(self, action: QAction) -> QToolButton:
        button = _plain_button()
        button.setDefaultAction(action)
        button.setCheckable(False)
        return button

    def _loop_button(self) -> QToolButton:
        button = _plain_button()
        button.setCheckable(True)
        button.clicked.connect(self._next_loop)
        return button

    def _next_loop(self) -> None:
        following = LOOPS[(LOOPS.index(self._state.loop) + 1) % len(LOOPS)]
        self._show_loop()
        self.loop_requested.emit(following)

    def _speed_box(self) -> ChoiceBox:
        box = ChoiceBox([(speed, f"{speed:g}×") for speed in SPEEDS], self.tr("Speed"))
        box.setToolTip(self.tr("Speed"))
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        box.setFixedWidth(76)
        box.choice_edited.connect(self.speed_requested.emit)
        return box


def _plain_button() -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIconSize(QSize(ICON, ICON))
    # Tab reaches it, a click leaves the focus where it is, so that Space goes on playing and pausing.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class StepCounter(Form):
    """The counter "37 / 225", counted from 1; a number typed into it is gone to.

    Signals
    -------
    seek_requested : int
        0-based.
    """

    seek_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._index, self._count = 0, 1
        self.edit = QLineEdit()
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setAccessibleName(self.tr("Step number"))
        self.edit.setToolTip(self.tr("Type a step number and press Enter"))
        self.edit.returnPressed.connect(self._go)
        self.edit.editingFinished.connect(self._restore)
        self.total = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.edit)
        row.addWidget(self.total)
        self.setFocusProxy(self.edit)

    def show_step(self, index: int, count: int) -> None:
        """Show the step; a number that is being typed is left alone."""
        if count != self._count or not self.total.text():
            self.total.setText(f"/ {grouped(count)}")
            width = self.edit.fontMetrics().horizontalAdvance(grouped(count)) + 20
            self.edit.setFixedWidth(max(44, width))
        self._index, self._count = index, count
        if not (self.edit.hasFocus() and self.edit.isModified()):
            self._restore()

    def _go(self) -> None:
        digits = "".join(c for c in self.edit.text() if c.isdecimal())
        # More digits than any lesson has steps mean the last one; so much text is never turned into a number.
        if digits and len(digits) <= 20:
            target = min(max(int(digits) - 1, 0), self._count - 1)
            self.edit.setModified(False)
            self.seek_requested.emit(target)
        elif digits:
            self.seek_requested.emit(self._count - 1)
        self._restore()
        self.edit.selectAll()

    def _restore(self) -> None:
        self.edit.setText(grouped(self._index + 1))

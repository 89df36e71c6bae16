"""Which steps are exported: a range, every how many, key steps of chosen kinds, and the pace that cuts them."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from cnnviz.export.plan import parse_frames
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.pace import PACES, Pace
from cnnviz.lesson.plans import KEYS, Key, Plan
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import form_layout
from cnnviz.views.plan_tab import Checks, PlanTab
from cnnviz.views.step_range import StepRange

ALL, MARKED, SHOWN, OWN = "all", "marks", "shown", "own"


class StepsTab(PlanTab):
    """The steps.

    Signals
    -------
    pace_edited
        Steps are counted anew; `show_count` tells how many there are.
    """

    pace_edited = Signal()

    def __init__(self, count: int, shown: int = 0) -> None:
        super().__init__()
        tr = self.tr
        self._count, self._shown = count, shown
        self._marks: range | None = None
        self._known = (":", range(count))
        """A range as it was given, and as it is shown: text that was not touched is handed on."""
        self.range = ChoiceBox(
            [
                (ALL, tr("All steps")), (MARKED, tr("Between the marks")),
                (SHOWN, tr("The step shown")), (OWN, tr("Own range")),
            ],
            tr("Range"),
        )  # fmt: skip
        self.steps = StepRange(count, range(count))
        self.pace = ChoiceBox([(None, tr("As the lesson")), *self._paces()], tr("Pace"))
        self.keys = QCheckBox(tr("&Key steps only"))
        self.kinds = Checks(
            {
                "first-cell": tr("First ce&lls"), "first-edge": tr("First e&dges"),
                "row-ends": tr("Row e&nds"), "section-ends": tr("Sec&tion ends"),
            }
        )  # fmt: skip
        self._say_what_kinds_are()
        form = form_layout()
        form.addRow(tr("Ran&ge"), self.range)
        form.addRow(tr("&Use steps"), self.steps)
        form.addRow(tr("P&ace"), self.pace)
        form.addRow("", self.keys)
        form.addRow("", self.kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)
        self._connect()
        self.show_marks(None)
        self._show_range(ALL)
        self._show_keys(())

    def show_plan(self, plan: Plan) -> None:
        self.pace.show_choice(plan.pace)
        self._show_keys(plan.keys)
        try:
            self._known = (plan.frames, parse_frames(plan.frames, self._count))
        except BadInput:  # a plan of another lesson
            self._known = (":", range(self._count))
        frames = self._known[1]
        self.steps.show_frames(self._count, frames)
        ends = {frames[0], frames[-1]}
        marks = set() if self._marks is None else {self._marks[0], self._marks[-1]}
        whole = frames.step > 0 and (frames.start, frames.stop) == (0, self._count)
        here = (frames[0], frames[-1]) == (self._shown, self._shown)
        self._show_range(ALL if whole else MARKED if ends == marks else SHOWN if here else OWN)

    def show_count(self, count: int, marks: range | None, shown: int = 0) -> None:
        """Another number of steps, because the pace is another: the range that was typed means nothing any more."""
        if (count, marks, shown) != (self._count, self._marks, self._shown):
            self._count, self._shown = count, shown
            self.show_marks(marks)
            every = self.steps.step.text()
            self._known = (":", range(count))
            self.steps.show_frames(count, range(count))
            self.steps.step.setText(every)
            self._range_chosen(ALL if self.range.choice == OWN else self.range.choice)

    def show_marks(self, marks: range | None) -> None:
        """Offer the range between the marks of the player, if there is one."""
        self._marks = marks
        model = self.range.model()
        assert isinstance(model, QStandardItemModel)
        model.item(1).setEnabled(marks is not None)

    def applied(self, plan: Plan) -> Plan:
        keys = tuple(cast(Key, word) for word in self.kinds.words) if self.keys.isChecked() else ()
        if self.keys.isChecked() and not keys:
            raise BadInput("Key steps: choose at least one kind of them")
        return replace(plan, frames=self._frames(), pace=cast("Pace | None", self.pace.choice), keys=keys)

    def place_of_shown(self) -> int:
        """Which of the steps that are chosen is on the stage; the first where none of them is."""
        frames = self._known[1]
        return frames.index(self._shown) if self._shown in frames and not self.keys.isChecked() else 0

    # Helpers

    def _paces(self) -> list[tuple[object, str]]:
        texts = {
            "multiply": self.tr("Products"), "cell": self.tr("Cells"), "row": self.tr("Rows"),
            "channel": self.tr("Channels"), "layer": self.tr("Layers"), "auto": self.tr("Auto"),
            "iteration": self.tr("Iterations"),
        }  # fmt: skip
        return [(pace, texts[pace]) for pace in PACES]

    def _say_what_kinds_are(self) -> None:
        tips = {
            "first-cell": self.tr("The first cell of each section"),
            "first-edge": self.tr(
                "The first window of a convolution that meets an edge: its total is another"
            ),
            "row-ends": self.tr("The last cell of each row"),
            "section-ends": self.tr("The last cell of each section"),
        }
        for word, tip in tips.items():
            self.kinds.boxes[word].setToolTip(tip)

    def _connect(self) -> None:
        self.range.choice_edited.connect(self._range_edited)
        self.steps.frames_edited.connect(self.edited)
        self.pace.choice_edited.connect(lambda _pace: self.pace_edited.emit())
        self.keys.clicked.connect(self._keys_switched)
        self.kinds.edited.connect(self.edited)

    def _frames(self) -> str:
        """The range as a slice of the timeline; all of it as ":"."""
        steps, every = self.steps.frames(), ""
        text, known = self._known
        if steps == known:
            return text
        if steps.step != 1:
            every = f":{steps.step}"
        if self.range.choice == ALL:
            return f":{every}"
        stop = "" if steps.stop < 0 else steps.stop
        return f"{steps.start}:{stop}{every}"

    def _range_edited(self, choice: object) -> None:
        self._range_chosen(choice)
        self.edited.emit()

    def _range_chosen(self, choice: object) -> None:
        if choice == ALL:
            self.steps.show_ends(0, self._count - 1)
        elif choice == MARKED and self._marks is not None:
            self.steps.show_ends(self._marks[0], self._marks[-1])
        elif choice == SHOWN:
            self.steps.show_ends(self._shown, self._shown)
        self._show_range(choice)

    def _show_range(self, choice: object) -> None:
        self.range.show_choice(choice)
        self.steps.set_free(choice == OWN)

    def _keys_switched(self, on: bool) -> None:
        if on and not self.kinds.words:
            self.kinds.show_words(KEYS)
        self.kinds.setEnabled(on)
        self.edited.emit()

    def _show_keys(self, keys: tuple[Key, ...]) -> None:
        self.keys.setChecked(bool(keys))
        self.kinds.setEnabled(bool(keys))
        self.kinds.show_words(keys or KEYS)

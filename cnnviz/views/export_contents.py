"""What stands in the frames: parts beside the maps, answers that are left out, questions before their answers."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from cnnviz.lesson.plans import Answer, Part, Plan
from cnnviz.views.forms import GAP, heading
from cnnviz.views.plan_tab import Checks, PlanTab


class ContentsTab(PlanTab):
    """Parts and answers."""

    def __init__(self) -> None:
        super().__init__()
        tr = self.tr
        self.include = Checks(
            {
                "title": tr("&Title of the lesson"), "section": tr("Sectio&n and step"), "caption": tr("C&aption"),
                "formula": tr("Form&ula"), "arithmetic": tr("Arit&hmetic"), "legend": tr("Le&gend of colours"),
                "plot": tr("P&lot of learning"),
            }
        )  # fmt: skip
        self.hide_answers = Checks(
            {"total": tr("Total &value"), "products": tr("Pro&ducts"), "cell": tr("Cell in the map")}, 3
        )
        self.pairs = QCheckBox(tr("&Question and answer: each step twice, hidden and in full"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(heading(tr("Beside the maps")))
        column.addWidget(self.include)
        column.addSpacing(GAP)
        column.addWidget(heading(tr("Left out for the audience")))
        column.addWidget(self.hide_answers)
        column.addWidget(self.pairs)
        column.addStretch(1)
        self.include.edited.connect(self.edited)
        self.hide_answers.edited.connect(self.edited)
        self.pairs.clicked.connect(lambda _on: self.edited.emit())
        self.show_plan(Plan())

    def show_plan(self, plan: Plan) -> None:
        self.include.show_words(plan.include)
        self.hide_answers.show_words(plan.hide)
        self.pairs.setChecked(plan.pairs)

    def applied(self, plan: Plan) -> Plan:
        return replace(
            plan,
            include=tuple(cast(Part, word) for word in self.include.words),
            hide=tuple(cast(Answer, word) for word in self.hide_answers.words),
            pairs=self.pairs.isChecked(),
        )

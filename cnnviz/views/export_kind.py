"""What only some formats have: the time of an animation, what grids become in slides, letters, numbers of files."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cnnviz.export.formats import Format, format_of
from cnnviz.lesson.plans import MAX_FPS, Letterforms, Numbering, Plan, Slides
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import form_layout
from cnnviz.views.plan_tab import PlanTab, real_box


class KindTab(PlanTab):
    """Rows that come and go with the format."""

    def __init__(self) -> None:
        super().__init__()
        tr = self.tr
        self.fps = real_box(0.1, MAX_FPS, 1.0, "", tr("Steps a second"))
        self.hold = real_box(0.0, 600.0, 0.5, " s", tr("Last picture stays"))
        self.moves = QCheckBox(tr("&Glide from step to step"))
        self.slides = ChoiceBox(
            [
                ("shapes", tr("Shapes, each cell of its own")),
                ("tables", tr("Tables")),
                ("picture", tr("Pictures")),
            ],
            tr("Grids become"),
        )
        self.text = ChoiceBox(
            [("text", tr("Text that can be edited")), ("paths", tr("Outlines that look alike everywhere"))],
            tr("Letters"),
        )
        self.numbering = ChoiceBox(
            [("step", tr("By step: frame-0031")), ("count", tr("Counted, for LaTeX: frame-0, frame-1 …"))],
            tr("Numbers of files"),
        )
        self.form = form_layout()
        self.form.addRow(tr("Steps a secon&d"), self.fps)
        self.form.addRow(tr("Last picture sta&ys"), self.hold)
        self.form.addRow("", self.moves)
        self.form.addRow(tr("&Grids become"), self.slides)
        self.form.addRow(tr("Le&tters"), self.text)
        self.form.addRow(tr("&Numbers of files"), self.numbering)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.form)
        column.addStretch(1)
        for box in (self.fps, self.hold):
            box.valueChanged.connect(lambda _value: self.edited.emit())
        self.moves.clicked.connect(lambda _on: self.edited.emit())
        for choice in (self.slides, self.text, self.numbering):
            choice.choice_edited.connect(lambda _value: self.edited.emit())
        self.show_plan(Plan())
        self.show_format(format_of("png"))

    def title(self, format_: Format) -> str:
        """What the tab is called for a format; empty where it has nothing."""
        if format_.animated:
            return self.tr("An&imation")
        if format_.ending == "pptx":
            return self.tr("Sl&ides")
        if format_.many:
            return self.tr("F&iles and letters") if format_.vector else self.tr("F&iles")
        return self.tr("An&imation") if format_.ending == "pdf" else ""

    def show_plan(self, plan: Plan) -> None:
        for box, value in ((self.fps, plan.fps), (self.hold, plan.hold)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        self.moves.setChecked(plan.moves)
        self.slides.show_choice(plan.slides)
        self.text.show_choice(plan.text)
        self.numbering.show_choice(plan.numbering)

    def show_format(self, format_: Format) -> None:
        shown: dict[QWidget, bool] = {
            self.fps: format_.animated or format_.ending == "pdf",  # LaTeX plays the pages
            self.hold: format_.animated,
            self.moves: format_.animated,
            self.slides: format_.ending == "pptx",
            self.text: format_.ending == "svg",
            self.numbering: format_.many,
        }
        for widget, there in shown.items():
            self.form.setRowVisible(widget, there)
        self.fps.setToolTip(self.tr("As LaTeX plays the pages") if format_.ending == "pdf" else "")

    def applied(self, plan: Plan) -> Plan:
        return replace(
            plan,
            fps=self.fps.value(),
            hold=self.hold.value(),
            moves=self.moves.isChecked(),
            slides=cast(Slides, self.slides.choice),
            text=cast(Letterforms, self.text.choice),
            numbering=cast(Numbering, self.numbering.choice),
        )

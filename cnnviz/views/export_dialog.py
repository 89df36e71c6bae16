"""Export: a plan in fields, a preview of any of its frames, an estimate, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.pace import Pace
from cnnviz.lesson.plans import Plan
from cnnviz.views.dialogs import FormDialog, resize_on_screen
from cnnviz.views.export_contents import ContentsTab
from cnnviz.views.export_kind import KindTab
from cnnviz.views.export_look import LookTab
from cnnviz.views.export_place import FormatBox, PlaceRow, ending_of, place_for
from cnnviz.views.export_preview import PreviewPane
from cnnviz.views.export_steps import StepsTab
from cnnviz.views.forms import GAP, form_layout
from cnnviz.views.plan_bar import PlanBar
from cnnviz.views.plan_tab import PlanTab

LEFT = 470


class ExportDialog(FormDialog):
    """Asks how to export; every change is said, so that the preview and the estimate follow.

    Parameters
    ----------
    plan : Plan
        What stands in the fields at first.
    count : int
        Steps of the timeline.
    out : str
        Where it goes at first.
    marks : range, optional
        The steps between the marks of the player.
    shown : int
        The step on the stage.

    Signals
    -------
    settings_changed : Plan, str
        What the fields say now; not said while they make no sense.
    pace_edited : Plan
        Steps are counted anew: `show_count` tells how many there are.
    export_requested : Plan, str
        Whoever begins it hides the dialog, and closes it by ``done`` once all is written.
    """

    settings_changed = Signal(object, str)
    pace_edited = Signal(object)
    export_requested = Signal(object, str)

    def __init__(
        self,
        plan: Plan,
        count: int,
        out: str,
        parent: QWidget | None = None,
        marks: range | None = None,
        shown: int = 0,
    ) -> None:
        super().__init__(self.tr("Export"), self.tr("&Export"), parent)
        self._plan = plan
        self.plans = PlanBar()
        self.format = FormatBox(self.tr("Format"))
        self.steps_tab, self.look_tab = StepsTab(count, shown), LookTab()
        self.contents_tab, self.kind_tab = ContentsTab(), KindTab()
        self.preview = PreviewPane()
        self.where = PlaceRow(out)
        self.steps_tab.show_marks(marks)
        self._lay_out()
        ending = ending_of(out)
        self.show_plan(replace(plan, format=plan.format or ending or "png"), move=plan.format != ending)
        self.preview.show_start(count, self.steps_tab.place_of_shown())
        self._connect()
        # Left to itself it would have two thirds of the screen at most.
        resize_on_screen(self, self.sizeHint())

    # What is shown

    def show_plan(self, plan: Plan, move: bool = True) -> None:
        """Show a plan in the fields; the place gets its ending."""
        self._plan = plan
        self.format.show_choice(plan.format or "png")
        for tab in self._tabs():
            tab.show_plan(plan)
        self._show_format()
        if move:
            self.where.show_place(place_for(self.where.place, self.format.format))

    def show_count(self, count: int, marks: range | None, shown: int = 0) -> None:
        """Another number of steps, the marks among them, and which is on the stage."""
        self.steps_tab.show_count(count, marks, shown)

    def show_plans(self, plans: Sequence[Plan], name: str) -> None:
        """Offer the plans that the lesson keeps."""
        self.plans.show_plans(plans, name)
        self._plan = replace(self._plan, name=name)

    def show_frames(self, count: int) -> None:
        """Offer so many frames to the preview."""
        self.preview.show_count(count)

    def show_preview(self, image: QImage, words: str) -> None:
        """Show a frame."""
        self.preview.show_frame(image, words)

    def show_estimate(self, text: str) -> None:
        """Say how much it will be and how long it takes."""
        self.preview.estimate.setText(text)

    # What was chosen

    def plan(self) -> Plan:
        """The plan the fields say; `BadInput` when they make no sense."""
        plan = replace(self._plan, format=self.format.format.ending)
        for tab in self._tabs():
            plan = tab.applied(plan)
        return plan

    def place(self) -> str:
        """The file or folder to write."""
        return self.where.place

    def announce(self) -> None:
        """Say the settings as they stand, or show why they make no sense."""
        try:
            plan = self.plan()
            self._check_place()
        except BadInput as error:
            self.show_error(str(error))
            return
        self.show_error("")
        self.settings_changed.emit(plan, self.place())

    def accept(self) -> None:
        """Ask for the export; who does it closes the dialog once all is well."""
        self.announce()
        if self.go.isEnabled():
            self.export_requested.emit(self.plan(), self.place())

    # Building

    def _lay_out(self) -> None:
        form = form_layout()
        form.addRow(self.tr("&Plan"), self.plans)
        form.addRow(self.tr("&Format"), self.format)
        self.tabs = QTabWidget()
        for tab, title in (
            (self.steps_tab, self.tr("&Steps")),
            (self.look_tab, self.tr("L&ook")),
            (self.contents_tab, self.tr("&Contents")),
            (self.kind_tab, self.tr("F&iles")),
        ):
            self.tabs.addTab(tab, title)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addLayout(form)
        left.addWidget(self.tabs, 1)
        column = QWidget()
        column.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        column.setFixedWidth(LEFT)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addWidget(column)
        columns.addWidget(self.preview)
        self.content.addLayout(columns)
        self.content.addSpacing(GAP)
        self.content.addWidget(self.where)
        # As they stand, from left to right.
        QWidget.setTabOrder(self.where.browse, self.go)
        QWidget.setTabOrder(self.go, self.buttons.button(QDialogButtonBox.StandardButton.Cancel))

    def _connect(self) -> None:
        self.format.choice_edited.connect(lambda _ending: self._format_chosen())
        for tab in self._tabs():
            tab.edited.connect(self._edited)
        self.steps_tab.pace_edited.connect(self._pace_chosen)
        self.where.place_edited.connect(self._place_typed)
        self.where.browse.clicked.connect(lambda: self.where.ask(self.format.format))

    # Helpers

    def _tabs(self) -> tuple[PlanTab, ...]:
        return self.steps_tab, self.look_tab, self.contents_tab, self.kind_tab

    def _edited(self) -> None:
        self.announce()

    def _format_chosen(self) -> None:
        self.where.show_place(place_for(self.place(), self.format.format))
        self._show_format()
        self.announce()

    def _pace_chosen(self) -> None:
        self.pace_edited.emit(replace(self._plan, pace=cast("Pace | None", self.steps_tab.pace.choice)))
        self.announce()

    def _place_typed(self) -> None:
        ending = ending_of(self.place())
        if ending:
            self.format.show_choice(ending)
        self._show_format()
        self.announce()

    def _show_format(self) -> None:
        format_ = self.format.format
        for tab in self._tabs():
            tab.show_format(format_)
        for tab in (self.look_tab, self.contents_tab):  # numbers have neither
            self.tabs.setTabVisible(self.tabs.indexOf(tab), format_.ending != "json")
        number = self.tabs.indexOf(self.kind_tab)
        title = self.kind_tab.title(format_)
        self.tabs.setTabVisible(number, bool(title))
        self.tabs.setTabText(number, title)

    def _check_place(self) -> None:
        if not self.place():
            raise BadInput(self.tr("Choose where to write the files"))

"""How the frames look: size, scale, theme, margin, and the smallest type that will do."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLabel, QVBoxLayout

from cnnviz.export.formats import Format
from cnnviz.lesson.plans import SIDES, Plan, PlanTheme
from cnnviz.views.fields import ChoiceBox, PairField
from cnnviz.views.forms import form_layout
from cnnviz.views.plan_tab import PlanTab, real_box

SIZES = (
    ((1920, 1080), "1080p  1920×1080"),
    ((1280, 720), "720p  1280×720"),
    ((3840, 2160), "4K  3840×2160"),
    ((1600, 1200), "4:3  1600×1200"),
    ((1080, 1080), "Square  1080×1080"),
)
OWN = None
CLEAR = 2
"""The place of the transparent theme in its list."""


class LookTab(PlanTab):
    """Size and colours."""

    def __init__(self) -> None:
        super().__init__()
        tr = self.tr
        self.size_preset = ChoiceBox([*SIZES, (OWN, tr("Own size"))], tr("Size"))
        self.extent = PairField(*SIDES, tr("Width"), tr("Height"), linked=False)
        self.extent.link.hide()
        self.scale = real_box(0.05, 20.0, 0.25, "×", tr("Scale"))
        self.theme = ChoiceBox(
            [("light", tr("Light")), ("dark", tr("Dark")), ("transparent", tr("Transparent"))], tr("Theme")
        )
        self.margin = real_box(0.0, 25.0, 1.0, " %", tr("Margin, as a part of the height"))
        self.smallest = real_box(0.0, 200.0, 1.0, " px", tr("Smallest type, in pixels of the picture"))
        self.smallest.setSpecialValueText(tr("Any"))
        self.smallest.setToolTip(
            tr("Type that is smaller in the picture is refused: the last row cannot read it")
        )
        form = form_layout()
        form.addRow(tr("Si&ze"), self.size_preset)
        form.addRow(self._buddy(tr("Wi&dth × height")), self.extent)
        form.addRow(tr("Sca&le"), self.scale)
        form.addRow(tr("&Theme"), self.theme)
        form.addRow(tr("Safe mar&gin"), self.margin)
        form.addRow(tr("Smallest t&ype"), self.smallest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)
        self._connect()
        self.show_plan(Plan())

    def show_plan(self, plan: Plan) -> None:
        known = plan.size if plan.size in dict(SIZES) else OWN
        self.size_preset.show_choice(known)
        self.extent.show_pair(*plan.size)
        self.extent.setEnabled(known is OWN)
        self.theme.show_choice(plan.theme)
        values = ((self.scale, plan.scale), (self.margin, plan.margin * 100), (self.smallest, plan.smallest))
        for box, value in values:
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def show_format(self, format_: Format) -> None:
        model = self.theme.model()
        assert isinstance(model, QStandardItemModel)
        model.item(CLEAR).setEnabled(format_.clear)
        if not format_.clear and self.theme.choice == "transparent":
            self.theme.show_choice("light")

    def applied(self, plan: Plan) -> Plan:
        return replace(
            plan,
            size=(self.extent.rows.value(), self.extent.columns.value()),
            scale=self.scale.value(),
            theme=cast(PlanTheme, self.theme.choice),
            margin=round(self.margin.value() / 100, 4),
            smallest=self.smallest.value(),
        )

    def _buddy(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setBuddy(self.extent)
        return label

    def _connect(self) -> None:
        self.size_preset.choice_edited.connect(self._size_chosen)
        self.extent.pair_edited.connect(lambda _width, _height: self.edited.emit())
        for box in (self.scale, self.margin, self.smallest):
            box.valueChanged.connect(lambda _value: self.edited.emit())
        self.theme.choice_edited.connect(lambda _theme: self.edited.emit())

    def _size_chosen(self, size: object) -> None:
        self.extent.setEnabled(size is OWN)
        if isinstance(size, tuple):
            self.extent.show_pair(*size)
        self.edited.emit()

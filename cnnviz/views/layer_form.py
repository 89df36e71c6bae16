"""The layer panel: everything about the chosen layer, what follows it, the shapes and the pace."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnviz.lesson.layer_edits import ACTIVATION_KINDS, NONE, POOL_KINDS
from cnnviz.lesson.layer_form import Choice, Item, LayerForm
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import GAP, MARGIN, form_layout, heading, quiet
from cnnviz.views.keys import Form, follow_the_eye
from cnnviz.views.layer_chooser import LayerChooser
from cnnviz.views.layer_items import ItemWidget, choices_of, widget_for
from cnnviz.views.refusal import Refusal


class LayerFormView(Form):
    """One layer of one track.

    Signals
    -------
    number_edited : str, int, bool
        The key of a limit such as ``stride`` or ``padding.top``, the value, whether a slider is being dragged.
    option_edited : str, object
        Any other field and its value; ``kind`` for another activation or pooling in its place.
    drag_finished
    activation_edited, pooling_edited : str
        What shall follow the layer.
    pace_edited : str or None
        None for the default.
    """

    number_edited = Signal(str, int, bool)
    option_edited = Signal(str, object)
    drag_finished = Signal()
    activation_edited = Signal(str)
    pooling_edited = Signal(str)
    pace_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: LayerForm | None = None
        self._shown: LayerForm | None = None
        self._kinds: list[object] = []
        self.items: list[ItemWidget] = []
        self.chooser = LayerChooser()
        self.nothing = quiet(self.tr("Nothing to set here."))
        self.activation = ChoiceBox(choices_of((NONE, *ACTIVATION_KINDS)), self.tr("Activation after it"))
        self.pooling = ChoiceBox(choices_of((NONE, *POOL_KINDS)), self.tr("Pooling after it"))
        self.pace = ChoiceBox(
            [
                (None, self.tr("Default")),
                ("multiply", self.tr("Products")),
                ("cell", self.tr("Cell")),
                ("row", self.tr("Row")),
                ("channel", self.tr("Channel")),
                ("layer", self.tr("Layer")),
                ("auto", self.tr("Auto")),
                ("iteration", self.tr("Iteration")),
            ],
            self.tr("Pace"),
        )
        self.shapes = quiet()
        self.error = Refusal(self)
        self._lay_out()
        self.activation.choice_edited.connect(self.activation_edited.emit)
        self.pooling.choice_edited.connect(self.pooling_edited.emit)
        self.pace.choice_edited.connect(self.pace_edited)

    def show_form(self, form: LayerForm) -> None:
        """Show a layer, at once or when the panel comes to the front; says nothing."""
        self._form = form
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        # A panel behind another one is not rebuilt at every section that the playhead passes.
        self._show()
        super().showEvent(event)

    def _show(self) -> None:
        form = self._form
        if form is None or form is self._shown:
            return
        self._shown = form
        self.error.show_error("")
        kinds: list[object] = [_kind_of(item) for item in form.items]
        if kinds != self._kinds:
            self._rebuild(form.items)
            self._kinds = kinds
        for widget, item in zip(self.items, form.items, strict=True):
            widget.show_item(item)
        self.nothing.setText(form.note or self.tr("Nothing to set here."))
        self.nothing.setVisible(not form.items)
        self._show_following(self.activation, form.activation)
        self._show_following(self.pooling, form.pooling)
        self._then.setVisible(form.activation is not None or form.pooling is not None)
        self.pace.show_choice(form.pace)
        texts = [_shape_text(shape) for shape in form.shapes]
        texts[form.at] = f"[{texts[form.at]}]"
        self.shapes.setText(" → ".join(texts))

    def item(self, name: str) -> ItemWidget:
        """The widget of a field; `StopIteration` when the layer has none of that name."""
        return next(widget for widget in self.items if widget.name == name)

    # Building

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(self.chooser)
        layout.addWidget(self.shapes)
        self._own = QVBoxLayout()
        self._own.setSpacing(GAP)
        layout.addLayout(self._own)
        layout.addWidget(self.nothing)
        self._then = heading(self.tr("Then"))
        layout.addSpacing(GAP // 2)
        layout.addWidget(self._then)
        after = self._after = form_layout()
        after.addRow(self.tr("A&ctivation"), self.activation)
        after.addRow(self.tr("Pool&ing"), self.pooling)
        layout.addLayout(after)
        steps = form_layout()
        steps.addRow(self.tr("Step b&y"), self.pace)
        layout.addSpacing(GAP // 2)
        layout.addLayout(steps)
        layout.addStretch(1)

    def _rebuild(self, items: tuple[Item, ...]) -> None:
        for old in self.items:
            self._own.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.items = [widget_for(item) for item in items]
        for widget in self.items:
            self._own.addWidget(widget)
            widget.number_edited.connect(self.number_edited)
            widget.option_edited.connect(self.option_edited)
            widget.drag_finished.connect(self.drag_finished)
            widget.refused.connect(lambda line, widget=widget: self.error.show_error(line, widget))
        follow_the_eye((self.chooser, *self.items, self.activation, self.pooling, self.pace))

    def _show_following(self, box: ChoiceBox, kind: str | None) -> None:
        self._after.setRowVisible(box, kind is not None)
        if kind is not None:
            box.show_choice(kind)


def _kind_of(item: Item) -> object:
    """What decides which widget shows an item."""
    return type(item), item.name, item.options if isinstance(item, Choice) else ()


def _shape_text(shape: tuple[int, int, int]) -> str:
    channels, rows, columns = shape
    return f"{rows}×{columns}" if channels == 1 else f"{rows}×{columns}×{channels}"

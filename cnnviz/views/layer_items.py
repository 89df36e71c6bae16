"""A widget for each thing that can be changed about a layer, made by what it is and named by its field."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSignalBlocker, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnnviz.lesson.layer_form import Choice, Item, Number, Pair, Real, Sides, Switch, kind_names
from cnnviz.views.fields import ChoiceBox, NumberField
from cnnviz.views.forms import quiet
from cnnviz.views.limited import FourSides, LimitedNumber
from cnnviz.views.pair_slider import PairSlider

TEXTS: dict[str, str] = {
    "kernel_size": str(QT_TRANSLATE_NOOP("LayerItems", "Si&ze")),
    "stride": str(QT_TRANSLATE_NOOP("LayerItems", "St&ride")),
    "dilation": str(QT_TRANSLATE_NOOP("LayerItems", "&Dilation")),
    "groups": str(QT_TRANSLATE_NOOP("LayerItems", "&Groups")),
    "padding": str(QT_TRANSLATE_NOOP("LayerItems", "P&adding")),
    "output_padding": str(QT_TRANSLATE_NOOP("LayerItems", "&Output padding")),
    "padding_mode": str(QT_TRANSLATE_NOOP("LayerItems", "Filled &with")),
    "flipped": str(QT_TRANSLATE_NOOP("LayerItems", "Tr&ue convolution (180°)")),
    "ceil_mode": str(QT_TRANSLATE_NOOP("LayerItems", "Windows may &jut out at the end")),
    "count_include_pad": str(QT_TRANSLATE_NOOP("LayerItems", "&Mean counts the padding")),
    "negative_slope": str(QT_TRANSLATE_NOOP("LayerItems", "Slope &below 0")),
    "alpha": str(QT_TRANSLATE_NOOP("LayerItems", "&Alpha")),
    "approximate": str(QT_TRANSLATE_NOOP("LayerItems", "Appro&ximation")),
    "shortcut": str(QT_TRANSLATE_NOOP("LayerItems", "S&hortcut")),
    "scale": str(QT_TRANSLATE_NOOP("LayerItems", "f(&x) added, in %")),
    "kind": str(QT_TRANSLATE_NOOP("LayerItems", "&Kind")),
    "mean.0": str(QT_TRANSLATE_NOOP("LayerItems", "&Mean")),
    "std.0": str(QT_TRANSLATE_NOOP("LayerItems", "Standar&d deviation")),
}
"""What each field is called, with its access key."""

WORDS: dict[str, str] = {
    "valid": str(QT_TRANSLATE_NOOP("LayerItems", "Valid (none)")),
    "same": str(QT_TRANSLATE_NOOP("LayerItems", "Same (TensorFlow)")),
    "same-lower": str(QT_TRANSLATE_NOOP("LayerItems", "Same, lower (ONNX)")),
    "half": str(QT_TRANSLATE_NOOP("LayerItems", "Half (symmetric)")),
    "full": str(QT_TRANSLATE_NOOP("LayerItems", "Full")),
    "": str(QT_TRANSLATE_NOOP("LayerItems", "Own amounts")),
    "zeros": str(QT_TRANSLATE_NOOP("LayerItems", "Zeros")),
    "reflect": str(QT_TRANSLATE_NOOP("LayerItems", "Reflect")),
    "replicate": str(QT_TRANSLATE_NOOP("LayerItems", "Replicate")),
    "circular": str(QT_TRANSLATE_NOOP("LayerItems", "Circular")),
    "none": str(QT_TRANSLATE_NOOP("LayerItems", "None")),
    "tanh": "Tanh",
}
"""What each word of a choice is called."""


def tr(text: str) -> str:
    """A text of this module in the language of the window."""
    return QCoreApplication.translate("LayerItems", text)


def title_of(name: str) -> str:
    """What a field is called; further numbers of the same kind by their channel."""
    if name in TEXTS:
        return tr(TEXTS[name])
    stem, _, number = name.partition(".")
    return f"{tr(TEXTS[f'{stem}.0']).replace('&', '')} {number}"


def choices_of(options: tuple[str, ...]) -> list[tuple[object, str]]:
    """The words of a choice with their texts."""
    kinds = kind_names()
    return [(word, kinds.get(word) or tr(WORDS[word])) for word in options]


class ItemWidget(QWidget):
    """Shows one item of a layer.

    Signals
    -------
    number_edited : str, int, bool
        The key of a limit, the value, and whether a slider is being dragged.
    option_edited : str, object
        Any other field and its value.
    drag_finished
    refused : str
    """

    number_edited = Signal(str, int, bool)
    option_edited = Signal(str, object)
    drag_finished = Signal()
    refused = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)

    def show_item(self, item: Item) -> None:
        """Show what the item is now; says nothing."""
        raise NotImplementedError

    def _labelled(self, field: QWidget, beside: bool = False) -> QLabel:
        """Put a field under its title, or beside it."""
        label = QLabel(title_of(self.name))
        label.setBuddy(field)
        if beside:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(label)
            row.addWidget(field, 1)
            self.column.addLayout(row)
        else:
            self.column.addWidget(label)
            self.column.addWidget(field)
        return label


class PairItem(ItemWidget):
    """A number for rows and one for columns."""

    def __init__(self, item: Pair) -> None:
        super().__init__(item.name)
        self.pair = PairSlider(item.name, title_of(item.name))
        self.column.addWidget(self.pair)
        self.pair.number_edited.connect(self.number_edited)
        self.pair.drag_finished.connect(self.drag_finished)

    def show_item(self, item: Item) -> None:
        assert isinstance(item, Pair)
        self.pair.show_pair(item)


class NumberItem(ItemWidget):
    """One whole number."""

    def __init__(self, item: Number) -> None:
        super().__init__(item.name)
        self.number = LimitedNumber(title_of(item.name).replace("&", ""))
        self._labelled(self.number)
        self.number.number_edited.connect(lambda value, drag: self.number_edited.emit(self.name, value, drag))
        self.number.drag_finished.connect(self.drag_finished)

    def show_item(self, item: Item) -> None:
        assert isinstance(item, Number)
        self.number.show_limited(item.value, item.limit)


class SidesItem(ItemWidget):
    """Four amounts."""

    def __init__(self, item: Sides) -> None:
        super().__init__(item.name)
        names = tr("Padding above"), tr("Padding below"), tr("Padding left"), tr("Padding right")
        self.sides = FourSides(tr("Padding on all sides"), names)
        self.column.addWidget(self.sides)
        self.sides.number_edited.connect(
            lambda side, value, drag: self.number_edited.emit(
                f"{self.name}.{side}" if side else self.name, value, drag
            )
        )
        self.sides.drag_finished.connect(self.drag_finished)

    def show_item(self, item: Item) -> None:
        assert isinstance(item, Sides)
        self.sides.show_sides(item.values, item.alike, item.each)


class ChoiceItem(ItemWidget):
    """One of several words, and what the chosen one means."""

    def __init__(self, item: Choice) -> None:
        super().__init__(item.name)
        self.box = ChoiceBox(choices_of(item.options), title_of(item.name).replace("&", ""))
        # The rules of padding have long names.
        self._labelled(self.box, beside=item.name != "padding")
        self.note = quiet()
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.column.addWidget(self.note)
        self.box.choice_edited.connect(lambda word: self.option_edited.emit(self.name, word))

    def show_item(self, item: Item) -> None:
        assert isinstance(item, Choice)
        self.box.show_choice(item.value)
        self.note.setText(item.note)
        self.note.setVisible(bool(item.note))
        self.box.setAccessibleDescription(item.note)


class SwitchItem(ItemWidget):
    """On or off."""

    def __init__(self, item: Switch) -> None:
        super().__init__(item.name)
        self.box = QCheckBox(title_of(item.name))
        self.column.addWidget(self.box)
        self.box.toggled.connect(lambda on: self.option_edited.emit(self.name, on))

    def show_item(self, item: Item) -> None:
        assert isinstance(item, Switch)
        with QSignalBlocker(self.box):
            self.box.setChecked(item.on)


class RealItem(ItemWidget):
    """One number typed as text."""

    def __init__(self, item: Real) -> None:
        super().__init__(item.name)
        self.field = NumberField()
        self.field.setAccessibleName(title_of(item.name).replace("&", ""))
        self._labelled(self.field, beside=True)
        self.field.number_edited.connect(lambda value: self.option_edited.emit(self.name, value))
        self.field.refused.connect(self.refused)

    def show_item(self, item: Item) -> None:
        assert isinstance(item, Real)
        self.field.show_text(item.text)


def widget_for(item: Item) -> ItemWidget:
    """The widget that shows such an item."""
    match item:
        case Pair():
            return PairItem(item)
        case Sides():
            return SidesItem(item)
        case Number():
            return NumberItem(item)
        case Choice():
            return ChoiceItem(item)
        case Switch():
            return SwitchItem(item)
        case Real():
            return RealItem(item)

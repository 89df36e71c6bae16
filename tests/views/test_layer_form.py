"""The layer panel by mouse and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import Add, AnyLayer, BatchNorm, ConvTranspose, Flatten, LeakyRelu
from cnnviz.lesson.layer_form import LayerForm, layer_form
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.places import Place, PlaceForm
from cnnviz.lesson.source import Source
from cnnviz.views.layer_form import LayerFormView
from cnnviz.views.layer_items import ChoiceItem, NumberItem, PairItem, RealItem, SidesItem, SwitchItem
from tests.views.scenes import lesson
from tests.views.signals import heard, turn_wheel

Key = Qt.Key


@pytest.fixture
def form(qtbot: QtBot) -> LayerFormView:
    view = LayerFormView()
    qtbot.addWidget(view)
    view.resize(260, 700)
    view.show_form(layer_form(lesson()))
    with qtbot.waitExposed(view):
        view.show()
    return view


def of(spec: AnyLayer, weight: tuple[int, ...] | None = None) -> LayerForm:
    params = None if weight is None else Params(np.ones(weight))
    return layer_form(Lesson("", (Track(Source(np.ones((2, 4, 4))), (spec,), (params,)),)))


def pair(view: LayerFormView, name: str) -> PairItem:
    item = view.item(name)
    assert isinstance(item, PairItem)
    return item


def choice(view: LayerFormView, name: str) -> ChoiceItem:
    item = view.item(name)
    assert isinstance(item, ChoiceItem)
    return item


def sides(view: LayerFormView) -> SidesItem:
    return next(item for item in view.items if isinstance(item, SidesItem))


def test_it_shows_the_layer_and_the_shapes(form: LayerFormView) -> None:
    assert choice(form, "padding").box.currentText() == "Valid (none)"
    assert choice(form, "padding").note.text() == "Only windows inside the input."
    assert [box.value() for box in sides(form).sides.boxes] == [0, 0, 0, 0]
    assert form.activation.currentText() == "ReLU"
    assert form.pooling.currentText() == "Max pooling"
    assert form.pace.currentText() == "Default"
    assert form.shapes.text() == "6×6×3 → [4×4×2] → 4×4×2 → 2×2×2"


def test_showing_says_nothing(form: LayerFormView) -> None:
    signals = (
        *(form.number_edited, form.option_edited, form.activation_edited, form.pooling_edited),
        *(form.pace_edited, form.drag_finished),
    )
    said = [heard(signal) for signal in signals]
    track = lesson().tracks[0]
    other = Conv(2, (3, 3), (2, 1), (1, 2, 3, 4), (1, 2), 1, "reflect", True)
    form.show_form(layer_form(Lesson("", (replace(track, layers=(other,), params=track.params[:1]),), "row")))
    assert [box.value() for box in sides(form).sides.boxes] == [1, 2, 3, 4]
    assert choice(form, "padding_mode").box.currentText() == "Reflect"
    assert (form.pace.currentText(), form.pooling.currentText()) == ("Row", "None")
    form.show_form(of(LeakyRelu(0.5)))
    form.show_form(of(Flatten()))
    assert said == [[]] * 6


def test_a_slider_moved_by_keys_says_rows_and_columns_as_one(form: LayerFormView, qtbot: QtBot) -> None:
    said = heard(form.number_edited)
    stride = pair(form, "stride").pair
    qtbot.keyClick(stride.rows.slider, Key.Key_Right)
    assert said == [("stride", 2, False)]
    assert stride.rows.box.value() == 2
    assert not stride.columns.isVisible()


def test_an_open_link_gives_each_its_own_slider(form: LayerFormView, qtbot: QtBot) -> None:
    said = heard(form.number_edited)
    stride = pair(form, "stride").pair
    qtbot.mouseClick(stride.link, Qt.MouseButton.LeftButton)
    assert stride.columns.isVisible()
    qtbot.keyClick(stride.columns.slider, Key.Key_Right)
    stride.rows.box.stepUp()
    assert said == [("stride.columns", 2, False), ("stride.rows", 2, False)]


def test_the_slider_ends_where_the_limit_is_and_says_why(form: LayerFormView, qtbot: QtBot) -> None:
    size = pair(form, "kernel_size").pair.rows
    assert not size.why.isVisible()
    qtbot.keyClick(size.slider, Key.Key_End)
    assert size.box.value() == 5
    small = Lesson(
        "", (replace(lesson().tracks[0], layers=(Conv(2, (3, 3), (3, 3)), *lesson().tracks[0].layers[1:])),)
    )
    form.show_form(layer_form(small))
    stride = pair(form, "stride").pair.rows
    assert stride.why.text().startswith("stride 3 is the last: Max pooling after it")
    assert stride.why.isVisible()


def test_padding_by_rule_and_by_amounts(form: LayerFormView, qtbot: QtBot) -> None:
    options, numbers = heard(form.option_edited), heard(form.number_edited)
    qtbot.keyClick(choice(form, "padding").box, Key.Key_Down)
    qtbot.keyClick(choice(form, "padding").box, Key.Key_Down)
    assert options == [("padding", "same"), ("padding", "same-lower")]
    sides(form).sides.boxes[2].stepUp()
    qtbot.keyClick(sides(form).sides.alike.slider, Key.Key_Right)
    assert numbers == [("padding.left", 1, False), ("padding", 1, False)]


def test_all_sides_have_no_number_while_they_differ(form: LayerFormView, qtbot: QtBot) -> None:
    said = heard(form.number_edited)
    uneven = replace(lesson().tracks[0], layers=(Conv(2, (2, 2), (1, 1), (0, 1, 0, 1)),))
    form.show_form(layer_form(Lesson("", (replace(uneven, params=uneven.params[:1]),))))
    alike = sides(form).sides.alike.box
    assert alike.text() == "–"
    assert said == []
    alike.setFocus()
    alike.selectAll()
    qtbot.keyClicks(alike, "1")
    qtbot.keyClick(alike, Key.Key_Return)
    assert said == [("padding", 1, False)]
    form.show_form(layer_form(lesson()))
    assert alike.text() == "0"
    form.show_form(layer_form(Lesson("", (replace(uneven, params=uneven.params[:1]),))))
    alike.stepUp()
    assert alike.text() == "0"


def test_a_typed_number_is_said_once_and_within_the_limits(form: LayerFormView, qtbot: QtBot) -> None:
    said = heard(form.number_edited)
    box = pair(form, "stride").pair.rows.box
    box.selectAll()
    qtbot.keyClicks(box, "3")
    qtbot.keyClick(box, Key.Key_Return)
    assert said == [("stride", 3, False)]


def test_switches_and_what_follows(form: LayerFormView, qtbot: QtBot) -> None:
    options, act, pool = heard(form.option_edited), heard(form.activation_edited), heard(form.pooling_edited)
    pace = heard(form.pace_edited)
    flipped = form.item("flipped")
    assert isinstance(flipped, SwitchItem)
    qtbot.keyClick(flipped.box, Key.Key_Space)
    qtbot.keyClick(form.activation, Key.Key_Down)
    qtbot.keyClick(form.activation, Key.Key_Home)
    qtbot.keyClick(form.pooling, Key.Key_Down)
    qtbot.keyClick(form.pace, Key.Key_Down)
    qtbot.keyClick(form.pace, Key.Key_Up)
    qtbot.keyClick(choice(form, "padding_mode").box, Key.Key_End)
    assert options == [("flipped", True), ("padding_mode", "circular")]
    assert act == [("leaky_relu",), ("none",)]
    assert pool == [("avg_pool2d",)]
    assert pace == [("multiply",), (None,)]


def test_groups_step_over_what_does_not_divide(form: LayerFormView, qtbot: QtBot) -> None:
    four = Track(Source(np.ones((4, 3, 3))), (Conv(8, (1, 1)),), (Params(np.ones((8, 4, 1, 1))),))
    form.show_form(layer_form(Lesson("", (four,))))
    said = heard(form.number_edited)
    groups = form.item("groups")
    assert isinstance(groups, NumberItem)
    qtbot.keyClick(groups.number.slider, Key.Key_End)
    groups.number.box.stepDown()
    groups.number.box.selectAll()
    qtbot.keyClicks(groups.number.box, "3")
    qtbot.keyClick(groups.number.box, Key.Key_Return)
    assert [value for _, value, _ in said] == [4, 2, 4]  # 3 lies as near to 2 as to 4


def test_every_kind_of_layer_has_its_form(form: LayerFormView, qtbot: QtBot) -> None:
    form.show_form(of(ConvTranspose(1, (2, 2), (2, 2)), (2, 1, 2, 2)))
    assert [item.name for item in form.items][:4] == ["kernel_size", "stride", "padding", "output_padding"]
    form.show_form(of(LeakyRelu(0.25)))
    slope = form.item("negative_slope")
    assert isinstance(slope, RealItem)
    assert slope.field.text() == "0.25"
    options = heard(form.option_edited)
    slope.field.selectAll()
    qtbot.keyClicks(slope.field, "1,5")
    qtbot.keyClick(slope.field, Key.Key_Return)
    qtbot.keyClick(choice(form, "kind").box, Key.Key_Home)
    assert options == [("negative_slope", 1.5), ("kind", "none")]
    slope.field.selectAll()
    qtbot.keyClicks(slope.field, "x")
    qtbot.keyClick(slope.field, Key.Key_Return)
    assert form.error.isVisible()
    form.show_form(of(Flatten()))
    assert form.nothing.isVisible()
    assert not form.error.isVisible()


def test_an_addition_by_keys(form: LayerFormView, qtbot: QtBot) -> None:
    track = Track(Source(np.ones((2, 4, 4))), (BatchNorm(), Add(0)), (None, None))
    form.show_form(layer_form(Lesson("", (track,)), 0, 1))
    shortcut, scale = form.item("shortcut"), form.item("scale")
    assert isinstance(shortcut, SwitchItem)
    assert isinstance(scale, NumberItem)
    numbers, options = heard(form.number_edited), heard(form.option_edited)
    qtbot.keyClick(scale.number.slider, Key.Key_Left)
    qtbot.keyClick(scale.number.slider, Key.Key_Home)
    qtbot.keyClick(shortcut.box, Key.Key_Space)
    assert numbers == [("scale", 99, False), ("scale", 0, False)]
    assert options == [("shortcut", False)]
    form.show_form(layer_form(Lesson("", (track,)), 0, 0))
    assert form.nothing.isVisible()
    assert "its mean" in form.nothing.text()


def test_the_layers_are_offered_pinned_and_alone(form: LayerFormView, qtbot: QtBot) -> None:
    places = (Place(0, 0, "a ▸ Convolution"), Place(1, 0, "b ▸ Convolution"))
    chooser = form.chooser
    asked, pinned, alone = (
        heard(chooser.place_requested),
        heard(chooser.pin_requested),
        heard(chooser.alone_requested),
    )
    chooser.show_form(PlaceForm(places, 0, False, False, True))
    qtbot.keyClick(chooser.list, Key.Key_Down)
    qtbot.mouseClick(chooser.pin, Qt.MouseButton.LeftButton)
    qtbot.keyClick(chooser.alone, Key.Key_Space)
    assert (asked, pinned, alone) == ([(1, 0)], [(True,)], [(True,)])
    chooser.show_form(PlaceForm(places[:1], 0, True, True, False))
    assert not chooser.alone.isVisible()
    assert chooser.pin.isChecked()


def test_a_drag_of_the_slider_is_told_apart(form: LayerFormView, qtbot: QtBot) -> None:
    said, ended = heard(form.number_edited), heard(form.drag_finished)
    slider = pair(form, "stride").pair.rows.slider
    middle = slider.height() // 2
    spot = slider.rect().center()
    spot.setX(6)
    spot.setY(middle)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=spot)
    spot.setX(slider.width() - 6)
    qtbot.mouseMove(slider, spot)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=spot)
    assert said[-1] == ("stride", 3, True)
    assert len(ended) == 1


def test_the_wheel_turns_only_the_field_that_has_the_focus(form: LayerFormView) -> None:
    said, chosen = heard(form.number_edited), heard(form.pace_edited)
    stride = pair(form, "stride").pair.rows
    form.setFocus()
    for field in (stride.slider, stride.box, form.pace):
        turn_wheel(field, -1)
    assert (said, chosen, stride.box.value()) == ([], [], 1)
    stride.box.setFocus()
    turn_wheel(stride.box, 1)
    assert said == [("stride", 2, False)]


def test_a_panel_that_is_not_seen_is_built_when_it_is(qtbot: QtBot) -> None:
    view = LayerFormView()
    qtbot.addWidget(view)
    view.show_form(layer_form(lesson()))
    assert view.items == []
    view.show()
    assert pair(view, "stride").pair.rows.box.maximum() == 3


@pytest.mark.parametrize("width", [228, 300])
def test_nothing_is_wider_than_the_panel(form: LayerFormView, qtbot: QtBot, width: int) -> None:
    forms = [
        layer_form(lesson()),
        of(ConvTranspose(1, (2, 2), (2, 3)), (2, 1, 2, 2)),
        of(LeakyRelu(0.25)),
    ]
    for shown in forms:
        form.show_form(shown)
        assert form.minimumSizeHint().width() <= width
        form.resize(width, 700)
        QApplication.processEvents()
        for item in form.items:
            assert item.geometry().right() < width

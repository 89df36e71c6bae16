"""The geometry form."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnviz.lesson.forms import layer_form
from cnnviz.views.layer_form import LayerFormView
from tests.views.scenes import lesson
from tests.views.signals import heard


@pytest.fixture
def form(qtbot: QtBot) -> LayerFormView:
    view = LayerFormView()
    qtbot.addWidget(view)
    view.show_form(layer_form(lesson()))
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_it_shows_the_layer_and_the_shapes(form: LayerFormView) -> None:
    assert form.padding.currentText() == "Valid (none)"
    assert [box.value() for box in form.pads] == [0, 0, 0, 0]
    assert form.activation.currentText() == "ReLU"
    assert form.pool.currentText() == "Max"
    assert form.pace.currentText() == "Default"
    assert form.shapes.text() == "6×6×3 → 4×4×2 → 4×4×2 → 2×2×2"


def test_showing_says_nothing(form: LayerFormView) -> None:
    signals = (form.geometry_edited, form.activation_edited, form.pooling_edited, form.pace_edited)
    said = [heard(signal) for signal in signals]
    shown = replace(
        layer_form(lesson()),
        padding="",
        pads=(1, 2, 3, 4),
        padding_mode="reflect",
        stride=(2, 3),
        dilation=(2, 2),
        activation="none",
        pool="avg",
        pool_size=(3, 2),
        pool_stride=(1, 1),
        pace="row",
    )
    form.show_form(shown)
    assert said == [[]] * 4
    assert [box.value() for box in form.pads] == [1, 2, 3, 4]
    assert form.mode.currentText() == "Reflect"
    assert form.pace.currentText() == "Row"


def test_padding_by_word(form: LayerFormView, qtbot: QtBot) -> None:
    said = heard(form.geometry_edited)
    qtbot.keyClick(form.padding, Qt.Key.Key_Down)
    qtbot.keyClick(form.padding, Qt.Key.Key_Down)
    assert said == [({"padding": "same"},), ({"padding": "full"},)]


def test_padding_by_amounts_above_below_left_right(form: LayerFormView) -> None:
    said = heard(form.geometry_edited)
    form.pads[2].stepUp()
    assert said == [({"padding": (0, 0, 1, 0)},)]


def test_stride_moves_both_ways_until_the_link_is_opened(form: LayerFormView) -> None:
    said = heard(form.geometry_edited)
    form.stride.rows.stepUp()
    form.stride.link.click()
    form.stride.rows.stepUp()
    form.dilation.columns.stepUp()
    assert said == [({"stride": (2, 2)},), ({"stride": (3, 2)},), ({"dilation": (2, 2)},)]


def test_a_typed_number_is_said_once(form: LayerFormView, qtbot: QtBot) -> None:
    said = heard(form.geometry_edited)
    form.stride.rows.selectAll()
    qtbot.keyClicks(form.stride.rows, "12")
    qtbot.keyClick(form.stride.rows, Qt.Key.Key_Return)
    assert said == [({"stride": (12, 12)},)]


def test_the_pooling_stride_follows_its_size_until_it_is_chosen(form: LayerFormView) -> None:
    said = heard(form.pooling_edited)
    form.pool_size.rows.stepUp()
    form.pool_stride.rows.stepDown()
    assert said == [("max", (3, 3), (3, 3)), ("max", (3, 3), (2, 2))]


def test_pooling_activation_fill_and_pace_are_chosen(form: LayerFormView, qtbot: QtBot) -> None:
    pool, act = heard(form.pooling_edited), heard(form.activation_edited)
    pace, fill = heard(form.pace_edited), heard(form.geometry_edited)
    qtbot.keyClick(form.pool, Qt.Key.Key_Down)
    qtbot.keyClick(form.activation, Qt.Key.Key_Up)
    qtbot.keyClick(form.pace, Qt.Key.Key_Down)
    qtbot.keyClick(form.pace, Qt.Key.Key_Up)
    qtbot.keyClick(form.mode, Qt.Key.Key_End)
    assert pool == [("avg", (2, 2), (2, 2))]
    assert act == [("none",)]
    assert pace == [("multiply",), (None,)]
    assert fill == [({"padding_mode": "circular"},)]


def test_without_pooling_its_fields_are_off(form: LayerFormView) -> None:
    form.show_form(replace(layer_form(lesson()), pool="none"))
    assert not form.pool_size.isEnabled()
    assert not form.pool_stride.isEnabled()


def test_a_refusal_shows_and_goes_with_the_next_value(form: LayerFormView) -> None:
    form.show_error("stride 9 is too large")
    assert form.error.isVisible()
    form.show_form(layer_form(lesson()))
    assert not form.error.isVisible()

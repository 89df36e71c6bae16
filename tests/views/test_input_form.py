"""The input form."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cnnviz.lesson.forms import InputForm
from cnnviz.lesson.limits import Limit
from cnnviz.views.input_form import InputFormView, working_size
from tests.views.signals import heard

PHOTO = InputForm("cat.png", (3, 300, 400), (1, 300, 400), True, True, (0.0, 255.0), "CC0, by somebody")
SMALL = InputForm("3×2", (2, 3, 2), (2, 3, 2), False, False, (0.0, 9.0), "")
CELLS = ((("0", "1"), ("2", "3"), ("4", "5")), (("10", "11"), ("12", "13"), ("14", "15")))


@pytest.fixture
def form(qtbot: QtBot) -> InputFormView:
    view = InputFormView()
    qtbot.addWidget(view)
    view.resize(240, 700)
    view.show_form(PHOTO)
    view.show_cells(())
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_a_photograph_is_named_with_its_original_size_and_credit(form: InputFormView) -> None:
    assert form.facts.text() == "cat.png\n300×400×3"
    assert form.credit.text() == "CC0, by somebody"
    assert form.colour.currentText() == "Grey"
    assert form.preset.currentText() == "Original"
    assert not form.cells.isVisible()
    assert form.value.text() == "255"


def test_showing_says_nothing(form: InputFormView) -> None:
    said = [heard(s) for s in (form.grey_edited, form.size_edited, form.cells_edited, form.brush_changed)]
    form.show_form(SMALL)
    form.show_cells(CELLS)
    form.show_form(replace(PHOTO, shape=(1, 96, 128)))
    assert said == [[]] * 4
    assert form.preset.currentText() == "128"
    form.show_form(replace(PHOTO, shape=(1, 100, 100)))
    assert form.preset.currentText() == "Own"


def test_a_working_size_keeps_the_proportion(form: InputFormView, qtbot: QtBot) -> None:
    said = heard(form.size_edited)
    qtbot.keyClick(form.preset, Qt.Key.Key_Down)
    qtbot.keyClick(form.preset, Qt.Key.Key_Down)
    qtbot.keyClick(form.preset, Qt.Key.Key_Home)
    assert said == [(192, 256), (96, 128), (300, 400)]  # 300 · 256 / 400 = 192


@pytest.mark.parametrize(
    ("original", "longer", "size"),
    [((1, 4000), 28, (1, 28)), ((4000, 1), 28, (28, 1)), ((2160, 3840), 64, (36, 64)), ((7, 5), 0, (7, 5))],
)
def test_no_side_vanishes(original: tuple[int, int], longer: int, size: tuple[int, int]) -> None:
    assert working_size(*original, longer) == size


def test_grey_or_colour_is_a_choice_of_colour_pictures_only(form: InputFormView, qtbot: QtBot) -> None:
    said = heard(form.grey_edited)
    qtbot.keyClick(form.colour, Qt.Key.Key_Up)
    assert said == [(False,)]
    form.show_form(SMALL)
    assert not form.colour.isEnabled()


def test_cells_of_the_chosen_channel_are_typed_several_at_once(form: InputFormView, qtbot: QtBot) -> None:
    form.show_form(SMALL)
    form.show_cells(CELLS)
    said = heard(form.cells_edited)
    qtbot.keyClick(form.cells.channel, Qt.Key.Key_Down)
    item = form.cells.table.item(2, 1)
    assert item is not None
    assert item.text() == "15"
    form.cells.table.selectRow(1)
    form.cells.table.setFocus()
    qtbot.keyClick(form.cells.table, "7")
    field = form.cells.table.viewport().findChild(QLineEdit)
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said))
    assert said == [([(1, 1, 0, 7.0), (1, 1, 1, 7.0)],)]


def test_the_brush_says_its_value_and_none_when_put_away(form: InputFormView, qtbot: QtBot) -> None:
    said = heard(form.brush_changed)
    form.brush.click()
    form.value.selectAll()
    qtbot.keyClicks(form.value, "12,5")
    qtbot.keyClick(form.value, Qt.Key.Key_Return)
    form.stop_painting()
    assert said == [(255.0,), (12.5,), (None,)]


def test_paste_and_copy_in_the_table(form: InputFormView, qtbot: QtBot) -> None:
    form.show_form(SMALL)
    form.show_cells(CELLS)
    pasted, copied = heard(form.pasted), heard(form.copy_requested)
    QGuiApplication.clipboard().setText("1\t2")
    form.cells.table.setFocus()
    qtbot.keyClick(form.cells.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(form.cells.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert (pasted, copied) == ([("1\t2",)], [("plain", 0)])


def test_the_buttons_ask(form: InputFormView, qtbot: QtBot) -> None:
    said = [heard(s) for s in (form.open_requested, form.new_requested, form.paste_requested)]
    for button in (form.open, form.new, form.paste):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [len(s) for s in said] == [1, 1, 1]


def test_a_rotation_is_typed_or_dragged(form: InputFormView, qtbot: QtBot) -> None:
    said = heard(form.rotation_edited)
    form.show_form(replace(PHOTO, rotation=30, rotation_limit=Limit(-180, 180)))
    assert (form.rotation.box.value(), form.rotation.slider.maximum()) == (30, 360)
    assert not said
    qtbot.keyClick(form.rotation.box, Qt.Key.Key_Up)
    assert said == [(31, False)]


def test_a_picture_made_like_others_says_what_was_done_and_can_be_raw(
    form: InputFormView, qtbot: QtBot
) -> None:
    said = heard(form.like_edited)
    assert not form.like.isVisible()
    form.show_form(replace(PHOTO, shape=(1, 28, 28), grey=False, like=True, done="made like mnist: inverted"))
    assert form.colour.currentText() == "Grey"
    assert form.like.isVisible()
    assert (form.like.isChecked(), form.done.text()) == (True, "made like mnist: inverted")
    # The set decides on size and colour.
    assert [w.isEnabled() for w in (form.colour, form.preset, form.extent)] == [False] * 3
    form.like.click()
    assert said == [(False,)]
    form.show_form(replace(PHOTO, shape=(1, 28, 28), like=False))
    assert (form.like.isChecked(), form.done.isVisible(), form.colour.isEnabled()) == (False, False, True)

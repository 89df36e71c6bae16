"""The panels in the whole window: sliders by mouse, switches by key, tracks and layers by a click on the stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QSlider
from pytestqt.qtbot import QtBot

from cnnviz.engine.layers import Conv, MaxPool, Params
from cnnviz.engine.specs import AnyLayer, Flatten, LeakyRelu, Linear
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import PACES, Lesson, Pace, Track, check
from cnnviz.lesson.source import Source
from cnnviz.timeline.timeline import make_timeline
from cnnviz.views.layer_form import LayerFormView
from cnnviz.views.layer_items import PairItem, RealItem
from tests.helpers.stand import Stand

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def strides() -> Lesson:
    """The same picture and kernel at strides 1 and 2."""
    source = Source(np.arange(36.0).reshape(1, 6, 6))
    params = (Params(np.array([[[[1.0, 0, -1]] * 3]])), None)
    tracks = tuple(
        Track(source, (Conv(1, (3, 3), (s, s)), LeakyRelu(0.25)), params, f"Stride {s}") for s in (1, 2)
    )
    return check(Lesson("Strides", tracks))


def classifier() -> Lesson:
    """Convolution, pooling, flatten and two outputs."""
    layers: tuple[AnyLayer, ...] = (Conv(1, (3, 3)), MaxPool((2, 2), (2, 2)), Flatten(), Linear(2))
    weights = Params(np.ones((1, 1, 3, 3))), Params(np.arange(8.0).reshape(2, 4), np.array([1.0, 2]))
    track = Track(Source(np.eye(6)[None]), layers, (weights[0], None, None, weights[1]))
    return check(Lesson("Classifier", (track,)))


class Panels(Stand):
    """A window on a lesson, and what a person does to it."""

    def __init__(self, qtbot: QtBot, lesson: Lesson) -> None:
        super().__init__(qtbot, make_timeline(lesson))

    @property
    def lesson(self) -> Lesson:
        return self.desk.editing.lesson

    @property
    def count(self) -> int:
        return self.desk.editing.stack.count()

    def convs(self) -> list[Conv]:
        return [spec for track in self.lesson.tracks for spec in track.layers if isinstance(spec, Conv)]

    def panel(self, name: str) -> None:
        self.window.show_panel(name)
        QApplication.processEvents()

    def pair(self, name: str) -> PairItem:
        item = self.window.panels.layer.item(name)
        assert isinstance(item, PairItem)
        return item

    def drag(self, slider: QSlider, *fractions: float) -> None:
        """Press the handle where it is and draw it over fractions of the groove."""
        QApplication.processEvents()
        room = slider.width() - 12
        at = slider.value() / max(1, slider.maximum())
        y = slider.height() // 2
        self.qtbot.mousePress(slider, LEFT, pos=QPoint(6 + round(at * room), y))
        for fraction in fractions:
            self.qtbot.mouseMove(slider, QPoint(6 + round(fraction * room), y))
        self.qtbot.mouseRelease(slider, LEFT, pos=QPoint(6 + round(fractions[-1] * room), y))


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Panels]:
    made = Panels(qtbot, strides())
    yield made
    made.close()


def test_a_drag_of_the_stride_ends_within_the_picture_and_is_one_entry(stand: Panels) -> None:
    stand.panel("layer")
    stand.drag(stand.pair("stride").pair.rows.slider, 0.3, 0.6, 1.0)
    assert [spec.stride for spec in stand.convs()] == [(5, 5), (2, 2)]  # the strides were not alike
    assert (stand.count, stand.desk.editing.stack.undoText()) == (1, "Stride 5")
    assert stand.pair("stride").pair.rows.why.text().startswith("stride 5 is the last")
    stand.key(Key.Key_Z, CTRL)
    assert stand.convs()[0].stride == (1, 1)


def test_what_tracks_share_changes_in_both_and_alone_in_one(stand: Panels, qtbot: QtBot) -> None:
    stand.panel("layer")
    stand.drag(stand.pair("kernel_size").pair.rows.slider, 1.0)
    assert [spec.kernel_size for spec in stand.convs()] == [(6, 6), (6, 6)]
    qtbot.mouseClick(stand.window.panels.layer.chooser.alone, LEFT, pos=QPoint(8, 8))
    stand.drag(stand.pair("kernel_size").pair.rows.slider, 0.0)
    assert [spec.kernel_size for spec in stand.convs()] == [(1, 1), (6, 6)]


def test_a_click_on_another_track_is_followed_by_the_panels(stand: Panels) -> None:
    stand.panel("layer")
    stand.click("conv1", 1, 1, track=1)
    chooser = stand.window.panels.layer.chooser
    assert chooser.list.currentText() == "Stride 2 ▸ Convolution"
    assert stand.pair("stride").pair.rows.box.value() == 2
    stand.key(Key.Key_P)
    stand.key(Key.Key_End)
    assert (chooser.list.currentText(), chooser.pin.isChecked()) == ("Stride 2 ▸ Convolution", True)
    stand.key(Key.Key_P)
    assert chooser.list.currentText() == "Stride 2 ▸ Leaky ReLU"
    slope = stand.window.panels.layer.item("negative_slope")
    assert isinstance(slope, RealItem)
    slope.field.selectAll()
    stand.qtbot.keyClicks(slope.field, "0,5")
    stand.qtbot.keyClick(slope.field, Key.Key_Return)
    assert [track.layers[1] for track in stand.lesson.tracks] == [LeakyRelu(0.5)] * 2


def test_a_weight_is_typed_with_a_decimal_comma_on_the_stage(stand: Panels) -> None:
    stand.key(Key.Key_Comma)
    assert stand.lesson.conventions.decimal == "comma"
    stand.click("conv1.weight", 0, 0, double=True)
    editor = stand.window.stage.findChild(type(stand.window.panels.kernel.bias), "")
    assert editor is not None
    focused = QApplication.focusWidget()
    assert focused is not None
    stand.qtbot.keyClicks(focused, "1,5")
    stand.qtbot.keyClick(focused, Key.Key_Return)
    params = stand.lesson.tracks[0].params[0]
    assert params is not None
    assert params.weight[0, 0, 0].tolist() == [1.5, 0, -1]
    item = stand.window.panels.kernel.table.item(0, 0)
    assert item is not None
    assert item.text() == "1,5"


@pytest.mark.parametrize(
    ("key", "held", "field", "value"),
    [
        (Key.Key_2, ALT, "heat", "uses"),
        (Key.Key_3, ALT, "heat", "fan-out"),
        (Key.Key_4, ALT, "heat", "field"),
        (Key.Key_C, None, "curves", True),
        (Key.Key_K, None, "channels", True),
        (Key.Key_M, None, "marks", True),
        (Key.Key_F, None, "formula", False),
    ],
)
def test_what_is_shown_is_switched_by_a_key(
    stand: Panels, key: Qt.Key, held: Qt.KeyboardModifier | None, field: str, value: object
) -> None:
    stand.key(key, held or Qt.KeyboardModifier.NoModifier)
    assert getattr(stand.lesson.view, field) == value
    name = f"stage.{field}" + (f"-{value}" if field == "heat" else "")
    assert stand.desk.actions[name].isChecked() == bool(value)
    stand.desk.staging.flush()
    stand.key(Key.Key_Z, CTRL)
    assert stand.lesson.view == strides().view
    assert stand.desk.actions["stage.heat-none"].isChecked()


def test_conventions_ranges_and_convolution_by_keys(stand: Panels) -> None:
    stand.key(Key.Key_X)
    stand.key(Key.Key_N)
    stand.key(Key.Key_T)
    assert (stand.lesson.conventions.letters, stand.lesson.conventions.base) == ("xw", 1)
    assert [spec.flipped for spec in stand.convs()] == [True, True]
    before = stand.count
    stand.key(Key.Key_8, ALT)
    assert stand.desk.session.moment.viewpoint.range_mode == "network"
    assert stand.desk.actions["stage.range-network"].isChecked()
    assert stand.count == before


def test_padding_rules_stand_in_the_menu(stand: Panels) -> None:
    stand.desk.actions["layer.padding-same"].trigger()
    assert [spec.padding for spec in stand.convs()] == ["same", "same"]
    assert stand.desk.actions["layer.padding-same"].isChecked()
    stand.panel("layer")
    form = stand.window.panels.layer
    form.number_edited.emit("padding.top", 2, False)
    checked = [
        name for name, action in stand.desk.actions.items() if "padding" in name and action.isChecked()
    ]
    assert checked == []  # own amounts


def test_noise_and_shift_by_sliders(stand: Panels) -> None:
    stand.panel("input")
    view = stand.window.panels.input
    stand.drag(view.noise.slider, 0.2, 0.5)
    assert (stand.count, 45 <= view.noise.box.value() <= 55) == (1, True)
    assert all(
        track.source.transforms == stand.lesson.tracks[0].source.transforms for track in stand.lesson.tracks
    )
    view.draw.click()
    assert stand.desk.editing.stack.undoText() == "New noise, seed 1"
    stand.qtbot.keyClick(view.shift_columns.slider, Key.Key_Right)
    assert stand.desk.inputs.form.shift == (0, 1)
    stand.qtbot.keyClick(view.shift_rows.slider, Key.Key_Home)
    assert stand.desk.inputs.form.shift == (-5, 1)


def test_the_weights_of_a_fully_connected_layer(qtbot: QtBot) -> None:
    stand = Panels(qtbot, classifier())
    stand.key(Key.Key_End)
    editor = stand.window.panels.kernel
    assert editor.chooser.list.currentText() == "Fully connected"
    assert (editor.table.rowCount(), editor.table.columnCount()) == (2, 4)
    assert not editor.presets.isVisible()
    editor.table.setCurrentCell(1, 2)
    qtbot.keyClick(editor.table, "9")
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClick(field, Key.Key_Return)
    qtbot.waitUntil(lambda: stand.count == 1)
    params = stand.lesson.tracks[0].params[3]
    assert params is not None
    assert params.weight.tolist() == [[0, 1, 2, 3], [4, 5, 9, 7]]
    editor.kernel.setCurrentIndex(1)
    editor.kernel.activated.emit(1)
    editor.bias.setFocus()
    editor.bias.selectAll()
    qtbot.keyClicks(editor.bias, "-3")
    qtbot.keyClick(editor.bias, Key.Key_Return)
    bias = stand.lesson.tracks[0].params[3]
    assert bias is not None
    assert bias.bias is not None
    assert bias.bias.tolist() == [1, -3]
    stand.panel("layer")
    stand.desk.choosing.choose(0, 0)
    size = stand.pair("kernel_size").pair.rows
    assert size.box.minimum() == 2  # 4×4 and 5×5 are both pooled to 2×2
    assert size.box.maximum() == 3
    stand.close()


def test_another_lesson_starts_with_its_own_colour_ranges(stand: Panels) -> None:
    stand.key(Key.Key_8, ALT)
    stand.desk.editing.stack.setClean()
    stand.key(Key.Key_N, CTRL)
    assert stand.desk.session.moment.viewpoint.range_mode is None


def test_without_weights_the_kernel_panel_says_so(stand: Panels) -> None:
    bare = replace(strides().tracks[0], layers=(LeakyRelu(0.25),), params=(None,))
    stand.desk.editing.apply("Bare", lambda lesson: replace(lesson, tracks=(bare,)))
    assert stand.window.panels.kernel.nothing.isVisible()
    assert not stand.window.panels.kernel.setting.isVisible()


@pytest.mark.parametrize("pace", [None, *PACES])
def test_every_pace_can_be_shown_in_the_panel(qtbot: QtBot, pace: Pace | None) -> None:
    form = LayerFormView()
    qtbot.addWidget(form)
    form.pace.show_choice(pace)
    assert form.pace.choice == pace


def test_plots_that_are_asked_for_get_room_and_leave_the_panel_above_whole(qtbot: QtBot) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("learn-digits")))  # its plots stand on the stage
    plots, die = stand.dock("plots"), stand.window.panels.learning.die
    assert plots.isHidden()
    plots.toggleViewAction().trigger()
    qtbot.waitUntil(lambda: plots.height() > 250)
    assert die.mapTo(stand.window, die.rect().bottomRight()).x() < stand.window.width()
    stand.close()

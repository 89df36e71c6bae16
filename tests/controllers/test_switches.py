"""The switches of the menus Stage and Layer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.actions import ACTIONS
from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.switches import Switches
from cnnviz.engine.layers import Conv, Relu
from cnnviz.lesson.lesson import Conventions, Track, View
from tests.controllers.lessons import timeline_of


class Desk:
    def __init__(self) -> None:
        self.session = Session(Moment(timeline_of()))
        self.editing = Editing(self.session)
        self.choosing = Choosing(self.editing, self.session)
        self.switches = Switches(self.editing, self.session, self.choosing)
        self.said: list[dict[str, bool]] = []
        self.switches.states_changed.connect(self.said.append)

    @property
    def undo(self) -> str:
        return self.editing.stack.undoText()

    @property
    def mode(self) -> object:
        return self.session.moment.viewpoint.range_mode

    @property
    def conv(self) -> Conv:
        spec = self.editing.lesson.tracks[0].layers[0]
        assert isinstance(spec, Conv)
        return spec

    def on(self) -> set[str]:
        return {name for name, on in self.switches.states.items() if on}


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_every_switch_is_an_action_of_its_menu(desk: Desk) -> None:
    listed = {spec.id for spec in ACTIONS if spec.group in ("Stage", "Layer")}
    assert listed == set(desk.switches.ids)
    assert all(spec.checkable and spec.tip for spec in ACTIONS if spec.id in listed)


def test_how_a_plain_lesson_stands(desk: Desk) -> None:
    assert desk.on() == {
        "stage.heat-none", "stage.formula", "stage.plots-auto", "stage.range-layer", "layer.padding-valid",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "view", "undo"),
    [
        ("stage.heat-uses", View(heat="uses"), "Heat-map of uses"),
        ("stage.heat-fan-out", View(heat="fan-out"), "Fan-out of a pixel"),
        ("stage.heat-field", View(heat="field"), "Receptive field"),
        ("stage.curves", View(curves=True), "Curves on"),
        ("stage.channels", View(channels=True), "Opened channels on"),
        ("stage.marks", View(marks=True), "Marks on"),
        ("stage.formula", View(formula=False), "Formulas off"),
        ("stage.plots-loss", View(plots="loss"), "Plot of the loss"),
        ("stage.plots-chain", View(plots="chain"), "Chain rule"),
        ("stage.plots-surface", View(plots="surface"), "Loss over two weights"),
        ("stage.plots-check", View(plots="check"), "Gradient check"),
        ("stage.plots-none", View(plots="none"), "No plot"),
    ],
)
def test_what_is_shown_beside_the_maps_is_an_edit(desk: Desk, name: str, view: View, undo: str) -> None:
    was = name in desk.on()
    desk.switches.flip(name)
    assert (desk.editing.lesson.view, desk.undo) == (view, undo)
    assert (name in desk.on()) != was
    desk.editing.stack.undo()
    assert desk.editing.lesson.view == View()
    assert (name in desk.on()) == was


@pytest.mark.parametrize(
    ("name", "conventions", "undo"),
    [
        ("stage.letters", Conventions(letters="xw"), "Letters xw"),
        ("stage.base", Conventions(base=1), "Indices from 1"),
        ("stage.decimal", Conventions(decimal="comma"), "Decimal comma"),
    ],
)
def test_conventions_are_turned_over(desk: Desk, name: str, conventions: Conventions, undo: str) -> None:
    desk.switches.flip(name)
    assert (desk.editing.lesson.conventions, desk.undo) == (conventions, undo)
    desk.switches.flip(name)
    assert desk.editing.lesson.conventions == Conventions()


def test_one_of_several_chosen_again_stays_and_is_said_again(desk: Desk) -> None:
    desk.switches.flip("stage.heat-none")
    assert desk.editing.stack.count() == 0
    assert desk.said[-1]["stage.heat-none"]


def test_a_colour_range_is_a_view_and_no_edit(desk: Desk) -> None:
    desk.switches.flip("stage.range-network")
    assert [desk.mode] == ["network"]
    assert (desk.editing.stack.count(), desk.said[-1]["stage.range-layer"]) == (0, False)
    desk.switches.flip("stage.range-layer")
    assert [desk.mode] == [None]  # as the lesson has it
    desk.switches.flip("stage.range-map")
    desk.switches.forget_range()
    assert "stage.range-layer" in desk.on()


def test_padding_rules_and_true_convolution(desk: Desk) -> None:
    desk.session.show(index=20)  # in the section of the ReLU: the convolution before it is meant
    desk.switches.flip("layer.padding-same-lower")
    assert (desk.conv.padding, desk.undo) == ("same-lower", "Padding same-lower")
    assert "layer.padding-same-lower" in desk.on()
    desk.switches.flip("layer.flipped")
    assert (desk.conv, desk.undo) == (Conv(1, (3, 3), padding="same-lower", flipped=True), "True convolution")
    desk.switches.flip("layer.flipped")
    assert (desk.conv, desk.undo) == (Conv(1, (3, 3), padding="same-lower"), "Correlation")


def test_pinned_and_alone(desk: Desk) -> None:
    desk.switches.flip("layer.pin")
    desk.switches.flip("layer.alone")
    assert {"layer.pin", "layer.alone"} <= desk.on()
    one = desk.editing.lesson.tracks[0]
    desk.editing.apply("Twice", lambda lesson: replace(lesson, tracks=(one, one)))
    desk.switches.flip("layer.flipped")
    specs = [spec for track in desk.editing.lesson.tracks for spec in track.layers if isinstance(spec, Conv)]
    assert [spec.flipped for spec in specs] == [True, False]
    desk.switches.flip("layer.pin")
    assert "layer.pin" not in desk.on()


def test_without_a_convolution_the_line_says_so(desk: Desk) -> None:
    refused: list[str] = []
    desk.editing.refused.connect(refused.append)
    bare = Track(desk.editing.lesson.tracks[0].source, (Relu(),), (None,))
    desk.editing.apply("Bare", lambda lesson: replace(lesson, tracks=(bare,)))
    desk.switches.flip("layer.padding-full")
    assert refused == ["this track has no convolution: choose another track"]
    assert not desk.said[-1]["layer.padding-full"]

"""From the whole network to a single product and back, by keys alone and by the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Grid, Scene, Text
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.networks import network
from tests.helpers.stand import Stand

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Levels(Stand):
    """A window on a small network, and what a person does to it."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, network("digits"))
        self.desk.preferences.set_motion(False)

    @property
    def level(self) -> str:
        return self.desk.levels.level

    @property
    def pinned(self) -> CellRef | None:
        return self.desk.session.moment.viewpoint.pinned

    def texts(self) -> dict[str, str]:
        return {p.key: p.text for p in self.scene.primitives() if isinstance(p, Text)}


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Levels]:
    made = Levels(qtbot)
    yield made
    made.close()


def test_from_the_network_to_a_single_product_and_back_by_keys(stand: Levels) -> None:
    stand.key(Key.Key_F6)
    assert stand.level == "network"
    stand.key(Key.Key_Right, SHIFT)  # from the map at work, conv1, to relu1
    stand.key(Key.Key_Left, SHIFT)  # and back
    stand.key(Key.Key_Down, SHIFT)
    stand.key(Key.Key_Down, SHIFT)
    assert stand.pinned == CellRef(0, "conv1", 2, 3, 3)
    stand.key(Key.Key_Return)
    assert stand.level == "layer"
    stand.key(Key.Key_Return)
    assert stand.level == "cell"
    scene = stand.scene
    # The nine products of this very cell stand there as numbers.
    products = [p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith("sum/p")]
    focus = stand.desk.session.moment.timeline.focus(0, 0, (2, 3, 3))
    assert products[0].values is not None
    assert products[0].values.size == focus.terms.products.size == 9
    stand.key(Key.Key_Backspace)
    assert stand.level == "layer"
    stand.key(Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert stand.level == "network"
    stand.key(Key.Key_Backspace)
    assert stand.level == "network"


def test_from_a_cell_down_to_its_products_and_back(stand: Levels) -> None:
    stand.desk.session.show(index=40)
    stand.key(Key.Key_F8)
    stand.key(Key.Key_Right, SHIFT)  # another cell than the one at work is chosen
    moment = stand.desk.session.moment
    chosen = stand.pinned
    assert chosen is not None
    pace, place = moment.timeline.lesson.pace, (chosen.plane, chosen.row, chosen.column)
    stand.key(Key.Key_Return)
    timeline, index = stand.desk.session.moment.timeline, stand.desk.session.moment.index
    step = timeline.step(index)
    assert (step.section.tensor, step.cell) == (chosen.tensor, place)
    assert (step.beat, step.products, timeline.lesson.pace) == (Beat.MULTIPLY, 1, "multiply")
    assert stand.pinned is None
    stand.key(Key.Key_Right)
    later = stand.desk.session.moment
    assert later.timeline.step(later.index).products == 2
    stand.key(Key.Key_Return)  # again: to the first of them
    assert stand.desk.session.moment.index == index
    stand.key(Key.Key_Backspace)
    moment = stand.desk.session.moment
    assert (stand.level, moment.timeline.lesson.pace) == ("cell", pace)
    assert not stand.desk.editing.stack.canUndo()  # nothing to be saved is left
    stand.key(Key.Key_Backspace)
    assert stand.level == "layer"


def test_what_was_edited_among_products_stays(stand: Levels) -> None:
    stand.key(Key.Key_F8)
    pace = stand.desk.session.moment.timeline.lesson.pace
    stand.key(Key.Key_Return)
    assert stand.desk.editing.apply("Title", lambda lesson: replace(lesson, title="Mine"))
    stand.key(Key.Key_Escape)
    lesson = stand.desk.session.moment.timeline.lesson
    assert (lesson.title, lesson.pace, stand.level) == ("Mine", pace, "cell")
    stand.desk.editing.stack.setIndex(0)  # so that closing asks nothing


def test_a_cell_without_products_stays_as_it_is(stand: Levels) -> None:
    stand.key(Key.Key_F8)
    moment = stand.desk.session.moment
    ref = CellRef(0, "relu1", 0, 1, 1)
    stand.desk.session.show(index=moment.timeline.index_of(ref))
    before = stand.desk.session.moment
    stand.key(Key.Key_Return)
    assert stand.desk.session.moment.timeline.lesson == before.timeline.lesson
    assert stand.desk.session.moment.index == before.index


def test_escape_goes_up_after_everything_else_it_does(stand: Levels) -> None:
    stand.key(Key.Key_Down, SHIFT)
    chosen = stand.pinned
    stand.key(Key.Key_Escape)
    assert (chosen is None, stand.pinned is None, stand.level) == (False, True, "cell")
    stand.key(Key.Key_Escape)
    stand.key(Key.Key_Escape)
    assert stand.level == "network"


def test_a_double_click_goes_down_to_that_map(stand: Levels) -> None:
    stand.key(Key.Key_F6)
    viewport = stand.desk.window.stage.viewport()
    stand.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=stand.spot("relu1", 3, 3, 3))
    assert stand.level == "layer"
    moment = stand.desk.session.moment
    assert moment.timeline.step(moment.index).section.tensor == "relu1"


def test_on_the_way_back_one_goes_down_to_gradients(stand: Levels) -> None:
    timeline = make_timeline(shipped_lesson("digits-network"))
    back = next(s for s in timeline.sections[0] if s.tensor == "conv1.grad")
    stand.desk.session.show(timeline, back.start)
    stand.key(Key.Key_F6)
    for _ in range(2):
        stand.key(Key.Key_Right, SHIFT)
    assert stand.pinned is not None
    chosen = stand.pinned.tensor
    stand.key(Key.Key_Return)
    moment = stand.desk.session.moment
    assert (stand.level, moment.timeline.step(moment.index).section.tensor) == ("layer", f"{chosen}.grad")
    keys = {p.key for p in stand.scene.primitives()}
    assert any(key.startswith(f"0/{chosen}.grad") for key in keys)
    stand.key(Key.Key_Return)
    assert stand.level == "cell"
    assert stand.desk.session.moment.index == moment.index
    stand.key(Key.Key_Backspace)
    assert stand.level == "layer"


def test_the_menu_tells_the_level(stand: Levels) -> None:
    stand.key(Key.Key_F7)
    checked = [
        name for name in ("network", "layer", "cell") if stand.desk.actions[f"view.level-{name}"].isChecked()
    ]
    assert checked == ["layer"]


def test_the_choice_stays_inside_the_network(stand: Levels) -> None:
    stand.key(Key.Key_F6)
    for _ in range(9):
        stand.key(Key.Key_Right, SHIFT)
    for _ in range(12):
        stand.key(Key.Key_Down, SHIFT)
    assert stand.pinned == CellRef(0, "softmax1", 9, 0, 0)
    for _ in range(9):
        stand.key(Key.Key_Left, SHIFT)
    assert stand.pinned == CellRef(0, "input", 0, 4, 4)
    stand.key(Key.Key_Return)
    moment = stand.desk.session.moment
    assert (stand.level, moment.timeline.step(moment.index).section.tensor) == ("layer", "conv1")


def test_maps_glide_from_level_to_level(stand: Levels) -> None:
    now = [0.0]
    stand.desk.staging._now = lambda: now[0]
    stand.desk.preferences.set_motion(True)
    near = stand.grid("conv1").box
    shown: list[Scene] = []
    stand.desk.staging.scene_changed.connect(shown.append)
    stand.desk.levels.show("network")
    stand.desk.staging.flush()
    far = stand.grid("conv1").box
    first = next(p for p in shown[0].primitives() if isinstance(p, Grid) and p.ref[:2] == ("0/conv1", 0))
    assert abs(first.box.cx - near.cx) < 1e-6
    now[0] = 10.0
    stand.desk.staging._glide()
    last = next(p for p in shown[-1].primitives() if isinstance(p, Grid) and p.ref[:2] == ("0/conv1", 0))
    assert abs(last.box.cx - far.cx) < 1e-6


def test_what_excites_a_channel_comes_by_itself(stand: Levels) -> None:
    stand.desk.levels.show("layer")
    stand.qtbot.waitUntil(lambda: any(p.key.startswith("0/excite/") for p in stand.scene.primitives()))
    patches = [p for p in stand.scene.primitives() if isinstance(p, Grid) and p.key.startswith("0/excite/")]
    assert len(patches) == 9

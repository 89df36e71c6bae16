"""What a pointer means: seek, pin, choose, ask, zoom, pan."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from cnnviz.controllers.picking import Picking
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.staging import Staging
from cnnviz.lesson.edits import set_pace
from cnnviz.scene.primitives import Grid
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.controllers.lessons import lesson_of, timeline_of


class Stand:
    """A session with its scene at 1280×720, and everything that picking hands on."""

    def __init__(self, pace: str | None = None) -> None:
        self.owner = QObject()
        timeline = make_timeline(set_pace(lesson_of(), pace)) if pace else timeline_of()  # type: ignore[arg-type]
        self.session = Session(Moment(timeline), self.owner)
        self.staging = Staging(self.session, parent=self.owner)
        self.staging.set_size(1280, 720)
        self.picking = Picking(self.session, lambda: self.staging.scene, self.owner)
        self.told: list[tuple[object, ...]] = []
        for name in ("weight_selected", "value_requested", "input_painted", "weight_typed", "input_typed"):
            getattr(self.picking, name).connect(lambda *values, name=name: self.told.append((name, *values)))

    @property
    def camera(self) -> Camera:
        return self.session.moment.viewpoint.camera


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    return Stand()


def test_a_click_on_a_cell_goes_to_the_step_that_writes_it(stand: Stand) -> None:
    stand.picking.click(CellRef(0, "relu1", 0, 1, 3))
    assert stand.session.moment.index == 16 + 7
    assert stand.session.moment.viewpoint.pinned is None


def test_a_click_inside_a_coarse_step_pins_the_cell(qtbot: QtBot) -> None:
    stand = Stand("layer")
    ref = CellRef(0, "conv1", 0, 1, 3)
    stand.picking.click(ref)
    assert (stand.session.moment.index, stand.session.moment.viewpoint.pinned) == (0, ref)
    assert stand.picking.unpin()
    assert not stand.picking.unpin()


def test_a_click_on_a_weight_chooses_it_and_stays(stand: Stand) -> None:
    ref = CellRef(0, "conv1.weight", 0, 1, 2)
    stand.picking.click(ref)
    assert stand.told == [("weight_selected", ref)]
    assert stand.session.moment.index == 0


@pytest.mark.parametrize(
    ("tensor", "row", "column", "text"),
    [("conv1.weight", 0, 2, "-1"), ("input", 5, 0, "10"), ("input", 5, 5, "0")],
)
def test_a_double_click_asks_with_the_value_there(
    stand: Stand, tensor: str, row: int, column: int, text: str
) -> None:
    ref = CellRef(0, tensor, 0, row, column)
    stand.picking.double_click(ref)
    assert stand.told == [("value_requested", ref, text)]


@pytest.mark.parametrize("ref", [CellRef(0, "conv1", 0, 0, 0), CellRef(0, "input", 0, -1, 0)])
def test_outputs_and_padding_are_not_edited(stand: Stand, ref: CellRef) -> None:
    stand.picking.double_click(ref)
    stand.picking.paint(ref)
    assert stand.told == []


def test_a_typed_value_goes_where_it_belongs(stand: Stand) -> None:
    weight, cell = CellRef(0, "conv1.weight", 0, 0, 0), CellRef(0, "input", 0, 0, 0)
    stand.picking.set_value(weight, 2.0)
    stand.picking.set_value(cell, 3.0)
    assert stand.told == [("weight_typed", weight, 2.0), ("input_typed", cell, 3.0)]


def test_zoom_keeps_what_is_under_the_pointer(stand: Stand) -> None:
    def cell_under(x: float, y: float) -> tuple[float, float]:
        stand.staging.flush()
        scene = stand.staging.scene
        assert scene is not None
        grid = next(p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/input")
        return (y - grid.origin[1]) / grid.cell, (x - grid.origin[0]) / grid.cell

    scene = stand.staging.scene
    assert scene is not None
    grid = next(p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/input")
    x, y = grid.box.x + 0.6 * grid.box.w, grid.box.y + 0.6 * grid.box.h
    before = cell_under(x, y)
    stand.picking.zoom(2.0, x, y)
    assert stand.camera.zoom == 2
    assert cell_under(x, y) == pytest.approx(before, abs=0.05)


def test_zoom_beside_the_maps_is_about_the_middle(stand: Stand) -> None:
    stand.picking.zoom(2.0, 1.0, 1.0)
    assert stand.camera == Camera(2.0, 0.5, 0.5)
    stand.picking.zoom_middle(0.5)
    assert stand.camera == Camera()


def test_pan_moves_by_pixels_of_the_largest_map(stand: Stand) -> None:
    scene = stand.staging.scene
    assert scene is not None
    grids = [p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/input"]
    stand.picking.zoom_middle(4.0)
    stand.picking.pan(grids[0].box.w, 0.0)
    # The map is moved right by all that is seen of it, a quarter: what is shown moves left by as much.
    assert stand.camera.column == pytest.approx(0.25, abs=0.01)
    stand.picking.fit()
    assert stand.camera == Camera()


def test_actual_size_makes_a_cell_one_pixel(qtbot: QtBot) -> None:
    stand = Stand()
    stand.session.show(timeline=timeline_of(size=2000))
    stand.staging.flush()
    stand.picking.actual_size()
    stand.staging.flush()
    scene = stand.staging.scene
    assert scene is not None
    grid = next(p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/input")
    assert grid.cell == pytest.approx(1.0, abs=0.02)

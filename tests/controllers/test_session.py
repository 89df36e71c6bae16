"""The moment: one place changes it, ends are kept, a pin is let go when it no longer holds."""

from cnnviz.controllers.session import Moment, Session, has_cell
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline
from tests.controllers.lessons import timeline_of


def _session(timeline: Timeline) -> tuple[Session, list[Moment]]:
    session, seen = Session(Moment(timeline)), list[Moment]()
    session.moment_changed.connect(seen.append)
    return session, seen


def test_shows_another_step_and_says_so_once() -> None:
    session, seen = _session(timeline_of())
    session.show(index=5)
    session.show(index=5)
    assert [moment.index for moment in seen] == [5]
    assert session.moment.index == 5


def test_an_index_beyond_an_end_means_that_end() -> None:
    session, _ = _session(timeline_of())
    session.show(index=10**12)
    assert session.moment.index == 35  # 16 cells, 16 through ReLU, 4 pooled
    session.show(index=-3)
    assert session.moment.index == 0


def test_a_shorter_lesson_takes_its_last_step() -> None:
    session, _ = _session(timeline_of())
    session.show(index=35)
    session.show(timeline=timeline_of(pooled=False))
    assert session.moment.index == 31


def test_a_pin_is_let_go_by_the_next_step_but_the_camera_stays() -> None:
    session, _ = _session(timeline_of())
    view = Viewpoint(camera=Camera(2.0), pinned=CellRef(0, "conv1", 0, 1, 2))
    session.show(viewpoint=view)
    assert session.moment.viewpoint == view
    session.show(index=3)
    assert session.moment.viewpoint == Viewpoint(camera=Camera(2.0))


def test_an_edit_keeps_a_pin_whose_cell_is_still_there() -> None:
    session, _ = _session(timeline_of())
    pinned = CellRef(0, "pool1", 0, 1, 1)
    session.show(viewpoint=Viewpoint(pinned=pinned))
    session.show(timeline=timeline_of(), index=7)
    assert session.moment.viewpoint.pinned == pinned
    session.show(timeline=timeline_of(pooled=False))
    assert session.moment.viewpoint.pinned is None


def test_has_cell_knows_maps_and_their_sizes() -> None:
    timeline = timeline_of()
    assert has_cell(timeline, CellRef(0, "conv1", 0, 3, 3))
    assert not has_cell(timeline, CellRef(0, "conv1", 0, 4, 0))
    assert not has_cell(timeline, CellRef(0, "input", 0, 0, 0))
    assert not has_cell(timeline, CellRef(1, "conv1", 0, 0, 0))

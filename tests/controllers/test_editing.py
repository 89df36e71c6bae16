"""Edits: undone and redone to equal lessons, merged when they belong together, refused without a trace."""

import gc
from functools import partial
from weakref import ref

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.edits import set_weight
from cnnviz.lesson.kernel_edits import set_size
from cnnviz.lesson.layer_edits import set_pooling_after
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.viewpoint import Camera, Viewpoint
from tests.controllers.lessons import timeline_of


class Desk:
    """An editing over the 6×6 example, with a clock that is turned by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.session = Session(Moment(timeline_of(), 5))
        self.editing = Editing(self.session, lambda: self.seconds)
        self.refused: list[str] = []
        self.editing.refused.connect(self.refused.append)

    def weight(self, value: float, merge: str | None = None) -> bool:
        """Set the top left weight."""
        return self.editing.apply(f"Set weight to {value:g}", partial(_top_left, value=value), merge)

    @property
    def kernel(self) -> list[float]:
        """The first row of the kernel."""
        params = self.editing.lesson.tracks[0].params[0]
        assert params is not None
        return [float(v) for v in params.weight[0, 0, 0]]


def _top_left(lesson: Lesson, value: float) -> Lesson:
    return set_weight(lesson, (0, 0, 0, 0), value)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_an_edit_is_named_undone_and_redone(desk: Desk) -> None:
    before = desk.editing.lesson
    assert desk.weight(3)
    assert desk.kernel == [3, 0, -1]
    assert desk.editing.stack.undoText() == "Set weight to 3"
    desk.editing.stack.undo()
    assert desk.editing.lesson == before
    assert desk.kernel == [1, 0, -1]
    desk.editing.stack.redo()
    assert desk.kernel == [3, 0, -1]


def test_the_computed_map_follows_the_edit(desk: Desk) -> None:
    desk.weight(3)
    # Three rows of (10 10 10) · (1 0 −1) = 0, and one weight more: 2 · 10.
    assert desk.session.moment.timeline.frame(0).lead.tensor("conv1").values[0, 0].tolist() == [20, 50, 50, 0]


def test_an_edit_that_changes_nothing_is_no_entry(desk: Desk) -> None:
    assert desk.weight(1)
    assert desk.editing.stack.count() == 0


def test_a_run_of_one_thing_is_one_entry(desk: Desk) -> None:
    for value in (2, 3, 4):
        desk.seconds += 0.2
        desk.weight(value, "weight 0")
    assert (desk.editing.stack.count(), desk.editing.stack.undoText()) == (1, "Set weight to 4")
    desk.editing.stack.undo()
    assert desk.kernel == [1, 0, -1]


def test_a_pause_begins_another_entry(desk: Desk) -> None:
    desk.weight(2, "weight 0")
    desk.seconds += 5
    desk.weight(3, "weight 0")
    assert desk.editing.stack.count() == 2


def test_different_things_are_different_entries(desk: Desk) -> None:
    desk.weight(2, "weight 0")
    desk.editing.apply("Set size", lambda lesson: set_size(lesson, (5, 5)), "size")
    assert desk.editing.stack.count() == 2


def test_a_run_of_values_starts_from_the_lesson_before_it(desk: Desk) -> None:
    def doubled(lesson: Lesson) -> Lesson:
        weights = lesson.tracks[0].params[0]
        assert weights is not None
        return set_weight(lesson, (0, 0, 0, 0), 2 * float(weights.weight[0, 0, 0, 0]))

    for _ in range(2):
        desk.editing.apply("Double", doubled, "twice", absolute=True)
    assert desk.kernel == [2, 0, -1]
    desk.seconds += 5
    desk.editing.apply("Double", doubled, "twice", absolute=True)
    assert (desk.kernel, desk.editing.stack.count()) == ([4, 0, -1], 2)
    desk.editing.stack.undo()
    desk.editing.apply("Double", doubled, "twice", absolute=True)
    assert desk.kernel == [4, 0, -1]
    for _ in range(2):
        desk.editing.apply("Double", doubled, "adding")
    assert desk.kernel == [16, 0, -1]


def test_a_run_that_comes_back_leaves_no_entry(desk: Desk) -> None:
    desk.weight(2, "weight 0")
    desk.weight(1, "weight 0")
    assert desk.editing.stack.count() == 0
    assert desk.kernel == [1, 0, -1]


def test_a_refused_edit_changes_nothing_and_says_why(desk: Desk) -> None:
    moment = desk.session.moment
    assert not desk.editing.apply("Set size", lambda lesson: set_size(lesson, (9, 9)))
    assert desk.session.moment is moment
    assert desk.editing.stack.count() == 0
    assert len(desk.refused) == 1
    assert "9x9" in desk.refused[0].replace("×", "x")


def test_an_edit_keeps_the_cell_and_the_view(desk: Desk) -> None:
    view = Viewpoint(camera=Camera(3.0))
    desk.session.show(index=16 + 6, viewpoint=view)  # ReLU, cell (0, 1, 2)
    desk.editing.apply("No pooling", lambda lesson: set_pooling_after(lesson, 0, "none"))
    step = desk.session.moment.timeline.step(desk.session.moment.index)
    assert (step.section.tensor, step.cell) == ("relu1", (0, 1, 2))
    desk.editing.apply("Set size", lambda lesson: set_size(lesson, (5, 5)))
    step = desk.session.moment.timeline.step(desk.session.moment.index)
    assert (step.section.tensor, step.cell) == ("relu1", (0, 1, 1))  # the map is 2×2 now
    assert desk.session.moment.viewpoint == view
    desk.editing.stack.undo()
    assert desk.session.moment.viewpoint == view


def test_an_edit_and_its_undo_give_the_same_bytes(desk: Desk) -> None:
    before = desk.session.moment.timeline.frame(35).lead.tensor("pool1").values.tobytes()
    desk.weight(1 / 3)
    desk.editing.stack.undo()
    assert desk.session.moment.timeline.frame(35).lead.tensor("pool1").values.tobytes() == before


def test_another_document_begins_with_an_empty_history(desk: Desk) -> None:
    desk.weight(2)
    desk.editing.start(timeline_of(pooled=False))
    assert (desk.editing.stack.count(), desk.session.moment.index) == (0, 0)
    assert desk.editing.stack.isClean()


def test_a_lesson_prepared_elsewhere_is_one_edit(desk: Desk) -> None:
    prepared = timeline_of(pooled=False)
    desk.editing.put("Open picture", prepared)
    assert desk.session.moment.timeline is prepared
    desk.editing.stack.undo()
    assert len(desk.editing.lesson.tracks[0].layers) == 3


def test_an_editing_in_a_circle_is_collected_with_its_history_whole(qapp: QApplication) -> None:
    """A crash else, though not always: entries must be deleted before the collector parts what belongs together."""
    desk = Desk()
    for value in (3, 4, 5):
        desk.weight(value)
    desk.editing.stack.undo()
    editing, stack = ref(desk.editing), desk.editing.stack
    ended: list[bool] = []
    stack.destroyed.connect(lambda: ended.append(True))
    del desk, stack
    gc.collect()
    assert editing() is None
    assert ended == [True]

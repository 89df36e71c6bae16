"""While a slider moves the picture nothing is learned anew: the answer follows, with the weights there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.input_editing import InputEditing
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.training import Training
from cnnviz.engine.run import run_chain
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.source import materialise
from cnnviz.scene.learning import state_words
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.frame import TrackFrame
from cnnviz.timeline.timeline import make_timeline


class Desk:
    """The input form over a lesson that learns beside it."""

    def __init__(self, lesson: str) -> None:
        self.session = Session(Moment(make_timeline(shipped_lesson(lesson))))
        self.editing = Editing(self.session)
        self.training = Training(self.session)
        self.inputs = InputEditing(self.editing, Choosing(self.editing, self.session))
        self.training.begin()

    @property
    def descent(self) -> Descent:
        descent = self.session.moment.timeline.descents[0]
        assert descent is not None
        return descent

    @property
    def frame(self) -> TrackFrame:
        return self.session.moment.timeline.frame(self.session.moment.index).lead

    def learned(self, qtbot: QtBot) -> Descent:
        """The descent, once it is done."""
        qtbot.waitUntil(lambda: self.training.progress.state == "done")
        return self.descent


@pytest.fixture
def desk(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(request.param)
    yield made
    made.training.close()


@pytest.mark.parametrize("desk", ["learn-own", "learn-sharpen"], indirect=True)
def test_a_drag_shows_the_answer_of_the_weights_there_are_and_its_end_learns_anew(
    desk: Desk, qtbot: QtBot
) -> None:
    before = desk.learned(qtbot)
    timeline = desk.session.moment.timeline
    desk.session.show(index=timeline.index_at(40))
    own = before.state(40)
    losses, last = before.losses(), before.state(41).params[0]
    assert last is not None
    for columns in (1, 2, 3):
        desk.inputs.set_shift(0, columns, dragging=True)
        assert desk.descent is before
        track = desk.session.moment.timeline.lesson.tracks[0]
        wanted = run_chain(track.layers, own.params, materialise(track.source))
        shown = [t for t in desk.frame.tensors if t.kind == "map"]
        for tensor, values in zip(shown, wanted[1:], strict=True):
            np.testing.assert_allclose(tensor.values, values, rtol=1e-12)
        learning = desk.frame.learning
        assert learning is not None
        assert (learning.iteration, learning.pending) == (40, True)
        told = state_words(desk.session.moment.timeline, desk.frame)
        assert told == "With the weights that were learned from the picture before."
    # What the other picture would have done to the weights is not kept.
    again = before.state(41).params[0]
    assert again is not None
    assert again.weight.tobytes() == last.weight.tobytes()
    assert before.losses().tolist() == losses.tolist()
    desk.inputs.end_drag()
    after = desk.descent
    assert after is not before
    alone = Descent(desk.session.moment.timeline.lesson.tracks[0])
    alone.reach(10**9)
    assert desk.learned(qtbot).losses().tolist() == alone.losses().tolist()
    assert alone.losses().tolist() != losses.tolist()
    learning = desk.frame.learning
    assert learning is not None
    assert not learning.pending
    assert state_words(desk.session.moment.timeline, desk.frame) == ""


@pytest.mark.parametrize("desk", ["digits-network"], indirect=True)
def test_it_learns_anew_also_when_the_slider_only_rests(desk: Desk, qtbot: QtBot) -> None:
    before = desk.learned(qtbot)
    desk.inputs.set_rotation(10, dragging=True)
    desk.inputs.set_rotation(20, dragging=True)
    assert desk.descent is before
    loss = desk.frame.learning
    assert loss is not None
    assert not loss.pending  # of the first update there is nothing to be learned before
    qtbot.waitUntil(lambda: desk.descent is not before)
    assert desk.learned(qtbot).losses().tolist() == [loss.loss]


@pytest.mark.parametrize("desk", ["learn-digits"], indirect=True)
def test_what_learns_from_batches_is_never_learned_anew(desk: Desk, qtbot: QtBot) -> None:
    before = desk.descent
    desk.inputs.set_shift(1, 0, dragging=True)
    desk.inputs.end_drag()
    desk.inputs.set_noise(20)
    assert desk.descent is before
    desk.editing.stack.undo()
    assert desk.descent is before


@pytest.mark.parametrize("desk", ["learn-edge-labels"], indirect=True)
def test_nor_what_has_pictures_of_its_own_for_every_example(desk: Desk, qtbot: QtBot) -> None:
    before = desk.descent
    desk.inputs.set_shift(1, 0)
    assert desk.descent is before


@pytest.mark.parametrize("desk", ["learn-own"], indirect=True)
def test_an_edit_right_after_a_drag_learns_anew(desk: Desk, qtbot: QtBot) -> None:
    before = desk.learned(qtbot)
    desk.inputs.set_shift(1, 0, dragging=True)
    desk.editing.apply("Title", lambda lesson: replace(lesson, title="Mine"))
    assert desk.descent is not before
    assert desk.descent.track.source == desk.session.moment.timeline.lesson.tracks[0].source
    desk.editing.stack.undo()
    desk.editing.stack.undo()
    assert desk.descent.track.source == desk.session.moment.timeline.lesson.tracks[0].source

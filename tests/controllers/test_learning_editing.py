"""Edits of a recipe: one entry each, refused ones change nothing, a drag is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.input_editing import InputEditing
from cnnviz.controllers.learning_editing import LearningEditing
from cnnviz.controllers.session import Moment, Session
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.learning_form import LearningForm
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe import Recipe
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import learning, rates, tiny


class Desk:
    """The editing of a lesson, and the forms it said."""

    def __init__(self, lesson: Lesson) -> None:
        session = Session(Moment(make_timeline(lesson)))
        self.editing = Editing(session)
        self.choosing = Choosing(self.editing, session)
        self.learning = LearningEditing(self.editing, self.choosing)
        self.forms: list[LearningForm] = []
        self.learning.form_changed.connect(self.forms.append)

    def recipe(self, track: int = 0) -> Recipe:
        recipe = self.editing.lesson.tracks[track].recipe
        assert recipe is not None
        return recipe

    @property
    def undo(self) -> tuple[int, str]:
        return self.editing.stack.count(), self.editing.stack.undoText()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rate", 0.05, "Learning rate 0.05"),
        ("momentum", 0.5, "Momentum 0.5"),
        ("iterations", 7, "Iterations 7"),
        ("seed", 4, "Seed 4"),
        ("reduction", "mean", "Reduction mean"),
        ("loss", "cross_entropy", "Loss cross entropy"),
    ],
)
def test_every_field_is_one_entry(name: str, value: object, text: str) -> None:
    desk = Desk(learning())
    desk.learning.set_field(name, value)
    assert getattr(desk.recipe(), name) == value
    assert desk.undo == (1, text)
    desk.editing.stack.undo()
    assert desk.editing.lesson == learning()


def test_a_refused_value_is_told_and_does_not_stay_in_the_form() -> None:
    desk = Desk(learning())
    lines: list[str] = []
    desk.editing.refused.connect(lines.append)
    desk.learning.set_field("rate", 0.0)
    assert "rate 0.0" in lines[0]
    assert desk.undo == (0, "")
    assert desk.forms[-1].rate == "0.01"


def test_a_drag_of_the_slider_is_one_entry_and_the_next_another() -> None:
    desk = Desk(learning())
    for notch in (110, 150, 200):
        desk.learning.slide_rate(notch, True)
    desk.learning.end_drag()
    assert (desk.recipe().rate, desk.undo) == (0.1, (1, "Learning rate 0.1"))
    desk.learning.slide_rate(300, True)
    assert (desk.recipe().rate, desk.undo[0]) == (1.0, 2)


def test_the_die_takes_the_next_seed() -> None:
    desk = Desk(learning())
    desk.learning.draw_seed()
    desk.learning.draw_seed()
    assert (desk.recipe().seed, desk.undo) == (2, (2, "Seed 2"))


def test_one_track_is_edited_and_the_others_stay() -> None:
    desk = Desk(rates(0.01, 0.1, 0.2))
    desk.learning.choose(1)
    desk.learning.set_field("rate", 0.15)
    assert [desk.recipe(n).rate for n in range(3)] == [0.01, 0.15, 0.2]
    assert desk.forms[-1].track == 1


def test_a_track_that_is_clicked_is_followed() -> None:
    desk = Desk(rates(0.01, 0.1))
    desk.choosing.click(CellRef(1, "conv1", 0, 0, 0))
    assert desk.learning.form.track == 1


def test_targets_are_typed() -> None:
    desk = Desk(learning())
    desk.learning.set_targets([(0, 0)], 8.0)
    assert (desk.recipe().examples[0].target.tolist(), desk.undo) == ([[[8.0]]], (1, "Target 8"))


def test_a_layer_starts_from_random_weights_or_its_own() -> None:
    desk = Desk(learning())
    desk.learning.set_random(0, True)
    assert desk.recipe().random == (0,)
    assert desk.forms[-1].layers[0].random
    desk.learning.set_random(0, False)
    assert desk.recipe().random == ()


def test_a_lesson_that_does_not_learn_is_left_alone() -> None:
    desk = Desk(Lesson("Plain", (replace(tiny(), recipe=None),)))
    desk.learning.refresh()
    desk.learning.draw_seed()
    assert (desk.forms[-1].track, desk.undo) == (-1, (0, ""))


def test_a_label_is_not_told_while_an_audience_is_asked() -> None:
    session = Session(Moment(make_timeline(shipped_lesson("mnist-network"))))
    editing = Editing(session)
    choosing = Choosing(editing, session)
    desk, inputs = LearningEditing(editing, choosing), InputEditing(editing, choosing)
    forms: list[LearningForm] = []
    names: list[str] = []
    desk.form_changed.connect(forms.append)
    inputs.form_changed.connect(lambda form: names.append(form.name))
    told, name = desk.form, inputs.form.name
    assert (told.targets, told.hidden) == ((("4",),), False)
    session.show(viewpoint=Viewpoint(hidden=frozenset({"total"})))
    assert (forms[-1].targets, forms[-1].example_name, forms[-1].hidden) == ((), "", True)
    assert names[-1] == ""
    session.show(viewpoint=Viewpoint())
    assert forms[-1] == told
    assert names[-1] == name != ""


def test_a_target_that_is_no_class_stays() -> None:
    session = Session(Moment(make_timeline(shipped_lesson("tiny-network"))))
    editing = Editing(session)
    desk = LearningEditing(editing, Choosing(editing, session))
    told = desk.form
    session.show(viewpoint=Viewpoint(hidden=frozenset({"total"})))
    assert desk.form == told

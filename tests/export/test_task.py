"""A task is the same for windows and commands: pace, composition, steps that have to be learned first."""

from dataclasses import replace

from cnnviz.export.shots import Shot
from cnnviz.export.task import task_of
from cnnviz.lesson.edits import set_pace
from cnnviz.lesson.plans import PARTS, Plan
from cnnviz.scene.primitives import Text
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.progress import beside
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import dump
from tests.lesson.examples import vertical_edge
from tests.lesson.learning import two_weights

VIEW = Viewpoint()


def test_the_pace_of_a_plan_cuts_the_lesson_anew() -> None:
    task = task_of(make_timeline(vertical_edge()), VIEW, Plan(pace="row", frames="-1"), "out")
    assert [shot.index for shot in task.shots] == [9]  # 4 + 4 + 2 rows
    assert "step 10 of 10" in task.scene_at(task.shots[0]).spoken


def test_parts_that_are_left_out_are_not_drawn() -> None:
    timeline = make_timeline(vertical_edge())
    texts = {}
    for parts in (PARTS, ("caption",)):
        scene = task_of(timeline, VIEW, Plan(include=parts), "out").scene_at(Shot(3))
        texts[len(parts)] = {p.key for p in scene.primitives() if isinstance(p, Text)}
    assert {"title", "section", "caption"} <= texts[len(PARTS)]
    assert texts[1].isdisjoint({"title", "section"})
    assert "caption" in texts[1]


def test_what_has_to_be_learned_is_worked_on_little_by_little() -> None:
    # As the window has it: its timeline does not wait.
    timeline = beside(make_timeline(set_pace(two_weights(iterations=40), "iteration")))
    task = task_of(timeline, VIEW, Plan(frames="-1"), "out")
    turns = 1
    while not task.ready(task.shots[0], 0.0):
        turns += 1
    assert turns > 1
    assert "Not computed yet" not in task.scene_at(task.shots[0]).caption
    whole = make_timeline(set_pace(two_weights(iterations=40), "iteration"))
    alone = task_of(whole, VIEW, Plan(frames="-1"), "out")
    assert dump(task.scene_at(task.shots[0])) == dump(alone.scene_at(alone.shots[0]))


def test_a_glide_needs_both_its_ends() -> None:
    timeline = beside(make_timeline(set_pace(two_weights(iterations=40), "iteration")))
    task = task_of(timeline, VIEW, Plan(), "out")
    glide = replace(task.shots[0], before=39, part=0.5)
    assert not task.ready(glide, 0.0)
    assert task.ready(task.shots[0], 10.0)
    while not task.ready(glide, 0.1):
        pass
    assert task.ready(task.shots[39], 0.0)

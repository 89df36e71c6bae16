"""Plans of the open lesson, as edits that can be undone, and as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.planning import Planning
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.plans import Plan
from tests.controllers.lessons import timeline_of


class Bench:
    """A planning over the 6×6 example, with marks that a test sets."""

    def __init__(self) -> None:
        self.session = Session(Moment(timeline_of()))
        self.editing = Editing(self.session)
        self.marks: range | None = None
        self.planning = Planning(self.editing, self.session, lambda: self.marks)
        self.changes: list[tuple[list[str], str]] = []
        self.refused: list[str] = []
        self.read: list[Plan] = []
        self.planning.plans_changed.connect(
            lambda plans, name: self.changes.append(([p.name for p in plans], name))
        )
        self.planning.refused.connect(self.refused.append)
        self.planning.plan_read.connect(self.read.append)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def test_plans_are_kept_renamed_and_removed_and_all_of_it_is_undone(bench: Bench) -> None:
    bench.planning.keep(Plan("deck", fps=3))
    bench.planning.keep(Plan("other"))
    bench.planning.rename("deck", "talk")
    bench.planning.remove("other")
    assert bench.changes == [
        (["deck"], "deck"), (["deck", "other"], "other"), (["talk", "other"], "talk"), (["talk"], ""),
    ]  # fmt: skip
    assert bench.planning.plan("talk") == Plan("talk", fps=3)
    assert bench.editing.stack.undoText() == "Delete plan other"
    for _ in range(4):
        bench.editing.stack.undo()
    assert bench.planning.plans == ()
    assert bench.editing.stack.isClean()


def test_keeping_a_plan_leaves_the_step_alone(bench: Bench) -> None:
    bench.session.show(index=17)
    bench.planning.keep(Plan("deck"))
    assert bench.session.moment.index == 17


def test_what_is_refused_is_one_line(bench: Bench, tmp_path: Path) -> None:
    bench.planning.keep(Plan(""))
    bench.planning.remove("nothing")
    assert bench.planning.plan("nothing") is None
    bench.planning.load(str(tmp_path / "none.json"))
    bench.planning.save(str(tmp_path / "no" / "folder.json"), Plan())
    assert len(bench.refused) == 5
    assert all(line and "\n" not in line for line in bench.refused)
    assert bench.changes == []
    assert bench.read == []


def test_a_plan_is_written_and_read(bench: Bench, tmp_path: Path) -> None:
    plan = Plan("deck", "pptx", keys=("row-ends",), size=(1600, 1200))
    bench.planning.save(str(tmp_path / "deck"), plan)
    bench.planning.load(str(tmp_path / "deck.json"))
    assert bench.read == [plan]


def test_steps_are_counted_at_the_plans_pace_with_the_marks_and_what_is_shown_in_them(bench: Bench) -> None:
    assert bench.planning.steps(Plan()) == (36, None, 0)
    bench.session.show(index=19)
    bench.marks = range(4, 20)
    assert bench.planning.steps(Plan()) == (36, range(4, 20), 19)
    # By rows: 4 of the map, 4 of ReLU, 2 of pooling. Steps 4 and 19 end rows 1 and 4 of these.
    assert bench.planning.steps(Plan(pace="row")) == (10, range(1, 5), 4)
    bench.marks = None
    assert bench.planning.steps(Plan(pace="row")) == (10, None, 4)

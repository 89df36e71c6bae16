"""The document: name, star, and the way from the question to the file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.document import Document
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.files.lessons import read_lesson
from cnnviz.lesson.edits import set_bias
from tests.controllers.lessons import lesson_of, timeline_of


class Desk:
    """A document whose questions are answered by the test."""

    def __init__(self) -> None:
        self.session = Session(Moment(timeline_of()))
        self.editing = Editing(self.session)
        self.document = Document(self.editing)
        self.told: list[tuple[object, ...]] = []
        self.done: list[str] = []
        for name in ("title_changed", "save_question_requested", "path_requested", "saved", "failed"):
            getattr(self.document, name).connect(lambda *values, name=name: self.told.append((name, *values)))

    def change(self) -> None:
        self.editing.apply("Set bias", partial(set_bias, kernel=0, value=1.0))

    def leave(self) -> None:
        self.document.leave_for(lambda: self.done.append("left"))

    def of(self, name: str) -> list[tuple[object, ...]]:
        return [values[1:] for values in self.told if values[0] == name]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_the_star_follows_edit_undo_and_save(desk: Desk, tmp_path: Path) -> None:
    desk.change()
    assert desk.of("title_changed")[-1] == ("Vertical edge", True)
    desk.editing.stack.undo()
    assert desk.of("title_changed")[-1] == ("Vertical edge", False)
    desk.change()
    desk.document.save_to(str(tmp_path / "mine.json"))
    assert desk.of("title_changed")[-1] == ("mine.json", False)
    assert desk.of("saved") == [(str(tmp_path / "mine.json"),)]


def test_saved_is_what_is_read_again(desk: Desk, tmp_path: Path) -> None:
    desk.change()
    desk.document.save_to(str(tmp_path / "mine.cnnviz"))
    assert read_lesson(tmp_path / "mine.cnnviz") == desk.editing.lesson


def test_the_first_save_asks_where_and_the_next_does_not(desk: Desk, tmp_path: Path) -> None:
    desk.document.save()
    assert desk.of("path_requested") == [("vertical-edge.cnnviz",)]
    desk.document.save_to(str(tmp_path / "mine.json"))
    desk.change()
    desk.document.save()
    assert len(desk.of("path_requested")) == 1
    assert not desk.document.dirty


def test_leaving_a_clean_lesson_asks_nothing(desk: Desk) -> None:
    desk.leave()
    assert (desk.done, desk.told) == (["left"], [])


@pytest.mark.parametrize(("answer", "done"), [("discard", ["left"]), ("cancel", [])])
def test_leaving_a_changed_lesson(desk: Desk, answer: str, done: list[str]) -> None:
    desk.change()
    desk.leave()
    assert (desk.of("save_question_requested"), desk.done) == ([("Vertical edge",)], [])
    desk.document.answer(answer)  # type: ignore[arg-type]  # a plain str from the table
    assert desk.done == done
    assert desk.document.dirty


def test_saving_before_leaving(desk: Desk, tmp_path: Path) -> None:
    desk.change()
    desk.leave()
    desk.document.answer("save")
    assert desk.done == []
    desk.document.save_to(str(tmp_path / "mine.json"))
    assert desk.done == ["left"]


@pytest.mark.parametrize("bad", ["", "nowhere/mine.json"])
def test_a_save_that_fails_keeps_the_lesson_open(desk: Desk, tmp_path: Path, bad: str) -> None:
    desk.change()
    desk.leave()
    desk.document.answer("save")
    desk.document.save_to(str(tmp_path / bad) if bad else "")
    assert desk.done == []
    assert desk.document.dirty
    assert len(desk.of("failed")) == (1 if bad else 0)
    desk.document.save_to(str(tmp_path / "later.json"))
    assert desk.done == []


def test_another_lesson_is_clean_and_has_its_name(desk: Desk) -> None:
    desk.change()
    desk.document.begin(timeline_of(pooled=False), "/somewhere/two.cnnviz")
    assert (desk.document.name, desk.document.dirty) == ("two.cnnviz", False)
    desk.document.begin(timeline_of())
    assert desk.document.name == lesson_of().title

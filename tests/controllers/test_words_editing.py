"""Words of the section at the playhead: followed, typed as one entry, undone, refused."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.words_editing import Place, WordsEditing
from cnnviz.lesson.lesson import Words
from cnnviz.lesson.word_edits import WordsForm
from tests.controllers.lessons import timeline_of

FIRST_OF_RELU = 16
"""The 4×4 map is written in 16 steps."""


class Desk:
    """Words over the 6×6 example, and what they say."""

    def __init__(self) -> None:
        self.session = Session(Moment(timeline_of(), 0))
        self.editing = Editing(self.session)
        self.words = WordsEditing(self.editing, self.session)
        self.forms: list[WordsForm] = []
        self.refused: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.words.form_changed.connect(self.forms.append)
        self.editing.refused.connect(self.refused.append)
        self.words.text_requested.connect(lambda place, text: self.asked.append((place, text)))

    def type(self, place: Place, text: str) -> None:
        """Type a text letter by letter."""
        for end in range(1, len(text) + 1):
            self.words.set_words(place, text[:end])

    @property
    def said(self) -> list[Words]:
        return list(self.editing.lesson.words)

    @property
    def entries(self) -> list[str]:
        stack = self.editing.stack
        return [stack.text(i) for i in range(stack.count())]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_what_is_typed_into_a_field_is_one_entry(desk: Desk) -> None:
    desk.type("caption", "Look at the edge")
    assert desk.said == [Words(0, caption="Look at the edge")]
    assert desk.entries == ["Story line of Convolution"]
    desk.editing.stack.undo()
    assert desk.said == []
    assert desk.forms[-1].words == Words(0)


def test_each_field_and_each_visit_is_an_entry(desk: Desk) -> None:
    desk.type("title", "Edges")
    desk.type("notes", "Ask")
    desk.words.finish()
    desk.type("notes", "Ask twice")
    assert desk.entries == ["Title of Convolution", "Notes of Convolution", "Notes of Convolution"]
    desk.editing.stack.undo()
    assert desk.editing.lesson.words == (Words(0, "Edges", "", "Ask"),)


def test_typing_after_an_undo_is_another_entry(desk: Desk) -> None:
    desk.type("title", "Edges")
    desk.words.finish()
    desk.type("title", "Edges!")
    desk.editing.stack.undo()
    desk.type("title", "Corners")
    assert desk.entries == ["Title of Convolution"] * 2
    desk.editing.stack.undo()
    assert desk.editing.lesson.words == (Words(0, "Edges"),)


def test_the_form_follows_the_playhead_and_says_each_section_once(desk: Desk) -> None:
    desk.type("title", "E")
    desk.forms.clear()
    for index in (1, 2, FIRST_OF_RELU, FIRST_OF_RELU + 1, 0):
        desk.session.show(index=index)
    assert [(f.section, f.name, f.words.title) for f in desk.forms] == [
        (1, "ReLU", ""),
        (0, "Convolution", "E"),
    ]


def test_words_go_to_the_section_that_is_shown(desk: Desk) -> None:
    desk.session.show(index=FIRST_OF_RELU)
    desk.type("caption", "Cut")
    assert desk.editing.lesson.words == (Words(1, caption="Cut"),)
    assert desk.session.moment.index == FIRST_OF_RELU


def test_too_long_a_text_is_refused_and_the_form_shown_again(desk: Desk) -> None:
    desk.type("title", "Edges")
    desk.forms.clear()
    desk.words.set_words("title", "x" * 201)
    assert len(desk.refused) == 1
    assert "201 characters" in desk.refused[0]
    assert [f.words.title for f in desk.forms] == ["Edges"]
    assert desk.entries == ["Title of Convolution"]


def test_asking_says_what_stands_there(desk: Desk) -> None:
    desk.type("caption", "Look")
    places: tuple[Place, ...] = ("caption", "title", "lesson", "notes")
    for place in places:
        desk.words.ask(place)
    want = [("caption", "Look"), ("title", "Convolution"), ("lesson", "Vertical edge"), ("notes", "")]
    assert desk.asked == want


def test_an_answer_is_an_entry_and_the_own_name_is_no_title(desk: Desk) -> None:
    desk.words.answer("title", " Convolution ")
    assert desk.entries == []
    desk.words.answer("title", " The edge ")
    desk.words.answer("caption", "Look")
    desk.words.answer("caption", "Look there")
    desk.words.answer("lesson", "My lesson")
    assert len(desk.entries) == 4
    assert desk.editing.lesson.title == "My lesson"
    assert desk.editing.lesson.words == (Words(0, "The edge", "Look there"),)
    desk.words.answer("title", "Convolution")
    assert desk.editing.lesson.words == (Words(0, "", "Look there"),)


def test_words_leave_the_arrays_alone(desk: Desk) -> None:
    arrays = desk.session.moment.timeline.tensors
    desk.type("notes", "Ask")
    desk.editing.stack.undo()
    assert all(a is b for a, b in zip(desk.session.moment.timeline.tensors, arrays, strict=True))


def test_a_refused_answer_is_asked_for_again(desk: Desk) -> None:
    desk.words.answer("lesson", "  ")
    desk.words.answer("title", "x" * 201)
    assert desk.asked == [("lesson", "  "), ("title", "x" * 201)]
    assert len(desk.refused) == 2
    assert desk.entries == []

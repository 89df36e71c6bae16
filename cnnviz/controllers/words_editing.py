"""Intents of the words panel and of the editor on the stage as named edits, and the form they show."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing, LessonEdit
from cnnviz.controllers.session import Session
from cnnviz.lesson.word_edits import WordField, WordsForm, set_lesson_title, set_words, words_of

Place: TypeAlias = Literal["lesson", "title", "caption", "notes"]
"""What of the words is edited: the title of the lesson, or a field of the section at the playhead."""

NAMES: dict[WordField, str] = {"title": "Title", "caption": "Story line", "notes": "Notes"}


class WordsEditing(QObject):
    """The teacher's own words for the section at the playhead.

    What is typed takes effect at once; all that is typed into one field until it is left is one entry of the history.
    """

    form_changed = Signal(object)
    text_requested = Signal(str, str)
    """A place on the stage where words shall be typed, and what stands there."""

    def __init__(self, editing: Editing, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._session = session
        self._shown: WordsForm | None = None
        self._run = 0
        self._said: tuple[int, WordField, str] | None = None
        session.moment_changed.connect(lambda _moment: self._follow())
        editing.lesson_changed.connect(lambda _lesson: self._follow())

    @property
    def form(self) -> WordsForm:
        """What the panel shows."""
        moment = self._session.moment
        section = moment.timeline.step(moment.index).section
        lesson = moment.timeline.lesson
        return WordsForm(section.number, section.name, words_of(lesson, section.number))

    def refresh(self) -> None:
        """Show the form again."""
        self._shown = self.form
        self.form_changed.emit(self._shown)

    def set_words(self, place: Place, text: str) -> bool:
        """Change the words of one place; whether they were accepted."""
        if place == "lesson":
            return self._editing.apply("Title of the lesson", partial(set_lesson_title, text=text))
        form = self.form
        self._said = (form.section, place, text)
        edit: LessonEdit = partial(set_words, section=form.section, field=place, text=text)
        key = ("words", form.section, place, self._run)
        done = self._editing.apply(f"{NAMES[place]} of {form.name}", edit, key, run_seconds=math.inf)
        # A refused text must not stay in the form.
        if not done:
            self.refresh()
        return done

    def finish(self) -> None:
        """Let what is typed next be another entry."""
        self._run += 1

    def ask(self, place: Place) -> None:
        """Ask for the words of a place on the stage."""
        form = self.form
        words = form.words
        texts: dict[Place, str] = {
            "lesson": self._editing.lesson.title,
            "title": words.title or form.name,
            "caption": words.caption,
            "notes": words.notes,
        }
        self.finish()
        self.text_requested.emit(place, texts[place])

    def answer(self, place: Place, text: str) -> None:
        """Take the words that were typed on the stage; a title that is the section's own name needs no words."""
        own = place == "title" and text.strip() == self.form.name
        accepted = self.set_words(place, "" if own else text.strip())
        self.finish()
        if not accepted:
            # What was typed is not lost: the editor opens on it again.
            self.text_requested.emit(place, text)

    def _follow(self) -> None:
        form = self.form
        if form == self._shown:
            return
        if self._said is not None and not self._typed(form):
            self.finish()
        self.refresh()

    def _typed(self, form: WordsForm) -> bool:
        """Whether the form shows what was typed last: not after an undo, nor in another section."""
        assert self._said is not None
        section, field, text = self._said
        texts = {"title": form.words.title, "caption": form.words.caption, "notes": form.words.notes}
        return form.section == section and texts[field] == text

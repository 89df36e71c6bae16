"""The words panel: title, story line and notes of the section at the playhead, in the teacher's own words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cnnviz.lesson.word_edits import WordsForm
from cnnviz.views.forms import GAP, MARGIN, heading, quiet
from cnnviz.views.keys import Form
from cnnviz.views.text_fields import LineField, TextField


class WordsPanel(Form):
    """Three fields that follow the playhead from section to section.

    Signals
    -------
    words_edited : str, str
        ``title``, ``caption`` or ``notes``, and what stands in that field now.
    finished
        A field was left.
    """

    words_edited = Signal(str, str)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = heading("")
        self.section.setWordWrap(True)
        self.title = LineField(self.tr("Title of the section"))
        self.caption = TextField(self.tr("Story line of the section"), 5)
        self.caption.setPlaceholderText(self.tr("What the audience shall see here"))
        self.notes = TextField(self.tr("Notes of the section"), 9, paragraphs=True)
        self.notes.setPlaceholderText(self.tr("For you, not for the stage"))
        self._lay_out()
        for name, field in (("title", self.title), ("caption", self.caption), ("notes", self.notes)):
            field.words_edited.connect(lambda text, name=name: self.words_edited.emit(name, text))
            field.finished.connect(self.finished)

    def show_form(self, form: WordsForm) -> None:
        """Show the words of a section; says nothing."""
        self.section.setText(self.tr("Section: {name}").format(name=form.name))
        self.title.setPlaceholderText(form.name)
        self.title.show_text(form.words.title)
        self.caption.show_text(form.words.caption)
        self.notes.show_text(form.words.notes)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP - 2)
        column.addWidget(self.section)
        rows = (
            (self.tr("T&itle"), self.title, 0),
            (self.tr("Stor&y line, above the stage's own sentence"), self.caption, 2),
            (self.tr("N&otes"), self.notes, 3),
        )
        for text, field, stretch in rows:
            label = QLabel(text)
            label.setWordWrap(True)
            label.setBuddy(field)
            column.addSpacing(GAP // 2)
            column.addWidget(label)
            column.addWidget(field, stretch)
        column.addWidget(quiet(self.tr("Saved with the lesson; title and story line go into every export.")))

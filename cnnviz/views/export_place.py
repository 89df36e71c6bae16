"""The format of an export and where it goes: each follows the other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QPalette, QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from cnnviz.export.formats import ENDINGS, FORMATS, Format, check_extra, format_of
from cnnviz.lesson.lesson import BadInput
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import GAP


class FormatBox(ChoiceBox):
    """All formats; one whose package is missing is grey and says how to add it."""

    def __init__(self, name: str) -> None:
        super().__init__([(f.ending, _text(f)) for f in FORMATS], name)
        self.setMaxVisibleItems(len(FORMATS))
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for number, format_ in enumerate(FORMATS):
            missing = _missing(format_)
            item = model.item(number)
            item.setEnabled(not missing)
            item.setToolTip(missing)
            if missing:  # greyed, but the command has to be read
                item.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        # The command is longer than the box.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)

    @property
    def format(self) -> Format:
        """The format that is chosen."""
        return format_of(str(self.choice))


class PlaceRow(QWidget):
    """The name of a file or folder, typed or looked for.

    Signals
    -------
    place_edited
    """

    place_edited = Signal()

    def __init__(self, out: str) -> None:
        super().__init__()
        self.out = QLineEdit(out)
        self.out.setAccessibleName(self.tr("Write to"))
        self.out.setMinimumWidth(220)
        self.browse = QPushButton(self.tr("&Browse…"))
        self.browse.setAutoDefault(False)
        label = QLabel(self.tr("&Write to"))
        label.setBuddy(self.out)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for widget, stretch in ((label, 0), (self.out, 1), (self.browse, 0)):
            row.addWidget(widget, stretch)
        self.out.textChanged.connect(lambda _text: self.place_edited.emit())

    @property
    def place(self) -> str:
        """The file or folder to write."""
        return self.out.text().strip()

    def show_place(self, place: str) -> None:
        """Show a place without saying anything."""
        with QSignalBlocker(self.out):
            self.out.setText(place)

    def ask(self, format_: Format) -> None:
        """Look for a folder or a file, as the format needs."""
        if format_.many:
            title = self.tr("Write the pictures to")
            chosen = QFileDialog.getExistingDirectory(self, title, self.place)
        else:
            title = self.tr("Write to")
            kinds = f"{format_.name} (*.{format_.ending})"
            asked = QFileDialog.Option.DontConfirmOverwrite
            chosen, _ = QFileDialog.getSaveFileName(self, title, self.place, kinds, options=asked)
        if chosen:
            self.out.setText(chosen)


def ending_of(place: str) -> str:
    """The ending of a format that a place has; "" for a folder.

    Examples
    --------
    >>> ending_of("a/b.GIF"), ending_of("talk.v2"), ending_of("slides")
    ('gif', '', '')
    """
    ending = Path(place).suffix.lower().removeprefix(".")
    return ending if ending in ENDINGS and not Path(place).is_dir() else ""


def place_for(place: str, format_: Format) -> str:
    """The same place with the ending of a format; one of many files is a folder.

    Examples
    --------
    >>> from cnnviz.export.formats import format_of
    >>> place_for("a/edge.gif", format_of("pdf")), place_for("a/edge.gif", format_of("svg"))
    ('a/edge.pdf', 'a/edge')
    """
    bare = place[: -len(Path(place).suffix)] if ending_of(place) else place
    return bare if format_.many else f"{bare or 'frames'}.{format_.ending}"


def _text(format_: Format) -> str:
    return f"{format_.name}: {_command(format_)}" if _missing(format_) else format_.name


def _command(format_: Format) -> str:
    return f"pip install 'cnnviz[{format_.extra[0]}]'" if format_.extra else ""


def _missing(format_: Format) -> str:
    """Why a format cannot be written, with the command that adds it."""
    try:
        check_extra(format_)
    except BadInput as error:
        return str(error)
    return ""

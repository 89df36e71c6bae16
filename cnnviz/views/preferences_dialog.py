"""Preferences: theme, motion, and what transparent parts of a picture are laid on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from cnnviz.views.dialogs import SheetDialog
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import form_layout


class PreferencesDialog(SheetDialog):
    """Takes effect at once; there is nothing to confirm.

    Signals
    -------
    theme_requested : str
        ``light``, ``dark`` or ``system``.
    motion_requested : bool
    background_requested : str
        ``white``, ``grey`` or ``black``.
    """

    theme_requested = Signal(str)
    motion_requested = Signal(bool)
    background_requested = Signal(str)

    def __init__(self, theme: str, motion: bool, background: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Preferences"), parent)
        themes = [
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ]
        self.theme = ChoiceBox(themes, self.tr("Theme"))
        self.theme.show_choice(theme)
        self.theme.setMinimumWidth(180)
        self.theme.choice_edited.connect(self.theme_requested.emit)
        self.motion = QCheckBox(self.tr("The window &glides from cell to cell"))
        self.motion.setChecked(motion)
        self.motion.toggled.connect(self.motion_requested)
        grounds = [("white", self.tr("White")), ("grey", self.tr("Grey")), ("black", self.tr("Black"))]
        self.background = ChoiceBox(grounds, self.tr("Transparent parts of pictures"))
        self.background.show_choice(background)
        self.background.choice_edited.connect(self.background_requested.emit)
        form = form_layout()
        form.addRow(self.tr("&Theme"), self.theme)
        form.addRow("", self.motion)
        form.addRow(self.tr("Transparent &parts on"), self.background)
        self.content.addLayout(form)

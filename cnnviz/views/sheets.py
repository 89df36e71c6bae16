"""Opens the smaller dialogs; each is imported when it is first asked for, not before the first paint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

if TYPE_CHECKING:
    from cnnviz.views.gallery_dialog import GalleryDialog, Lesson
    from cnnviz.views.preferences_dialog import PreferencesDialog


def ask_new_input(window: QWidget, make: Callable[..., None]) -> QDialog:
    """Ask for a small input; ``make`` gets pattern, shape, low, high and seed."""
    from cnnviz.views.new_input_dialog import NewInputDialog

    dialog = NewInputDialog(window)
    dialog.input_requested.connect(make)
    return _opened(dialog)


def ask_step(window: QWidget, index: int, count: int, seek: Callable[[int], None]) -> QDialog:
    """Ask for a step to go to."""
    from cnnviz.views.goto_dialog import GotoDialog

    dialog = GotoDialog(index, count, window)
    dialog.seek_requested.connect(seek)
    return _opened(dialog)


def ask_bookmark(window: QWidget, name: str, add: Callable[[str], None]) -> QDialog:
    """Ask what the bookmark at this step shall be called."""
    from cnnviz.views.bookmark_dialog import BookmarkDialog

    dialog = BookmarkDialog(name, window)
    dialog.name_requested.connect(add)
    return _opened(dialog)


def ask_preferences(window: QWidget, theme: str, motion: bool, background: str) -> PreferencesDialog:
    """Show the preferences; what is changed takes effect at once, by the dialog's signals."""
    from cnnviz.views.preferences_dialog import PreferencesDialog

    dialog = PreferencesDialog(theme, motion, background, window)
    dialog.open()
    return dialog


def make_gallery(window: QWidget, lessons: Sequence[Lesson], details: Sequence[str]) -> GalleryDialog | None:
    """Make the gallery, not yet shown; None where it is open, which brings it to the front."""
    from cnnviz.views.gallery_dialog import GalleryDialog

    for shown in window.findChildren(GalleryDialog):
        if shown.isVisible():
            shown.raise_()
            shown.activateWindow()
            return None
    return GalleryDialog(lessons, details, window)


def show_reading(window: QWidget) -> QDialog:
    """Show tools and resources."""
    from cnnviz.views.reading_dialog import ReadingDialog

    return _shown(ReadingDialog(window))


def show_help(window: QWidget) -> QDialog:
    """Show the first tour."""
    from cnnviz.views.help_dialog import HelpDialog

    return _shown(HelpDialog(window))


def show_shortcuts(window: QWidget, rows: Sequence[tuple[str, str, str]]) -> QDialog:
    """Show all keys: group, text and shortcuts of each command."""
    from cnnviz.views.shortcuts_dialog import ShortcutsDialog

    return _shown(ShortcutsDialog(rows, window))


def show_about(window: QWidget) -> QDialog:
    """Show version and licences."""
    from cnnviz.views.about_dialog import AboutDialog

    return _shown(AboutDialog(window))


def _opened(dialog: QDialog) -> QDialog:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _shown(dialog: QDialog) -> QDialog:
    dialog.show()
    return dialog

"""Where each command stands: menus and toolbar as tables of action ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar

SEPARATOR = "-"
RECENT = "recent"
"""The place of the submenu Open Recent."""
LESSONS = "lessons"
"""The place of the submenu of all lessons."""
BOOKMARKS = "bookmarks"
"""The place of the submenu of all bookmarks."""
PANELS = "panels"
"""The place of the switches that show and hide the panels."""

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&File")),
        (
            "file.new",
            "file.new-input",
            SEPARATOR,
            "file.open",
            "file.open-picture",
            "file.open-kernel",
            "file.samples",
            "file.lessons",
            LESSONS,
            RECENT,
            SEPARATOR,
            "file.save",
            "file.save-as",
            "file.export",
            SEPARATOR,
            "file.close",
            "file.quit",
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&Edit")),
        (
            "edit.undo",
            "edit.redo",
            SEPARATOR,
            "edit.copy-matrix",
            "edit.copy-numpy",
            "edit.copy-latex",
            "edit.copy-frame",
            "edit.paste",
            SEPARATOR,
            "edit.words",
            "edit.notes",
            SEPARATOR,
            "edit.preferences",
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&View")),
        (
            "view.zoom-in",
            "view.zoom-out",
            "view.fit",
            "view.actual-size",
            SEPARATOR,
            "view.level-network",
            "view.level-layer",
            "view.level-cell",
            "view.level-down",
            "view.level-up",
            "view.choose-left",
            "view.choose-right",
            "view.choose-above",
            "view.choose-below",
            SEPARATOR,
            "view.full-screen",
            "view.present",
            "view.dark",
            "view.motion",
            SEPARATOR,
            PANELS,
            "view.to-panel",
            "view.reset-docks",
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&Stage")),
        (
            "stage.heat-none",
            "stage.heat-uses",
            "stage.heat-fan-out",
            "stage.heat-field",
            SEPARATOR,
            "stage.curves",
            "stage.channels",
            "stage.marks",
            "stage.formula",
            SEPARATOR,
            "stage.plots-auto",
            "stage.plots-loss",
            "stage.plots-chain",
            "stage.plots-surface",
            "stage.plots-check",
            "stage.plots-none",
            SEPARATOR,
            "stage.range-map",
            "stage.range-tensor",
            "stage.range-layer",
            "stage.range-network",
            SEPARATOR,
            "stage.hide-total",
            "stage.hide-products",
            "stage.hide-cell",
            SEPARATOR,
            "stage.letters",
            "stage.base",
            "stage.decimal",
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&Layer")),
        (
            "layer.flipped",
            SEPARATOR,
            "layer.padding-valid",
            "layer.padding-same",
            "layer.padding-same-lower",
            "layer.padding-half",
            "layer.padding-full",
            SEPARATOR,
            "layer.pin",
            "layer.alone",
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&Play")),
        (
            "play.toggle",
            "play.backwards",
            "play.restart",
            "play.stop",
            SEPARATOR,
            "play.step-forward",
            "play.step-back",
            "play.ten-forward",
            "play.ten-back",
            SEPARATOR,
            "play.next-section",
            "play.previous-section",
            "play.to-start",
            "play.to-end",
            "play.goto",
            SEPARATOR,
            "play.slower",
            "play.faster",
            "play.loop",
            SEPARATOR,
            "play.mark-in",
            "play.mark-out",
            "play.clear-marks",
            SEPARATOR,
            "play.add-bookmark",
            BOOKMARKS,
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "Lear&n")),
        (
            "learn.pause",
            "learn.cancel",
            SEPARATOR,
            "learn.previous-iteration",
            "learn.next-iteration",
            SEPARATOR,
            "learn.new-seed",
            SEPARATOR,
            "learn.run-again",
            "learn.recorded",
            SEPARATOR,
            "learn.log",
            "learn.fit-plots",
            "learn.export-plots",
        ),
    ),
    (
        str(QT_TRANSLATE_NOOP("MainWindow", "&Help")),
        ("help.contents", "help.shortcuts", "help.reading", SEPARATOR, "help.about"),
    ),
)

TOOLBAR: tuple[str, ...] = (
    "file.lessons",
    "file.open",
    "file.save",
    SEPARATOR,
    "edit.undo",
    "edit.redo",
    SEPARATOR,
    "file.open-picture",
    "file.open-kernel",
    SEPARATOR,
    "view.fit",
    "view.dark",
    "file.export",
)


def fill_menu_bar(
    bar: QMenuBar,
    actions: Mapping[str, QAction],
    places: Mapping[str, Callable[[QMenu], object]],
    tr: Callable[[str], str],
) -> None:
    """Put every command in its menu; ``places`` fill what is no command of its own."""
    for title, ids in MENUS:
        menu = bar.addMenu(tr(title))
        # Rules of padding and the like are told apart by their sentence.
        menu.setToolTipsVisible(True)
        for name in ids:
            if name == SEPARATOR:
                menu.addSeparator()
            elif name in places:
                places[name](menu)
            else:
                menu.addAction(actions[name])


def fill_toolbar(bar: QToolBar, actions: Mapping[str, QAction]) -> None:
    """Put the few commands of the toolbar in their order."""
    for name in TOOLBAR:
        if name == SEPARATOR:
            bar.addSeparator()
        else:
            bar.addAction(actions[name])

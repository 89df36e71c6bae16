"""Questions and messages of the window: open, save, save changes, overwrite, errors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QMessageBox, QSizePolicy, QSpacerItem, QWidget

from cnnviz.views.look import plain

Kind: TypeAlias = Literal["any", "lesson", "picture", "kernel", "data"]
Answer: TypeAlias = Literal["save", "discard", "cancel"]

LISTED = 8
"""Files named in the question before overwriting."""
WIDEST = 760
"""A line of a message is not longer, in pixels, on however wide a window: it could not be read at a glance."""
SHARE = 0.6
"""Of the window, what the text of a message may take."""
SIGN = 72
"""What the icon and the gap beside it take."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ask", text)


def _filters(kind: Kind) -> str:
    pictures = "*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff *.pgm *.ppm *.pnm"
    tables = "*.txt *.csv *.tsv *.json *.npy"
    lesson = f"{_tr('Lessons')} (*.cnnviz *.json)"
    picture = f"{_tr('Pictures')} ({pictures} *.npy *.csv *.tsv)"
    kernel = f"{_tr('Kernels')} ({tables})"
    everything = f"{_tr('All files')} (*)"
    known = f"{_tr('Lessons, pictures and kernels')} (*.cnnviz {pictures} {tables})"
    table = {
        "any": (known, lesson, picture, kernel),
        "lesson": (lesson,),
        "picture": (picture,),
        "kernel": (kernel,),
        "data": (f"{_tr('Pictures with labels')} (*.npz)",),
    }
    return ";;".join((*table[kind], everything))


def ask_open(parent: QWidget, kind: Kind = "any", folder: str = "") -> str:
    """Ask for one file to open; "" when nothing was chosen."""
    titles = {
        "any": _tr("Open"),
        "lesson": _tr("Open lesson"),
        "picture": _tr("Open picture"),
        "kernel": _tr("Open kernel"),
        "data": _tr("Open pictures with labels"),
    }
    path, _ = QFileDialog.getOpenFileName(parent, titles[kind], folder, _filters(kind))
    return path


def ask_save(parent: QWidget, suggested: str) -> str:
    """Ask where to save the lesson, with the ending added when none was typed; "" when nothing was chosen."""
    dialog = QFileDialog(parent, _tr("Save lesson"), suggested, f"{_tr('Lessons')} (*.cnnviz *.json)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("cnnviz")
    chosen = dialog.exec()
    files = dialog.selectedFiles()
    dialog.deleteLater()
    return files[0] if chosen and files else ""


def ask_save_plots(parent: QWidget, suggested: str) -> str:
    """Ask where to save the plots and as what; "" when nothing was chosen."""
    kinds = (_tr("PNG picture (*.png)"), _tr("SVG picture (*.svg)"), _tr("Table of all numbers (*.csv)"))
    dialog = QFileDialog(parent, _tr("Export plots"), suggested, ";;".join(kinds))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("png")
    endings = dict(zip(kinds, ("png", "svg", "csv"), strict=True))
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(endings[kind]))
    chosen = dialog.exec()
    files = dialog.selectedFiles()
    dialog.deleteLater()
    return files[0] if chosen and files else ""


def confirm_save(parent: QWidget, name: str) -> Answer:
    """Ask "Save changes?"."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_tr("Save changes?"))
    box.setText(_tr("Save the changes to “{name}”?").format(name=name))
    box.setInformativeText(_tr("What is not saved is lost."))
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    _make_roomy(box)
    chosen = box.exec()
    box.deleteLater()
    return {buttons.Save.value: "save", buttons.Discard.value: "discard"}.get(chosen, "cancel")  # type: ignore[return-value]


def confirm_overwrite(parent: QWidget, paths: Sequence[str]) -> bool:
    """Ask before files that exist are replaced."""
    buttons = QMessageBox.StandardButton
    names = [Path(path).name for path in paths[:LISTED]] + (["…"] if len(paths) > LISTED else [])
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(_tr("Replace files?"))
    one, several = (
        _tr("This file exists already and would be replaced:"),
        _tr("{n} files exist already and would be replaced:"),
    )
    box.setText(one if len(paths) == 1 else several.format(n=f"{len(paths):,}"))
    box.setInformativeText("\n".join(names))
    replace = box.addButton(_tr("&Replace"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(buttons.Cancel))
    _make_roomy(box)
    box.exec()
    agreed = box.clickedButton() is replace
    box.deleteLater()
    return agreed


def confirm_stop_export(parent: QWidget) -> bool:
    """Ask before an export that is under way is given up."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_tr("Stop the export?"))
    box.setText(_tr("An export is under way. Stop it and close?"))
    box.setInformativeText(_tr("Nothing of it will be kept."))
    stop = box.addButton(_tr("&Stop and close"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(_tr("&Go on"), QMessageBox.ButtonRole.RejectRole))
    _make_roomy(box)
    box.exec()
    agreed = box.clickedButton() is stop
    box.deleteLater()
    return agreed


def show_error(parent: QWidget, text: str) -> None:
    """Show one clear line that has to be read before going on."""
    box = QMessageBox(QMessageBox.Icon.Warning, _tr("cnnviz"), text, QMessageBox.StandardButton.Ok, parent)
    _make_roomy(box)
    box.exec()
    box.deleteLater()


def _make_roomy(box: QMessageBox) -> None:
    """Let the lines be as long as the window has room for: by itself a message wraps at 400 pixels everywhere."""
    plain(box)
    parent, layout = box.parentWidget(), box.layout()
    if parent is None or not isinstance(layout, QGridLayout):
        return
    lines = (box.text() + "\n" + box.informativeText()).splitlines()
    needed = max(box.fontMetrics().horizontalAdvance(line) for line in lines)
    room = min(needed, WIDEST, round(SHARE * parent.window().width()))
    spacer = QSpacerItem(room + SIGN, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    layout.addItem(spacer, layout.rowCount(), 0, 1, layout.columnCount())

"""The sheet of all shortcuts, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from cnnviz.views.dialogs import SheetDialog, resize_on_screen
from cnnviz.views.search_field import search_field


class ShortcutsDialog(SheetDialog):
    """Groups of commands with their keys; typing narrows the list.

    Parameters
    ----------
    rows : sequence of (group, text, shortcut)
        Shortcuts as portable texts, several joined by ", "; those without one are left out.
    """

    def __init__(self, rows: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keyboard shortcuts"), parent)
        self.words = search_field(self.tr("Search shortcuts"), self.tr("Search"), glass=False)
        self.words.textChanged.connect(self._narrow)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(self.tr("Shortcuts"))
        self._groups: dict[str, tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = {}
        self._fill(rows)
        self.content.addWidget(self.words)
        self.content.addWidget(self.tree, 1)
        resize_on_screen(self, QSize(520, 620))

    def _fill(self, rows: Sequence[tuple[str, str, str]]) -> None:
        for group, text, shortcut in rows:
            if not shortcut:
                continue
            if group not in self._groups:
                self._groups[group] = (self._group(group), [])
            heading, entries = self._groups[group]
            keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            entries.append(QTreeWidgetItem(heading, [text, keys]))
        self.tree.expandAll()
        self.tree.setColumnWidth(0, 320)

    def _group(self, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [name])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _narrow(self, words: str) -> None:
        wanted = words.lower().split()
        for heading, entries in self._groups.values():
            for entry in entries:
                text = f"{entry.text(0)} {entry.text(1)}".lower()
                entry.setHidden(not all(word in text for word in wanted))
            heading.setHidden(all(entry.isHidden() for entry in entries))

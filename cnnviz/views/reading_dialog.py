"""Help ▸ Tools and resources: what to read and try next; nothing is fetched, a click opens the browser."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QEvent, QSize, QUrl
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QTextBrowser, QWidget

from cnnviz.files.references import Reference, references
from cnnviz.views.dialogs import SheetDialog, resize_on_screen
from cnnviz.views.search_field import search_field


class ReadingDialog(SheetDialog):
    """The references under their headings as text that can be selected; typing narrows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Tools and resources"), parent)
        self.search = search_field(self.tr("Search tools and resources"), self.tr("Search"))
        self.search.textChanged.connect(lambda _text: self._show())
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("Tools and resources"))
        # Opened by ourselves, so that the text stays where it is.
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(12)
        self.text.anchorClicked.connect(open_address)
        self.content.addWidget(self.search)
        self.content.addWidget(self.text, 1)
        self._show()
        resize_on_screen(self, QSize(760, 640))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show()

    def _show(self) -> None:
        words = self.search.text().lower().split()
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        found = [
            (group, [entry for entry in entries if _has(group, entry, words)])
            for group, entries in references()
        ]
        html = "".join(_group(group, entries, muted) for group, entries in found if entries)
        self.text.setHtml(html or escape(self.tr("Nothing here has these words.")))


def open_address(address: QUrl) -> bool:
    """Open a web address in the browser; nothing else is opened."""
    return address.scheme() in ("http", "https") and QDesktopServices.openUrl(address)


def _has(group: str, entry: Reference, words: Iterable[str]) -> bool:
    text = f"{group} {entry.title} {entry.authors} {entry.year} {entry.address} {entry.use}".lower()
    return all(word in text for word in words)


def _group(name: str, entries: Iterable[Reference], muted: str) -> str:
    return f"<h2>{escape(name)}</h2>" + "".join(_entry(entry, muted) for entry in entries)


def _entry(entry: Reference, muted: str) -> str:
    address = escape(entry.address, quote=True)
    return (
        f'<p style="margin-bottom:14px"><b>{escape(entry.title)}</b><br>'
        f'<span style="color:{muted}">{escape(entry.authors)}, {entry.year}</span><br>'
        f'{escape(entry.use)}<br><a href="{address}">{address}</a></p>'
    )

"""What a person chose once and wants again: theme, motion, speed, files opened last; kept by QSettings."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, QSettings, Signal

ThemeChoice: TypeAlias = Literal["light", "dark", "system"]
THEMES: tuple[ThemeChoice, ...] = ("light", "dark", "system")

BACKGROUNDS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "black": (0, 0, 0),
}
"""What transparent parts of a picture are laid on."""

RECENT = 10
"""So many files are remembered."""


class Preferences(QObject):
    """Reads and writes the settings; a value that makes no sense counts as not there."""

    changed = Signal()
    recent_changed = Signal(object)

    def __init__(self, settings: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings or QSettings("cnnviz", "cnnviz")

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark or as the system has it."""
        found = self._settings.value("theme", "system")
        return next((theme for theme in THEMES if theme == found), "system")

    def set_theme(self, theme: ThemeChoice) -> None:
        """Choose the theme."""
        self._set("theme", theme)

    @property
    def motion(self) -> bool:
        """Whether things glide."""
        return str(self._settings.value("motion", "true")).lower() != "false"

    def set_motion(self, on: bool) -> None:
        """Choose whether things glide."""
        self._set("motion", "true" if on else "false")

    @property
    def background(self) -> str:
        """The name of the colour on which transparent parts of a picture are laid."""
        found = str(self._settings.value("background", "white"))
        return found if found in BACKGROUNDS else "white"

    def set_background(self, name: str) -> None:
        """Choose that colour, for pictures opened from now on."""
        self._set("background", name)

    @property
    def speed(self) -> float:
        """The playing speed."""
        try:
            return float(str(self._settings.value("speed", "1")))
        except ValueError:
            return 1.0

    def set_speed(self, speed: float) -> None:
        """Remember the playing speed; nothing else looks different for it."""
        if speed != self.speed:
            self._settings.setValue("speed", f"{speed:g}")

    @property
    def gallery_shown(self) -> bool:
        """Whether the gallery of lessons was ever shown."""
        return str(self._settings.value("gallery-shown", "false")).lower() == "true"

    def set_gallery_shown(self) -> None:
        """Remember that it was."""
        if not self.gallery_shown:
            self._settings.setValue("gallery-shown", "true")

    @property
    def recent(self) -> tuple[str, ...]:
        """The files opened last, the latest first."""
        found = self._settings.value("recent", [])
        listed = [found] if isinstance(found, str) else found
        return tuple(str(path) for path in listed)[:RECENT] if isinstance(listed, list) else ()

    def recent_entries(self) -> tuple[tuple[str, bool], ...]:
        """The same with whether each file is still there."""
        return tuple((path, Path(path).exists()) for path in self.recent)

    def add_recent(self, path: str) -> None:
        """Remember a file as the one opened last."""
        full = str(Path(path).absolute())
        self._set_recent([full, *(known for known in self.recent if known != full)][:RECENT])

    def clear_recent(self) -> None:
        """Forget the files."""
        self._set_recent([])

    def _set_recent(self, paths: list[str]) -> None:
        self._settings.setValue("recent", paths)
        self.recent_changed.emit(self.recent_entries())

    def _set(self, key: str, value: str) -> None:
        if str(self._settings.value(key, "")) != value:
            self._settings.setValue(key, value)
            self.changed.emit()

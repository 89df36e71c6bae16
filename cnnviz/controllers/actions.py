"""Every command of the window as one table: id, text, menu, shortcuts; without Qt, to be listed anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["File", "Edit", "View", "Play", "Help"]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One command.

    Attributes
    ----------
    id : str
        Its lasting name, ``menu.verb``.
    text : str
        What the menu says, with its access key after ``&`` and "…" where a question follows.
    group : str
        The menu it belongs to.
    shortcuts : tuple of str
        Portable key sequences; the first is the one shown.
    tip : str
        One sentence for tooltip and status bar.
    icon : str
        Name of an icon in resources/icons, or "".
    checkable : bool
        Whether it is a switch.
    repeats : bool
        Whether a key held down does it again and again.
    """

    id: str
    text: str
    group: Group
    shortcuts: tuple[str, ...] = ()
    tip: str = ""
    icon: str = ""
    checkable: bool = False
    repeats: bool = False

    @property
    def shortcut(self) -> str:
        """The shortcut that is shown, or ""."""
        return self.shortcuts[0] if self.shortcuts else ""

    @property
    def plain(self) -> str:
        """The text without its access key."""
        return self.text.replace("&&", "\0").replace("&", "").replace("\0", "&")


_FILE = (
    ActionSpec("file.new", "&New lesson", "File", ("Ctrl+N",), "Start again from the 6×6 example", "new"),
    ActionSpec("file.new-input", "New &input…", "File", ("Ctrl+Shift+N",), "Make a small input of your own"),
    ActionSpec("file.open", "&Open…", "File", ("Ctrl+O",), "Open a lesson, a picture or a kernel", "open"),
    ActionSpec(
        "file.open-picture", "Open &picture…", "File", ("Ctrl+Shift+O",), "Use another picture", "picture"
    ),
    ActionSpec("file.open-kernel", "Open &kernel…", "File", ("Ctrl+K",), "Use kernels from a file", "kernel"),
    ActionSpec(
        "file.lessons",
        "&Lessons…",
        "File",
        ("Ctrl+L",),
        "Choose a lesson that ships, by its picture",
        "gallery",
    ),
    ActionSpec("file.save", "&Save", "File", ("Ctrl+S",), "Save the lesson", "save"),
    ActionSpec("file.save-as", "Save &as…", "File", ("Ctrl+Shift+S",), "Save the lesson under another name"),
    ActionSpec(
        "file.export", "&Export…", "File", ("Ctrl+E",), "Write the frames as pictures for slides", "export"
    ),
    ActionSpec("file.close", "&Close", "File", ("Ctrl+W",), "Close the window"),
    ActionSpec("file.quit", "&Quit", "File", ("Ctrl+Q",), "Close the window and end the program"),
)

_EDIT = (
    ActionSpec("edit.undo", "&Undo", "Edit", ("Ctrl+Z",), "Take back the last change", "undo"),
    ActionSpec(
        "edit.redo", "&Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was taken back", "redo"
    ),
    ActionSpec(
        "edit.paste", "&Paste", "Edit", ("Ctrl+V",), "Use a picture or a table of numbers from the clipboard"
    ),
    ActionSpec("edit.copy-frame", "Copy &frame", "Edit", ("Ctrl+Shift+C",), "Copy the stage as a picture"),
    ActionSpec(
        "edit.copy-matrix",
        "&Copy matrix",
        "Edit",
        ("Ctrl+C",),
        "Copy the map under the pointer for a spreadsheet",
    ),
    ActionSpec(
        "edit.copy-numpy",
        "Copy matrix for &NumPy",
        "Edit",
        (),
        "Copy the map under the pointer as NumPy code",
    ),
    ActionSpec(
        "edit.copy-latex", "Copy matrix for &LaTeX", "Edit", (), "Copy the map under the pointer as LaTeX"
    ),
    ActionSpec("edit.words", "Edit &words", "Edit", ("F2",), "Type a story line and titles on the stage"),
    ActionSpec("edit.notes", "Edit n&otes", "Edit", ("Shift+F2",), "Write notes for this section"),
    ActionSpec("edit.preferences", "Pr&eferences…", "Edit", ("Ctrl+,",), "Theme, motion and speed"),
)

_VIEW = (
    ActionSpec("view.zoom-in", "Zoom &in", "View", ("Ctrl++", "Ctrl+="), "Show less, larger"),
    ActionSpec("view.zoom-out", "Zoom &out", "View", ("Ctrl+-",), "Show more, smaller"),
    ActionSpec("view.fit", "&Fit", "View", ("Ctrl+0",), "Show the whole picture", "fit"),
    ActionSpec(
        "view.actual-size", "&100 %", "View", ("Ctrl+1",), "One pixel of the picture is one of the screen"
    ),
    ActionSpec(
        "view.full-screen", "F&ull screen", "View", ("F11",), "Fill the screen, or come back", "", True
    ),
    ActionSpec(
        "view.dark", "&Dark", "View", ("Ctrl+Shift+D",), "Change between light and dark", "theme", True
    ),
    ActionSpec("view.motion", "&Motion", "View", (), "Let the window glide from cell to cell", "", True),
    ActionSpec("view.reset-docks", "&Reset panels", "View", (), "Put the panels back where they were"),
)

_PLAY = (
    ActionSpec("play.toggle", "&Play or pause", "Play", ("Space",), "Play, or pause", "play"),
    ActionSpec("play.backwards", "Play &backwards", "Play", ("Shift+Space",), "Play towards the start"),
    ActionSpec("play.restart", "&Restart", "Play", ("R",), "Play from the start"),
    ActionSpec(
        "play.stop", "&Stop", "Play", ("Esc",), "Stop; then leave full screen; then let go of the pinned cell"
    ),
    ActionSpec("play.step-forward", "Step &forward", "Play", ("Right",), "One step on", "step-forward"),
    ActionSpec("play.step-back", "Step b&ack", "Play", ("Left",), "One step back", "step-back"),
    ActionSpec("play.ten-forward", "&Ten steps forward", "Play", ("Down",), "Ten steps on"),
    ActionSpec("play.ten-back", "Ten steps ba&ck", "Play", ("Up",), "Ten steps back"),
    ActionSpec(
        "play.next-section", "&Next section", "Play", ("PgDown",), "To the next layer", "next-section"
    ),
    ActionSpec(
        "play.previous-section",
        "Pre&vious section",
        "Play",
        ("PgUp",),
        "To the layer before",
        "previous-section",
    ),
    ActionSpec("play.to-start", "To t&he start", "Play", ("Home",), "To the first step", "to-start"),
    ActionSpec("play.to-end", "To the &end", "Play", ("End",), "To the last step", "to-end"),
    ActionSpec("play.goto", "&Go to step…", "Play", ("Ctrl+G",), "Type the number of a step"),
    ActionSpec("play.faster", "Speed &up", "Play", ("]",), "Play faster"),
    ActionSpec("play.slower", "Slow &down", "Play", ("[",), "Play slower"),
    ActionSpec("play.loop", "&Loop", "Play", ("L",), "Off, over and over, or to and fro", "loop"),
)

_HELP = (
    ActionSpec("help.contents", "&Help", "Help", ("F1",), "A first tour of the window"),
    ActionSpec(
        "help.shortcuts", "&Keyboard shortcuts", "Help", ("Ctrl+?", "Ctrl+/"), "All keys on one sheet"
    ),
    ActionSpec(
        "help.reading", "&Tools and resources", "Help", (), "Papers, courses, tools and data to go on with"
    ),
    ActionSpec("help.about", "&About cnnviz", "Help", (), "Version and licences"),
)

_REPEATING = (
    *("edit.undo", "edit.redo", "view.zoom-in", "view.zoom-out", "play.step-forward", "play.step-back"),
    *("play.ten-forward", "play.ten-back", "play.next-section", "play.previous-section"),
    *("play.faster", "play.slower"),
)

ACTIONS: tuple[ActionSpec, ...] = tuple(
    replace(spec, repeats=spec.id in _REPEATING) for spec in (*_FILE, *_EDIT, *_VIEW, *_PLAY, *_HELP)
)

RESERVED: dict[str, str] = {
    "F5": "view.present",
    "B": "present.black",
    "W": "present.white",
    "I": "play.mark-in",
    "O": "play.mark-out",
    "Ctrl+Shift+P": "help.command-palette",
    "Ctrl+Shift+E": "file.export-again",
    "Ctrl+P": "file.print",
}
"""Shortcuts kept for commands that come later, so that nothing else takes them."""


def action(action_id: str) -> ActionSpec:
    """Find the command with that id; `KeyError` when there is none."""
    for spec in ACTIONS:
        if spec.id == action_id:
            return spec
    raise KeyError(action_id)

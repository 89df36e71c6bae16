"""Every command of the window as one table: id, text, menu, shortcuts; without Qt, to be listed anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["File", "Edit", "View", "Stage", "Layer", "Play", "Learn", "Help"]


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
    one_of : str
        The name of the choice that it is one of, or "".
    """

    id: str
    text: str
    group: Group
    shortcuts: tuple[str, ...] = ()
    tip: str = ""
    icon: str = ""
    checkable: bool = False
    repeats: bool = False
    one_of: str = ""

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
        "file.samples", "Pictures of the &data set…", "File", ("Ctrl+D",), "Choose another picture of the set"
    ),
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
        "view.full-screen", "Full &screen", "View", ("F11",), "Fill the screen, or come back", "", True
    ),
    ActionSpec(
        "view.present", "&Present", "View", ("F5",), "Show the stage alone to an audience, in large type"
    ),
    ActionSpec(
        "view.dark", "&Dark", "View", ("Ctrl+Shift+D",), "Change between light and dark", "theme", True
    ),
    ActionSpec("view.motion", "&Motion", "View", (), "Let the window glide from cell to cell", "", True),
    ActionSpec(
        "view.level-network",
        "Who&le network",
        "View",
        ("F6",),
        "All layers as thumbnails",
        "",
        True,
        one_of="level",
    ),
    ActionSpec(
        "view.level-layer",
        "One la&yer",
        "View",
        ("F7",),
        "Maps, kernels, sum and bias",
        "",
        True,
        one_of="level",
    ),
    ActionSpec(
        "view.level-cell", "One &cell", "View", ("F8",), "The arithmetic of a cell", "", True, one_of="level"
    ),
    ActionSpec(
        "view.level-down",
        "Do&wn to the chosen map",
        "View",
        ("Return", "Enter", "Alt+Down"),
        "One level nearer, from a cell to its products",
    ),
    ActionSpec("view.level-up", "Back &up a level", "View", ("Backspace", "Alt+Up"), "One level back"),
    ActionSpec(
        "view.choose-left",
        "Choose in the lay&er before",
        "View",
        ("Shift+Left",),
        "Towards the input, or left",
    ),
    ActionSpec(
        "view.choose-right",
        "Choose in the &next layer",
        "View",
        ("Shift+Right",),
        "Towards the classes, or right",
    ),
    ActionSpec(
        "view.choose-above", "Choose the map a&bove", "View", ("Shift+Up",), "Of cells or bars those above"
    ),
    ActionSpec(
        "view.choose-below", "Choose &the map below", "View", ("Shift+Down",), "Of cells or bars those below"
    ),
    ActionSpec(
        "view.to-panel",
        "&Go to the panel",
        "View",
        ("Ctrl+F6",),
        "To the fields at the side; again: next panel",
    ),
    ActionSpec("view.reset-docks", "&Reset panels", "View", (), "Put the panels back where they were"),
)


def _switch(name: str, text: str, key: str, tip: str, one_of: str = "") -> ActionSpec:
    group: Group = "Stage" if name.startswith("stage.") else "Layer"
    return ActionSpec(name, text, group, (key,) if key else (), tip, "", True, False, one_of)


_STAGE = (
    _switch("stage.heat-none", "No &heat-map", "Alt+1", "Show the input as it is", "heat"),
    _switch(
        "stage.heat-uses", "&Use count", "Alt+2", "How many windows hold each pixel of the input", "heat"
    ),
    _switch(
        "stage.heat-fan-out", "F&an-out of a pixel", "Alt+3", "Which outputs a pixel feeds, how often", "heat"
    ),
    _switch(
        "stage.heat-field", "&Receptive field", "Alt+4", "What the cell at work sees of the input", "heat"
    ),
    _switch("stage.curves", "&Curves of activations", "C", "Draw activations as curves"),
    _switch(
        "stage.channels", "&Opened channels", "K", "Show a convolution channel by channel, its sum and bias"
    ),
    _switch("stage.marks", "&Marks", "M", "Mark edges of the picture and the roles of a kernel's columns"),
    _switch("stage.formula", "&Formulas", "F", "Show the formulas of the operation and of its size"),
    _switch(
        "stage.plots-auto",
        "Plot for each phas&e",
        "Alt+9",
        "Beside what learns, the plot that tells most; of recorded runs their errors",
        "plots",
    ),
    _switch("stage.plots-loss", "Plot of the lo&ss", "Alt+0", "The loss of each iteration so far", "plots"),
    _switch("stage.plots-chain", "Chain rule as a &graph", "", "Of a network with few weights", "plots"),
    _switch("stage.plots-surface", "Loss over two &weights", "", "Of a network with two weights", "plots"),
    _switch(
        "stage.plots-check", "Gradient chec&k", "", "The derivative of a weight by a difference", "plots"
    ),
    _switch("stage.plots-none", "No plot bes&ide", "", "Leave the room to the maps", "plots"),
    _switch("stage.range-map", "Colours over each ma&p", "Alt+5", "A range for each map", "range"),
    _switch("stage.range-tensor", "Colours over each &tensor", "Alt+6", "One for maps made alike", "range"),
    _switch("stage.range-layer", "Colours over each &layer", "Alt+7", "With activation and pooling", "range"),
    _switch("stage.range-network", "Colours over the &network", "Alt+8", "One range for all", "range"),
    _switch(
        "stage.hide-total", "&Quiz: hide the sum", "H", "Let the audience add up: the sum is a question mark"
    ),
    _switch("stage.hide-products", "Quiz: hide ever&y product", "Shift+H", "Let the audience multiply"),
    _switch(
        "stage.hide-cell", "Quiz: hide the &value of the cell", "Ctrl+H", "Let the audience fill the cell in"
    ),
    _switch("stage.letters", "Letters &x, w, y", "X", "Write x, w, y instead of I, K, S"),
    _switch("stage.base", "Indices from &1", "N", "Count rows, columns and channels from 1 instead of 0"),
    _switch("stage.decimal", "&Decimal comma", ",", "Write 0,5 instead of 0.5"),
)

_LAYER = (
    _switch(
        "layer.flipped", "&True convolution", "T", "Turn the kernel by 180° before it slides, or correlate"
    ),
    _switch("layer.padding-valid", "Padding &valid", "", "No padding", "padding"),
    _switch(
        "layer.padding-same",
        "Padding &same, TensorFlow",
        "",
        "⌈n/s⌉ rows; an odd one at the bottom",
        "padding",
    ),
    _switch(
        "layer.padding-same-lower",
        "Padding same, lo&wer, ONNX",
        "",
        "⌈n/s⌉ rows; an odd one at the top",
        "padding",
    ),
    _switch(
        "layer.padding-half",
        "Padding &half, symmetric",
        "",
        "⌊k/2⌋ on every side; even kernels add a row",
        "padding",
    ),
    _switch("layer.padding-full", "Padding &full", "", "Every window that touches a pixel", "padding"),
    _switch("layer.pin", "&Pin this layer", "P", "Let the panels stay with the layer that they show"),
    _switch("layer.alone", "Edit this track &only", "A", "Let edits leave the other tracks as they are"),
)

_PLAY = (
    ActionSpec("play.toggle", "&Play or pause", "Play", ("Space",), "Play, or pause", "play"),
    ActionSpec("play.backwards", "Play &backwards", "Play", ("Shift+Space",), "Play towards the start"),
    ActionSpec("play.restart", "&Restart", "Play", ("R",), "Play from the start"),
    ActionSpec(
        "play.stop",
        "&Stop",
        "Play",
        ("Esc",),
        "Stop; leave full screen; let go of the pinned cell; one level back",
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
    ActionSpec("play.mark-in", "Mark &in", "Play", ("I",), "Play and export from this step on"),
    ActionSpec("play.mark-out", "Mark &out", "Play", ("O",), "Play and export up to this step"),
    ActionSpec(
        "play.clear-marks",
        "&Without marks",
        "Play",
        ("Shift+I", "Shift+O"),
        "Play and export all steps again",
    ),
    ActionSpec(
        "play.add-bookmark", "Add boo&kmark…", "Play", ("Ctrl+B",), "Come back to this step by a name"
    ),
)

_LEARN = (
    ActionSpec(
        "learn.pause", "&Pause or resume learning", "Learn", ("Ctrl+T",), "Pause computing, or go on with it"
    ),
    ActionSpec(
        "learn.cancel",
        "&Cancel learning",
        "Learn",
        ("Ctrl+Shift+T",),
        "End with the iterations that there are",
    ),
    ActionSpec("learn.previous-iteration", "Pre&vious iteration", "Learn", ("Ctrl+Left",), "One update back"),
    ActionSpec("learn.next-iteration", "&Next iteration", "Learn", ("Ctrl+Right",), "One update on"),
    ActionSpec(
        "learn.run-again",
        "&Run again here",
        "Learn",
        ("Ctrl+Shift+R",),
        "Compute what was recorded, here and now",
    ),
    ActionSpec("learn.recorded", "Sho&w the recording", "Learn", (), "Go back to what was recorded"),
    ActionSpec("learn.new-seed", "New &seed", "Learn", ("Ctrl+R",), "Start from other random weights"),
    ActionSpec(
        "learn.log",
        "&Logarithmic plots",
        "Learn",
        ("Ctrl+Shift+L",),
        "Powers of ten are equally far apart",
        "",
        True,
    ),
    ActionSpec("learn.fit-plots", "&Fit plots", "Learn", ("Ctrl+Shift+F",), "Show the curves whole"),
    ActionSpec(
        "learn.export-plots", "&Export plots…", "Learn", (), "Save the curves as a picture or as a table"
    ),
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
    *("view.choose-left", "view.choose-right", "view.choose-above", "view.choose-below"),
    *("edit.undo", "edit.redo", "view.zoom-in", "view.zoom-out", "play.step-forward", "play.step-back"),
    *("play.ten-forward", "play.ten-back", "play.next-section", "play.previous-section"),
    *("play.faster", "play.slower", "learn.previous-iteration", "learn.next-iteration"),
)

ACTIONS: tuple[ActionSpec, ...] = tuple(
    replace(spec, repeats=spec.id in _REPEATING)
    for spec in (*_FILE, *_EDIT, *_VIEW, *_STAGE, *_LAYER, *_PLAY, *_LEARN, *_HELP)
)

RESERVED: dict[str, str] = {
    "B": "present.black",
    "W": "present.white",
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

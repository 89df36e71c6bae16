"""A plan of an export: which steps become frames of which format and look, as a value saved with the lesson."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.pace import Pace

PlanTheme: TypeAlias = Literal["light", "dark", "transparent"]
Key: TypeAlias = Literal["first-cell", "first-edge", "row-ends", "section-ends"]
Part: TypeAlias = Literal["title", "section", "caption", "formula", "arithmetic", "legend", "plot"]
Answer: TypeAlias = Literal["total", "products", "cell"]
Slides: TypeAlias = Literal["shapes", "tables", "picture"]
Letterforms: TypeAlias = Literal["text", "paths"]
Numbering: TypeAlias = Literal["step", "count"]

THEMES: tuple[PlanTheme, ...] = get_args(PlanTheme)
KEYS: tuple[Key, ...] = get_args(Key)
PARTS: tuple[Part, ...] = get_args(Part)
ANSWERS: tuple[Answer, ...] = get_args(Answer)

MAX_PIXELS = 100_000_000
MAX_FPS = 50.0  # a GIF counts hundredths of a second, and viewers slow down delays of one
SIDES = (16, 32_767)  # the larger is where Qt stops painting
MOST_PLANS = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What is exported and how it looks; it names steps as text, so that it also fits a lesson changed since.

    Attributes
    ----------
    name : str
        By which a lesson's plans are told apart.
    format : str
        The ending of a format, such as "pptx"; empty: as the name of the place says, else a folder of PNGs.
    frames : str
        Steps of the timeline as a Python slice ``A:B:S``, or one.
    keys : tuple of {"first-cell", "first-edge", "row-ends", "section-ends"}
        Only these steps among them, which the slice's step then counts; empty: every one.
    pace : Pace or None
        How finely the timeline is cut; None as the lesson says.
    size : tuple of int
        Width and height for which the scene is composed, in logical pixels.
    scale : float
        Pixels of the picture per logical pixel.
    theme : {"light", "dark", "transparent"}
    margin : float
        Left free on every side beyond the stage's own, as a part of the height: 0 to 0.25.
    smallest : float
        Type smaller than so many pixels of the picture is refused; 0 refuses none.
    include : tuple of Part
        What stands beside the maps: title, section, caption, formula, arithmetic, legend, plot.
    hide : tuple of {"total", "products", "cell"}
        Answers left out.
    pairs : bool
        Every step twice: with hidden answers (``hide``, or all of them where it is empty) and in full.
    fps, hold : float
        Steps a second of an animation, and seconds its last picture stays longer.
    moves : bool
        In an animation windows and links glide from step to step, as on the stage.
    numbering : {"step", "count"}
        Files are named by the step's index, or counted from 0 without gaps as LaTeX wants them.
    text : {"text", "paths"}
        Letters in SVG files as text that can be edited, or as outlines that look alike everywhere.
    slides : {"shapes", "tables", "picture"}
        What grids become in a PPTX file.
    """

    name: str = ""
    format: str = ""
    frames: str = ":"
    keys: tuple[Key, ...] = ()
    pace: Pace | None = None
    size: tuple[int, int] = (1920, 1080)
    scale: float = 1.0
    theme: PlanTheme = "light"
    margin: float = 0.0
    smallest: float = 0.0
    include: tuple[Part, ...] = PARTS
    hide: tuple[Answer, ...] = ()
    pairs: bool = False
    fps: float = 5.0
    hold: float = 2.0
    moves: bool = False
    numbering: Numbering = "step"
    text: Letterforms = "text"
    slides: Slides = "shapes"

    def __post_init__(self) -> None:
        _check_choices(self)
        if not 0 < self.fps <= MAX_FPS:
            raise BadInput(f"fps {self.fps:g}: choose more than 0 and at most {MAX_FPS:g} pictures a second")
        if not 0 <= self.hold <= 600:
            raise BadInput(f"hold {self.hold:g}: choose 0 to 600 seconds")
        if not 0.05 <= self.scale <= 20:
            raise BadInput(f"scale {self.scale:g}: choose 0.05 to 20")
        if not 0 <= self.margin <= 0.25:
            raise BadInput(f"margin {self.margin:g}: choose 0 to 0.25 of the height")
        if not 0 <= self.smallest <= 200:
            raise BadInput(f"smallest {self.smallest:g}: choose type of 0 to 200 pixels")
        check_pixels(*self.pixels())

    def pixels(self) -> tuple[int, int]:
        """Width and height of a picture in its own pixels."""
        width, height = self.size
        return int(width * self.scale + 0.5), int(height * self.scale + 0.5)


def _check_choices(plan: Plan) -> None:
    known: dict[str, tuple[str, ...]] = {
        "theme": THEMES, "numbering": get_args(Numbering), "text": get_args(Letterforms), "slides": get_args(Slides),
    }  # fmt: skip
    for field, choices in known.items():
        if getattr(plan, field) not in choices:
            raise BadInput(
                f"{field} {getattr(plan, field)!r}: there is none of that name; use {', '.join(choices)}"
            )
    several: dict[str, tuple[str, ...]] = {"keys": KEYS, "include": PARTS, "hide": ANSWERS}
    for field, choices in several.items():
        unknown = [word for word in getattr(plan, field) if word not in choices]
        if unknown:
            raise BadInput(f"{field} {unknown[0]!r}: there is none of that name; use {', '.join(choices)}")


def check_pixels(width: int, height: int) -> None:
    """Refuse pictures with a side or an area that cannot be painted."""
    if min(width, height) < SIDES[0] or max(width, height) > SIDES[1]:
        raise BadInput(f"size {width}x{height}: choose {SIDES[0]} to {SIDES[1]} pixels each way")
    if width * height > MAX_PIXELS:
        raise BadInput(
            f"size {width}x{height}: {width * height / 1e6:.0f} megapixels are more than "
            f"{MAX_PIXELS // 1_000_000}; choose a smaller size or scale"
        )

"""What to export and under which names: frames as a range, never as a list, however long the timeline is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cnnviz.engine.errors import BadInput

THEMES = ("light", "dark", "transparent")
ENDINGS = (".png", ".gif")
MAX_PIXELS = 100_000_000
MAX_FRAMES = 100_000
MAX_FPS = 50.0  # a GIF counts hundredths of a second, and viewers slow down delays of one
SIDES = (16, 32_767)  # the larger is where Qt stops painting
_WHOLE = re.compile(r"[+-]?\d{1,18}")


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is exported and how it looks.

    Attributes
    ----------
    frames : range
        Steps of the timeline, in the order in which they are shown.
    count : int
        Steps of the whole timeline; names are padded to the width of the last one.
    size : tuple of int
        Width and height for which the scene is composed, in logical pixels.
    scale : float
        Pixels of the picture per logical pixel.
    theme : str
        "light", "dark" or "transparent".
    fps, hold : float
        Pictures per second of an animation, and seconds its last picture stays longer.
    key_frames : bool
        Only the key steps among the frames.
    hide : tuple of str
        Answers left out: "total", "products", "cell".
    """

    frames: range
    count: int
    size: tuple[int, int] = (1920, 1080)
    scale: float = 1.0
    theme: str = "light"
    fps: float = 5.0
    hold: float = 2.0
    key_frames: bool = False
    hide: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.theme not in THEMES:
            raise BadInput(f"theme {self.theme!r}: there is none of that name; use {', '.join(THEMES)}")
        if not 0 < self.fps <= MAX_FPS:
            raise BadInput(f"fps {self.fps:g}: choose more than 0 and at most {MAX_FPS:g} pictures a second")
        if not 0 <= self.hold <= 600:
            raise BadInput(f"hold {self.hold:g}: choose 0 to 600 seconds")
        if not 0.05 <= self.scale <= 20:
            raise BadInput(f"scale {self.scale:g}: choose 0.05 to 20")
        _check_pixels(*self.pixels())

    def pixels(self) -> tuple[int, int]:
        """Width and height of a picture in its own pixels."""
        width, height = self.size
        return int(width * self.scale + 0.5), int(height * self.scale + 0.5)


class Kind(Enum):
    """What lies at the place an export is written to."""

    FOLDER = "folder"
    PNG = "png"
    PNGS = "pngs"
    GIF = "gif"


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes: one file, or a file for each step in ``folder``, named ``stem`` and index."""

    kind: Kind
    folder: Path
    stem: str
    width: int

    def name(self, index: int) -> str:
        """The file's name for a step; single files have the same for all."""
        match self.kind:
            case Kind.GIF:
                return f"{self.stem}.gif"
            case Kind.PNG:
                return f"{self.stem}.png"
            case _:
                return f"{self.stem}-{index:0{self.width}d}.png"

    def path(self, index: int) -> Path:
        """The same with its folder."""
        return self.folder / self.name(index)


def target_of(out: str | Path, plan: ExportPlan, indices: Sequence[int]) -> Target:
    """Read the place of an export from the name given for it.

    A name without an ending, or a folder that is there, holds ``frame-0000.png`` and so on; ``.png`` with one
    frame is that file, with several ``NAME-0000.png`` beside it; ``.gif`` is an animation.

    Raises
    ------
    BadInput
        The ending is not known, or the folder for a file is not there.
    """
    path = Path(out)
    width = max(4, len(str(max(0, plan.count - 1))))
    ending = path.suffix.lower()
    if path.is_dir() or not ending:
        return Target(Kind.FOLDER, path, "frame", width)
    if ending not in ENDINGS:
        raise BadInput(f"{path.name}: no format ends in {path.suffix}; use .png, .gif or a folder's name")
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent}: the folder does not exist; make it first or choose another one")
    if ending == ".gif":
        return Target(Kind.GIF, path.parent, path.stem, width)
    return Target(Kind.PNG if len(indices) == 1 else Kind.PNGS, path.parent, path.stem, width)


def frame_indices(plan: ExportPlan, key_steps: Sequence[int] = ()) -> Sequence[int]:
    """Give the steps to paint: the plan's range itself or, for key frames, the key steps in it.

    Raises
    ------
    BadInput
        More than 100,000 frames, or none.
    """
    indices: Sequence[int] = plan.frames
    if plan.key_frames:
        indices = sorted((k for k in set(key_steps) if k in plan.frames), reverse=plan.frames.step < 0)
    if not indices:
        raise BadInput("frames: none of the key steps is in this range; choose a wider range or all frames")
    if len(indices) > MAX_FRAMES:
        raise BadInput(
            f"frames: {len(indices):,} are more than {MAX_FRAMES:,}; choose a range, a larger step, "
            "key frames or a coarser pace"
        )
    return indices


def existing_files(target: Target, indices: Sequence[int]) -> Iterator[Path]:
    """Find the files that the export would replace, each once."""
    if not target.folder.is_dir():
        return
    there = {entry.name for entry in target.folder.iterdir()}
    if target.kind in (Kind.GIF, Kind.PNG):
        indices = indices[:1]
    for index in indices:
        if target.name(index) in there:
            yield target.path(index)


def parse_frames(text: str, count: int) -> range:
    """Read frames of a timeline of ``count`` steps, written as a Python slice ``A:B:S`` or as one index.

    Examples
    --------
    >>> parse_frames("2:10:3", 100), parse_frames("-2:", 100), parse_frames("7", 100)
    (range(2, 10, 3), range(98, 100), range(7, 8))
    """
    parts = [part.strip() for part in text.strip().split(":")]
    if len(parts) > 3 or parts == [""] or not all(_is_whole(part) for part in parts):
        raise BadInput(f"frames {text!r}: write A:B, A:B:S or one number, as in 0:100:5")
    if len(parts) == 1:
        return _single(int(parts[0]), count)
    bounds = [int(part) if part else None for part in parts]
    if len(bounds) == 3 and bounds[2] == 0:
        raise BadInput(f"frames {text!r}: the step cannot be 0; use 1 or more")
    start, stop, step = slice(*bounds).indices(count)
    chosen = range(start, stop, step)
    if not chosen:
        raise BadInput(f"frames {text!r}: holds none of the {count:,} steps 0…{count - 1}; choose others")
    return chosen


def parse_size(text: str) -> tuple[int, int]:
    """Read a size in pixels.

    Examples
    --------
    >>> parse_size("1920x1080"), parse_size("640 × 480")
    ((1920, 1080), (640, 480))
    """
    match = re.fullmatch(r"\s*(\d{1,9})\s*[xX×]\s*(\d{1,9})\s*", text)
    if not match:
        raise BadInput(f"size {text!r}: write width x height, as in 1920x1080")
    width, height = int(match[1]), int(match[2])
    _check_pixels(width, height)
    return width, height


def _is_whole(part: str) -> bool:
    return not part or _WHOLE.fullmatch(part) is not None


def _single(index: int, count: int) -> range:
    if not -count <= index < count:
        raise BadInput(f"frames {index}: the timeline has the steps 0…{count - 1}; choose one of them")
    index %= count
    return range(index, index + 1)


def _check_pixels(width: int, height: int) -> None:
    if min(width, height) < SIDES[0] or max(width, height) > SIDES[1]:
        raise BadInput(f"size {width}x{height}: choose {SIDES[0]} to {SIDES[1]} pixels each way")
    if width * height > MAX_PIXELS:
        raise BadInput(
            f"size {width}x{height}: {width * height / 1e6:.0f} megapixels are more than "
            f"{MAX_PIXELS // 1_000_000}; choose a smaller size or scale"
        )

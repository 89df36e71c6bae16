"""A plan against a timeline: its steps as a range, the names of its files, however long the timeline is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnviz.engine.errors import BadInput
from cnnviz.export.formats import ENDINGS, Format, format_of
from cnnviz.export.shots import MAX_FRAMES, Shot
from cnnviz.lesson.plans import Plan, check_pixels

_WHOLE = re.compile(r"[+-]?\d{1,18}")

_ROLES = {"": "", "question": "-1-question", "answer": "-2-answer"}
"""Ends of names: programs that take pictures by their names take the question first."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes: one file, or a file for each shot in ``folder``, named ``stem`` and a number.

    Attributes
    ----------
    format : Format
    folder : Path
    stem : str
    width : int
        Digits of the numbers; 0 for a single file, which has none.
    own_folder : bool
        Whether the folder as a whole is the place that was named.
    counted : bool
        Whether files are counted from 0 instead of numbered by their step.
    """

    format: Format
    folder: Path
    stem: str
    width: int
    own_folder: bool = False
    counted: bool = False

    def name(self, position: int, shot: Shot) -> str:
        """The file's name for a shot; a single file has the same for all."""
        if not self.width:
            return f"{self.stem}.{self.format.ending}"
        if self.counted:
            return f"{self.stem}-{position}.{self.format.ending}"
        role = _ROLES[shot.role]
        return f"{self.stem}-{shot.index:0{self.width}d}{role}.{self.format.ending}"

    @property
    def place(self) -> Path:
        """What a report names: the folder, or the single file."""
        return self.folder if self.width else self.folder / f"{self.stem}.{self.format.ending}"


def target_of(out: str | Path, plan: Plan, shots: Sequence[Shot], count: int) -> Target:
    """Read the place of an export from the name given for it.

    A name without an ending, or a folder that is there, holds ``frame-0000.png`` and so on; ``.png`` or ``.svg``
    with one frame is that file, with several ``NAME-0000.png`` beside it; the other endings are one file. A plan
    that names a format of one file gives its ending to a name that has none.

    Parameters
    ----------
    out : str or Path
    plan : Plan
    shots : sequence of Shot
    count : int
        Steps of the whole timeline: numbers are padded to the width of the last one.

    Raises
    ------
    BadInput
        The ending is not known or is not the plan's, or the folder for a file is not there.
    """
    path = Path(out)
    width = max(4, len(str(max(0, count - 1))))
    counted = plan.numbering == "count"
    wanted = format_of(plan.format) if plan.format else None
    ending = path.suffix.lower().removeprefix(".")
    if path.is_dir() or not ending:
        if wanted is None or wanted.many:
            return Target(wanted or format_of("png"), path, "frame", width, True, counted)
        if path.is_dir():
            raise BadInput(f"{path.name}: is a folder; name a file that ends in .{wanted.ending} in it")
        path, ending = path.with_name(f"{path.name}.{wanted.ending}"), wanted.ending
    if ending not in ENDINGS:
        known = ", ".join(f".{e}" for e in ENDINGS)
        raise BadInput(f"{path.name}: no format ends in {path.suffix}; use a folder's name or one of {known}")
    if wanted is not None and wanted.ending != ending:
        raise BadInput(f"{path.name}: the plan writes .{wanted.ending}; name a file that ends so")
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent}: the folder does not exist; make it first or choose another one")
    format_ = format_of(ending)
    single = not format_.many or len(shots) == 1
    return Target(format_, path.parent, path.stem, 0 if single else width, counted=counted)


def format_wanted(out: str | Path, plan: Plan) -> Format:
    """The format that a place and a plan name, before anything is known of the frames."""
    ending = Path(out).suffix.lower().removeprefix(".")
    return format_of(plan.format or (ending if ending in ENDINGS and not Path(out).is_dir() else "png"))


def frame_indices(plan: Plan, count: int, key_steps: Sequence[int] = ()) -> Sequence[int]:
    """Give the steps to paint: the plan's range itself or, for key frames, the key steps in it.

    With key frames the slice's step counts key steps: ``::2`` is every second of them.

    Raises
    ------
    BadInput
        More than 100,000 frames, or none.
    """
    steps = parse_frames(plan.frames, count)
    indices: Sequence[int] = steps
    if plan.keys:
        every = range(steps.start, steps.stop, 1 if steps.step > 0 else -1)
        inside = sorted((k for k in set(key_steps) if k in every), reverse=steps.step < 0)
        indices = inside[:: abs(steps.step)]
    if not indices:
        raise BadInput("frames: none of the key steps is in this range; choose a wider range or all frames")
    if len(indices) > MAX_FRAMES:
        raise BadInput(
            f"frames: {len(indices):,} are more than {MAX_FRAMES:,}; choose a range, a larger step, "
            "key frames or a coarser pace"
        )
    return indices


def existing_files(target: Target, shots: Sequence[Shot]) -> Iterator[Path]:
    """Find the files that the export would replace, each once."""
    if not target.folder.is_dir():
        return
    there = {entry.name for entry in target.folder.iterdir()}
    for position, shot in enumerate(shots if target.width else shots[:1]):
        name = target.name(position, shot)
        if name in there:
            yield target.folder / name


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


def with_step(text: str, every: int) -> str:
    """The same range with another step.

    Examples
    --------
    >>> with_step("2:10", 3), with_step("-5:", 2), with_step("9:0:-1", 4)
    ('2:10:3', '-5::2', '9:0:-4')
    """
    if every < 1:
        raise BadInput(f"every {every}: choose 1 or more")
    parts = text.split(":")
    if len(parts) == 1:
        return text
    back = "-" if len(parts) == 3 and parts[2].strip().startswith("-") else ""
    return f"{parts[0]}:{parts[1]}:{back}{every}"


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
    check_pixels(width, height)
    return width, height


def _is_whole(part: str) -> bool:
    return not part or _WHOLE.fullmatch(part) is not None


def _single(index: int, count: int) -> range:
    if not -count <= index < count:
        raise BadInput(f"frames {index}: the timeline has the steps 0…{count - 1}; choose one of them")
    index %= count
    return range(index, index + 1)

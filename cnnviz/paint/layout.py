"""Sets runs of text into a box: where each piece goes, in lengths that do not depend on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cnnviz.paint.fonts import ascent, cap_height, text_width
from cnnviz.scene.primitives import Align, Color, Run, Text, Weight

LINE_HEIGHT = 1.4
SMALLEST = 0.7  # of the size asked for
_STEPS = 12  # sizes tried between full and smallest
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one colour and weight on one line; ``x`` and ``baseline`` count from the top left of box."""

    text: str
    color: Color
    weight: Weight
    x: float
    baseline: float


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Pieces and the size in which they are all set; the same text gives the same object while it is kept."""

    pieces: tuple[Piece, ...]
    size: float


Line = list[Run]


def width_of(line: Line, size: float) -> float:
    """Measure runs set one after the other."""
    return sum(text_width(run.text, size, run.weight) for run in line)


def set_text(text: Text) -> Setting:
    """Lay a text out in its box.

    A single line too wide for the box, or lines too many for it, are set smaller, down to 0.7 of the size;
    what still does not fit ends in an ellipsis.
    """
    return _set(text.runs, text.size, text.box.w, text.box.h, text.align, text.top, text.wrap)


@lru_cache(maxsize=2048)
def _set(
    runs: tuple[Run, ...], size: float, width: float, height: float, align: Align, top: bool, wrap: bool
) -> Setting:
    lines, fitted = _wrapped(runs, size, width, height) if wrap else _one_line(runs, size, width)
    pieces = tuple(_placed(lines, fitted, width, height, align, top))
    return Setting(pieces, fitted)


def _one_line(runs: tuple[Run, ...], size: float, width: float) -> tuple[list[Line], float]:
    natural = width_of(list(runs), size)
    if natural <= width:
        return [list(runs)], size
    fitted = max(SMALLEST * size, size * width / natural)
    return [_elided(list(runs), fitted, width)], fitted


def _wrapped(runs: tuple[Run, ...], size: float, width: float, height: float) -> tuple[list[Line], float]:
    for step in range(_STEPS + 1):
        fitted = size * (1 - (1 - SMALLEST) * step / _STEPS)
        lines = _broken(runs, fitted, width)
        room = max(1, int((height / fitted - 1.2) / LINE_HEIGHT + 1 + 1e-9))
        if len(lines) <= room and all(width_of(line, fitted) <= width for line in lines):
            break
    kept = lines[:room]
    if len(lines) > room:
        kept[-1] = _ended(kept[-1] or [Run("", runs[0].color, runs[0].weight)])
    return [_elided(line, fitted, width) for line in kept], fitted


def _ended(line: Line) -> Line:
    last = line[-1]
    return [*line[:-1], Run(last.text.rstrip() + ELLIPSIS, last.color, last.weight)]


def _broken(runs: tuple[Run, ...], size: float, width: float) -> list[Line]:
    """Make lines no wider than the box, broken at spaces and at every newline."""
    lines: list[Line] = [[]]
    taken = 0.0  # of the width, by the last line
    for word, space in _words(runs):
        if word and word[0].text == "\n":
            lines.append([])
            taken = 0.0
            continue
        if lines[-1] and taken + width_of(word, size) > width:
            lines.append([])
            taken = 0.0
        spaced = _joined([], word, space)
        lines[-1] += spaced
        taken += width_of(spaced, size)
    return [_trimmed(line) for line in lines]


def _words(runs: tuple[Run, ...]) -> Iterator[tuple[Line, str]]:
    """Yield words, which may span runs, each with the space that follows; a newline is a word of its own."""
    word: Line = []
    for run in runs:
        for token in _tokens(run.text):
            if token == "\n":
                if word:
                    yield word, ""
                yield [Run("\n", run.color, run.weight)], ""
                word = []
            elif token.isspace():
                yield word or [Run("", run.color, run.weight)], " "
                word = []
            else:
                word.append(Run(token, run.color, run.weight))
    if word:
        yield word, ""


def _tokens(text: str) -> list[str]:
    """Cut into spaces, words and single newlines. A no-break space is part of a word."""
    kinds = ["n" if c == "\n" else "s" if c == " " else "w" for c in text]
    cuts = [i for i, (a, b) in enumerate(pairwise(kinds), 1) if a != b or a == "n"]
    return [text[a:b] for a, b in pairwise([0, *cuts, len(text)]) if a < b]


def _joined(line: Line, word: Line, space: str = "") -> Line:
    last = word[-1]
    return [*line, *word[:-1], Run(last.text + space, last.color, last.weight)]


def _trimmed(line: Line) -> Line:
    if not line:
        return line
    last = line[-1]
    return [*line[:-1], Run(last.text.rstrip(" "), last.color, last.weight)]


def _elided(line: Line, size: float, width: float) -> Line:
    """Return the line, cut and ended by an ellipsis when it is wider than the box."""
    if width_of(line, size) <= width + 1e-6 * size:
        return line
    kept = list(line)
    while kept:
        last = kept.pop()
        room = width - width_of(kept, size)
        for length in range(len(last.text) - 1, -1, -1):
            cut = last.text[:length].rstrip() + ELLIPSIS
            if text_width(cut, size, last.weight) <= room:
                return [*kept, Run(cut, last.color, last.weight)]
    return []


def _placed(
    lines: list[Line], size: float, width: float, height: float, align: Align, top: bool
) -> Iterator[Piece]:
    step = LINE_HEIGHT * size
    tall = (len(lines) - 1) * step + cap_height(size)
    baseline = ascent(size) if top else (height - tall) / 2 + cap_height(size)
    share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[align]
    for line in lines:
        widths = [text_width(run.text, size, run.weight) for run in line]
        x = share * (width - sum(widths))
        for run, wide in zip(line, widths, strict=True):
            if run.text:
                yield Piece(run.text, run.color, run.weight, x, baseline)
            x += wide
        baseline += step

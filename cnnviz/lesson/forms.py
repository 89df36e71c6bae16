"""What the input panel shows of a lesson, and how its numbers are written: plain values, derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.likeness import is_like, likeness
from cnnviz.lesson.limits import Limit, input_limits
from cnnviz.lesson.source import Grey, Noise, Rotate, Shift, Source

EDITABLE_CELLS = 32 * 32
"""Inputs up to this size are offered as a table of cells; larger ones are painted on the stage."""


_NONE = Limit(0, 0)


@dataclass(frozen=True, slots=True)
class InputForm:
    """The input: its name, its original and working size, and its cells where they are few."""

    name: str
    original: tuple[int, int, int]
    shape: tuple[int, int, int]
    grey: bool
    picture: bool
    span: tuple[float, float]
    """Values from black to white."""
    credit: str
    noise: int = 0
    """In hundredths of the span; of a picture in brightnesses of 255."""
    seed: int = 0
    shift: tuple[int, int] = (0, 0)
    rotation: int = 0
    """Degrees, anticlockwise."""
    like: bool | None = None
    """Whether it is made like the pictures that the network was trained on; None where that is not offered."""
    done: str = ""
    """What that did, in words."""
    noise_limit: Limit = _NONE
    row_limit: Limit = _NONE
    column_limit: Limit = _NONE
    rotation_limit: Limit = _NONE


def exact(value: float) -> str:
    """The shortest text that gives the value back: a whole number, a fraction such as 1/9, or its digits.

    Examples
    --------
    >>> exact(3.0), exact(1 / 9), exact(0.25), exact(-2 / 3)
    ('3', '1/9', '0.25', '-2/3')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    digits = repr(float(value))
    if len(digits) <= 7:
        return digits
    near = Fraction(value).limit_denominator(4096)
    return str(near) if near.numerator / near.denominator == value and near else digits


def written(value: float, comma: bool = False) -> str:
    """`exact` with the decimal sign in use."""
    return exact(value).replace(".", ",") if comma else exact(value)


def input_form(lesson: Lesson, track: int = 0) -> InputForm:
    """The form of the input."""
    source = lesson.tracks[track].source
    _, rows, columns = source.array.shape
    span = (0.0, source.white) if source.picture else (float(source.array.min()), float(source.array.max()))
    noise = next((t for t in source.transforms if isinstance(t, Noise)), Noise(0.0))
    shift = next((t for t in source.transforms if isinstance(t, Shift)), Shift(0, 0))
    turn = next((t for t in source.transforms if isinstance(t, Rotate)), Rotate(0.0))
    found = input_limits(lesson, track)
    return InputForm(
        source.name,
        (source.array.shape[0], rows, columns),
        source.shape,
        any(isinstance(t, Grey) for t in source.transforms),
        source.picture,
        span,
        source.credit,
        round(noise.sigma / noise_unit(source)),
        noise.seed,
        (shift.rows, shift.columns),
        round(turn.degrees),
        is_like(lesson.tracks[track]),
        likeness(source),
        found["noise"],
        found["shift.rows"],
        found["shift.columns"],
        found["rotate"],
    )


def noise_unit(source: Source) -> float:
    """The standard deviation that one mark of the noise slider stands for.

    One brightness of 255 for a picture, a hundredth of the span for other numbers.
    """
    if source.picture:
        return source.white / 255
    span = float(source.array.max() - source.array.min())
    return (span or abs(float(source.array.max())) or 1.0) / 100

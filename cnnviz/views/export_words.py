"""How much an export will be, in one plain line."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication

from cnnviz.export.formats import Format
from cnnviz.export.reporting import size_words
from cnnviz.timeline.transport import clock


class EstimateLike(Protocol):
    """How much an export will be; bytes and seconds are None while they are measured."""

    @property
    def frames(self) -> int: ...
    @property
    def files(self) -> int: ...
    @property
    def plays(self) -> float: ...
    @property
    def bytes_expected(self) -> int | None: ...
    @property
    def seconds(self) -> float | None: ...


def estimate_words(guess: EstimateLike, format_: Format, pixels: tuple[int, int]) -> str:
    """How many files and frames, how large, and how long it takes."""
    size = f"{pixels[0]}×{pixels[1]}"
    parts = [_count(guess, format_, size)]
    if format_.animated:
        parts.append(_tr("plays {time}").format(time=clock(guess.plays)))
    if guess.bytes_expected is None or guess.seconds is None:
        parts.append(_tr("measuring …"))
    else:
        parts.append(_tr("about {bytes}").format(bytes=size_words(guess.bytes_expected)))
        parts.append(_tr("written in {time}").format(time=_duration(guess.seconds)))
    return " · ".join(parts)


def _count(guess: EstimateLike, format_: Format, size: str) -> str:
    if format_.ending == "json":
        text = _tr("1 file, {n} steps")
    elif format_.ending == "pptx":
        text = _tr("1 file, {n} slides")
    elif format_.ending == "pdf":
        text = _tr("1 file, {n} pages of {size}")
    elif format_.animated:
        text = _tr("1 file, {n} frames of {size}")
    else:
        text = _tr("{n} files of {size}") if guess.frames > 1 else _tr("1 file of {size}")
    return text.format(n=f"{guess.frames:,}", size=size)


def _duration(seconds: float) -> str:
    return _tr("under a second") if seconds < 1 else clock(seconds)


def _tr(text: str) -> str:
    return QCoreApplication.translate("export", text)

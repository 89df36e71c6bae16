"""What a track is called by itself: by the one number that tells it from those beside it."""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.engine.specs import Add
from cnnviz.engine.windows import Sliding
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Track


def plain_name(tracks: tuple[Track, ...], number: int) -> str:
    """The first of rate, scale, stride, dilation, padding, size and kind that differs in all tracks, else the number.

    A single track needs no name.

    Parameters
    ----------
    tracks : tuple of Track
        All of the lesson.
    number : int
        Which of them is meant, from 0.
    """
    if len(tracks) == 1:
        return ""
    for tell in _TELL:
        names = [tell(track) for track in tracks]
        if all(names) and len(set(names)) == len(names):
            return names[number]
    return f"Track {number + 1}"


def _rate(track: Track) -> str:
    return "" if track.recipe is None else f"η = {track.recipe.rate:g}"


def _scale(track: Track) -> str:
    return next((f"α = {spec.scale:g}" for spec in track.layers if isinstance(spec, Add)), "")


def _number(field: str, title: str) -> Callable[[Track], str]:
    """Tells a number of the first layer that slides a window."""

    def tell(track: Track) -> str:
        spec = next((s for s in track.layers if isinstance(s, Sliding)), None)
        value = getattr(spec, field, None)
        return "" if value is None else f"{title}{_written(value)}".strip()

    return tell


def _written(value: object) -> str:
    """A pair as 2×3, or once where both are the same; a word with spaces."""
    if isinstance(value, tuple):
        same = len(set(value)) == 1
        return str(value[0]) if same else "×".join(map(str, value))
    return str(value).replace("-", " ")


def _size(track: Track) -> str:
    spec = next((s for s in track.layers if isinstance(s, Sliding)), None)
    return "" if spec is None else "×".join(map(str, spec.kernel_size))


def _kind(track: Track) -> str:
    return section_names(track.layers)[0]


_TELL: tuple[Callable[[Track], str], ...] = (
    _rate,
    _scale,
    _number("stride", "Stride "),
    _number("dilation", "Dilation "),
    _number("padding", "Padding "),
    _size,
    _kind,
)

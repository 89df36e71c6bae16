"""The document: what is taught, as one immutable value."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cnnviz.engine.checks import padding_fits
from cnnviz.engine.errors import BadInput as BadInput  # handed on to rooms that do not import the engine
from cnnviz.engine.layers import Conv, LayerSpec, Params, Shape, pads_of
from cnnviz.lesson.source import Source

Pace: TypeAlias = Literal["multiply", "cell", "row", "channel", "layer", "auto"]
"""How finely a timeline cuts."""

MOST_VALUES = 300_000_000
"""Maps of more values are refused before anything is allocated: 100 megapixels in colour."""

PACES: tuple[Pace, ...] = ("multiply", "cell", "row", "channel", "layer", "auto")


@dataclass(frozen=True, slots=True)
class Track:
    """One chain: a source and the layers it goes through, each with its parameters or None."""

    source: Source
    layers: tuple[LayerSpec, ...]
    params: tuple[Params | None, ...]
    name: str = ""

    def shapes(self) -> tuple[Shape, ...]:
        """The shape of the input and after each layer; raises `BadInput` where a layer does not fit."""
        shapes = [self.source.shape]
        for spec in self.layers:
            shapes.append(spec.out_shape(shapes[-1]))
        return tuple(shapes)


@dataclass(frozen=True, slots=True)
class Words:
    """A teacher's own words for one section: they stand in place of the computed title and caption."""

    section: int
    title: str = ""
    caption: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is saved, undone and exported.

    Attributes
    ----------
    title : str
    tracks : tuple of Track
        One or more; several are shown side by side under one clock.
    pace : Pace or None
        None stands for the default: by cells up to 400 cells, "auto" above.
    words : tuple of Words
    notes : str
    group : str
        The heading under which a list of lessons names it.
    systems : tuple of str
        What of the teaching plan it shows, such as "S31".
    """

    title: str
    tracks: tuple[Track, ...]
    pace: Pace | None = None
    words: tuple[Words, ...] = ()
    notes: str = ""
    group: str = ""
    systems: tuple[str, ...] = field(default=())


def check(lesson: Lesson) -> Lesson:
    """The lesson itself when every layer fits its input and every weight its layer.

    Raises
    ------
    BadInput
        With the track, the layer and the numbers that do not fit.
    """
    if not lesson.tracks:
        raise BadInput(f"lesson {lesson.title!r} has no track: give it at least one")
    if lesson.pace is not None and lesson.pace not in PACES:
        raise BadInput(f"pace {lesson.pace!r} is unknown: give one of {', '.join(PACES)}")
    for track in lesson.tracks:
        _check_track(track)
    return lesson


def _check_track(track: Track) -> None:
    if len(track.params) != len(track.layers):
        raise BadInput(
            f"{len(track.layers)} layers have {len(track.params)} sets of parameters: give one each"
        )
    if not track.layers:
        raise BadInput("a track has no layers: give it at least one")
    shapes = track.shapes()
    for number, shape in enumerate(shapes):
        if math.prod(shape) > MOST_VALUES:
            what = "the input" if number == 0 else f"the output of layer {number - 1}"
            raise BadInput(
                f"{what} would have {math.prod(shape):,} values: at most {MOST_VALUES:,} are computed; "
                "choose a smaller working size, fewer kernels or less padding"
            )
    for number, (spec, params) in enumerate(zip(track.layers, track.params, strict=True)):
        _check_padded(number, spec, shapes[number])
        if not isinstance(spec, Conv):
            continue
        if params is None:
            raise BadInput(f"layer {number} (conv2d) has no weights: give it kernels")
        want = spec.weight_shape(shapes[number])
        if params.weight.shape != want:
            raise BadInput(
                f"layer {number} (conv2d) needs weights {want}, got {params.weight.shape}: make them fit"
            )
        if params.bias is not None and params.bias.shape != (spec.out_channels,):
            raise BadInput(
                f"layer {number} (conv2d) needs {spec.out_channels} biases, got {params.bias.shape}: give one a kernel"
            )


def _check_padded(number: int, spec: LayerSpec, shape: Shape) -> None:
    """Refuse a padding that the input cannot fill, or that blows it up where a large stride hides that."""
    pads = pads_of(spec, shape)
    if isinstance(spec, Conv):
        padding_fits(shape[1:], pads, spec.padding_mode)
    values = shape[0] * (shape[1] + pads.top + pads.bottom) * (shape[2] + pads.left + pads.right)
    if any(pads) and values > MOST_VALUES:
        raise BadInput(
            f"the padded input of layer {number} would have {values:,} values: at most {MOST_VALUES:,} are computed; "
            "choose less padding"
        )

"""The document: what is taught, as one immutable value."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from cnnviz.engine.apply import NARRATED, OF_BLOCKS, needs_params, weight_shape
from cnnviz.engine.branches import shape_after
from cnnviz.engine.checks import padding_fits
from cnnviz.engine.errors import BadInput as BadInput  # handed on to rooms that do not import the engine
from cnnviz.engine.layers import Conv, Params, Shape
from cnnviz.engine.specs import AnyLayer
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.bookmarks import Bookmark
from cnnviz.lesson.pace import PACES as PACES
from cnnviz.lesson.pace import Pace as Pace
from cnnviz.lesson.plans import Plan
from cnnviz.lesson.recipe import Recipe, check_recipe
from cnnviz.lesson.source import Source
from cnnviz.lesson.words import Premise
from cnnviz.lesson.words import Words as Words

MOST_VALUES = 300_000_000
"""Maps of more values are refused before anything is allocated: 100 megapixels in colour."""

Letters: TypeAlias = Literal["IK", "xw"]
Base: TypeAlias = Literal[0, 1]
Decimal: TypeAlias = Literal["point", "comma"]
Heat: TypeAlias = Literal["none", "uses", "fan-out", "field"]

Level: TypeAlias = Literal["cell", "layer", "network"]
"""How near one looks: at a cell's arithmetic, at a layer's maps and kernels, or at the whole network."""

Range: TypeAlias = Literal["map", "tensor", "layer", "network"]
"""Over what the range of colours is taken: each map, all maps of a tensor, of a layer, or of the network."""

Plots: TypeAlias = Literal["auto", "none", "loss", "chain", "surface", "check"]
"""Which plot stands beside a lesson that learns; "auto" has one for each phase."""

LEVELS: tuple[Level, ...] = ("cell", "layer", "network")
RANGES: tuple[Range, ...] = ("map", "tensor", "layer", "network")
LETTERS: tuple[Letters, ...] = ("IK", "xw")
DECIMALS: tuple[Decimal, ...] = ("point", "comma")
HEATS: tuple[Heat, ...] = ("none", "uses", "fan-out", "field")
PLOTS: tuple[Plots, ...] = ("auto", "none", "loss", "chain", "surface", "check")


@dataclass(frozen=True, slots=True)
class Conventions:
    """How things are written on the stage.

    Attributes
    ----------
    letters : {"IK", "xw"}
        Names of input and kernel: I, K and S as in Goodfellow et al., or x, w and y as in code.
    base : {0, 1}
        The index of the first row, column, channel and map.
    decimal : {"point", "comma"}
    """

    letters: Letters = "IK"
    base: Base = 0
    decimal: Decimal = "point"


@dataclass(frozen=True, slots=True)
class View:
    """What a lesson shows beside its maps.

    Attributes
    ----------
    heat : {"none", "uses", "fan-out", "field"}
        On the input: how often each pixel is used, which outputs a pixel feeds, or what the cell at work sees of it.
    curves : bool
        Activations are drawn as curves with the point at work.
    channels : bool
        A convolution over several channels is opened: a map for each channel, their sum, the bias.
    formula : bool
        The formulas of the operation and of its size.
    marks : bool
        Edges of the picture are drawn as lines, and the kernel's columns and rows are named by what they do.
    range : {"map", "tensor", "layer", "network"}
        Over what the range of colours is taken; a map with its activation and pooling counts as a layer.
    plots : {"auto", "none", "loss", "chain", "surface", "check"}
        Beside a lesson that learns: its loss, the chain rule as a graph, the loss over two weights, or the numeric
        derivative of the weight at work; "auto" shows what fits the phase.
    level : {"cell", "layer", "network"}
        How near one looks at first.
    """

    heat: Heat = "none"
    curves: bool = False
    channels: bool = False
    formula: bool = True
    marks: bool = False
    range: Range = "layer"
    plots: Plots = "auto"
    level: Level = "cell"


@dataclass(frozen=True, slots=True)
class Track:
    """One chain: a source and the layers it goes through, each with its parameters or None."""

    source: Source
    layers: tuple[AnyLayer, ...]
    params: tuple[Params | None, ...]
    name: str = ""
    recipe: Recipe | None = None
    """How it learns; None for a chain that only runs forward."""
    data: str = ""
    """The set of labelled pictures that its input is one of, by the id under which it ships: it names the classes."""
    name_premise: Premise = ()
    """What its name rests on, where that tells what its layers do; empty for a name that stays whatever is edited."""

    def shapes(self) -> tuple[Shape, ...]:
        """The shape of the input and after each layer; raises `BadInput` where a layer does not fit."""
        return _shapes(self.layers, self.source.shape)


@lru_cache(maxsize=64)  # asked for many times in every step, and of a hundred layers it takes milliseconds
def _shapes(layers: tuple[AnyLayer, ...], shape: Shape) -> tuple[Shape, ...]:
    shapes = [shape]
    for spec in layers:
        shapes.append(shape_after(spec, shapes))
    return tuple(shapes)


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
    conventions : Conventions
    view : View
    plans : tuple of Plan
        Exports that the lesson keeps.
    bookmarks : tuple of Bookmark
        Steps to come back to, by name.
    runs : str
        Recorded runs of networks, by the id under which they ship: they are shown, iteration by iteration, in place of
        the maps of the tracks. Empty for none.
    """

    title: str
    tracks: tuple[Track, ...]
    pace: Pace | None = None
    words: tuple[Words, ...] = ()
    notes: str = ""
    group: str = ""
    systems: tuple[str, ...] = field(default=())
    conventions: Conventions = Conventions()
    view: View = View()
    plans: tuple[Plan, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    runs: str = ""


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
        if not isinstance(spec, (*NARRATED, *OF_BLOCKS)):
            raise BadInput(f"layer {number}: {spec.op} cannot be stepped through: choose another layer")
        check_padded(number, spec, shapes[number])
        if needs_params(spec):
            _check_params(number, spec, params, shapes)
    if track.recipe is not None:
        check_recipe(track.recipe, shapes[0], shapes[-1], len(track.layers))
        for number in track.recipe.random:
            if track.params[number] is None:
                op = track.layers[number].op
                raise BadInput(
                    f"recipe: random names layer {number} ({op}), which has no weights: name one that has"
                )


def _check_params(number: int, spec: AnyLayer, params: Params | None, shapes: tuple[Shape, ...]) -> None:
    if params is None:
        raise BadInput(f"layer {number} ({spec.op}) has no weights: give it some")
    want, outputs = weight_shape(spec, shapes[number]), shapes[number + 1][0]
    if params.weight.shape != want:
        raise BadInput(
            f"layer {number} ({spec.op}) needs weights {want}, got {params.weight.shape}: make them fit"
        )
    if params.bias is not None and params.bias.shape != (outputs,):
        raise BadInput(
            f"layer {number} ({spec.op}) needs {outputs} biases, got {params.bias.shape}: give one for each output"
        )


def check_padded(number: int, spec: AnyLayer, shape: Shape) -> None:
    """Refuse a padding that the input cannot fill, or that blows it up where a large stride hides that."""
    pads = pads_around(spec, shape)
    if isinstance(spec, Conv):
        padding_fits(shape[1:], pads, spec.padding_mode)
    values = shape[0] * (shape[1] + pads.top + pads.bottom) * (shape[2] + pads.left + pads.right)
    if any(pads) and values > MOST_VALUES:
        raise BadInput(
            f"the padded input of layer {number} would have {values:,} values: at most {MOST_VALUES:,} are computed; "
            "choose less padding"
        )

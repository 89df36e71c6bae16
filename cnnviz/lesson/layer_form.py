"""What the layer panel shows of any layer: its numbers with their limits, its choices, and what follows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from cnnviz.engine.geometry import PADDING_MODES, PADDING_WORDS
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape, pads_of
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    Elu,
    Gelu,
    LeakyRelu,
    Normalise,
    PaddedShortcut,
)
from cnnviz.lesson.forms import written
from cnnviz.lesson.layer_edits import (
    ACTIVATION_KINDS,
    ACTIVE,
    NONE,
    POOL_KINDS,
    POOLS,
    WHOLE,
    activation_after,
    padding_rule,
    pooling_after,
)
from cnnviz.lesson.layer_names import NAMES, section_names
from cnnviz.lesson.lesson import Lesson, Pace
from cnnviz.lesson.limits import PAIRS, SIDES, Limit, limits

OWN = ""
"""The padding word that stands for chosen amounts."""

RULES: dict[str, str] = {
    "valid": "Only windows inside the input.",
    "same": "⌈n/s⌉ come out; an odd row is added below, an odd column on the right.",
    "same-lower": "⌈n/s⌉ come out; an odd row is added above, an odd column on the left.",
    "half": "⌊k/2⌋ on every side: never an odd row; an even kernel makes the map larger.",
    "full": "k − 1 on every side: every window that touches a pixel.",
    OWN: "Amounts of your own.",
}
"""Which row is added where, in one line for each rule of padding."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A number for rows and one for columns; ``both`` is None where no number alike fits."""

    name: str
    rows: int
    columns: int
    both: Limit | None
    row_limit: Limit
    column_limit: Limit


@dataclass(frozen=True, slots=True)
class Sides:
    """Four amounts: above, below, left and right."""

    name: str
    values: tuple[int, ...]
    alike: Limit | None
    each: tuple[Limit, Limit, Limit, Limit]


@dataclass(frozen=True, slots=True)
class Number:
    """One whole number."""

    name: str
    value: int
    limit: Limit


@dataclass(frozen=True, slots=True)
class Real:
    """One number typed as text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; the note says what the chosen one means."""

    name: str
    value: str
    options: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    name: str
    on: bool


Item: TypeAlias = Pair | Sides | Number | Real | Choice | Switch


@dataclass(frozen=True, slots=True)
class LayerForm:
    """One layer of one track.

    Attributes
    ----------
    name : str
        What the layer is called.
    items : tuple of Item
        What can be changed about it.
    activation, pooling : str or None
        What follows it, "none", or None where nothing can follow.
    shapes : tuple of Shape
        Of the input and after each layer of the track.
    at : int
        Which of the shapes the layer makes.
    note : str
        What a layer does that has nothing to set, where that is not plain.
    """

    name: str
    items: tuple[Item, ...]
    activation: str | None
    pooling: str | None
    pace: Pace | None
    shapes: tuple[Shape, ...]
    at: int
    note: str = ""


def layer_form(lesson: Lesson, track: int = 0, layer: int = 0, alone: bool = False) -> LayerForm:
    """The form of a layer, whose limits depend on whether its track is changed alone."""
    chain = lesson.tracks[track]
    spec = chain.layers[layer]
    active, pool = activation_after(chain, layer), pooling_after(chain, layer)
    # Behind a way back its own way begins: nothing of the way before it can follow.
    follows = isinstance(spec, (*ACTIVE, Back)), isinstance(spec, (*POOLS, Back))
    return LayerForm(
        section_names(chain.layers)[layer],
        _items(lesson, track, layer, alone),
        None if any(follows) else (NONE if active is None else chain.layers[active].op),
        None if follows[1] else (NONE if pool is None else chain.layers[pool].op),
        lesson.pace,
        chain.shapes(),
        layer + 1,
        _note(spec),
    )


def _items(lesson: Lesson, track: int, layer: int, alone: bool) -> tuple[Item, ...]:
    chain = lesson.tracks[track]
    spec, found = chain.layers[layer], limits(lesson, track, layer, alone)
    comma = lesson.conventions.decimal == "comma"
    match spec:
        case Conv():
            word, pads = padding_rule(spec), pads_of(spec, chain.shapes()[layer])
            return (
                Switch("flipped", spec.flipped),
                *_pairs(spec, found, ("kernel_size", "stride")),
                Choice("padding", word, (*PADDING_WORDS, OWN), RULES[word]),
                Sides("padding", tuple(pads), found.get("padding"), _each(found)),
                Choice("padding_mode", spec.padding_mode, PADDING_MODES),
                *_pairs(spec, found, ("dilation",)),
                Number("groups", spec.groups, found["groups"]),
            )
        case ConvTranspose():
            return (
                *_pairs(spec, found, PAIRS[ConvTranspose]),
                Number("groups", spec.groups, found["groups"]),
            )
        case MaxPool() | AvgPool():
            pooled = (_kind(spec.op, POOL_KINDS), *_pairs(spec, found, PAIRS[type(spec)]))
            ceil = Switch("ceil_mode", spec.ceil_mode)
            if isinstance(spec, AvgPool):
                return (*pooled, ceil, Switch("count_include_pad", spec.count_include_pad))
            return (*pooled, ceil)
        case Normalise():
            return tuple(
                Real(f"{name}.{n}", written(value, comma))
                for name, values in (("mean", spec.mean), ("std", spec.std))
                for n, value in enumerate(values)
            )
        case Add():
            return (
                Switch("shortcut", spec.shortcut),
                Number("scale", round(spec.scale * WHOLE), _of_f(spec)),
            )
    if isinstance(spec, POOLS):
        return (_kind(spec.op, POOL_KINDS),)
    return _activation_items(spec, comma) if isinstance(spec, ACTIVE) else ()


def _activation_items(spec: AnyLayer, comma: bool) -> tuple[Item, ...]:
    kind = _kind(spec.op, ACTIVATION_KINDS)
    match spec:
        case LeakyRelu():
            return (kind, Real("negative_slope", written(spec.negative_slope, comma)))
        case Elu():
            return (kind, Real("alpha", written(spec.alpha, comma)))
        case Gelu():
            return (kind, Choice("approximate", spec.approximate, ("none", "tanh")))
    return (kind,)


def _of_f(spec: Add) -> Limit:
    """How much of f may be added, in percent."""
    now = round(spec.scale * WHOLE)
    return Limit(
        min(0, now), max(WHOLE, now), None, "Nothing of f(x) is left: y is what the shortcut brings."
    )


def _note(spec: AnyLayer) -> str:
    """What a layer without numbers of its own does, in a sentence; empty for those that are set, or are known."""
    match spec:
        case Back():
            return "The chain goes on from the block's input: here the way through f begins."
        case BatchNorm():
            return "Each map: (x − its mean) / its spread, both of this picture alone; γ = 1, β = 0."
        case PaddedShortcut():
            rows, columns = spec.stride
            every = "Every pixel" if (rows, columns) == (1, 1) else f"One pixel of each {rows}×{columns}"
            return f"{every}, and channels of zeros behind, {spec.out_channels} in all. It has no weights."
    return ""


def _kind(op: str, kinds: Iterable[str]) -> Choice:
    return Choice("kind", op, (NONE, *kinds))


def _pairs(
    spec: Conv | ConvTranspose | MaxPool | AvgPool, found: dict[str, Limit], names: tuple[str, ...]
) -> list[Item]:
    pairs: list[Item] = []
    for name in names:
        rows, columns = getattr(spec, name)
        each = found[f"{name}.rows"], found[f"{name}.columns"]
        pairs.append(Pair(name, rows, columns, found.get(name), *each))
    return pairs


def _each(found: dict[str, Limit]) -> tuple[Limit, Limit, Limit, Limit]:
    top, bottom, left, right = (found[f"padding.{side}"] for side in SIDES)
    return top, bottom, left, right


def kind_names() -> dict[str, str]:
    """What the kinds of activations and poolings are called."""
    return {op: NAMES[type(spec)] for op, spec in (ACTIVATION_KINDS | POOL_KINDS).items()}

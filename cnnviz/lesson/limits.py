"""How far each number of a layer may go, and why no further: for sliders that cannot reach an illegal geometry."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.branches import shape_after
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import Add, AnyLayer, Back, ConvTranspose, Linear
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import MOST_VALUES, Lesson, Track, check_padded
from cnnviz.lesson.limit_words import OFFERED, Ask, Sized, too_small, why_not, why_not_offered
from cnnviz.lesson.places import track_name
from cnnviz.lesson.sharing import follow_layer

ROWS, COLUMNS = "rows", "columns"
SIDES = ("top", "bottom", "left", "right")

PAIRS: dict[type, tuple[str, ...]] = {
    Conv: ("kernel_size", "stride", "dilation"),
    ConvTranspose: ("kernel_size", "stride", "padding", "output_padding", "dilation"),
    MaxPool: ("kernel_size", "stride", "padding"),
    AvgPool: ("kernel_size", "stride", "padding"),
}
"""Fields that hold a number for rows and one for columns."""

FROM_ZERO = ("padding", "output_padding")


@dataclass(frozen=True, slots=True)
class Limit:
    """What a number may be.

    Attributes
    ----------
    least, most : int
    allowed : tuple of int or None
        The values in between, where not all of them will do.
    why_least, why_most : str
        Why the ends are the ends; "" where that is plain.
    """

    least: int
    most: int
    allowed: tuple[int, ...] | None = None
    why_least: str = ""
    why_most: str = ""

    @property
    def values(self) -> Sequence[int]:
        """Every value it may be, ascending."""
        return self.allowed or range(self.least, self.most + 1)


def limits(lesson: Lesson, track: int = 0, layer: int = 0, alone: bool = False) -> dict[str, Limit]:
    """The limits of every number of a layer, as the lesson is now.

    A value is within them when the whole track still fits with it: this layer on its input, and all that follow; and,
    unless the track is changed `alone`, every other track that would take the change along.
    Values that fit but say nothing new, such as a stride beyond the picture, are not offered either.

    Returns
    -------
    dict of str to Limit
        By field for a number alone (``groups``) or for rows and columns moved as one (``stride``), and with
        ``.rows`` and ``.columns`` for one of them; the padding of a convolution by its sides, as in ``padding.top``.
        Numbers that no common value fits are not there; it is empty for a layer without such numbers.
    """
    chain = lesson.tracks[track]
    followers = () if alone else tuple(_followers(lesson, track, layer))
    return dict(_limits(chain.layers, layer, chain.shapes()[: layer + 1], _weight_shapes(chain), followers))


HALF_TURN = 180


def input_limits(lesson: Lesson, track: int = 0) -> dict[str, Limit]:
    """The limits of what is done to the input.

    They are ``noise`` in hundredths, ``rotate`` in degrees, ``shift.rows`` and ``shift.columns``.
    """
    found = {"noise": Limit(0, 100), "rotate": Limit(-HALF_TURN, HALF_TURN)}
    for axis, n in zip((ROWS, COLUMNS), lesson.tracks[track].source.shape[1:], strict=True):
        most = min(n - 1, OFFERED)
        why = f"the picture would leave its {n} {axis}" if most < OFFERED else "larger ones are not offered"
        ends = (f"shift {-most} is the least: {why}", f"shift {most} is the last: {why}")
        found[f"shift.{axis}"] = Limit(-most, most, None, *ends)
    return found


WeightShapes: TypeAlias = tuple[tuple[int, ...] | None, ...]


class _Follower(NamedTuple):
    """Another track as far as limits depend on it."""

    name: str
    layers: tuple[AnyLayer, ...]
    before: tuple[Shape, ...]
    weights: WeightShapes
    alike: bool
    """Whether its layer has the same weights."""


def _followers(lesson: Lesson, track: int, layer: int) -> Iterable[_Follower]:
    chain = lesson.tracks[track]
    for number, other in enumerate(lesson.tracks):
        if number != track and layer < len(other.layers):
            alike, name = other.params[layer] == chain.params[layer], track_name(other.name, number)
            before = other.shapes()[: layer + 1]
            yield _Follower(name, other.layers, before, _weight_shapes(other), alike)


def _weight_shapes(track: Track) -> WeightShapes:
    return tuple(None if params is None else params.weight.shape for params in track.params)


@lru_cache(maxsize=64)  # a weight that is edited changes none of them
def _limits(
    layers: tuple[AnyLayer, ...],
    at: int,
    before: tuple[Shape, ...],
    weights: WeightShapes,
    followers: tuple[_Follower, ...],
) -> tuple[tuple[str, Limit], ...]:
    spec = layers[at]
    if not isinstance(spec, Sized):
        return ()
    place = _Place(layers, at, before, weights, _behind_of(layers, weights), {})
    others = [
        (f, _Place(f.layers, at, f.before, f.weights, _behind_of(f.layers, f.weights), {})) for f in followers
    ]
    asks = [ask for name in PAIRS[type(spec)] for ask in _pair_asks(spec, name)]
    if isinstance(spec, Conv):
        asks += _padding_asks(spec, before[-1])
    found = [(ask.key, limit) for ask in asks if (limit := _limit(place, spec, ask, others)) is not None]
    if isinstance(spec, Conv | ConvTranspose):
        found.append(("groups", _groups(place, spec)))
    return tuple(found)


class _Behind(NamedTuple):
    """What is known of the layers of a chain.

    From a cut on only the shape of its input matters: no layer behind reads an array that was made before. ``wrong``
    says by number and shape of a cut what is wrong behind it: different values soon give the same shapes.
    """

    cuts: frozenset[int]
    wrong: dict[tuple[int, Shape], str]


@lru_cache(maxsize=16)
def _behind_of(layers: tuple[AnyLayer, ...], weights: WeightShapes) -> _Behind:
    """What is known of a chain with weights of these shapes, whichever of its layers is asked about."""
    found, lowest = set(), len(layers)
    for number in range(len(layers) - 1, -1, -1):
        match layers[number]:
            case Add(other=array) | Back(start=array):
                lowest = min(lowest, array)
        if lowest >= number:
            found.add(number)
    return _Behind(frozenset(found), {})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a layer stands, and what is known already of the layers behind it."""

    layers: tuple[AnyLayer, ...]
    at: int
    before: tuple[Shape, ...]
    """The shapes of all arrays up to the layer's input."""
    weights: WeightShapes
    behind: _Behind
    known: dict[Shape, str]
    """What is wrong behind it, by the shape that it makes."""

    @property
    def in_shape(self) -> Shape:
        """The shape of the layer's input."""
        return self.before[-1]

    def problem(self, spec: AnyLayer) -> tuple[bool, str]:
        """Whether a layer fits here itself, and why it, or one behind it, does not; "" when all do."""
        try:
            check_padded(self.at, spec, self.in_shape)
            made = shape_after(spec, self.before)
        except BadInput as error:
            return False, str(error)
        if math.prod(made) > MOST_VALUES:
            return False, f"the map would have more than {MOST_VALUES:,} values"
        if made not in self.known:
            self.known[made] = self._problem_behind(made)
        return True, self.known[made]

    def _problem_behind(self, shape: Shape) -> str:
        shapes, passed, problem = [*self.before, shape], [], ""
        for number in range(self.at + 1, len(self.layers)):
            at = (number, shapes[-1])
            if number in self.behind.cuts:
                if at in self.behind.wrong:
                    problem = self.behind.wrong[at]
                    break
                passed.append(at)
            made = self._made(number, shapes)
            if isinstance(made, str):
                problem = f"{section_names(self.layers)[number]} after it {made}"
                break
            shapes.append(made)
        self.behind.wrong.update(dict.fromkeys(passed, problem))
        return problem

    def _made(self, number: int, shapes: list[Shape]) -> Shape | str:
        """The shape that a layer behind makes, or why it does not fit."""
        spec, shape = self.layers[number], shapes[-1]
        try:
            check_padded(number, spec, shape)
            made = shape_after(spec, shapes)
        except BadInput:
            if isinstance(spec, Add):
                return f"would add {shape} to {shapes[spec.other]}"
            return too_small(spec, shape)
        if math.prod(made) > MOST_VALUES:
            return f"would make more than {MOST_VALUES:,} values"
        if needs_params(spec) and self.weights[number] != (want := weight_shape(spec, shape)):
            own = self.weights[number] or (0, 0)
            if isinstance(spec, Linear):
                return f"has weights for {own[1]} numbers and would get {want[1]}"
            return f"has weights {own} and would need {want}"
        return made


def _pair_asks(spec: Sized, name: str) -> Iterable[Ask]:
    pair = getattr(spec, name)
    for key, axes in ((name, (0, 1)), (f"{name}.{ROWS}", (0,)), (f"{name}.{COLUMNS}", (1,))):
        yield Ask(key, name, axes, max(pair[axis] for axis in axes))


def _padding_asks(spec: Conv, in_shape: Shape) -> Iterable[Ask]:
    pads = pads_around(spec, in_shape)
    yield Ask("padding", "padding", (0, 1, 2, 3), max(pads))
    for side, word in enumerate(SIDES):
        yield Ask(f"padding.{word}", "padding", (side,), pads[side])


def with_value(spec: Sized, in_shape: Shape, ask: Ask, value: int) -> AnyLayer:
    """The layer with another number where it was asked for; pooling windows side by side stay side by side."""
    sides = isinstance(spec, Conv) and ask.name == "padding"
    new = _moved(pads_around(spec, in_shape) if sides else getattr(spec, ask.name), ask, value)
    changes = {ask.name: new}
    if isinstance(spec, MaxPool | AvgPool) and ask.name == "kernel_size" and spec.stride == spec.kernel_size:
        changes["stride"] = new
    return replace(spec, **changes)


def _moved(numbers: tuple[int, ...], ask: Ask, value: int) -> Any:
    return tuple(value if axis in ask.axes else n for axis, n in enumerate(numbers))


def _limit(place: _Place, spec: Sized, ask: Ask, others: Sequence[tuple[_Follower, _Place]]) -> Limit | None:
    least = 0 if ask.name in FROM_ZERO else 1
    # A value from a file or the command line may lie beyond what is offered.
    end, offered = why_not_offered(spec, place.in_shape, ask)
    end = max(end, ask.now)

    def tried(value: int) -> tuple[bool, str]:
        candidate = with_value(spec, place.in_shape, ask, value)
        fits, problem = place.problem(candidate)
        return (fits, problem) if problem else (True, _elsewhere(others, spec, candidate, ask, value))

    problems = {value: tried(value) for value in range(least, end + 1)}
    good = [value for value, (_, problem) in problems.items() if not problem]
    if not good:
        return None

    def why(value: int, last: int, word: str) -> str:
        if value < least:
            return ""
        fits, problem = problems.get(value, (True, offered))
        reason = problem if fits else why_not(spec, place.in_shape, ask, value, problem)
        return f"{ask.noun(spec)} {last} is the {word}: {reason}"

    return _limit_of(good, why(good[0] - 1, good[0], "least"), why(good[-1] + 1, good[-1], "last"))


def _elsewhere(
    others: Sequence[tuple[_Follower, _Place]], spec: Sized, candidate: AnyLayer, ask: Ask, value: int
) -> str:
    """Why a track that takes the change along would not fit; "" when all do."""
    for follower, place in others:
        old = place.layers[place.at]
        changed = follow_layer(old, spec, candidate, follower.alike)
        if changed == old or not isinstance(old, Sized):
            continue
        fits, problem = place.problem(changed)
        if problem:
            reason = problem if fits else why_not(old, place.in_shape, ask, value, problem)
            return f"in {follower.name} {reason}"
    return ""


def _limit_of(good: Sequence[int], why_least: str, why_most: str) -> Limit:
    whole = len(good) == good[-1] - good[0] + 1
    return Limit(good[0], good[-1], None if whole else tuple(good), why_least, why_most)


def _groups(place: _Place, spec: Conv | ConvTranspose) -> Limit:
    channels, outputs = place.in_shape[0], spec.out_channels
    good = [n for n in range(1, channels + 1) if channels % n == outputs % n == 0]
    divide = "divides" if len(good) == 1 else "divide"
    why = f"groups: {', '.join(map(str, good))} {divide} {channels} input and {outputs} output channels"
    return _limit_of(good, "", why)

"""Draws layers of every operation that can be stepped through, chains of them, and small lessons."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from cnnviz.engine.apply import NARRATED, needs_params, weight_shape
from cnnviz.engine.branches import shape_after
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu, Shape
from cnnviz.engine.specs import (
    AnyLayer,
    ConvTranspose,
    Elu,
    Gelu,
    LeakyRelu,
    Linear,
    Normalise,
    PaddedShortcut,
    out_shape,
)
from cnnviz.lesson.lesson import Conventions, Lesson, Pace, Track, View, check, check_padded
from cnnviz.lesson.source import Source

MOST_CELLS = 400
"""No map of a drawn chain has more cells: naive loops go over them."""

MODES = ("zeros", "reflect", "replicate", "circular")

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))

KINDS = tuple(NARRATED)

SPATIAL = (Conv, ConvTranspose, MaxPool, AvgPool, Relu)
"""Layers whose windows lie on rows and columns."""


@st.composite
def convolutions(draw: st.DrawFn, shape: Shape) -> Conv:
    """Any convolution, its groups a divisor of the channels."""
    groups = draw(st.sampled_from([n for n in (1, 2, 3) if shape[0] % n == 0]))
    amounts = st.tuples(*[st.integers(0, 2)] * 4)
    padding = draw(st.one_of(amounts, st.sampled_from(["valid", "same", "same-lower", "half", "full"])))
    return Conv(
        groups * draw(st.integers(1, 2)), draw(PAIR), draw(PAIR), padding, draw(PAIR), groups,
        draw(st.sampled_from(MODES)), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def transposed(draw: st.DrawFn, shape: Shape) -> ConvTranspose:
    """Any transposed convolution, also with a stride larger than its kernel."""
    groups = draw(st.sampled_from([n for n in (1, 2, 3) if shape[0] % n == 0]))
    stride, apart = draw(PAIR), draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, apart, strict=True))
    padding = draw(st.tuples(st.integers(0, 1), st.integers(0, 1)))
    each = draw(st.integers(1, 2))
    return ConvTranspose(groups * each, draw(PAIR), stride, padding, (extra[0], extra[1]), apart, groups)


@st.composite
def poolings(draw: st.DrawFn, kind: type[MaxPool | AvgPool]) -> MaxPool | AvgPool:
    """Any pooling."""
    size = draw(PAIR)
    padding = (draw(st.integers(0, size[0] // 2)), draw(st.integers(0, size[1] // 2)))
    more = {"count_include_pad": draw(st.booleans())} if kind is AvgPool else {}
    return kind(size, draw(PAIR), padding, draw(st.booleans()), **more)


@st.composite
def layers(draw: st.DrawFn, kind: type[AnyLayer], shape: Shape) -> AnyLayer:
    """A layer of that kind; it need not fit the shape."""
    if kind is Conv:
        return draw(convolutions(shape))
    if kind is ConvTranspose:
        return draw(transposed(shape))
    if kind in (MaxPool, AvgPool):
        return draw(poolings(kind))
    simple: dict[type[AnyLayer], Callable[[], AnyLayer]] = {
        LeakyRelu: lambda: LeakyRelu(draw(st.sampled_from([0.01, 0.25]))),
        Elu: lambda: Elu(draw(st.sampled_from([1.0, 0.5]))),
        Gelu: lambda: Gelu(draw(st.sampled_from(["none", "tanh"]))),
        Linear: lambda: Linear(draw(st.integers(1, 5))),
        PaddedShortcut: lambda: PaddedShortcut(shape[0] + draw(st.integers(0, 2)), draw(PAIR)),
        Normalise: lambda: Normalise(*draw(st.sampled_from(_constants(shape[0])))),
    }
    return simple.get(kind, kind)()


def _constants(channels: int) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """Means and spreads: one pair for all channels, or one for each."""
    each = range(channels)
    return ((1.5,), (2.0,)), (tuple(0.5 * c for c in each), tuple(1.0 + c for c in each))


def fits(spec: AnyLayer, shape: Shape) -> bool:
    """Whether a layer takes such an input and gives a map that is not too large."""
    try:
        after = shape_after(spec, (shape,))
        check_padded(0, spec, shape)
    except BadInput:
        return False
    return math.prod(after) <= MOST_CELLS


def weights_for(spec: AnyLayer, shape: Shape, seed: int, bias: bool) -> Params | None:
    """Whole weights from −4 to 4 without order, where the layer has any."""
    if not needs_params(spec):
        return None
    random = np.random.default_rng(seed)
    weight = random.integers(-4, 5, weight_shape(spec, shape)).astype(np.float64)
    outputs = out_shape(spec, shape)[0]
    return Params(weight, random.integers(-3, 4, outputs).astype(np.float64) if bias else None)


@st.composite
def chains(
    draw: st.DrawFn,
    kinds: tuple[type[AnyLayer], ...] = KINDS,
    most: int = 3,
    first: type[AnyLayer] | None = None,
) -> Track:
    """A small input and one to ``most`` layers that fit one after the other."""
    shape: Shape = (draw(st.integers(1, 3)), draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    if first is Linear:
        shape = (draw(st.integers(1, 20)), 1, 1)
    seed = draw(st.integers(0, 99))
    source = _source(shape, seed, draw(st.booleans()))
    specs: list[AnyLayer] = []
    params: list[Params | None] = []
    for number in range(draw(st.integers(1, most))):
        kind = first if first is not None and not number else draw(st.sampled_from(kinds))
        spec = draw(layers(kind, shape))
        if not fits(spec, shape):
            continue
        specs.append(spec)
        params.append(weights_for(spec, shape, seed + number, draw(st.booleans())))
        shape = out_shape(spec, shape)
    if not specs:
        specs, params = [Relu()], [None]
    return Track(source, tuple(specs), tuple(params), draw(st.sampled_from(["", "this one"])))


def _source(shape: Shape, seed: int, picture: bool) -> Source:
    random = np.random.default_rng(seed)
    if picture:
        return Source(random.integers(0, 256, shape).astype(np.uint8), "picture")
    return Source(random.integers(-9, 10, shape).astype(np.float64), "numbers")


FORWARD_PACES: tuple[Pace, ...] = ("multiply", "cell", "row", "channel", "layer", "auto")

VIEWS = st.builds(
    View,
    st.sampled_from(["none", "uses", "fan-out", "field"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["map", "tensor", "layer", "network"]),
    st.sampled_from(["auto", "none", "loss", "chain", "surface", "check"]),
)

CONVENTIONS = st.builds(
    Conventions,
    st.sampled_from(["IK", "xw"]),
    st.sampled_from([0, 1]),
    st.sampled_from(["point", "comma"]),
)


@st.composite
def small_lessons(draw: st.DrawFn, most_tracks: int = 3) -> Lesson:
    """A lesson of one to three tracks with any view, conventions and pace."""
    tracks = draw(st.lists(chains(), min_size=1, max_size=most_tracks))
    pace = draw(st.sampled_from([None, *FORWARD_PACES]))
    return check(Lesson("Drawn", tuple(tracks), pace, conventions=draw(CONVENTIONS), view=draw(VIEWS)))

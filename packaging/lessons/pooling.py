"""Activation and pooling: what is cut, what is kept, and what stays when the picture moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import AnyLayer, Elu, Gelu, LeakyRelu, Sigmoid, Tanh
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.source import Shift
from lessons.making import Entry, avg_pool, conv, kernel, max_pool, numbers, story, track

GROUP = "Activation and pooling"


def activations() -> Lesson:
    """ReLU, leaky ReLU and ELU on the numbers from −3 to 3."""
    tracks = _curves({"ReLU": Relu(), "Leaky ReLU": LeakyRelu(0.1), "ELU": Elu()})
    words = story(
        (
            "Activation functions",
            "Each number goes through a curve on its own. {l}None of these curves is a straight line: that is the "
            "point.",
            "ReLU cuts off what is below 0 and is the most common one: cheap, and its slope is 1 wherever it is not "
            "0. {l}Leaky ReLU, here with the slope 0.1, keeps a tenth below 0. ELU bends down to −1 instead.",
        ),
    )
    return Lesson(
        "Activation functions", tracks, "cell", words,
        "Three activation functions on the same seven numbers, as curves and as maps. Without one of them a stack of "
        "layers could be replaced by a single layer.",
        GROUP, ("S08",), view=View(curves=True),
    )  # fmt: skip


def activations_smooth() -> Lesson:
    """Sigmoid, tanh and GELU on the numbers from −3 to 3."""
    tracks = _curves({"Sigmoid": Sigmoid(), "Tanh": Tanh(), "GELU": Gelu()})
    words = story(
        (
            "Smooth activation functions",
            "Curves without a corner. Two of them flatten at both ends; GELU follows ReLU far from 0.",
            "Sigmoid squeezes all numbers between 0 and 1, tanh between −1 and 1; both are nearly flat far from 0, "
            "so their slopes vanish there. GELU weighs a number by the chance that a normally distributed one lies "
            "below it.",
        ),
    )
    return Lesson(
        "Smooth activation functions", tracks, "cell", words,
        "Sigmoid, tanh and GELU on the same seven numbers, as curves and as maps.",
        GROUP, ("S08",), view=View(curves=True),
    )  # fmt: skip


def _curves(layers: dict[str, AnyLayer]) -> tuple[Track, ...]:
    """One activation a track, all on the same numbers."""
    source = numbers(np.arange(-3, 4)[:, None], "Numbers from −3 to 3")
    return tuple(track(source, (layer, None), name="{}" + name) for name, layer in layers.items())


def linear_collapse() -> Lesson:
    """Two convolutions equal one larger one, until ReLU stands between them."""
    values = np.zeros((7, 7))
    values[2:5, 2:5] = 1
    values[3, 3] = 3
    source = numbers(values, "7×7 picture")
    first, second = kernel("prewitt-x"), kernel("horizontal-edge")
    tracks = (
        track(source, conv(first), conv(second), name="{}Two layers"),
        track(source, conv(composed(first, second)), name="{l}One layer, 5×5"),
        track(source, conv(first), (Relu(), None), conv(second), name="{}Two layers, ReLU between"),
    )
    words = story(
        (
            "First convolution",
            "Three networks on one picture. {l}Two layers, a single one of 5×5, and two with ReLU between them.",
            "{w}The 5×5 kernel was computed from the two 3×3 kernels: it is their full convolution.",
        ),
        (
            "ReLU, in one of them",
            "Only the third network cuts what is below 0. The first goes on with all its numbers.",
            "{ilw}Compare the two maps: the blue half is gone in one of them.",
        ),
        (
            "Second convolution",
            "Could one layer do instead? {ilw}Without ReLU two give exactly what one gives, with ReLU they do not.",
            "Convolution is linear, and a chain of linear maps is one linear map: however many layers are "
            "stacked, one would do. An activation between them breaks the chain, and only then does depth "
            "add something.",
        ),
    )
    return Lesson(
        "Why linear layers collapse", tracks, "cell", words,
        "Two 3×3 convolutions in a row equal one 5×5 convolution, number by number. With ReLU between them "
        "they do not: that is what an activation is for.",
        GROUP, ("S08",),
    )  # fmt: skip


def composed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The one kernel that answers as two correlations in a row: each weight of one lays the other down, scaled."""
    rows, columns = (a + b - 1 for a, b in zip(first.shape, second.shape, strict=True))
    out = np.zeros((rows, columns))
    for (r, c), weight in np.ndenumerate(second):
        out[r : r + first.shape[0], c : c + first.shape[1]] += weight * first
    return out


def pooling() -> Lesson:
    """Max and average pooling on the same numbers."""
    values = [
        [1, 3, 2, 1, 0, 4],
        [4, 8, 1, 0, 2, 2],
        [0, 1, 6, 2, 5, 1],
        [3, 0, 2, 2, 1, 9],
        [7, 1, 0, 4, 3, 3],
        [2, 2, 1, 3, 5, 1],
    ]
    source = numbers(values, "6×6 map")
    tracks = (
        track(source, max_pool(2, 2), name="{}Maximum"),
        track(source, avg_pool(2, 2), name="{}Average"),
    )
    words = story(
        (
            "Max and average pooling",
            "The maximum keeps the strongest number of a window, the average a little of each.",
            "{l}Height and width are halved, the channels stay. {}A pooling window has no weights: it is no kernel, "
            "and nothing about it is learned. The maximum asks whether something was found in the window, the "
            "average how much of it there was.",
        ),
    )
    return Lesson(
        "Max and average pooling", tracks, "cell", words,
        "The same 6×6 map under 2×2 windows at stride 2, once by their maximum and once by their mean. Both leave a "
        "quarter of the numbers.",
        GROUP, ("S09", "S43", "S45"),
    )  # fmt: skip


def small_shift() -> Lesson:
    """The picture, shifted by one column and by two: what max pooling forgives and what it does not."""
    values = np.zeros((5, 8))
    values[:, :2] = 10
    source = numbers(values, "5×8 picture")
    tracks = tuple(
        track(
            replace(source, transforms=(Shift(0, by),)) if by else source,
            conv(kernel("vertical-edge")),
            (Relu(), None),
            max_pool(3, 3),
            name="{i}" + name,
        )
        for by, name in ((0, "The picture"), (1, "Shifted by 1 column"), (2, "Shifted by 2 columns"))
    )
    words = story(
        (
            "Edges",
            "Convolution follows the picture. {i}Moved right by 0, 1 and 2 columns, it moves its answers along.",
            "{l}What is shifted before the convolution is shifted after it. Nothing is forgiven yet.",
        ),
        (
            "ReLU",
            "ReLU turns what is below 0 into 0. {ilw}All answers are 0 or 30, so nothing changes here.",
            "ReLU acts on each number alone, so it follows the shift as well.",
        ),
        (
            "Max pooling",
            "A maximum forgives a little. {ilw}Shifted by 1, the pooled map stays; by 2, an answer reaches the next "
            "window.",
            "Inside a window it does not matter where the maximum stands; this is the tolerance. It ends at the "
            "window's border. {ilw}After two columns a part of the answer falls into the next window, and the "
            "pooled map changes. {}Tolerance is not the same as invariance.",
        ),
    )
    return Lesson(
        "A small shift", tracks, "cell", words,
        "A picture and the same picture shifted by one and by two columns, through edges, ReLU and max "
        "pooling. A shift within a window leaves the pooled map as it was; a larger one does not.",
        GROUP, ("S09", "S43", "S44"),
    )  # fmt: skip


ENTRIES = (
    Entry("activations", ".json", activations),
    Entry("activations-smooth", ".json", activations_smooth),
    Entry("linear-collapse", ".json", linear_collapse),
    Entry("pooling", ".json", pooling),
    Entry("small-shift", ".json", small_shift),
)

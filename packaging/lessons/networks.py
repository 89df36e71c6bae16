"""Layers on layers: what deeper cells see, and a small classifier from pixels to probabilities."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import Flatten, Softmax
from cnnviz.lesson.lesson import Lesson, View
from lessons.making import Entry, conv, linear, max_pool, numbers, story, track

GROUP = "Networks"

UPRIGHT = np.array([[-1.0, 2, -1]] * 3)
"""Answers to an upright stroke one pixel wide."""


def receptive_field() -> Lesson:
    """Strokes, corners, a square: three layers of 3×3 that see 3×3, 5×5 and 7×7."""
    values = np.zeros((7, 7))
    values[2:5, 2:5] = 1
    values[3, 3] = 0
    chain = track(
        numbers(values, "7×7 picture"), conv([UPRIGHT, UPRIGHT.T]), (Relu(), None), conv(corners()), (Relu(), None),
        conv(square()),
    )  # fmt: skip
    words = story(
        (
            "{w}Layer 1: strokes",
            "The first layer reads pixels. {lw}It sees 3×3 of them; two kernels answer to vertical and to horizontal "
            "strokes.",
            "{l}The heat-map on the picture shows what the cell at work sees: nine pixels, each by one path.",
        ),
        (
            "ReLU",
            "What is below 0 becomes 0. {ilw}What is no stroke of its kind is cut.",
            "ReLU looks at one number, so the field does not grow.",
        ),
        (
            "{w}Layer 2: corners",
            "The second layer reads the maps of the first. {lw}It sees 5×5 pixels: strokes that meet make a corner.",
            "{w}Each kernel adds a stroke going one way and a stroke going the other, and takes away those that go "
            "on past the corner. It never looks at a pixel: its input is the strokes.",
        ),
        (
            "ReLU",
            "What is below 0 becomes 0. {ilw}Only the corners are left.",
            "{lw}Four maps, one for each kind of corner.",
        ),
        (
            "{w}Layer 3: a square",
            "The third layer reads the second. {slw}It sees the whole picture: four corners in their places make a "
            "square.",
            "{l}Three layers of 3×3 see as much as one kernel of 7×7, with 27 C² weights instead of 49 C² for C "
            "channels. {}The pixels in the middle are reached by more paths than those at the rim. {w}All weights "
            "here were chosen by hand to make the idea plain; trained networks find their own.",
        ),
    )
    return Lesson(
        "From strokes to a square: the receptive field", (chain,), "cell", words,
        "Three layers of 3×3 put strokes together into corners and corners into a square. Each layer sees more "
        "of the picture: 3×3, 5×5, 7×7. The weights were chosen by hand.",
        GROUP, ("S04",), view=View(heat="field"),
    )  # fmt: skip


def corners() -> np.ndarray:
    """Kernels (4, 2, 3, 3): top left, top right, bottom left, bottom right, from upright and lying strokes."""
    kernels = np.zeros((4, 2, 3, 3))
    for number, (below, right) in enumerate(((1, 1), (1, -1), (-1, 1), (-1, -1))):
        kernels[number, 0, 1 + below, 1] = 1  # the upright stroke goes on here
        kernels[number, 0, 1 - below, 1] = -1
        kernels[number, 1, 1, 1 + right] = 1  # the lying stroke goes on here
        kernels[number, 1, 1, 1 - right] = -1
    return kernels


def square() -> np.ndarray:
    """A kernel (1, 4, 3, 3): each kind of corner in its corner."""
    kernel = np.zeros((1, 4, 3, 3))
    for number, (row, column) in enumerate(((0, 0), (0, 2), (2, 0), (2, 2))):
        kernel[0, number, row, column] = 1
    return kernel


def classifier() -> Lesson:
    """Upright stroke, lying stroke or cross: from 8×8 pixels to three probabilities."""
    values = np.zeros((8, 8))
    values[1:7, 3] = 1
    values[4, 1:7] = 1
    # Upright answers stand in the first four places of the line, lying ones in the last four.
    scores = linear([[0.25] * 4 + [-0.25] * 4, [-0.25] * 4 + [0.25] * 4, [0.25] * 8], [0.0, 0.0, -4.0])
    chain = track(
        numbers(values, "8×8 picture"), conv([UPRIGHT, UPRIGHT.T]), (Relu(), None), max_pool(3, 3), (Flatten(), None),
        scores, (Softmax(), None),
    )  # fmt: skip
    words = story(
        (
            "{w}Find strokes",
            "Each kernel looks for its own pattern. {w}One answers to vertical strokes, the other to horizontal ones.",
            "{w}This little network was not trained: its weights were chosen by hand so that every number can be "
            "followed. What it does is what a trained one does: it finds features, sums them up and compares.",
        ),
        (
            "ReLU",
            "Answers below 0 are cut to 0. {w}They speak against a stroke.",
            "{w}What is left says where there is a stroke, and how much of one.",
        ),
        (
            "Max pooling",
            "Each window keeps its strongest answer. {sl}2 maps of 6×6 become 2 maps of 2×2.",
            "{slw}Where exactly the stroke lies is no longer told, only in which quarter.",
        ),
        (
            "Flatten",
            "All numbers are put in one line, map by map. {w}The vertical answers come first, then the horizontal "
            "ones.",
            "Nothing is computed here; only the shape changes. {sl}2×2×2 becomes 8.",
        ),
        (
            "Scores",
            "Each class gets a weighted sum of all numbers. {w}Vertical stroke, horizontal stroke, cross.",
            "W·x + b with a row of W for each class. {w}Vertical strokes count for the first class and against the "
            "second, horizontal ones the other way round; the cross asks for both and has a bias of −4, so that one "
            "stroke alone is not enough.",
        ),
        (
            "Probabilities",
            "Softmax makes shares of the scores, which sum to 1. The largest is the prediction. {ilw}Here: a cross.",
            "The number e is raised to each score, and each result is divided by the sum of all. A probability of "
            "the network is not a certainty: it says how the scores compare. {ilw}Take the horizontal stroke away "
            "and see the prediction "
            "change.",
        ),
    )
    return Lesson(
        "A small classifier", (chain,), "cell", words,
        "A picture of 8×8 becomes three probabilities: vertical stroke, horizontal stroke, or cross. The weights "
        "were chosen by hand, not learned.",
        GROUP, ("S05", "S10", "S14", "S43"),
    )  # fmt: skip


ENTRIES = (
    Entry("receptive-field", ".json", receptive_field),
    Entry("classifier", ".json", classifier),
)

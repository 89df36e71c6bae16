"""Kernels that start from random and are found by gradient descent: from a target map, and from labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import GlobalAvgPool
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from lessons import drawings
from lessons.making import Entry, answer, conv, kernel, learning, linear, numbers, story, track

GROUP = "Learning"


def found(source: Source, weights: NDArray[np.float64], **recipe: Any) -> Track:
    """A kernel that starts from random and learns to answer as this one does."""
    return learning(
        source, conv(np.zeros(weights.shape)), target=answer(source, weights), reduction="mean", random=(0,), **recipe
    )  # fmt: skip


def kernel_story(what: str, end: str, notes: str) -> tuple[Words, ...]:
    """The story of one iteration; the last section stands for all of it."""
    return story(
        (
            "Forward",
            "The kernel of this iteration on the picture: the map it gives so far.",
            "{w}It starts from random weights: the map means nothing at first.",
        ),
        (
            "Loss",
            "The mean of the squared errors over the whole map.",
            f"{{it}}The target is the map of {what}; the kernel itself is never shown.",
        ),
        ("δ", "The slope of the loss at each position.", "Where map and target agree it is 0."),
        ("∂L/∂W", "δ slides over the picture: the gradient of each weight.", "{l}Nine weights, nine sums."),
        ("The kernel learns", f"Each weight takes its step. {end}", notes),
    )


def learn_sobel() -> Lesson:
    """From random to Sobel."""
    chain = found(drawings.face(), kernel("sobel-x"), rate=0.3, iterations=80)
    return Lesson(
        "Learning Sobel from random", (chain,), "iteration",
        kernel_story(
            "a Sobel kernel", "{iwtr}From random weights to Sobel: the map comes to look like its target.",
            "{iwtr}After about 50 iterations no weight is off by more than a thousandth. Nobody typed the kernel "
            "in: the picture, the target map and the rule w − η·∂L/∂w were enough. Change the seed and it starts "
            "elsewhere and ends at the same kernel.",
        ),
        "Gradient descent finds the Sobel kernel from its feature map, starting from random weights.",
        GROUP, ("S20", "S57", "S60b"),
    )  # fmt: skip


def learn_blur() -> Lesson:
    """From random to the Gaussian, with momentum."""
    chain = found(drawings.house(), kernel("gaussian-3"), rate=0.1, iterations=150, momentum=0.8)
    return Lesson(
        "Learning blur from random", (chain,), "iteration",
        kernel_story(
            "a Gaussian blur", "{iwtr}From random to a blur, with momentum: steps that remember the last.",
            "{iwtr}Large even parts of the picture tell a kernel only the sum of its weights; differences between "
            "neighbours show at outlines alone. So some directions are learned fast and others slowly. Momentum "
            "adds eight tenths of the last step to the next and helps the slow ones: compare with momentum 0.",
        ),
        "Gradient descent with momentum finds the Gaussian blur from its feature map.",
        GROUP, ("S20", "S57", "S60b"),
    )  # fmt: skip


def learn_sharpen() -> Lesson:
    """From random to sharpening."""
    return Lesson(
        "Learning to sharpen from random",
        (found(drawings.letters(), kernel("sharpen"), rate=0.5, iterations=150),), "iteration",
        kernel_story(
            "the sharpening kernel", "{iwtr}From random to sharpening: a strong middle, its neighbours below 0.",
            "{iwtr}The middle grows to 5, its four neighbours fall to −1 and the corners to 0. The last digits take "
            "the longest: the nearer the goal, the smaller the gradient.",
        ),
        "Gradient descent finds the sharpening kernel from its feature map.",
        GROUP, ("S20", "S57", "S60b"),
    )  # fmt: skip


def learn_own() -> Lesson:
    """From random to a kernel made up for this lesson."""
    own = np.array([[2.0, 0, -1], [0, 1, 0], [-1, 0, 2]])
    return Lesson(
        "Learning a kernel of one's own", (found(drawings.face(), own, rate=0.5, iterations=60),), "iteration",
        kernel_story(
            "a kernel made up for this lesson",
            "Any kernel can be found from its map if the picture shows enough.",
            "{iwtr}The kernel has 2, 1, 2 on one diagonal and −1 in the other corners. The rate is larger than in "
            "the lesson on Sobel, and fewer iterations are enough.",
        ),
        "Gradient descent finds a kernel that is in no textbook, from its feature map.",
        GROUP, ("S20", "S60b"),
    )  # fmt: skip


def learn_edge_labels() -> Lesson:
    """Edge or no edge: nobody says what a kernel should look like, and it becomes an edge detector."""
    examples = drawings.edges()
    pieces = (
        conv(np.zeros((3, 3)), [0.0]), (Relu(), None), (GlobalAvgPool(), None), linear([[0.0], [0.0]], [0.0, 0.0]),
    )  # fmt: skip
    recipe = Recipe(
        tuple(Example(np.array([[[float(label)]]]), picture[None], name) for picture, label, name in examples),
        "cross_entropy", 0.1, 400, seed=1, random=(0, 3),
    )  # fmt: skip
    chain = replace(track(numbers(examples[0][0], examples[0][2]), *pieces), recipe=recipe)
    words = story(
        (
            "Convolution",
            "One kernel is to find the edges. {lw}It has 3×3 weights, random at first.",
            "{t}Eight pictures take turns: four show a vertical edge from bright to dark, four do not.",
        ),
        ("ReLU", "What is below 0 is cut.", "The kernel can only say how much, not how little."),
        (
            "Global average",
            "The map becomes one number: how much of it answers.",
            "Where it answers is forgotten.",
        ),
        (
            "Scores",
            "A score for each class from this number. {t}No edge, edge.",
            "{l}Two weights and two biases.",
        ),
        (
            "Loss",
            "Cross-entropy: −log of the probability of the true label.",
            "All that is told is the label.",
        ),
        (
            "δ of the scores",
            "Probability minus 1 for the true label, the probability itself for the other.",
            "The chain starts at the label.",
        ),
        ("∂L/∂W of the scores", "The average times δ.", "{l}Two gradients."),
        ("∂L/∂b of the scores", "δ itself.", "{l}Two more."),
        ("δ of the average", "Both scores hand back their share.", "One number."),
        (
            "δ of the map",
            "An average shares out equally. {sl}Each position gets one sixteenth.",
            "{sl}4×4 shares.",
        ),
        ("δ before ReLU", "Only where ReLU was open.", "What is cut learns nothing."),
        ("∂L/∂W of the kernel", "δ slides over the picture.", "{l}Nine gradients."),
        ("∂L/∂b of the kernel", "The sum of δ.", "One gradient."),
        ("Update of the kernel", "W − η·∂L/∂W.", "Each picture pulls a little."),
        ("Update of its bias", "The same rule.", "One number."),
        ("Update of the scores' weights", "The same rule.", "{l}Two numbers."),
        (
            "The kernel learns",
            "Each weight takes its step. {iwtr}Told only edge or no edge, the kernel grows + on one side, − on the "
            "other.",
            "{iwtr}Nobody said what the kernel should look like. Flat pictures push the sum of its weights to 0, "
            "horizontal edges make its rows alike, and vertical edges pull its columns apart: what is left is an edge "
            "detector. Other seeds may end elsewhere: a kernel that answers nowhere lies behind a closed ReLU and "
            "learns no more.",
        ),
    )
    return Lesson(
        "Learning an edge detector from labels", (chain,), "iteration", words,
        "Pictures with and without a vertical edge, labels, and a random kernel that becomes an edge detector.",
        GROUP, ("S20", "S60b"),
    )  # fmt: skip


ENTRIES = (
    Entry("learn-sobel", ".json", learn_sobel),
    Entry("learn-blur", ".json", learn_blur),
    Entry("learn-sharpen", ".json", learn_sharpen),
    Entry("learn-own", ".json", learn_own),
    Entry("learn-edge-labels", ".json", learn_edge_labels),
)

"""The 6×6 example and its relatives: edges as numbers."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Relu
from cnnviz.lesson.lesson import Lesson, View
from lessons.making import HALF_BRIGHT, Entry, conv, kernel, max_pool, numbers, story, track

GROUP = "Convolution"


def vertical_edge() -> Lesson:
    """Columns 10 10 10 0 0 0: every row of the feature map is 0 30 30 0."""
    chain = track(
        numbers(HALF_BRIGHT, "6×6 picture"), conv(kernel("vertical-edge")), (Relu(), None), max_pool(2, 2)
    )
    words = story(
        (
            "Convolution",
            "The kernel slides over the picture. {ilw}Where bright turns into dark, it answers 30; elsewhere 0.",
            "{l}Place the kernel over nine pixels, multiply each pair, add the nine products and write the sum "
            "down. {ilw}The first window lies on equal pixels: its row sums are 0, 0, 0. The second one lies "
            "across the edge: its row sums are 10, 10, 10, which makes 30. {sl}The same nine weights serve all "
            "sixteen windows.",
        ),
        (
            "ReLU",
            "ReLU keeps what is above 0 and turns the rest into 0. {ilw}Here nothing is below 0, so nothing changes.",
            "{ilw}Ask what would happen to the same picture with dark at the left: its answers are −30, and ReLU "
            "would cut them all to 0. Turn the picture round to see it.",
        ),
        (
            "Max pooling",
            "Only the largest answer of each window stays. {ilw}Here 16 numbers become 4, and the edge is still there.",
            "A pooling window has no weights: it is no kernel and learns nothing. It keeps how strong the "
            "answer was and gives up where exactly in the window it stood.",
        ),
    )
    return Lesson(
        "Vertical edge", (chain,), None, words,
        "A 6×6 picture, bright at the left and dark at the right, and a 3×3 kernel that answers where they "
        "meet. It is the example to begin with: every number fits in the head.",
        GROUP, ("S12", "S13", "S14", "S15", "S18", "S23", "S28", "S31", "S32", "S33"),
    )  # fmt: skip


def edge_marked() -> Lesson:
    """The same, product by product, with the edge drawn and the kernel's columns named."""
    chain = track(numbers(HALF_BRIGHT, "6×6 picture"), conv(kernel("vertical-edge")))
    words = story(
        (
            "The columns of the kernel",
            "Each weight says how its pixel counts. {w}The left column adds, the middle is blind, the right subtracts.",
            "The line marks where the picture's brightness jumps. {w}Read the kernel by its columns: +1 adds "
            "the pixels at the left, 0 ignores those in the middle, −1 subtracts those at the right. No "
            "weight finds an edge alone; it is the difference of the two sides that does, and two equally "
            "bright sides give 0.",
        ),
    )
    return Lesson(
        "The edge marked, the kernel's columns by role", (chain,), "multiply", words,
        "The 6×6 example once more, product by product, with the edge drawn and each column of the kernel "
        "named by what it does. Go through the first two windows slowly, then play.",
        GROUP, ("S12", "S13", "S14", "S29", "S30", "S32", "S33"), view=View(marks=True),
    )  # fmt: skip


def horizontal_edge() -> Lesson:
    """The same turned: every column of the feature map is 0 30 30 0."""
    source = numbers(HALF_BRIGHT.T, "6×6 picture")
    chain = track(source, conv(kernel("horizontal-edge")), (Relu(), None), max_pool(2, 2))
    words = story(
        (
            "Convolution",
            "The kernel slides over the picture. {w}Turned on its side, it compares rows: the upper with the lower.",
            "{ilw}Bright above dark answers with +30. Compare with the vertical edge: the picture and the kernel "
            "have both been transposed, and so has the answer. Try the vertical kernel on this picture: it answers 0 "
            "everywhere.",
        ),
        (
            "ReLU",
            "ReLU turns what is below 0 into 0. {ilw}Here every answer is 0 or 30, so none of them changes.",
            "ReLU acts on each number alone.",
        ),
        (
            "Max pooling",
            "Only the largest answer of each window stays. {ilw}Each window reaches a row of 30s, so all four maxima "
            "are 30.",
            "{ilw}The edge lies between the third and the fourth row; both pooled rows see a part of its answer.",
        ),
    )
    return Lesson(
        "Horizontal edge", (chain,), None, words,
        "The 6×6 example on its side: bright above, dark below. Its kernel is the transpose of the vertical one.",
        GROUP, ("S12", "S13", "S14", "S15", "S18", "S24"),
    )  # fmt: skip


def both_polarities() -> Lesson:
    """A bright stripe has one edge of either kind: −30 where it begins, +30 where it ends."""
    stripe = np.array([[0.0, 0, 10, 10, 10, 0, 0]] * 5)
    tracks = (
        track(
            numbers(stripe, "Vertical stripe"), conv(kernel("vertical-edge")), (Relu(), None),
            name="{i}Vertical stripe",
        ),
        track(
            numbers(stripe.T, "Horizontal stripe"), conv(kernel("horizontal-edge")), (Relu(), None),
            name="{i}Horizontal stripe",
        ),
    )  # fmt: skip
    words = story(
        (
            "Convolution",
            "The kernel slides over both. {ilw}Dark to bright gives −30, bright to dark +30, inside the stripe 0.",
            "{w}The sign tells the direction of the step, the size how strong it is. {}Blue stands for answers "
            "below 0 and orange for those above, on a scale that is the same on both sides of 0. An edge detector "
            "that mistook the sign for the strength would miss half of the edges.",
        ),
        (
            "ReLU",
            "ReLU cuts every answer below 0. {ilw}Only the edge from bright to dark is left.",
            "A network needs kernels of both signs: one for each direction. {ilw}Change the sign of all nine "
            "weights, and the other edge is the one that stays.",
        ),
    )
    return Lesson(
        "Both polarities of an edge", tracks, "cell", words,
        "A bright stripe on a dark ground, vertical and horizontal: its two edges answer with opposite signs. A map "
        "is signed, and its scale has to show that.",
        GROUP, ("S08", "S23", "S24", "S31"),
    )  # fmt: skip


ENTRIES = (
    Entry("vertical-edge", ".json", vertical_edge),
    Entry("edge-marked", ".json", edge_marked),
    Entry("horizontal-edge", ".json", horizontal_edge),
    Entry("both-polarities", ".json", both_polarities),
)

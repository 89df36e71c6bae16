"""What convolution is in other forms: on a line, turned round, and with kernels of every size."""

from __future__ import annotations

import numpy as np

from cnnviz.lesson.lesson import Lesson
from lessons.making import Entry, conv, kernel, numbers, story, track
from lessons.pictures import head

GROUP = "Convolution"

SMOOTH, DIFFERENCE = [[0.25, 0.5, 0.25]], [[1.0, 0.0, -1.0]]


def one_dimensional() -> Lesson:
    """A line of numbers and a kernel of three: smoothed, and where it falls or rises."""
    signal = [[0, 0, 4, 4, 4, 8, 8, 8, 2, 2, 0, 0]]
    chain = track(numbers(signal, "Signal"), conv([SMOOTH, DIFFERENCE]))
    words = story(
        (
            "{s}Convolution of a line",
            "Two functions, the signal and the kernel, give a third: one number for each place of the window.",
            "{s}In one dimension the whole thing fits in one row. {w}The first kernel takes a weighted mean: steps "
            "turn into ramps. The second takes left minus right: it is 0 where the signal is flat, positive where "
            "it falls and negative where it rises. {}Everything that pictures do later happens here already.",
        ),
    )
    return Lesson(
        "One dimension", (chain,), "multiply", words,
        "A signal of twelve numbers under a kernel of three: convolution makes a third function out of two. "
        "One kernel smooths the signal, the other finds its steps.",
        GROUP, ("S11", "S18", "S37", "S38"),
    )  # fmt: skip


def correlation_convolution() -> Lesson:
    """A single bright pixel: correlation writes the kernel turned round, true convolution the kernel itself."""
    dot = np.zeros((5, 5))
    dot[2, 2] = 1
    weights = np.arange(1.0, 10).reshape(3, 3)
    source = numbers(dot, "One bright pixel")
    tracks = (
        track(source, conv(weights), name="{l}Cross-correlation ⋆"),
        track(source, conv(weights, flipped=True), name="{l}True convolution ∗"),
    )
    words = story(
        (
            "Correlation and convolution",
            "Correlation slides the kernel as it is. True convolution turns it by 180° first.",
            "{iw}A single bright pixel shows the difference best: correlation writes the kernel turned by 180° into "
            "the map, convolution writes the kernel as it is. {}What networks call convolution is "
            "cross-correlation; since the weights are learned, the turn makes no difference to them. With a kernel "
            "that stays the same when turned, both agree.",
        ),
    )
    return Lesson(
        "Correlation and true convolution", tracks, "cell", words,
        "The same kernel on a picture of one bright pixel, slid as it is and turned by 180° first. What "
        "convolutional networks compute is the first of the two, cross-correlation.",
        GROUP, ("S11", "S17"),
    )  # fmt: skip


def kernel_sizes() -> Lesson:
    """Box blurs of 3×3, 5×5 and 7×7 on the same photograph."""
    source = head()
    tracks = tuple(track(source, conv(kernel(f"box-{k}")), name=f"{{l}}{k}×{k}") for k in (3, 5, 7))
    words = story(
        (
            "{l}Kernels of 3×3, 5×5 and 7×7",
            "A larger kernel sees a larger patch. {l}9, 25 or 49 pixels make one number, the map shrinks by 2, 4 or "
            "6.",
            "{w}The kernels are means, so that only the size differs. What is smaller than the window is lost in "
            "it, what is larger stays. {}The price grows with the square. {l}Here it is 9, 25 and 49 products for "
            "each cell. {}Depth is the other way to see more: two layers of 3×3 see 5×5, three see 7×7.",
        ),
    )
    return Lesson(
        "Small and large kernels", tracks, "auto", words,
        "Three means of growing size on the same photograph. The larger the kernel, the larger the pattern that it "
        "answers to, and the more products each cell costs.",
        GROUP, ("S19", "S36"),
    )  # fmt: skip


def kernel_shapes() -> Lesson:
    """Even and oblong kernels: rows and columns are counted apart."""
    ramp = np.add.outer(np.arange(5), np.arange(6) * 2)
    source = numbers(ramp, "5×6 picture")
    tracks = (
        track(source, conv(np.full((2, 2), 0.25)), name="{l}2×2, even"),
        track(source, conv(np.full((1, 5), 0.2)), name="{l}1×5, wide"),
        track(source, conv(np.full((4, 1), 0.25)), name="{l}4×1, tall"),
    )
    words = story(
        (
            "{l}Even and oblong kernels",
            "A kernel may be even or oblong. Rows and columns of the map follow from its own rows and columns.",
            "An even kernel has no cell in its middle, so its answer belongs between the pixels. {w}An oblong "
            "kernel takes its mean along one direction only. {}The size formula is used twice: once for the rows, "
            "once for the columns.",
        ),
    )
    return Lesson(
        "Even and oblong kernels", tracks, "cell", words,
        "Kernels of 2×2, 1×5 and 4×1 on the same numbers. A kernel need not be odd or square.",
        GROUP, ("S19", "S36", "S38"),
    )  # fmt: skip


ENTRIES = (
    Entry("one-dimensional", ".json", one_dimensional),
    Entry("correlation-convolution", ".json", correlation_convolution),
    Entry("kernel-sizes", ".cnnviz", kernel_sizes),
    Entry("kernel-shapes", ".json", kernel_shapes),
)

"""Several channels: colour planes, kernels over all of them, groups, and a layer of sixty-four kernels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Relu
from cnnviz.lesson.kernels import gabor
from cnnviz.lesson.lesson import Lesson, View
from cnnviz.lesson.source import Grey
from lessons.making import Entry, conv, max_pool, numbers, story, track
from lessons.pictures import photograph

GROUP = "Channels"

LUMA = (0.299, 0.587, 0.114)


def rgb_photo() -> Lesson:
    """A colour photograph as three planes; three weights make the grey picture of them."""
    source = photograph("coffee", reduce=2)
    grey = replace(source, transforms=(Grey(),))
    tracks = (
        track(source, conv(np.reshape(LUMA, (1, 3, 1, 1))), name="{s}Red, green and blue"),
        track(grey, conv([[1.0]]), name="{s}Grey"),
    )
    words = story(
        (
            "Planes and their weighted sum",
            "A colour picture is three grids of numbers. Grey is one grid: 0.299 R + 0.587 G + 0.114 B.",
            "{s}Each pixel holds three numbers from 0 to 255, one in each plane: height × width × 3. {i}The saucer "
            "is bright in the red plane and dark in the others; the cup is bright in all three. {lw}A kernel of 1×1 "
            "over the three channels is nothing but a weighted sum of the planes, and with these weights it makes "
            "the grey picture.",
        ),
    )
    return Lesson(
        "A picture is a grid of numbers", tracks, "auto", words,
        "A small colour photograph as its red, green and blue planes, beside the same photograph in grey. "
        "Point at a pixel to read its numbers.",
        "Pictures", ("S01",), view=View(channels=True),
    )  # fmt: skip


def rgb() -> Lesson:
    """Three channels and two kernels: the products of all channels and the bias meet in one sum."""
    red = [[8, 8, 1, 1, 1]] * 5
    green = [[1] * 5, [1] * 5, [6] * 5, [6] * 5, [6] * 5]
    blue = [[0, 0, 0, 0, 3], [0, 0, 0, 3, 5], [0, 0, 3, 5, 7], [0, 3, 5, 7, 9], [3, 5, 7, 9, 9]]
    none = np.zeros((3, 3))
    middle = np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])
    left = np.array([[1.0, 0, -1]] * 3)
    below = np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]])
    kernels = [[left, none, middle], [none, below, left]]
    chain = track(
        numbers([red, green, blue], "5×5 RGB picture"),
        conv(kernels, [1.0, -2.0]),
        (Relu(), None),
        max_pool(2, 1),
    )
    words = story(
        (
            "Convolution over channels",
            "A kernel has a plane for each channel that it reads. Their products and the bias add up to one number.",
            "{ls}Three channels give three partial sums; these and the bias of the kernel are added up. Two "
            "kernels make two feature maps, whatever the number of channels. The weights are 2 kernels × 3 channels "
            "× 9, and 2 biases: 56 numbers.",
        ),
        ("ReLU", "Each map goes through ReLU on its own, number by number.", "ReLU does not mix channels."),
        (
            "Max pooling",
            "The largest of each window, map by map. The number of maps stays.",
            "{ls}With stride 1 the windows overlap, and the map shrinks only from 3×3 to 2×2.",
        ),
    )
    return Lesson(
        "Three channels, two kernels", (chain,), None, words,
        "Three channels, two kernels with a bias each, two feature maps. All channels of a kernel meet in one sum.",
        GROUP, ("S01", "S14", "S21", "S43"), view=View(channels=True),
    )  # fmt: skip


def groups() -> Lesson:
    """Four channels to four maps: all with all, in two groups, and each for itself."""
    planes = [
        np.add.outer(np.arange(5) * a, np.arange(5) * b) % 7 for a, b in ((1, 2), (2, 1), (3, 5), (0, 1))
    ]
    source = numbers(planes, "4 channels of 5×5")
    weight = (
        np.add.outer(np.arange(4) * 2, np.add.outer(np.arange(4), np.arange(9))).reshape(4, 4, 3, 3) % 3 - 1.0
    )
    tracks = tuple(
        track(source, conv(weight[:, : 4 // count], groups=count), name="{sl}" + name)
        for count, name in (
            (1, "Full: 144 weights"),
            (2, "2 groups: 72 weights"),
            (4, "Depthwise: 36 weights"),
        )
    )
    words = story(
        (
            "Groups",
            "Groups divide the channels. {ls}Each map reads all four of them (full), two (2 groups) or one "
            "(depthwise).",
            "Groups split the channels into parts that do not see each other. The numbers of weights and of products "
            "are divided by the number of groups. {ls}Here there are 144, 72 and 36 weights. {}With as many groups "
            "as channels the "
            "convolution is called depthwise; a 1×1 convolution usually follows it to mix the channels again.",
        ),
    )
    return Lesson(
        "Groups and depthwise convolution", tracks, "cell", words,
        "Four channels become four maps in three ways: each map reads all channels, the two of its group, or one "
        "alone (depthwise).",
        GROUP, ("S21",),
    )  # fmt: skip


def sixty_four_kernels() -> Lesson:
    """A first layer as networks have it: 64 kernels of 7×7 over red, green and blue."""
    chain = track(photograph("cat", reduce=2), conv(np.round(first_layer(), 3)))
    words = story(
        (
            "{l}64 kernels",
            "Each kernel makes a map. {lw}Here are 64: waves in eight directions, broad and fine, and edges between "
            "colours.",
            "{lw}The kernels were made by a formula, not learned: 48 Gabor waves on grey in eight directions, three "
            "widths and two phases, and 16 edges between red and green or between blue and yellow. The first layer "
            "of many networks has 64 kernels, and after training many of them look like this. {}Open a map "
            "to see what each channel adds.",
        ),
    )
    return Lesson(
        "A layer of many kernels", (chain,), "channel", words,
        "Sixty-four kernels of 7×7 on a colour photograph, made by a formula in the likeness of a trained "
        "first layer. One map opens to its channels, their sum and the bias.",
        GROUP, ("S07", "S21"), view=View(range="map"),
    )  # fmt: skip


def first_layer() -> NDArray[np.float64]:
    """Kernels (64, 3, 7, 7): 48 Gabor waves on grey, then 16 edges between opposite colours; each channel sums to 0."""
    turns = [turn * np.pi / 8 for turn in range(8)]
    waves = [
        np.multiply.outer(LUMA, phase(7, turn, wavelength))
        for wavelength in (3.0, 4.5, 7.0)
        for phase in (even, odd)
        for turn in turns
    ]
    # Weights of the channels: red against green, blue against yellow.
    opponents = ((1.0, -1.0, 0.0), (-0.5, -0.5, 1.0))
    edges = [np.multiply.outer(colours, odd(7, turn, 9.0)) for colours in opponents for turn in turns]
    return np.array([*waves, *edges])


def even(size: int, turn: float, wavelength: float) -> NDArray[np.float64]:
    """A bright line between two dark ones."""
    return gabor(size, turn, 2.0, wavelength)


def odd(size: int, turn: float, wavelength: float) -> NDArray[np.float64]:
    """A step from dark to bright: the wave by a quarter further."""
    half = (size - 1) / 2
    y, x = np.mgrid[0:size, 0:size] - half
    wave = np.exp(-(x**2 + y**2) / 8) * np.sin(2 * np.pi * (x * np.cos(turn) + y * np.sin(turn)) / wavelength)
    kernel: NDArray[np.float64] = wave - wave.mean()
    return kernel


ENTRIES = (
    Entry("rgb-photo", ".cnnviz", rgb_photo),
    Entry("rgb", ".json", rgb),
    Entry("groups", ".json", groups),
    Entry("sixty-four-kernels", ".cnnviz", sixty_four_kernels),
)

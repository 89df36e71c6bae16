"""Kernels at work on photographs: edges, the gallery of named kernels, sharpen, blur and emboss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Relu
from cnnviz.lesson.kernels import catalogue, gabor
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.source import Noise
from lessons.making import Entry, conv, kernel, max_pool, story, track
from lessons.pictures import head, photograph

GROUP = "Kernels on photographs"


def photo_edges() -> Lesson:
    """A grey photograph of 256×256 under the Sobel kernel for vertical edges."""
    chain = track(photograph("camera"), conv(kernel("sobel-x")), (Relu(), None), max_pool(2, 2))
    words = story(
        (
            "Convolution",
            "The kernel is a small lens that goes over the whole picture. {lw}It sees 3×3 pixels and finds "
            "vertical edges.",
            "Follow the window, or point at any place of the picture. {w}The Sobel kernel answers with + where it "
            "grows brighter to the right and with − where it grows darker. {ilw}The numbers leave the range from 0 "
            "to 255 in both directions, so the map has a scale of its own.",
        ),
        (
            "ReLU",
            "What is below 0 becomes 0. {lw}Only the side of each outline that grows brighter is left.",
            "Compare the map before and after: the blue is gone, the orange has not changed.",
        ),
        (
            "Max pooling",
            "The largest of each window stays. {lw}A quarter of the numbers is left, and the outlines can still be "
            "seen.",
            "{ls}Height and width are halved, 254 to 127. {l}What comes after has a quarter of the work.",
        ),
    )
    return Lesson(
        "Edges of a photograph", (chain,), None, words,
        "A photograph of 256×256 pixels under the Sobel kernel, through ReLU and max pooling. The same "
        "arithmetic as on 6×6, at 64,516 places.",
        GROUP, ("S07", "S09", "S15", "S16"),
    )  # fmt: skip


def kernel_gallery() -> Lesson:
    """Every named kernel of 3×3 on the same photograph."""
    small = [named for named in catalogue() if named.weights.shape == (3, 3)]
    chain = track(photograph("camera", reduce=2), conv([named.weights for named in small]))
    words = story(
        (
            "{lw}Every named 3×3 kernel",
            "What a kernel finds lies in its numbers. {l}One picture, seventeen kernels of nine numbers, seventeen "
            "maps.",
            "{lw}In order: "
            + ", ".join(named.name for named in small)
            + ". {}Kernels that sum to 1 keep the brightness, kernels "
            "that sum to 0 answer 0 where the picture is flat. Change a weight and watch its map.",
        ),
    )
    return Lesson(
        "Gallery: the 3×3 kernels", (chain,), "channel", words,
        "All named kernels of 3×3 on the same photograph, each with its map. Together they are one layer "
        "with seventeen kernels, as a network has them.",
        GROUP, ("S07", "S21", "S22"), view=View(formula=False, range="map"),
    )  # fmt: skip


def kernels_5x5() -> Lesson:
    """Every named kernel of 5×5 on the same photograph."""
    words = story(
        (
            "{lw}Every named 5×5 kernel",
            "The larger a kernel, the more pixels make a number. {lw}With 25, blurs reach further and edges are "
            "broader.",
            "{lw}In order: mean, Gaussian, Laplacian of Gaussian, Sobel in both directions. The Laplacian of "
            "Gaussian answers to spots and lines about as large as its middle; it blurs first and then compares, "
            "all in one kernel.",
        ),
    )
    return Lesson(
        "Gallery: the 5×5 kernels", (large(5),), "channel", words,
        "The named kernels of 5×5 on the same photograph: two blurs, one for spots, two for broad edges.",
        GROUP, ("S07", "S19", "S21", "S22"), view=View(formula=False, range="map"),
    )  # fmt: skip


def kernels_7x7() -> Lesson:
    """Every named kernel of 7×7, and the Gabor kernel turned."""
    waves = [np.round(gabor(7, turn * np.pi / 4), 3) for turn in (1, 2, 3)]
    words = story(
        (
            "{lw}Kernels of 7×7 and waves",
            "A large kernel has room for a pattern. {lw}49 pixels: a strong blur, a broad edge, a wave in one "
            "direction.",
            "{lw}In order: mean, Gaussian, Sobel in both directions, and Gabor waves in four directions. {}Networks "
            "that learn from photographs often end up with first kernels that look like Gabor waves.",
        ),
    )
    return Lesson(
        "Gallery: the 7×7 kernels", (large(7, *waves),), "channel", words,
        "The named kernels of 7×7 on the same photograph, with Gabor waves in four directions.",
        GROUP, ("S07", "S19", "S21", "S22"), view=View(formula=False, range="map"),
    )  # fmt: skip


def large(size: int, *more: NDArray[np.float64]) -> Track:
    """The named kernels of one size, and more, on the photograph."""
    named = [kernel.weights for kernel in catalogue() if kernel.weights.shape == (size, size)]
    return track(photograph("camera", reduce=2), conv([*named, *more]))


def beside(kernels: dict[str, str]) -> tuple[Track, ...]:
    """Named kernels on the same photograph, its border repeated so that the size stays."""
    return tuple(
        track(head(), conv(kernel(named), padding="same", padding_mode="replicate"), name="{lw}" + name)
        for name, named in kernels.items()
    )


def sharpen() -> Lesson:
    """The picture itself, sharpened, and sharpened more."""
    words = story(
        (
            "{w}Sharpen",
            "A kernel can make differences grow. {w}The middle counts five or nine times, less its neighbours.",
            "{w}Both kernels sum to 1, so flat ground keeps its brightness. At an edge the bright side grows "
            "brighter and the dark side darker. {iw}The answers leave 0 to 255 at both ends; the scale shows them "
            "instead of cutting them off. {w}Noise grows as well.",
        ),
    )
    kernels = {"Identity": "identity", "Sharpen": "sharpen", "Sharpen, strong": "sharpen-strong"}
    return Lesson(
        "Sharpen", beside(kernels), "auto", words,
        "The identity beside two kernels that sharpen: a pixel against its four or its eight neighbours.",
        GROUP, ("S22", "S25"), view=View(formula=False, range="tensor"),
    )  # fmt: skip


def blur() -> Lesson:
    """Noise, and what a mean and a Gaussian make of it."""
    noisy = tuple(
        replace(t, source=replace(t.source, transforms=(Noise(20.0, 1),)))
        for t in beside({"Identity": "identity", "Mean 3×3": "box-3", "Gaussian 5×5": "gaussian-5"})
    )
    words = story(
        (
            "{w}Blur",
            "A mean of neighbours takes noise away, and fine detail with it. {i}Here the photograph was made noisy.",
            "{w}All three kernels sum to 1. The mean of nine pixels leaves a third of the noise, if that is "
            "independent from pixel to pixel; the 5×5 Gaussian, which gives near pixels more weight, leaves a little "
            "over a quarter. Move the slider of the noise and see how much each kernel can bear.",
        ),
    )
    return Lesson(
        "Blur against noise", noisy, "auto", words,
        "A noisy photograph under the identity, a 3×3 mean and a 5×5 Gaussian. Blurring trades noise for detail.",
        GROUP, ("S22", "S26"), view=View(formula=False),
    )  # fmt: skip


def emboss() -> Lesson:
    """The emboss kernel turned by quarters: the light seems to come from another corner each time."""
    corners = ("top left", "bottom left", "bottom right", "top right")
    tracks = tuple(
        track(
            head(),
            conv(np.rot90(kernel("emboss"), turn), padding="same", padding_mode="replicate"),
            name=f"{{lw}}Light from the {corner}",
        )
        for turn, corner in enumerate(corners)
    )
    words = story(
        (
            "{w}Emboss",
            "A kernel can make a relief. {w}Negative weights in one corner, positive ones opposite: the negative "
            "side is lit.",
            "{w}Take brightness for height: a slope that rises away from the light faces it and is bright, one that "
            "falls away is dark. Turning the kernel by a quarter moves the light to the next corner. The weights "
            "sum to 1, so the picture itself stays; with 0 in the middle only the relief would be left.",
        ),
    )
    return Lesson(
        "Emboss, with light from four corners", tracks, "auto", words,
        "One emboss kernel, turned by quarters, makes the same photograph a relief lit from each of its four "
        "corners.",
        GROUP, ("S22", "S27"), view=View(formula=False),
    )  # fmt: skip


ENTRIES = (
    Entry("photo-edges", ".cnnviz", photo_edges),
    Entry("kernel-gallery", ".cnnviz", kernel_gallery),
    Entry("kernels-5x5", ".cnnviz", kernels_5x5),
    Entry("kernels-7x7", ".cnnviz", kernels_7x7),
    Entry("sharpen", ".cnnviz", sharpen),
    Entry("blur", ".cnnviz", blur),
    Entry("emboss", ".cnnviz", emboss),
)

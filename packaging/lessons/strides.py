"""How the window moves: stride, dilation, and the way back up."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Params
from cnnviz.engine.specs import ConvTranspose
from cnnviz.lesson.lesson import Lesson
from lessons.borders import DIGITS
from lessons.making import Entry, Piece, conv, kernel, numbers, story, track

GROUP = "Stride, dilation and back"


def strides() -> Lesson:
    """Strides 1, 2 and 3 on 6×6: 4×4, 2×2 with a remainder, 2×2 without one."""
    source = numbers(DIGITS, "6×6 picture")
    tracks = tuple(
        track(source, conv(kernel("vertical-edge"), stride=(s, s)), name=f"{{l}}Stride {s}")
        for s in (1, 2, 3)
    )
    words = story(
        (
            "{l}Strides 1, 2 and 3",
            "The stride is how far the window moves on. {ls}At stride 2 the last row and the last column are never "
            "read.",
            "The size is ⌊(n + 2p − f)/s⌋ + 1. {ls}With n = 6, f = 3, p = 0: 4 at stride 1, ⌊1.5⌋ + 1 = 2 at stride "
            "2, 2 at stride 3. What the floor cuts off is a remainder: one row and one column at stride 2, none at "
            "stride 3. {}Where no stride is named, it is 1.",
        ),
    )
    return Lesson(
        "Strides side by side", tracks, "cell", words,
        "The same picture and the same kernel at three strides. A larger stride makes a smaller map and can leave a "
        "remainder that no window covers.",
        GROUP, ("S36", "S37", "S38", "S40", "S41", "S42"),
    )  # fmt: skip


def dilation() -> Lesson:
    """Dilation 1, 2 and 3: nine weights over 3×3, 5×5 and 7×7 pixels."""
    values = np.zeros((9, 9))
    values[:, 4:] = 10
    values[4:] += 2
    source = numbers(values, "9×9 picture")
    tracks = tuple(
        track(source, conv(kernel("laplacian-4"), dilation=(d, d)), name=f"{{l}}Dilation {d}")
        for d in (1, 2, 3)
    )
    words = story(
        (
            "{l}Dilation 1, 2 and 3",
            "Dilation spreads the weights of a kernel. {l}The same nine reach over 3×3, 5×5 or 7×7 pixels.",
            "A dilated kernel has d − 1 free pixels between its weights and reaches over d(f − 1) + 1 of them. It "
            "sees more for the same number of products; what lies in the gaps it does not see at all. {ls}The map "
            "shrinks as for a kernel of that reach: 7, 5, 3.",
        ),
    )
    return Lesson(
        "Dilations side by side", tracks, "cell", words,
        "The same nine weights, one, two and three pixels apart. Dilation widens the view without more "
        "weights.",
        GROUP, ("S19", "S36"),
    )  # fmt: skip


def transposed() -> Lesson:
    """Two ways up from 3×3: kernels that touch, and kernels that overlap."""
    source = numbers([[1, 2, 3], [4, 5, 6], [7, 8, 9]], "3×3 map")
    tracks = (
        track(source, _transpose([[1, 1], [1, 1]]), name="{l}2×2, stride 2: side by side"),
        track(source, _transpose([[1, 2, 1], [2, 4, 2], [1, 2, 1]]), name="{l}3×3, stride 2: overlapping"),
    )
    words = story(
        (
            "Transposed convolution",
            "Each number lays a whole kernel, scaled by it, onto a larger map; where kernels overlap, they add up.",
            "{ls}The window formula runs backwards: the size is s(n − 1) + f, 6 and 7. {}Where the stride does not "
            "divide the kernel, the cells get a different number of products, which can be seen as a checkerboard. "
            "It is not the inverse of a convolution: it restores the size, not the numbers.",
        ),
    )
    return Lesson(
        "Transposed convolution", tracks, "cell", words,
        "From a small map to a larger one at stride 2, with kernels that lie side by side and kernels that overlap.",
        GROUP,
    )  # fmt: skip


def _transpose(weights: list[list[int]]) -> Piece:
    weight = np.array(weights, dtype=np.float64)[None, None]
    return ConvTranspose(1, (weight.shape[2], weight.shape[3]), (2, 2)), Params(weight)


ENTRIES = (
    Entry("strides", ".json", strides),
    Entry("dilation", ".json", dilation),
    Entry("transposed", ".json", transposed),
)

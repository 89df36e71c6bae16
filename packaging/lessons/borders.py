"""Padding: why, how much, filled with what, and on which side."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.geometry import PaddingWord
from cnnviz.lesson.lesson import Lesson, View
from lessons.making import HALF_BRIGHT, Entry, conv, kernel, numbers, story, track

GROUP = "Padding"

DIGITS = np.array([int(digit) for digit in "314159265358979323846264338327950288"]).reshape(6, 6)
"""6×6 numbers without a pattern, the digits of π: an answer tells which of them were read."""


def padding() -> Lesson:
    """Valid, same and full on the 6×6 example."""
    source = numbers(HALF_BRIGHT, "6×6 picture")
    kinds: tuple[tuple[PaddingWord, str], ...] = (("valid", "Valid"), ("same", "Same"), ("full", "Full"))
    tracks = tuple(
        track(source, conv(kernel("vertical-edge"), padding=word), name="{l}" + name) for word, name in kinds
    )
    words = story(
        (
            "{l}Valid, same and full",
            "Padding sets the size of the map. {ls}None: 6×6 becomes 4×4. One ring of zeros: 6×6. Two: 8×8.",
            "{ls}The size is n + 2p − f + 1: 4, 6 and 8; with two rings every window that touches the picture has "
            "its cell. {ilw}Zeros have their price at the left border: the picture is bright there, the padding is "
            "0, and the kernel finds an edge where there is none: −30, with one ring −20 in the corners. {}At stride "
            "1 no pixel is left out even without padding; border pixels are only used less often.",
        ),
    )
    return Lesson(
        "Padding: valid, same, full", tracks, "cell", words,
        "The 6×6 example without padding, with one ring of zeros and with two. Padding keeps the size and "
        "lets border pixels count more often; it costs a false edge.",
        GROUP, ("S34", "S36", "S37", "S38", "S39"),
    )  # fmt: skip


def padding_fills() -> Lesson:
    """One ring around the picture, filled in four ways."""
    source = numbers([[1, 2, 4, 7, 9]] * 4, "4×5 picture")
    tracks = (
        track(source, conv(kernel("vertical-edge"), padding=1), name="{l}Zeros"),
        track(source, conv(kernel("vertical-edge"), padding=1, padding_mode="reflect"), name="{l}Reflect"),
        track(
            source, conv(kernel("vertical-edge"), padding=1, padding_mode="replicate"), name="{l}Replicate"
        ),
        track(source, conv(kernel("vertical-edge"), padding=1, padding_mode="circular"), name="{l}Circular"),
    )
    words = story(
        (
            "What fills the padding",
            "What lies outside is filled in. {ls}Zeros, a mirror, the border again, the far side: only border "
            "cells differ.",
            "{ilw}Follow the first and the last column of each map. Zeros make a false edge where the picture is "
            "not dark; mirroring takes the second pixel, not the border itself, so the difference there is 0; "
            "repeating takes the border; circular padding puts the right side at the left, as on a cylinder. The "
            "inside is the same in all four.",
        ),
    )
    return Lesson(
        "Padding: zero, reflect, replicate, circular", tracks, "cell", words,
        "Four fillings of one ring around the same picture. The fill is a choice, and it can be seen only at "
        "the border.",
        GROUP, ("S34", "S39"),
    )  # fmt: skip


def use_counts() -> Lesson:
    """How many windows hold each pixel, without padding and with one ring."""
    source = numbers(HALF_BRIGHT, "6×6 picture")
    tracks = tuple(
        track(source, conv(kernel("vertical-edge"), padding=p), name="{l}" + name)
        for p, name in ((0, "Padding 0"), (1, "Padding 1"))
    )
    words = story(
        (
            "How often a pixel is used",
            "Not all pixels lie in equally many windows. {ls}Unpadded: corner 1, middle 9. One ring: 4, 6, 9.",
            "{ls}No pixel is left out, but the four corners count only once. Padding reduces the imbalance, and "
            "only two rings, full padding, would remove it: then every pixel is in nine windows. {}Point at a pixel "
            "to see which outputs it feeds.",
        ),
    )
    return Lesson(
        "How often each pixel is used", tracks, "cell", words,
        "A heat-map over the 6×6 picture counts the windows that hold each pixel: without padding from 1 to "
        "9, with one ring from 4 to 9.",
        GROUP, ("S34", "S35", "S39"), view=View(heat="uses"),
    )  # fmt: skip


RULES: tuple[tuple[PaddingWord, str], ...] = (
    ("same", "SAME: odd row at the end"),
    ("same-lower", "SAME_LOWER: at the start"),
    ("half", "Half the kernel, both sides"),
)


def same_rules() -> Lesson:
    """Three rules for "same" at stride 2: equal sizes, but windows that start elsewhere."""
    source = numbers(DIGITS, "6×6 picture")
    tracks = tuple(
        track(source, conv(kernel("box-3") * 9, stride=(2, 2), padding=word), name="{l}" + name)
        for word, name in RULES
    )
    words = story(
        (
            "{l}Same padding at stride 2",
            "Same padding has several rules. {ls}All three make 3×3; SAME starts at the first pixel, the others "
            "before it.",
            "At stride 2, SAME means ⌈n/2⌉ cells, not the size of the input. {ls}One extra row is enough: "
            "TensorFlow puts it at the end, ONNX's SAME_LOWER at the start. Half the kernel on both sides, as is "
            "usual in PyTorch, adds one more at the end, which no window reaches here. {}A network moved from one "
            "program to another with the wrong rule sees its pictures shifted by a pixel.",
        ),
    )
    return Lesson(
        "Three rules for same padding", tracks, "cell", words,
        "SAME of TensorFlow, SAME_LOWER of ONNX and half the kernel on both sides, at stride 2. The sizes "
        "agree, but not the places where the windows start.",
        GROUP, ("S39", "S40", "S42"),
    )  # fmt: skip


def same_even() -> Lesson:
    """The same rules with a kernel of 2×2: one row too few, or one too many."""
    source = numbers(DIGITS[:5, :5], "5×5 picture")
    tracks = tuple(
        track(source, conv(np.ones((2, 2)), padding=word), name="{l}" + name) for word, name in RULES
    )
    words = story(
        (
            "{l}Same padding of an even kernel",
            "An even kernel has no middle. {ls}One extra row: at the end, at the start, or at both, and then the map "
            "grows.",
            "An even kernel has no middle, so its padding cannot be symmetric and keep the size: f − 1 is odd. "
            "{ls}Half the kernel on both sides makes 6×6 of 5×5. {}Odd kernels do not raise this question at stride "
            "1, which is one reason why they are common.",
        ),
    )
    return Lesson(
        "Same padding of an even kernel", tracks, "cell", words,
        "The three rules with a 2×2 kernel at stride 1: two keep the size and differ by one pixel, the third "
        "lets the map grow.",
        GROUP, ("S19", "S39"),
    )  # fmt: skip


ENTRIES = (
    Entry("padding", ".json", padding),
    Entry("use-counts", ".json", use_counts),
    Entry("padding-fills", ".json", padding_fills),
    Entry("same-rules", ".json", same_rules),
    Entry("same-even", ".json", same_even),
)

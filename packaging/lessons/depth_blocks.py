"""Residual blocks: x, what the layers make of it, the shortcut, their sum, and the ways of the gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import Add, Back, BatchNorm, PaddedShortcut
from cnnviz.lesson.lesson import Lesson, Track, View
from lessons.making import Entry, Piece, conv, learning, numbers, story, track

GROUP = "Depth"

STRAYS = np.array([[0.0, -1, 3, 1], [0, 2, 5, 1], [0, -1, 3, 1]])
"""Upright stripes, and two cells that stand out."""

UPRIGHT = np.array([[0.0, -1, 0], [0, 2, 0], [0, -1, 0]])
"""A cell against the two above and below it: 0 along upright stripes."""

HALVED = np.array([[0.0, 0, 0], [0, -0.5, 0], [0, 0, 0]])

LYING = np.array([[1.0, 1, 1, 1], [3, 5, 3, 3], [-1, -1, 3, -1]])
"""Lying stripes, and two cells that stand out."""

VIEW = View()


def _residual() -> tuple[Piece, Piece, Piece]:
    """What takes away the cells that stand out, and gives 0 elsewhere."""
    how = "replicate"
    return (
        conv(UPRIGHT, padding=1, padding_mode=how), (Relu(), None), conv(HALVED, padding=1, padding_mode=how),
    )  # fmt: skip


def _block(shortcut: bool = True, name: str = "") -> Track:
    """Both convolutions, the addition of the shortcut, and ReLU."""
    source = numbers(STRAYS, "x, 3×4")
    return track(source, *_residual(), (Add(0, shortcut=shortcut), None), (Relu(), None), name=name)


def _low_block(scale: float, name: str) -> Track:
    """The same with kernels one row high: without padding above three blocks under one another can be read."""
    how = "replicate"
    across = conv([[-1.0, 2, -1]], padding=(0, 1), padding_mode=how)
    pieces = (across, (Relu(), None), conv([[-0.5]]), (Add(0, scale), None), (Relu(), None))
    return track(numbers(LYING, "x, 3×4"), *pieces, name=name)


def residual_block() -> Lesson:
    """One block with numbers that can be followed: the layers find a correction, the shortcut brings x."""
    words = story(
        (
            "f: first convolution",
            "The block makes f(x) of x. {w}Each cell against those above and below: 0 along vertical stripes.",
            "The layers of the block are called f. {iw}Two cells of x stand out; the first kernel finds them.",
        ),
        (
            "f: ReLU",
            "What is below 0 becomes 0. {iw}Only what stands out upwards is kept.",
            "{iw}Everything but the two cells is 0 now.",
        ),
        (
            "f(x), the residual",
            "What is to be added to x. {iw}Times −0.5: two cells must change by that much; elsewhere f(x) = 0.",
            "The block does not have to make the whole picture anew. Its layers learn the residual: what is to be "
            "added to x, H − x, and not the answer H itself.",
        ),
        (
            "The addition: y = f(x) + x",
            "The shortcut brings x as it is. Cell by cell they are added. {l}f(x) + x = y.",
            "No weights, no window: each cell meets the cell of the same place. {ilw}The stripes come through "
            "untouched, the two cells are put right. {}Switch the shortcut off, at the layer Addition, to see f(x) "
            "alone.",
        ),
        (
            "ReLU after the addition",
            "What is below 0 is cut, after the sum.",
            "The block's output goes to the next.",
        ),
    )
    return Lesson(
        "A residual block", (_block(),), "cell", words,
        "Two convolutions make f(x), a shortcut brings x, an addition makes y = f(x) + x, and ReLU follows. The "
        "weights learn only what is to be changed.",
        GROUP, ("S62", "S63"), view=VIEW,
    )  # fmt: skip


def residual_and_plain() -> Lesson:
    """The same layers with the shortcut and without it."""
    words = story(
        (
            "{lw}The same first convolution",
            "The block makes f(x) of x. {lw}Both have the same layers and the same weights.",
            "{i}And the same x.",
        ),
        (
            "ReLU",
            "What is below 0 becomes 0. {ilw}Still the same numbers in both.",
            "The ways part after the second convolution.",
        ),
        (
            "f(x)",
            "This is f(x). {ilw}A small correction: 0 nearly everywhere.",
            "With a shortcut, “change nothing” needs no weights at all.",
        ),
        (
            "{l}With x, and without",
            "{l}Above y = f(x) + x, below y = f(x): without the shortcut what f does not pass on is lost.",
            "The plain block would have to learn the stripes as well: a kernel that hands x on, and the correction. "
            "The switch of the shortcut is at the layer Addition of each track.",
        ),
        (
            "ReLU",
            "What is below 0 becomes 0. {ilw}The residual block hands the picture on, the plain one nothing.",
            "What comes next sees only this.",
        ),
    )
    return Lesson(
        "Residual and plain", (_block(name="{}Residual"), _block(shortcut=False, name="{}Plain")), "cell", words,
        "The same two convolutions, once with the shortcut around them and once without.",
        GROUP, ("S62", "S65"), view=VIEW,
    )  # fmt: skip


def identity_is_easy() -> Lesson:
    """The scale of f goes to 0: what is left is x."""
    words = story(
        (
            "f: first convolution",
            "Each block makes f(x) of x. {lw}All have the same layers: each cell against its left and right.",
            "{w}Along a row of equal numbers the answer is 0. {}The blocks differ in how much of f(x) is added.",
        ),
        (
            "f: ReLU",
            "What is below 0 becomes 0. {ilw}Still the same in all three.",
            "Nothing has been scaled yet.",
        ),
        (
            "f(x)",
            "This is f(x), the residual. {ilw}It is the same in all three.",
            "Next it is multiplied by α.",
        ),
        (
            "y = α·f(x) + x",
            "With α = 0 a block is the identity: y = x, in every cell. {l}Here α is 1, 0.5 and 0.",
            "A block that has nothing to do only needs small weights. A plain layer would have to find the kernel "
            "that copies its input. The slider of α is at the layer Addition.",
        ),
        (
            "ReLU after the addition",
            "What is below 0 becomes 0. {l}Where α = 0, y = x held before; now only where x ≥ 0.",
            "{ilw}In the last row x is −1 but for one cell: with α = 0, y is −1 there too, and ReLU makes it 0.",
        ),
    )
    scales = {"{l}α = 1": 1.0, "{l}α = 0.5": 0.5, "{l}α = 0": 0.0}
    return Lesson(
        "The identity is easy", tuple(_low_block(scale, name) for name, scale in scales.items()), "cell", words,
        "The residual is scaled down until nothing of it is left: y = x exactly, before the last ReLU.",
        GROUP, ("S64",), view=View(formula=False),
    )  # fmt: skip


def shortcut_kinds() -> Lesson:
    """Identity, zero padding and projection."""
    source = numbers([[3, 1, 2, 0], [1, 2, 0, -1]], "x, 2×4")
    # Low and without padding above, so that three blocks under one another can be read.
    stay = conv([[1.0, -2, 1]], padding=(0, 1))
    two = conv([[[1.0, -1], [0.0, 1]], [[0.0, 1], [-1.0, 1]]], stride=(2, 2))
    same = track(source, stay, (Add(0), None), (Relu(), None), name="{}Identity")
    padded = track(
        source, (PaddedShortcut(2, (2, 2)), None), (Back(0), None), two, (Add(1), None), (Relu(), None),
        name="{}Zero padding",
    )  # fmt: skip
    projected = track(
        source, conv([[[1.0]], [[2.0]]], stride=(2, 2)), (Back(0), None), two, (Add(1), None), (Relu(), None),
        name="{}Projection",
    )  # fmt: skip
    words = story(
        (
            "{l}The layers, and two shortcuts",
            "The shortcut must have the shape of f(x): where maps halve and channels double, it changes too.",
            "{sl}Above, nothing changes: the shortcut is x. In the middle, every second pixel is kept, and a channel "
            "of zeros is appended. Below, a 1×1 convolution with weights of its own makes the new shape.",
        ),
        (
            "f(x) plus the shortcut",
            "What is added has the shape of f(x). {l}It is x itself, x thinned out, or x projected.",
            "Padding costs no weights; a projection can learn what to hand on. Deep networks need either in only a "
            "few of their blocks: where a stage begins.",
        ),
        ("ReLU", "What is below 0 is cut, after the sum.", "As in every block."),
    )
    return Lesson(
        "Three kinds of shortcut", (same, padded, projected), "cell", words,
        "Where the shape stays, the shortcut is the identity. Where stride 2 halves the map and the channels double, "
        "it has to change too: every second pixel, with channels of zeros appended, or a 1×1 convolution with weights "
        "of its own. For readability f is a single convolution here.",
        GROUP, ("S62",), view=View(formula=False),
    )  # fmt: skip


def residual_backward() -> Lesson:
    """One picture, one target: the gradient at the addition, on both ways, and where they meet."""
    picture = [[0, 1, 2, 0], [1, 2, 0, 1], [0, 2, 1, 1], [2, 0, 1, 0]]
    first = np.array([[0.0, 1, 0], [1, -2, 0], [0, 0, 1]])
    second = np.array([[0.0, 0, 0], [1, -1, 1], [0, -1, 0]])
    target: ArrayLike = [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    chain = learning(
        numbers(picture, "x, 4×4"), conv(first, padding=1), (Relu(), None), conv(second, padding=1), (Add(0), None),
        (Relu(), None), target=target, rate=0.002, iterations=5,
    )  # fmt: skip
    words = story(
        (
            "f: first convolution",
            "The block makes f(x) of x.",
            "{t}It learns: all cells are to become 1.",
        ),
        ("f: ReLU", "What is below 0 is cut.", "No gradient will come through there."),
        ("f(x)", "The second convolution: the residual.", "x comes along the shortcut."),
        ("The addition", "y = f(x) + x, cell by cell.", "Remember this place for the way back."),
        ("ReLU after the addition", "What is below 0 is cut.", "The last step forward."),
        ("Loss", "The squared errors of all cells, added.", "{t}The target is 1 everywhere."),
        ("δ of the output", "2(ŷ − y) for each cell.", "Here the way back begins."),
        ("δ back through ReLU", "The last ReLU gates ∂L/∂y first.", "Where it cut, both ways get 0."),
        (
            "At the addition: both ways",
            "y = f + x, so ∂y/∂f = ∂y/∂x = 1: the layers get ∂L/∂y, and the shortcut gets it too.",
            "The gradient is not divided: each way gets all of it, unchanged. Nothing along the shortcut can make "
            "it smaller.",
        ),
        (
            "∂L/∂W of the second",
            "As in every convolution: δ slides over its input.",
            "The layers learn as usual.",
        ),
        (
            "δ back through the second",
            "The kernel, turned by 180°, over δ.",
            "On this way weights multiply it.",
        ),
        ("δ back through ReLU", "The gate inside f.", "On this way much can be lost."),
        ("∂L/∂W of the first", "δ slides over x.", "The first layer learns too: no layer is skipped."),
        (
            "Where the ways meet again",
            "What comes through f, plus ∂L/∂y by the shortcut: ∂L/∂x = ∂L/∂y·(I + ∂f/∂x).",
            "Even where the way through f gives 0, the shortcut brings ∂L/∂y. That is why the first layers of deep "
            "residual networks still hear of the loss.",
        ),
        (
            "Update of the first",
            "Each weight takes a step against its gradient. {r}W − 0.002·∂L/∂W.",
            "Both kernels learn from the same picture.",
        ),
        (
            "Update of the second",
            "And the second kernel. The shortcut has nothing to learn.",
            "With it the iteration ends.",
        ),
    )
    return Lesson(
        "Both ways of the gradient", (chain,), "cell", words,
        "Backward through a residual block: at the addition the gradient goes to the layers and along the shortcut, "
        "and both come together where x went in.",
        GROUP, ("S68",),
    )  # fmt: skip


def residual_norm() -> Lesson:
    """A block as deep networks have it: batch normalisation, stride 2, and a projection."""
    rng = np.random.default_rng(5)
    picture = [
        [0, 1, 2, 3, 3, 3], [0, 1, 2, 2, 3, 3], [1, 1, 1, 2, 2, 3], [0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 2],
        [1, 0, 0, 0, 1, 1],
    ]  # fmt: skip

    def small(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.round(rng.normal(0, 1, shape))

    chain = track(
        numbers(picture, "x, 6×6"),
        conv([[[[1.0]]], [[[-1.0]]]], stride=(2, 2)), (BatchNorm(), None), (Back(0), None),
        conv(small(2, 1, 3, 3), stride=(2, 2), padding=1), (BatchNorm(), None), (Relu(), None),
        conv(small(2, 2, 3, 3), padding=1), (BatchNorm(), None), (Add(2), None), (Relu(), None),
    )  # fmt: skip
    words = story(
        (
            "{l}Shortcut: projection",
            "It gives x the shape of f(x). {sl}1×1 with stride 2: two channels of 3×3 from one of 6×6.",
            "The shortcut comes first here. Its shape has to be that of f(x).",
        ),
        (
            "Shortcut: batch norm",
            "Each map: minus its mean, divided by its spread.",
            "Here mean and spread are those of this one picture; in training they are those of a whole batch.",
        ),
        ("Back to x", "The second way begins at x again.", "Nothing is computed: the layers of f read x."),
        (
            "f: first convolution",
            "Here f begins. {l}Stride 2 as well, so that both ways end in the same shape.",
            "{l}Two kernels of 3×3.",
        ),
        (
            "f: batch norm",
            "After it each map has the mean 0 and the spread 1.",
            "Kernels may be large or small: what goes on has the same size. That keeps deep networks trainable.",
        ),
        ("f: ReLU", "What is below the mean is cut.", "Batch norm before ReLU, as in the paper by He et al."),
        (
            "f: second convolution",
            "Each kernel reads all maps. {l}Two kernels over both.",
            "{l}The map keeps its size.",
        ),
        ("f(x): batch norm", "The last of the layers: f(x).", "No ReLU here: f(x) may be negative."),
        ("The addition", "y = f(x) + s(x), cell by cell, channel by channel.", "Both ways have mean 0 here."),
        ("ReLU after the addition", "What is below 0 is cut.", "The block's output."),
    )
    return Lesson(
        "A block with batch normalisation", (chain,), "cell", words,
        "As deep networks have it: every convolution is followed by a batch normalisation, here with the mean and the "
        "spread of this very picture. Stride 2 halves the map, so a projection takes the shortcut along.",
        GROUP, ("S62", "S63"),
    )  # fmt: skip


ENTRIES = (
    Entry("residual-block", ".json", residual_block),
    Entry("residual-and-plain", ".json", residual_and_plain),
    Entry("identity-is-easy", ".json", identity_is_easy),
    Entry("shortcut-kinds", ".json", shortcut_kinds),
    Entry("residual-norm", ".json", residual_norm),
    Entry("residual-backward", ".json", residual_backward),
)

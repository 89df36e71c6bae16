"""Padded pictures a strip of rows at a time, so that no operation ever needs the whole picture twice."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnviz.engine.checks import Array, room
from cnnviz.engine.geometry import PaddingArg, Pads, PairArg, conv_out_size, extent, pair, resolve_padding
from cnnviz.engine.padding import copy_padded

# Numbers a strip and what is computed from it may hold: small enough to stay in the cache, large enough to
# make the cost of a call disappear.
STRIP_NUMBERS = 700_000


class Windows(NamedTuple):
    """How a window walks over a picture; every pair is (rows, columns)."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    pads: Pads
    out: tuple[int, int]


class Strip(NamedTuple):
    """The part of the padded input that some rows of the output of some samples need."""

    samples: slice
    rows: slice
    padded: Array  # (samples, input rows, channels, columns): a window's rows of all channels lie together


def windows(
    in_size: tuple[int, int],
    kernel_size: PairArg,
    stride: PairArg,
    padding: PaddingArg,
    dilation: PairArg,
    what: str,
    ceil_mode: bool = False,
) -> Windows:
    """Check and collect the geometry of an operation; errors as in `conv_out_size`, or where no memory holds it."""
    out = conv_out_size(in_size, kernel_size, stride, padding, dilation, what, ceil_mode)
    kernel, step, apart = pair(kernel_size, "kernel size"), pair(stride, "stride"), pair(dilation, "dilation")
    pads = resolve_padding(padding, in_size, kernel, step, apart)
    if any(pads) or ceil_mode:  # else all windows lie on the picture
        rows, columns = (
            max(n + sum(around), extent(f, d))
            for n, around, f, d in zip(in_size, (pads[:2], pads[2:]), kernel, apart, strict=True)
        )
        room((rows, columns), what, "a padded picture")
    return Windows(kernel, step, apart, pads, out)


def input_size(walk: Windows, rows: int) -> tuple[int, int]:
    """Count the padded rows and columns that this many rows of output look at."""
    high = (rows - 1) * walk.stride[0] + extent(walk.kernel[0], walk.dilation[0])
    wide = (walk.out[1] - 1) * walk.stride[1] + extent(walk.kernel[1], walk.dilation[1])
    return high, wide


def strips(
    x: Array,
    walk: Windows,
    mode: str = "zeros",
    value: float = 0.0,
    beside: int = 0,
    most: int = STRIP_NUMBERS,
    turn: int = 0,
    turns: int = 1,
    first_column: int = 0,
) -> Iterator[Strip]:
    """Walk over a batch (N, C, H, W), several small samples or a part of a large one at a time.

    Each strip is overwritten by the next. `beside` is how many numbers the caller computes for each row of
    output before it stores them; with the strip itself they stay near `most`, unless one row is more. Of several
    `turns`, number `turn` takes every `turns`-th strip, so that all of them together take each once. Padded
    pictures are seen from their `first_column` on, as many columns as the walk needs.
    """
    samples, channels = x.shape[:2]
    wide = input_size(walk, 1)[1]
    per_row = walk.stride[0] * channels * wide + beside
    rows = min(max(most // per_row, 1), walk.out[0])
    together = max(min(most // (per_row * rows), samples), 1) if rows == walk.out[0] else 1
    buffer = np.empty((together, input_size(walk, rows)[0], channels, wide), x.dtype)
    starts = itertools.product(range(0, samples, together), range(0, walk.out[0], rows))
    for sample, row in itertools.islice(starts, turn, None, turns):
        group = slice(sample, min(sample + together, samples))
        part = slice(row, min(row + rows, walk.out[0]))
        high = input_size(walk, part.stop - row)[0]
        padded = buffer[: group.stop - sample, :high]
        first = row * walk.stride[0]
        copy_padded(x[group], padded.transpose(0, 2, 1, 3), first, walk.pads, mode, value, first_column)
        yield Strip(group, part, padded)

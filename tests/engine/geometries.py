"""Geometries of convolutions and poolings, drawn so that at least one window fits into the picture."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from cnnviz.engine.geometry import PADDING_MODES, PaddingArg, PaddingMode, Pads, extent


class Convolved(NamedTuple):
    """A kernel on a picture of rows and columns."""

    size: tuple[int, int]
    kernel: tuple[int, int]
    padding: PaddingArg
    dilation: tuple[int, int]
    groups: int
    mode: PaddingMode


@st.composite
def convolved(draw: st.DrawFn, largest: int) -> Convolved:
    """Pictures up to so many rows and columns, or as many more as one window needs."""
    small = st.integers(1, 3)
    groups, dilation = draw(small), (draw(small), draw(small))
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    mode = draw(st.sampled_from(PADDING_MODES))
    size = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    most = {"reflect": (size[0] - 1, size[1] - 1), "circular": size}.get(mode, (4, 4))
    rows, columns = st.integers(0, most[0]), st.integers(0, most[1])
    pads = Pads(draw(rows), draw(rows), draw(columns), draw(columns))
    # What is missing for one window is added to the picture, so that no example is thrown away.
    size = (
        max(size[0], extent(kernel[0], dilation[0]) - pads.top - pads.bottom),
        max(size[1], extent(kernel[1], dilation[1]) - pads.left - pads.right),
    )
    words: list[PaddingArg] = ["valid", "same", "full"] if mode == "zeros" and not any(pads) else []
    return Convolved(size, kernel, draw(st.sampled_from([pads, *words])), dilation, groups, mode)


class Pooled(NamedTuple):
    """A window on a picture of rows and columns."""

    size: tuple[int, int]
    kernel: tuple[int, int]
    pads: tuple[int, int, int, int]


@st.composite
def pooled(draw: st.DrawFn) -> Pooled:
    """Pictures up to 8 rows and columns; padding is smaller than the window."""
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rows, columns = st.integers(0, kernel[0] - 1), st.integers(0, kernel[1] - 1)
    pads = draw(rows), draw(rows), draw(columns), draw(columns)
    # What is missing for one window is added to the picture, so that no example is thrown away.
    size = (
        max(draw(st.integers(1, 8)), kernel[0] - pads[0] - pads[1]),
        max(draw(st.integers(1, 8)), kernel[1] - pads[2] - pads[3]),
    )
    return Pooled(size, kernel, pads)

"""Where cells look: every table of places and every count against loops over all windows, whatever the layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Shape
from cnnviz.engine.specs import (
    AnyLayer,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
    Softmax,
    out_shape,
)
from cnnviz.engine.windows import (
    Window,
    channels_read,
    fill_of,
    pads_around,
    places_read,
    source_indices,
    terms_per_cell,
    transposed_places,
    use_counts,
    window_of,
)
from tests.helpers.random_chains import KINDS, SPATIAL, fits, layers
from tests.helpers.taps import shown_place, taps
from tests.helpers.twin import layer as naive_layer

Place = tuple[int, int]


def windows(spec: AnyLayer, in_shape: Shape, shape: Shape) -> Iterator[list[Place]]:
    """The pixels of a plane under each window, one window after the other."""
    for i in range(shape[1]):
        for j in range(shape[2]):
            rows, columns = taps(spec, in_shape, 0, i), taps(spec, in_shape, 1, j)
            yield [(r, c) for r in rows for c in columns if r is not None and c is not None]


@given(data=st.data())
def test_places_and_use_counts_are_those_of_going_through_every_window(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([*SPATIAL, GlobalAvgPool, GlobalMaxPool]))
    in_shape = (2, data.draw(st.integers(1, 7)), data.draw(st.integers(1, 7)))
    spec = data.draw(layers(kind, in_shape).filter(lambda spec: fits(spec, in_shape)))
    shape = out_shape(spec, in_shape)
    for axis in (0, 1):
        places = places_read(spec, in_shape, shape, axis)
        want = [taps(spec, in_shape, axis, out) for out in range(shape[axis + 1])]
        assert [[None if p < 0 else p for p in row] for row in places.tolist()] == want
    met = Counter(pixel for window in windows(spec, in_shape, shape) for pixel in window)
    counts = use_counts(spec, in_shape, shape)
    assert counts.shape == in_shape[1:]
    assert {(int(r), int(c)): int(counts[r, c]) for r, c in np.argwhere(counts)} == dict(met)


@given(data=st.data())
def test_a_window_holds_what_changes_its_cell(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    in_shape = (2, data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4)))
    if kind is Linear:
        in_shape = (data.draw(st.integers(1, 6)), 1, 1)
    spec = data.draw(layers(kind, in_shape).filter(lambda spec: fits(spec, in_shape)))
    shape = out_shape(spec, in_shape)
    cell = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    c, i, j = cell
    window = window_of(spec, in_shape, (c, i, j))
    assert window.channels == channels_read(spec, in_shape, c)
    rows = range(window.row, window.row + window.height, window.dilation[0])
    columns = range(window.column, window.column + window.width, window.dilation[1])
    n, m = in_shape[1:]
    mode = spec.padding_mode if isinstance(spec, Conv) else "zeros"
    seen = {
        (channel, r, k)
        for channel in range(*window.channels)
        for r in (shown_place(at, n, mode) for at in rows)
        for k in (shown_place(at, m, mode) for at in columns)
        if r is not None and k is not None
    }
    assert seen == changing(spec, in_shape, (c, i, j))


def changing(spec: AnyLayer, in_shape: Shape, cell: tuple[int, int, int]) -> set[tuple[int, int, int]]:
    """The input cells whose change changes an output, found by changing each in turn in the naive twin."""
    weights = Params(np.ones(spec.weight_shape(in_shape)), None) if hasattr(spec, "weight_shape") else None
    still = np.full(in_shape, 2.0)
    before = naive_layer(spec, weights, still)[cell]
    found = set()
    for at in np.ndindex(in_shape):
        other = still.copy()
        other[at] = 2.5
        if naive_layer(spec, weights, other)[cell] != before:
            found.add((int(at[0]), int(at[1]), int(at[2])))
    return found


@given(data=st.data())
def test_terms_per_cell_is_the_most_that_any_cell_has(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    in_shape = (2, data.draw(st.integers(1, 7)), data.draw(st.integers(1, 7)))
    if kind is Linear:
        in_shape = (data.draw(st.integers(1, 6)), 1, 1)
    spec = data.draw(layers(kind, in_shape).filter(lambda spec: fits(spec, in_shape)))
    shape = out_shape(spec, in_shape)
    sizes = []
    for cell in np.ndindex(shape):
        w = window_of(spec, in_shape, (int(cell[0]), int(cell[1]), int(cell[2])))
        rows, columns = -(-w.height // w.dilation[0]), -(-w.width // w.dilation[1])
        sizes.append((w.channels[1] - w.channels[0]) * rows * columns)
    if isinstance(spec, PaddedShortcut):  # the channels that are added read nothing
        assert set(sizes) <= {0, terms_per_cell(spec, in_shape)}
    elif isinstance(spec, ConvTranspose):
        assert terms_per_cell(spec, in_shape) >= max(sizes)
    else:
        assert set(sizes) == {terms_per_cell(spec, in_shape)}


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "terms"),
    [(3, 1, 1, 9), (3, 2, 1, 4), (2, 3, 1, 1), (3, 2, 2, 9), (3, 4, 2, 4), (3, 3, 2, 1)],
)
def test_the_weights_that_a_transposed_cell_meets(
    kernel: int, stride: int, dilation: int, terms: int
) -> None:
    # Along one axis taps m with d·m ≡ r (mod s) land on it: at stride 2 and dilation 2 all three or none.
    spec = ConvTranspose(1, (kernel, kernel), (stride, stride), dilation=(dilation, dilation))
    assert terms_per_cell(spec, (1, 9, 9)) == terms


def test_use_counts_of_the_published_example() -> None:
    # 6×6, f = 3: without padding, with one ring, at stride 2.
    assert use_counts(Conv(1, (3, 3)), (1, 6, 6), (1, 4, 4)).tolist() == [
        [1, 2, 3, 3, 2, 1], [2, 4, 6, 6, 4, 2], [3, 6, 9, 9, 6, 3],
        [3, 6, 9, 9, 6, 3], [2, 4, 6, 6, 4, 2], [1, 2, 3, 3, 2, 1],
    ]  # fmt: skip
    ring = use_counts(Conv(1, (3, 3), padding=1), (1, 6, 6), (1, 6, 6))
    assert ring.tolist() == [[4, 6, 6, 6, 6, 4], *[[6, 9, 9, 9, 9, 6]] * 4, [4, 6, 6, 6, 6, 4]]
    strided = use_counts(Conv(1, (3, 3), (2, 2)), (1, 6, 6), (1, 2, 2))
    assert strided[5].tolist() == strided[:, 5].tolist() == [0] * 6
    assert strided[4, 4] == 1


def test_weights_that_overlap_in_a_transposed_convolution() -> None:
    # n = 3, f = 3, s = 2: output 2 has weight 2 of input 0 and weight 0 of input 1; output 1 only weight 1 of input 0.
    spec = ConvTranspose(1, (3, 3), (2, 2))
    places, weights = transposed_places(spec, 0, 3, 2)
    assert (places.tolist(), weights.tolist()) == ([0, 1], [2, 0])
    places, weights = transposed_places(spec, 0, 3, 1)
    assert (places.tolist(), weights.tolist()) == ([0], [1])
    assert window_of(spec, (1, 3, 3), (0, 2, 1)) == Window(0, 0, 2, 1, (1, 1), (0, 1))


def test_a_stride_above_the_kernel_leaves_outputs_that_read_nothing() -> None:
    spec = ConvTranspose(1, (1, 1), (3, 3))
    places, weights = transposed_places(spec, 0, 2, 1)
    assert places.size == weights.size == 0
    window = window_of(spec, (1, 2, 2), (0, 1, 0))
    assert (window.height, window.width) == (0, 1)


@pytest.mark.parametrize(
    ("spec", "channel", "read"),
    [
        (Conv(4, (1, 1)), 3, (0, 6)),
        (Conv(4, (1, 1), groups=2), 1, (0, 3)),
        (Conv(4, (1, 1), groups=2), 2, (3, 6)),
        (ConvTranspose(3, (1, 1), groups=3), 2, (4, 6)),
        (Linear(2), 1, (0, 6)),
        (Softmax(), 5, (0, 6)),
        (MaxPool((1, 1), (1, 1)), 4, (4, 5)),
        (Flatten(), 13, (2, 3)),  # of 2×3 pixels: 13 = 2·6 + 1
    ],
)
def test_the_channels_that_a_channel_reads(spec: AnyLayer, channel: int, read: tuple[int, int]) -> None:
    assert channels_read(spec, (6, 2, 3), channel) == read


def test_a_flattened_cell_looks_at_one_pixel() -> None:
    assert window_of(Flatten(), (3, 2, 4), (13, 0, 0)) == Window(1, 1, 1, 1, (1, 1), (1, 2))  # 8 + 4 + 1


def test_only_sliding_windows_are_padded_and_a_maximum_with_minus_infinity() -> None:
    assert pads_around(Conv(1, (3, 3), padding="same"), (1, 6, 6)) == (1, 1, 1, 1)
    assert pads_around(ConvTranspose(1, (3, 3), padding=(1, 1)), (1, 6, 6)) == (0, 0, 0, 0)
    assert pads_around(Flatten(), (1, 6, 6)) == (0, 0, 0, 0)
    assert fill_of(MaxPool((2, 2), (2, 2))) == -np.inf
    assert fill_of(AvgPool((2, 2), (2, 2))) == 0


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize(("n", "before", "after"), [(1, 0, 0), (3, 2, 1), (5, 0, 4), (4, 3, 3)])
def test_which_row_a_padded_row_shows(n: int, before: int, after: int, mode: str) -> None:
    found = source_indices(n, before, after, mode).tolist()
    want = [shown_place(at, n, mode) for at in range(-before, n + after)]
    assert found == [-1 if at is None else at for at in want]

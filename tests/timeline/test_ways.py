"""Ways through blocks, against a network of ones: how much a cell grows with a pixel is the number of ways to it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.branches import branched_shapes
from cnnviz.engine.layers import Conv, MaxPool, Params, Shape
from cnnviz.engine.network import receptive_fields
from cnnviz.engine.run import run_chain
from cnnviz.engine.seen import pixels_seen
from cnnviz.engine.specs import Add, Back, Flatten, Layers, Linear, PaddedShortcut
from cnnviz.timeline.ways import by_all_ways

WIDE = Conv(1, (3, 3), padding=1)
IDENTITY: Layers = (WIDE, WIDE, Add(0))
STACKED: Layers = (WIDE, Add(0), WIDE, Add(2))
PROJECTED: Layers = (Conv(1, (1, 1), (2, 2)), Back(0), Conv(1, (3, 3), (2, 2), padding=1), WIDE, Add(1))
PADDED: Layers = (PaddedShortcut(1, (2, 2)), Back(0), Conv(1, (2, 2), (2, 2)), Add(1))
SWITCHED_OFF: Layers = (WIDE, Add(0, shortcut=False))
LINED: Layers = (*IDENTITY, Flatten(), Linear(2))
CHAINS = {
    "identity": IDENTITY, "stacked": STACKED, "projected": PROJECTED, "padded": PADDED, "off": SWITCHED_OFF,
    "lined": LINED,
}  # fmt: skip
SHAPE: Shape = (1, 6, 6)


def ones(layers: Layers) -> tuple[Params | None, ...]:
    shapes = branched_shapes(layers, SHAPE)
    return tuple(
        Params(np.ones(spec.weight_shape(shape))) if isinstance(spec, Conv | Linear) else None
        for spec, shape in zip(layers, shapes, strict=False)
    )


def counted(layers: Layers, cell: tuple[int, int, int]) -> NDArray[np.int64]:
    """The value of the cell when each pixel alone is 1."""
    params, out = ones(layers), np.zeros(SHAPE[1:], np.int64)
    for row, column in np.ndindex(out.shape):
        x = np.zeros(SHAPE)
        x[0, row, column] = 1.0
        out[row, column] = round(float(run_chain(layers, params, x)[-1][cell]))
    return out


@pytest.mark.parametrize("name", CHAINS)
def test_ways_are_what_a_network_of_ones_counts(name: str) -> None:
    layers = CHAINS[name]
    shapes = tuple(branched_shapes(layers, SHAPE))
    channels, rows, columns = shapes[-1]
    for cell in {(0, 0, 0), (channels - 1, rows - 1, columns - 1), (0, rows // 2, columns // 2)}:
        found = by_all_ways(layers, shapes, len(layers) - 1, cell)
        assert found.tolist() == counted(layers, cell).tolist(), cell


@pytest.mark.parametrize("name", CHAINS)
def test_pixels_seen_are_those_that_ways_lead_to(name: str) -> None:
    layers = CHAINS[name]
    _, rows, columns = branched_shapes(layers, SHAPE)[-1]
    for cell in np.ndindex(rows, columns):
        places = np.argwhere(counted(layers, (0, cell[0], cell[1])))
        seen = pixels_seen(layers, SHAPE, (cell[0], cell[1]))
        assert [range(int(a.min()), int(a.max()) + 1) for a in places.T] == list(seen)


def test_an_identity_block_sees_what_its_layers_see() -> None:
    # Two 3×3 with padding 1: 5×5, from two pixels before on.
    fields = receptive_fields(IDENTITY, SHAPE)
    assert [field.size for field in fields] == [(3, 3), (5, 5), (5, 5)]
    assert fields[-1].start == (-2, -2)


def test_a_shortcut_that_sees_more_than_its_layers_counts_as_well() -> None:
    layers: Layers = (MaxPool((5, 5), (1, 1), (2, 2)), Back(0), WIDE, Add(1))
    fields = receptive_fields(layers, SHAPE)
    assert [field.size for field in fields] == [(5, 5), (1, 1), (3, 3), (5, 5)]
    assert [field.start for field in fields] == [(-2, -2), (0, 0), (-1, -1), (-2, -2)]


def test_a_padded_shortcut_lies_as_far_apart_as_its_stride() -> None:
    assert receptive_fields(PADDED, SHAPE)[-1].jump == (2, 2)
    assert receptive_fields((PaddedShortcut(1, (2, 2)),), SHAPE)[0].size == (1, 1)


def test_a_switched_off_shortcut_is_no_way() -> None:
    # The centre of a 3×3 window is reached once, with the shortcut twice.
    off = by_all_ways(SWITCHED_OFF, tuple(branched_shapes(SWITCHED_OFF, SHAPE)), 1, (0, 3, 3))
    on = by_all_ways((WIDE, Add(0)), tuple(branched_shapes((WIDE, Add(0)), SHAPE)), 1, (0, 3, 3))
    assert (off[3, 3], on[3, 3]) == (1, 2)

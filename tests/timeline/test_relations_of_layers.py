"""What hangs together in every layer, against going through the terms of every output, one after the other."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.apply import needs_params
from cnnviz.engine.layers import Conv, Params, Shape
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, Linear, Softmax, out_shape
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.relations import Area, relate
from cnnviz.timeline.terms import patch
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.random_chains import KINDS, fits, layers

Cells = dict[tuple[int, int, int], int]


def one_layer(spec: AnyLayer, in_shape: Shape) -> Timeline:
    """A layer on an input that holds every number from 1 once, with weights that hold every number from 1 once."""
    x = np.arange(1.0, np.prod(in_shape) + 1).reshape(in_shape)
    params = None
    if isinstance(spec, Conv | ConvTranspose | Linear):
        shape = spec.weight_shape(in_shape)
        params = Params(np.arange(1.0, np.prod(shape) + 1).reshape(shape))
    return make_timeline(Lesson("One", (Track(Source(x), (spec,), (params,)),)))


def cells_of(area: Area) -> Cells:
    return {
        (plane, int(r), int(c)): int(n)
        for plane in range(*area.planes)
        for r, counts in zip(area.rows, area.counts, strict=True)
        for c, n in zip(area.columns, counts, strict=True)
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.op)
@given(data=st.data())
def test_what_a_pixel_feeds_and_a_weight_meets(kind: type[AnyLayer], data: st.DataObject) -> None:
    in_shape: Shape = (
        data.draw(st.sampled_from([1, 2, 4])),
        data.draw(st.integers(1, 4)),
        data.draw(st.integers(1, 4)),
    )
    if kind is Linear:
        in_shape = (in_shape[0] * 3, 1, 1)
    spec = data.draw(layers(kind, in_shape).filter(lambda spec: fits(spec, in_shape)))
    timeline = one_layer(spec, in_shape)
    x, shape = timeline.tensors[0].arrays[0], out_shape(spec, in_shape)
    fed: dict[float, Counter[tuple[int, int, int]]] = {float(v): Counter() for v in x.ravel()}
    met: dict[float, Counter[float]] = {}
    for at in np.ndindex(shape):
        cell = (int(at[0]), int(at[1]), int(at[2]))
        focus = timeline.focus(0, 0, cell)
        values, inside = patch(spec, x, focus.window)
        read = values.ravel()[inside.ravel()].tolist()
        for value in read:
            fed[value][cell] += 1
        for value, weight in zip(focus.terms.x, focus.terms.w, strict=False):
            if needs_params(spec) and value in fed:  # 0 is the padding's fill, and no number of the input
                met.setdefault(float(weight), Counter())[float(value)] += 1
    for at in np.ndindex(in_shape):
        c, i, j = (int(v) for v in at)
        relation = relate(timeline, CellRef(0, "input", c, i, j))
        assert relation is not None
        assert relation.feeds is not None
        assert (relation.kind, relation.value) == ("input", x[c, i, j])
        assert cells_of(relation.feeds) == dict(fed[float(x[c, i, j])])
        assert relation.uses == sum(fed[float(x[c, i, j])].values())
    if needs_params(spec):
        _check_weights(timeline, x, met)


def _check_weights(timeline: Timeline, x: np.ndarray, met: dict[float, Counter[float]]) -> None:
    tensor = next(t for t in timeline.frame(0).lead.tensors if t.kind == "weight")
    planes = tensor.values.reshape(-1, *tensor.values.shape[-2:])
    for plane, row, column in np.ndindex(planes.shape):
        relation = relate(timeline, CellRef(0, tensor.name, int(plane), int(row), int(column)))
        assert relation is not None
        assert relation.meets is not None
        assert relation.value == planes[plane, row, column]
        found = {float(x[cell]): n for cell, n in cells_of(relation.meets).items()}
        assert found == dict(met.get(relation.value, {}))


def test_a_pixel_of_a_flattened_map_feeds_its_own_place() -> None:
    relation = relate(one_layer(Flatten(), (2, 2, 3)), CellRef(0, "input", 1, 0, 2))
    assert relation is not None
    assert relation.feeds is not None
    assert cells_of(relation.feeds) == {(8, 0, 0): 1}  # 6 + 0 + 2


def test_every_number_feeds_every_share_and_every_score() -> None:
    for spec, outputs in ((Softmax(), 3), (Linear(5), 5)):
        relation = relate(one_layer(spec, (3, 1, 1)), CellRef(0, "input", 2, 0, 0))
        assert relation is not None
        assert relation.feeds is not None
        assert cells_of(relation.feeds) == {(n, 0, 0): 1 for n in range(outputs)}


def test_a_reflected_pixel_is_met_twice() -> None:
    # 1 2 3 reflected is 2 1 2 3 2: windows of 3 hold the 2 in the middle, and its mirror images at both ends.
    spec = Conv(1, (1, 3), padding=(0, 0, 1, 1), padding_mode="reflect")
    relation = relate(one_layer(spec, (1, 1, 3)), CellRef(0, "input", 0, 0, 1))
    assert relation is not None
    assert relation.feeds is not None
    assert cells_of(relation.feeds) == {(0, 0, 0): 2, (0, 0, 1): 1, (0, 0, 2): 2}

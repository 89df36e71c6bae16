"""Edges of the overview: what a map or a class is made of, and what it feeds."""

from __future__ import annotations

import numpy as np

from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.edges import Edge, End, edges_of
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.networks import network


def _edges(name: str, tensor: str, plane: int, row: int = 0, column: int = 0) -> tuple[Edge, ...]:
    return edges_of(network(name), CellRef(0, tensor, plane, row, column))


def test_a_map_is_made_of_all_maps_before_it_and_feeds_its_activation() -> None:
    edges = _edges("lenet", "conv2", 7)
    assert [e.source for e in edges] == [*(End(3, c) for c in range(6)), End(4, 7)]
    assert [e.target for e in edges] == [*[End(4, 7)] * 6, End(5, 7)]


def test_a_pooled_map_feeds_every_map_of_the_next_convolution() -> None:
    edges = _edges("lenet", "pool1", 2)
    assert edges[0] == Edge(End(2, 2), End(3, 2))
    assert [e.target for e in edges[1:]] == [End(4, n) for n in range(16)]


def test_groups_feed_their_own_maps_alone() -> None:
    timeline = make_timeline(shipped_lesson("groups"))
    full, halves, each = (edges_of(timeline, CellRef(track, "conv1", 0, 0, 0)) for track in range(3))
    assert [len([e for e in edges if e.target.number == 1]) for edges in (full, halves, each)] == [4, 2, 1]


def test_a_class_is_followed_back_to_its_strongest_inputs_and_their_cells() -> None:
    timeline = network("digits")
    edges = _edges("digits", "softmax1", 3)
    params = timeline.lesson.tracks[0].params[4]
    assert params is not None
    x = np.asarray(timeline.tensors[0].arrays[4].ravel(), np.float64)
    products = params.weight[3] * x
    strongest = sorted(range(x.size), key=lambda n: -abs(products[n]))[:5]
    assert edges[0] == Edge(End(5, 3, 0, 0), End(6, 3, 0, 0))
    summed = [e for e in edges if e.target.number == 5]
    assert [e.source.plane for e in summed] == strongest
    assert np.allclose([e.strength for e in summed], products[strongest] / abs(products).max())
    # 4 maps of 3×3 in one line.
    cells = [e.source for e in edges if e.target.number == 4]
    assert cells == [End(3, n // 9, n % 9 // 3, n % 3) for n in strongest]


def test_a_number_of_a_hidden_layer_stops_at_the_weights_before_those() -> None:
    numbers = {e.source.number for e in _edges("lenet", "linear3", 0)}
    assert numbers == {10, 11, 12}  # linear 2, its ReLU, and the score itself on its way to the softmax


def test_means_lead_back_to_their_maps() -> None:
    edges = _edges("four", "softmax1", 0)
    assert {e.source.row for e in edges if e.target.number == 13} <= {-1}


def test_what_is_no_map_has_no_edges() -> None:
    assert _edges("lenet", "conv1.weight", 0) == ()
    assert _edges("lenet", "conv1", 99) == ()

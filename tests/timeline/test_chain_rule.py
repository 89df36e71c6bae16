"""The chain rule as a graph: local derivatives on the edges, and products along paths that give every gradient."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.specs import Linear, Sigmoid
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.timeline.chain_rule import chain_of, has_chain
from cnnviz.timeline.plots import Chain
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.lesson.learning import scores, two_weights


def chain(
    timeline: Timeline, kind: str, cell: tuple[int, int, int] = (0, 0, 0), layer: int | None = None
) -> Chain:
    section = next(s for s in timeline.sections[0] if s.kind == kind and layer in (None, s.layer))
    return chain_of(timeline.iteration(0, 0), section, cell)


def names(chain: Chain) -> list[tuple[str, str]]:
    return [
        (chain.nodes[e.source].name, chain.nodes[e.target].name) for e in (chain.edges[n] for n in chain.path)
    ]


def deep() -> Track:
    """A convolution with a bias, an activation, one more weight and its bias: five numbers to learn."""
    track = two_weights().tracks[0]
    params = (
        Params(np.array([[[[3.0, 1.0]]]]), np.array([0.5])),
        None,
        Params(np.array([[2.0]]), np.array([-1.0])),
    )
    return replace(track, layers=(Conv(1, (1, 2)), Sigmoid(), Linear(1)), params=params)


def test_the_numbers_of_the_tiny_network() -> None:
    found = chain(make_timeline(two_weights()), "error")
    assert [(n.name, n.value, n.role) for n in found.nodes] == [
        ("x₁", 1, "input"), ("x₂", 2, "input"), ("w₁", 3, "weight"), ("w₂", 1, "weight"), ("ŷ", 5, "output"),
        ("L", 1, "loss"),
    ]  # fmt: skip
    assert [(e.derivative, e.reason) for e in found.edges] == [
        (3, "w₁"), (1, "w₂"), (1, "x₁"), (2, "x₂"), (-2, "2(ŷ − y)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cell", "path", "product"),
    [
        ("loss", (0, 0, 0), [], None),
        ("error", (0, 0, 0), [("ŷ", "L")], -2.0),
        ("weight", (0, 0, 0), [("ŷ", "L"), ("w₁", "ŷ")], -2.0),
        ("weight", (0, 0, 1), [("ŷ", "L"), ("w₂", "ŷ")], -4.0),
        ("update", (0, 0, 1), [("ŷ", "L"), ("w₂", "ŷ")], -4.0),
    ],
)
def test_the_path_at_work(
    kind: str, cell: tuple[int, int, int], path: list[tuple[str, str]], product: float | None
) -> None:
    found = chain(make_timeline(two_weights()), kind, cell)
    assert names(found) == path
    assert found.product == product


def test_the_products_are_the_gradients_of_the_backward_pass() -> None:
    timeline = make_timeline(Lesson("Deep", (deep(),)))
    back = timeline.iteration(0, 0).back.layers
    for layer in (0, 2):
        dw, db = back[layer].dw, back[layer].db
        assert dw is not None
        assert db is not None
        for n, gradient in enumerate(np.ravel(dw)):
            found = chain(timeline, "weight", (0, 0, n), layer)
            assert found.product == pytest.approx(float(gradient), rel=1e-12)
        assert chain(timeline, "bias", layer=layer).product == pytest.approx(float(db[0]), rel=1e-12)


def test_the_middle_of_a_longer_chain() -> None:
    timeline = make_timeline(Lesson("Deep", (deep(),)))
    found = chain(timeline, "input", layer=2)
    assert names(found) == [("ŷ", "L"), ("z₂", "ŷ")]
    found = chain(timeline, "weight", (0, 0, 1), 0)
    assert names(found) == [("ŷ", "L"), ("z₂", "ŷ"), ("z₁", "z₂"), ("w₂", "z₁")]
    assert [n.name for n in found.nodes] == [
        "x₁",
        "x₂",
        "w₁",
        "w₂",
        "b[0]",
        "z₁",
        "z₂",
        "w₃",
        "b[0]",
        "ŷ",
        "L",
    ]
    sigmoid = 1 / (1 + np.exp(-5.5))
    slopes = {names_: e.derivative for e in found.edges
              if (names_ := (found.nodes[e.source].name, found.nodes[e.target].name))}  # fmt: skip
    assert slopes[("z₁", "z₂")] == pytest.approx(sigmoid * (1 - sigmoid))
    assert slopes[("z₂", "ŷ")] == 2.0


def test_only_small_chains_of_single_numbers_are_drawn() -> None:
    track = two_weights().tracks[0]
    assert has_chain(track)
    assert has_chain(replace(track, layers=(*track.layers, Relu()), params=(*track.params, None)))
    assert has_chain(deep())
    assert not has_chain(scores().tracks[0])
    assert not has_chain(replace(track, recipe=None))

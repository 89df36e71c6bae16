"""Nested blocks as chains with branches, and back."""

import pytest

from cnnviz.engine.branches import shape_after
from cnnviz.engine.chained import chained, nested
from cnnviz.engine.layers import Conv, Relu
from cnnviz.engine.resnet import resnet34
from cnnviz.engine.specs import Add, Back, Layers, PaddedShortcut, Residual, chain_shapes

SHAPE = (3, 64, 64)


@pytest.mark.parametrize("shortcut", ["projection", "zero-padding"])
def test_resnet_34_there_and_back(shortcut: str) -> None:
    layers = resnet34(shortcut=shortcut)  # type: ignore[arg-type]  # a literal, by its cases
    chain = chained(layers, SHAPE)
    assert nested(chain, SHAPE).layers == layers
    assert sum(isinstance(spec, Add) for spec in chain) == 16
    assert sum(isinstance(spec, Back) for spec in chain) == 3
    # 4 of the stem and 2 at the end, 7 for each block; a way round is 3 longer with a projection, 2 without.
    more = 3 if shortcut == "projection" else 2
    assert len(chain) == 6 + 16 * 7 + 3 * more


def test_shapes_of_the_chain_are_those_of_the_nested_layers() -> None:
    layers = resnet34()
    chain = chained(layers, SHAPE)
    shapes = [SHAPE]
    for spec in chain:
        shapes.append(shape_after(spec, shapes))
    joined = [shapes[n + 1] for n, spec in enumerate(chain) if isinstance(spec, Add)]
    outer = chain_shapes(layers, SHAPE)
    assert joined == [outer[n + 1] for n, layer in enumerate(layers) if isinstance(layer, Residual)]
    assert shapes[-1] == (1000, 1, 1)


def test_a_plain_chain_stays_as_it_is() -> None:
    layers = resnet34(plain=True)
    assert chained(layers, SHAPE) == layers


def test_a_block_without_a_shortcut_is_its_body() -> None:
    body: Layers = (Conv(4, (3, 3), padding=1), Relu())
    assert chained((Residual(body, "none"),), (4, 5, 5)) == body


def test_a_padded_shortcut() -> None:
    block = Residual((Conv(4, (3, 3), (2, 2), 1),), "zero-padding")
    assert chained((Relu(), block), (2, 6, 6)) == (
        Relu(), PaddedShortcut(4, (2, 2)), Back(1), Conv(4, (3, 3), (2, 2), 1), Add(2),
    )  # fmt: skip


def test_scales_and_shortcuts_that_are_off() -> None:
    body: Layers = (Conv(4, (3, 3), padding=1), Relu())
    blocks: Layers = (Residual(body, "identity", 0.5), Residual(body, "none", 0.25))
    chain = chained(blocks, (4, 5, 5))
    assert chain == (*body, Add(0, 0.5), *body, Add(3, 0.25, shortcut=False))
    assert nested(chain, (4, 5, 5)).layers == blocks


def test_a_projection_that_is_off_is_in_no_plan() -> None:
    chain: Layers = (
        Conv(4, (1, 1), (2, 2)), Back(0), Conv(4, (3, 3), (2, 2), 1), Add(1, shortcut=False), Relu(),
    )  # fmt: skip
    made = nested(chain, (2, 6, 6))
    assert made.layers == (Residual((chain[2],), "none"), Relu())
    assert made.names == ("", "", "0.body.0", "0", "1")

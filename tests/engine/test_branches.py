"""Chains with branches: what blocks of them compute, forward and backward, against plans, differences and by hand."""

import numpy as np
import pytest

from cnnviz.engine.branches import readers, renumbered, shape_after
from cnnviz.engine.chained import nested
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.plan import Plan
from cnnviz.engine.run import run_chain
from cnnviz.engine.specs import Add, Back, BatchNorm, Flatten, GlobalAvgPool, Layers, Linear, PaddedShortcut

IDENTITY: Layers = (Conv(2, (3, 3), padding=1), Relu(), Conv(2, (3, 3), padding=1), Add(0), Relu())
"""x → f(x) + x → ReLU, on two channels."""

PROJECTION: Layers = (
    Conv(3, (1, 1), (2, 2)), BatchNorm(), Back(0), Conv(3, (3, 3), (2, 2), padding=1), BatchNorm(), Relu(),
    Conv(3, (3, 3), padding=1), BatchNorm(), Add(2), Relu(), GlobalAvgPool(), Linear(4),
)  # fmt: skip
"""The shape changes: a 1×1 convolution goes along the shortcut."""

PADDED: Layers = (
    PaddedShortcut(4, (2, 2)), Back(0), Conv(4, (3, 3), (2, 2), padding=1), Relu(), Conv(4, (3, 3), padding=1),
    Add(1), Relu(), Flatten(), Linear(3),
)  # fmt: skip


def params_for(layers: Layers, in_shape: tuple[int, int, int], seed: int) -> tuple[Params | None, ...]:
    rng = np.random.default_rng(seed)
    shapes, out = [in_shape], []
    for number, spec in enumerate(layers):
        shapes.append(shape_after(spec, shapes))
        own = None
        if isinstance(spec, Conv | Linear):
            before_norm = isinstance(layers[number + 1], BatchNorm) if number + 1 < len(layers) else False
            weight = rng.normal(0, 0.5, spec.weight_shape(shapes[number]))
            own = Params(weight, None if before_norm else np.asarray(rng.normal(0, 0.1, weight.shape[0])))
        out.append(own)
    return tuple(out)


def planned(layers: Layers, params: tuple[Params | None, ...], in_shape: tuple[int, int, int]) -> Plan:
    made = nested(layers, in_shape)
    plan = Plan(made.layers, in_shape, 1, np.float64, input_gradient=True)
    for name, own in zip(made.names, params, strict=True):
        if own is not None:
            plan.parameters[f"{name}.weight"][...] = own.weight
            if own.bias is not None:
                plan.parameters[f"{name}.bias"][...] = own.bias
    return plan


@pytest.mark.parametrize("layers", [IDENTITY, PROJECTION, PADDED], ids=["identity", "projection", "padded"])
def test_a_chain_gives_what_the_plan_of_its_blocks_gives(layers: Layers) -> None:
    in_shape = (2, 6, 6)
    params = params_for(layers, in_shape, 3)
    x = np.random.default_rng(4).normal(size=in_shape)
    plan = planned(layers, params, in_shape)
    want = plan.forward(x[None], training=True)[0]
    np.testing.assert_allclose(run_chain(layers, params, x)[-1], want, rtol=1e-12, atol=1e-12)


def test_an_identity_block_adds_its_input_cell_by_cell() -> None:
    x = np.array([[[1.0, -2.0], [0.5, 3.0]]])
    layers: Layers = (Conv(1, (1, 1)), Add(0))
    arrays = run_chain(layers, (Params(np.full((1, 1, 1, 1), 2.0), np.array([1.0])), None), x)
    # f = 2x + 1, so y = 3x + 1
    assert arrays[-1].tolist() == [[[4.0, -5.0], [2.5, 10.0]]]


def test_without_its_residual_a_block_is_the_identity_to_the_last_bit() -> None:
    layers: Layers = (*IDENTITY[:3], Add(0, scale=0.0), Relu())
    x = np.random.default_rng(0).normal(size=(2, 5, 5))
    arrays = run_chain(layers, params_for(layers, (2, 5, 5), 1), x)
    assert np.array_equal(arrays[-2], x)
    assert np.array_equal(arrays[-1], np.maximum(x, 0))


def test_a_switched_off_shortcut_leaves_the_residual_alone() -> None:
    layers: Layers = (Conv(1, (1, 1)), Add(0, shortcut=False))
    params = (Params(np.full((1, 1, 1, 1), 2.0)), None)
    assert run_chain(layers, params, np.array([[[3.0]]]))[-1].tolist() == [[[6.0]]]


def test_a_padded_shortcut_takes_every_other_pixel_and_adds_channels_of_zeros() -> None:
    x = np.arange(16.0).reshape(1, 4, 4)
    out = run_chain((PaddedShortcut(2, (2, 2)),), (None,), x)[-1]
    assert out.tolist() == [[[0.0, 2.0], [8.0, 10.0]], [[0.0, 0.0], [0.0, 0.0]]]


def test_names_tell_where_each_layer_is_in_the_plan() -> None:
    made = nested(PROJECTION, (2, 6, 6))
    assert made.names == (
        "0.shortcut.0", "0.shortcut.1", "", "0.body.0", "0.body.1", "0.body.2", "0.body.3", "0.body.4", "0", "1",
        "2", "3",
    )  # fmt: skip
    assert readers(PROJECTION) == {0: (2,), 2: (8,)}


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((Relu(), Relu(), Add(0), Add(1)), "begin within another block"),
        ((Relu(), Back(0)), "nothing is added after it"),
        ((Relu(), Back(0), Relu(), Add(1)), "neither the identity"),
        # As large as the body's map, but other pixels than a block's own projection: 0 and 4 of 5, not 0 and 3.
        ((Conv(2, (1, 1), (4, 4)), Back(0), Conv(2, (1, 1), (3, 3)), Add(1)), "the strides of the layers"),
        (
            (Conv(2, (1, 1)), Back(0), Relu(), Add(1)),
            "neither the identity",
        ),  # a projection that keeps the shape
        ((Relu(), Back(0), Relu(), Add(0)), "begin within another block"),  # adds x, and drops the first way
        ((Relu(), Add(1)), "begin within another block"),  # an array to itself
    ],
)
def test_what_no_plan_can_run_is_refused(layers: Layers, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        nested(layers, (2, 5, 5))


def test_shapes_that_cannot_be_added_are_refused_with_both() -> None:
    with pytest.raises(BadInput, match=r"\(2, 2, 2\) and \(1, 4, 4\)"):
        shape_after(Add(0), [(1, 4, 4), (2, 2, 2)])
    with pytest.raises(BadInput, match="no array 5"):
        shape_after(Back(5), [(1, 4, 4)])


def test_layers_put_in_or_taken_out_move_what_is_read() -> None:
    chain: Layers = (Relu(), Relu(), Add(1))
    assert renumbered(chain, 0, 1)[2] == Add(2)
    assert renumbered(chain, 1, 1)[2] == Add(1)  # the second way still begins before the new layer
    assert renumbered((Relu(), Relu(), Relu(), Add(1)), 0, -1)[3] == Add(0)

"""The narrow twins: how many layers and weights they have, by hand, and what plain and residual ones share."""

import numpy as np
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.depth import plain, residual, weighted
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.network import count_parameters
from cnnviz.engine.plan import Plan
from cnnviz.engine.specs import chain_shapes

INPUT = (3, 16, 16)


def weights_by_hand(blocks: tuple[int, int, int], classes: int) -> int:
    """3x3 kernels of all convolutions, and the linear layer with its bias."""
    first, second, third = (2 * n for n in blocks)
    kernels = 9 * (3 * 8 + first * 8 * 8 + 8 * 16 + (second - 1) * 16 * 16 + 16 * 32 + (third - 1) * 32 * 32)
    return kernels + 32 * classes + classes


def channels_by_hand(blocks: tuple[int, int, int]) -> int:
    return 8 + 2 * (blocks[0] * 8 + blocks[1] * 16 + blocks[2] * 32)


@pytest.mark.parametrize(("blocks", "layers"), [((3, 3, 2), 18), ((5, 6, 5), 34)])
def test_twins_have_the_same_layers_and_weights(blocks: tuple[int, int, int], layers: int) -> None:
    for make in (plain, residual):
        with_norm, without = make(blocks, 8), make(blocks, 8, norm=False)
        assert len(weighted(with_norm, INPUT)) == len(weighted(without, INPUT)) == layers
        expected = weights_by_hand(blocks, 8)
        assert count_parameters(with_norm, INPUT) == expected + 2 * channels_by_hand(blocks)
        assert count_parameters(without, INPUT) == expected + channels_by_hand(blocks)


def test_sizes_halve_where_the_width_changes() -> None:
    shapes = chain_shapes(residual((3, 3, 2), 10), INPUT)
    assert shapes[1] == (8, 16, 16)
    assert [shapes[n] for n in (9, 15, 19)] == [(8, 16, 16), (16, 8, 8), (32, 4, 4)]
    assert shapes[-2:] == [(32, 1, 1), (10, 1, 1)]


def test_a_response_stands_after_the_batch_norm() -> None:
    names = [(at.name, at.response) for at in weighted(residual((1, 1), 4, (4, 8)), INPUT)]
    assert names == [
        ("0", "1"), ("3.body.0", "3.body.1"), ("3.body.3", "3.body.4"), ("5.body.0", "5.body.1"),
        ("5.body.3", "5.body.4"), ("8", "8"),
    ]  # fmt: skip
    bare = [(at.name, at.response) for at in weighted(plain((1,), 4, (4,), norm=False), INPUT)]
    assert bare == [("0", "0"), ("2.body.0", "2.body.0"), ("2.body.2", "2.body.2"), ("5", "5")]


def test_projections_do_not_count_as_depth() -> None:
    layers = residual((1, 1), 4, (4, 8), shortcut="projection")
    assert [at.name for at in weighted(layers, INPUT)] == [
        "0", "3.body.0", "3.body.3", "5.body.0", "5.body.3", "8",
    ]  # fmt: skip


def test_of_f_without_weights_the_residual_block_is_the_identity_and_the_plain_one_nothing() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, *INPUT))
    for make, same in ((residual, True), (plain, False)):
        layers = make((1,), 3, (4,), norm=False)
        values = initial_parameters(layers, INPUT)
        values = {name: v * (not name.startswith("2.body")) for name, v in values.items()}
        whole = Plan(layers, INPUT, 2, np.float64, parameters=values)
        first = Plan(
            layers[:2], INPUT, 2, np.float64, parameters={k: values[k] for k in ("0.weight", "0.bias")}
        )
        pooled = np.array(first.forward(x)).mean(axis=(2, 3))
        scores = np.array(whole.forward(x)).reshape(2, 3)
        expected = pooled @ values["5.weight"].T if same else np.zeros((2, 3))
        np.testing.assert_allclose(scores, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("blocks", "widths"), [((3, 3), (8, 16, 32)), ((), ()), ((3, 0), (8, 16)), ((1,), (0,))]
)
def test_stages_without_block_or_width_are_refused(blocks: tuple[int, ...], widths: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="give each stage one block"):
        plain(blocks, 10, widths)

"""ResNet-34 against the published table (He et al., 2015, table 1) and counts by arithmetic."""

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool
from cnnviz.engine.network import count_multiply_adds, count_parameters, placed_layers
from cnnviz.engine.resnet import PICTURE, basic_block, resnet34
from cnnviz.engine.specs import BatchNorm, Linear, Residual, chain_shapes

# Table 1: the output sizes of conv1 and of the four stages, with blocks and widths.
TABLE = ((3, 56, 64), (4, 28, 128), (6, 14, 256), (3, 7, 512))


@pytest.mark.parametrize("shortcut", ["projection", "zero-padding"])
def test_shapes_are_those_of_the_published_table(shortcut: str) -> None:
    layers = resnet34(shortcut=shortcut)  # type: ignore[arg-type]  # a literal, by its cases
    shapes = chain_shapes(layers, PICTURE)
    assert shapes[1] == (64, 112, 112)
    assert isinstance(layers[3], MaxPool)
    assert shapes[4] == (64, 56, 56)
    blocks = [shapes[n + 1] for n, layer in enumerate(layers) if isinstance(layer, Residual)]
    assert blocks == [(width, size, size) for count, size, width in TABLE for _ in range(count)]
    assert shapes[-2:] == [(512, 1, 1), (1000, 1, 1)]


def test_sixteen_shortcuts_of_which_three_change_dimensions() -> None:
    layers = resnet34()
    shapes = chain_shapes(layers, PICTURE)
    blocks = [n for n, layer in enumerate(layers) if isinstance(layer, Residual)]
    changing = [n for n in blocks if shapes[n] != shapes[n + 1]]
    assert (len(blocks), len(changing)) == (16, 3)
    kinds = {n: layer.shortcut for n, layer in enumerate(layers) if isinstance(layer, Residual)}
    assert [n for n, kind in kinds.items() if kind == "projection"] == changing
    assert {kinds[n] for n in blocks if n not in changing} == {"identity"}
    # Halved where the width doubles: 56 to 28, 28 to 14, 14 to 7.
    assert [(shapes[n][1], shapes[n + 1][1]) for n in changing] == [(56, 28), (28, 14), (14, 7)]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({}, 21_797_672),
        ({"shortcut": "zero-padding"}, 21_623_848),
        ({"plain": True}, 21_623_848),
    ],
)
def test_parameters(options: dict[str, object], count: int) -> None:
    assert count_parameters(resnet34(**options), PICTURE) == count  # type: ignore[arg-type]  # by its cases


@pytest.mark.parametrize("plain", [False, True])
def test_thirty_four_weighted_layers_on_the_longest_way(plain: bool) -> None:
    placed = list(placed_layers(resnet34(plain=plain), PICTURE))
    main = [at for at in placed if isinstance(at.layer, Conv | Linear) and ".shortcut." not in at.name]
    assert len(main) == 34
    assert [type(at.layer).__name__ for at in main] == ["Conv"] * 33 + ["Linear"]


def test_multiply_adds_are_those_of_the_paper() -> None:
    plain = sum(count_multiply_adds(resnet34(plain=True), PICTURE).values())
    assert round(plain / 1e9, 1) == 3.6
    # 112² × 64 × 147 of the stem; 29 convolutions of 56² × 64² × 9, three of half as much; 512 × 1000 scores.
    assert plain == 118_013_952 + 29 * 115_605_504 + 3 * 57_802_752 + 512_000
    assert sum(count_multiply_adds(resnet34(shortcut="zero-padding"), PICTURE).values()) == plain
    # The projections: 28² × 64 × 128, and as many twice again.
    assert sum(count_multiply_adds(resnet34(), PICTURE).values()) == plain + 3 * 6_422_528


def test_other_classes_change_the_last_layer_alone() -> None:
    assert resnet34(10)[:-1] == resnet34()[:-1]
    assert count_parameters(resnet34(10), PICTURE) == 21_797_672 - 990 * 513


def test_a_block_without_norms() -> None:
    ops = [layer.op for layer in basic_block(8, 2)]
    assert ops == ["conv2d", "relu", "conv2d"]
    assert [layer.op for layer in basic_block(8, 2, BatchNorm())] == [
        "conv2d", "batch_norm", "relu", "conv2d", "batch_norm",
    ]  # fmt: skip
    assert chain_shapes(basic_block(8, 2), (4, 9, 9))[-1] == (8, 5, 5)


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="0 classes: give at least one"):
        resnet34(0)
    with pytest.raises(BadInput, match="shortcut 'none' is unknown: give projection or zero-padding"):
        resnet34(shortcut="none")  # type: ignore[arg-type]  # what is tested

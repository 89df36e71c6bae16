"""Names, counts and receptive fields against published networks and arithmetic."""

import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.network import (
    Field,
    count_multiply_adds,
    count_parameters,
    parameter_shapes,
    placed_layers,
    receptive_fields,
    statistic_shapes,
)
from cnnviz.engine.specs import (
    BatchNorm,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    Linear,
    Residual,
    Shortcut,
)


def resnet(
    blocks: tuple[int, ...], widths: tuple[int, ...], shortcut: Shortcut, classes: int, stem: Layers
) -> Layers:
    """A residual network of blocks of two 3x3 convolutions (He et al., 2015, table 1)."""
    layers, width = list(stem), widths[0]
    for count, wide in zip(blocks, widths, strict=True):
        for _ in range(count):
            step = 1 if wide == width else 2
            body = (
                Conv(wide, (3, 3), (step, step), 1), BatchNorm(), Relu(),
                Conv(wide, (3, 3), padding=1), BatchNorm(),
            )  # fmt: skip
            layers += [Residual(body, shortcut), Relu()]
            width = wide
    return (*layers, GlobalAvgPool(), Linear(classes))


def resnet34(shortcut: Shortcut) -> Layers:
    stem = (Conv(64, (7, 7), (2, 2), 3), BatchNorm(), Relu(), MaxPool((3, 3), (2, 2), (1, 1)))
    return resnet((3, 4, 6, 3), (64, 128, 256, 512), shortcut, 1000, stem)


@pytest.mark.parametrize(
    ("shortcut", "count"), [("none", 21_623_848), ("zero-padding", 21_623_848), ("projection", 21_797_672)]
)
def test_parameters_of_resnet_34(shortcut: Shortcut, count: int) -> None:
    assert count_parameters(resnet34(shortcut), (3, 224, 224)) == count


def test_multiply_adds_of_resnet_34_are_those_of_the_paper() -> None:
    counts = count_multiply_adds(resnet34("zero-padding"), (3, 224, 224))
    assert round(sum(counts.values()) / 1e9, 1) == 3.6
    # Four stages of 56, 28, 14 and 7 pixels: halved sizes and doubled widths cost the same, but for the first.
    each = 56 * 56 * 64 * 64 * 9
    assert sum(counts.values()) == counts["0"] + (32 - 3) * each + 3 * each // 2 + 512_000
    assert counts["0"] == 112 * 112 * 64 * 3 * 49


def test_the_narrow_twin_has_34_weighted_layers() -> None:
    stem = (Conv(8, (3, 3), padding=1), BatchNorm(), Relu())
    layers = resnet((5, 6, 5), (8, 16, 32), "zero-padding", 10, stem)
    weighted = [at for at in placed_layers(layers, (1, 28, 28)) if isinstance(at.layer, Conv | Linear)]
    assert len(weighted) == 34
    # 72 + 16 for the stem; the rest by 9 * in * out for each convolution, 2 * width for each norm.
    convolutions = 72 + 10 * 576 + (1152 + 11 * 2304) + (4608 + 9 * 9216)
    norms = 2 * (8 + 10 * 8 + 12 * 16 + 10 * 32)
    assert count_parameters(layers, (1, 28, 28)) == convolutions + norms + 330


def test_names_tell_where_numbers_stand() -> None:
    block = Residual((Conv(4, (3, 3), (2, 2), 1), BatchNorm()), "projection")
    layers: Layers = (Conv(2, (1, 1)), block, Flatten(), Linear(3))
    assert parameter_shapes(layers, (1, 4, 4)) == {
        "0.weight": (2, 1, 1, 1),
        "0.bias": (2,),
        "1.body.0.weight": (4, 2, 3, 3),
        "1.body.1.weight": (4,),
        "1.body.1.bias": (4,),
        "1.shortcut.0.weight": (4, 2, 1, 1),
        "1.shortcut.1.weight": (4,),
        "1.shortcut.1.bias": (4,),
        "3.weight": (3, 16),
        "3.bias": (3,),
    }
    assert list(statistic_shapes(layers, (1, 4, 4))) == [
        "1.body.1.running_mean", "1.body.1.running_var", "1.shortcut.1.running_mean", "1.shortcut.1.running_var",
    ]  # fmt: skip


def test_groups_and_transposed_convolutions() -> None:
    layers: Layers = (Conv(4, (3, 3), groups=2), ConvTranspose(6, (2, 2), (2, 2), groups=2))
    assert parameter_shapes(layers, (2, 5, 5)) == {
        "0.weight": (4, 1, 3, 3), "0.bias": (4,), "1.weight": (4, 3, 2, 2), "1.bias": (6,),
    }  # fmt: skip
    # 9 places of 4 kernels with 9 weights; 9 cells that each lay 3 kernels of 4 weights for each of 4 channels.
    assert count_multiply_adds(layers, (2, 5, 5)) == {"0": 9 * 36, "1": 9 * 48}


def test_small_kernels_in_a_row_see_as_much_as_a_large_one() -> None:
    three = (Conv(1, (3, 3)),) * 3
    assert [field.size for field in receptive_fields(three, (1, 9, 9))] == [(3, 3), (5, 5), (7, 7)]


def test_strides_and_padding_widen_what_follows() -> None:
    # Araujo, Norris and Sim (2019): r = 1 + sum of (k - 1) * product of strides before; AlexNet's first layers.
    layers: Layers = (
        Conv(96, (11, 11), (4, 4), 2), Relu(), MaxPool((3, 3), (2, 2)), Conv(256, (5, 5), padding=2),
        MaxPool((3, 3), (2, 2)), Conv(384, (3, 3), padding=1),
    )  # fmt: skip
    sizes = [field.size[0] for field in receptive_fields(layers, (3, 224, 224))]
    assert sizes == [11, 11, 19, 51, 67, 99]
    assert receptive_fields(layers, (3, 224, 224))[-1] == Field((99, 99), (16, 16), (-34, -34))


def test_rows_and_columns_are_told_apart() -> None:
    layers = (Conv(1, (1, 3), (1, 2), (0, 1), (1, 2)), Conv(1, (3, 1)))
    assert receptive_fields(layers, (1, 8, 8))[-1] == Field((3, 5), (1, 2), (0, -1))


def test_the_end_of_a_network_sees_all() -> None:
    layers: Layers = (Conv(1, (3, 3)), Flatten(), Linear(2))
    assert [field.size for field in receptive_fields(layers, (1, 6, 7))] == [(3, 3), (6, 7), (6, 7)]
    block = Residual((Conv(1, (3, 3), padding=1), Relu(), Conv(1, (3, 3), padding=1)))
    assert receptive_fields((block,), (1, 6, 7)) == [Field((5, 5), (1, 1), (-2, -2))]
    assert receptive_fields((GlobalMaxPool(),), (1, 6, 7)) == [Field((6, 7), (1, 1), (0, 0))]


def test_a_transposed_convolution_with_stride_1_is_one_with_more_padding() -> None:
    # Dumoulin and Visin (2016), figure 4.1: each of 4x4 cells sees up to 3x3 of the padding and picture of 2x2.
    assert receptive_fields((ConvTranspose(1, (3, 3)),), (1, 2, 2)) == [Field((3, 3), (1, 1), (-2, -2))]
    up = ConvTranspose(1, (3, 2), padding=(1, 0), dilation=(2, 1))
    down = Conv(1, (3, 2), padding=(3, 3, 1, 1), dilation=(2, 1))
    pool = MaxPool((2, 2), (2, 2))
    fields = [receptive_fields((pool, layer), (1, 9, 8)) for layer in (up, down)]
    assert fields[0] == fields[1]
    with pytest.raises(BadInput, match=r"conv_transpose2d with stride \(1, 2\).*ask pixels_seen"):
        receptive_fields((ConvTranspose(1, (2, 2), (1, 2)),), (1, 6, 7))

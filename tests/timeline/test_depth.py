"""The parts of ResNet-34 and of plain chains, against the published figure."""

from functools import lru_cache

import pytest

from cnnviz.engine.chained import chained
from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.resnet import resnet34
from cnnviz.engine.specs import AnyLayer, BatchNorm, Flatten, GlobalAvgPool, Linear, Normalise
from cnnviz.timeline.depth import Depth, depth_of

SHAPE = (3, 64, 64)
COLOURS = Normalise((128.0,), (50.0,))


@lru_cache(maxsize=4)
def depth(shortcut: str) -> Depth:
    if shortcut == "plain":
        return depth_of((COLOURS, *resnet34(plain=True)), SHAPE)
    layers = resnet34(shortcut=shortcut)  # type: ignore[arg-type]  # a literal, by its cases
    return depth_of(chained((COLOURS, *layers), SHAPE), SHAPE)


@pytest.mark.parametrize("shortcut", ["projection", "zero-padding", "plain"])
def test_thirty_four_weighted_layers_in_stages_of_three_four_six_and_three_blocks(shortcut: str) -> None:
    found = depth(shortcut)
    assert found.weighted == 34
    numbers = [[found.parts[n].number for n in row] for row in found.rows]
    # The input, the stem and its pooling stand before the first stage, means and scores behind the last.
    assert numbers == [
        [0, 1, 0, 2, 3, 4, 5, 6, 7],
        [*range(8, 16)],
        [*range(16, 28)],
        [*range(28, 34), 0, 34],
    ]
    shapes = [{found.parts[n].shape for n in row} for row in found.rows]
    assert shapes[1:3] == [{(128, 8, 8)}, {(256, 4, 4)}]


@pytest.mark.parametrize("shortcut", ["projection", "zero-padding"])
def test_sixteen_shortcuts_of_which_three_change_the_shape(shortcut: str) -> None:
    found = depth(shortcut)
    assert len(found.joints) == 16
    assert [len(joint.side) for joint in found.joints] == [0] * 3 + [1] + [0] * 3 + [1] + [0] * 5 + [1] + [
        0
    ] * 2
    for joint in found.joints:
        first, last = found.parts[joint.first], found.parts[joint.last]
        assert last.number == first.number + 1
        assert last.first < joint.add <= last.last
    sides = [found.parts[joint.side[0]].shape for joint in found.joints if joint.side]
    assert sides == [(128, 8, 8), (256, 4, 4), (512, 2, 2)]


def test_a_plain_network_has_no_joints() -> None:
    assert depth("plain").joints == ()


def test_every_layer_belongs_to_one_part() -> None:
    found = depth("projection")
    chain = chained((COLOURS, *resnet34()), SHAPE)
    spans = [(part.first, part.last) for part in found.parts]
    assert spans[0] == (-1, 0)  # what prepares the input belongs to it
    assert [first for first, _ in spans[1:]] == [last + 1 for _, last in spans[:-1]]
    assert spans[-1][1] == len(chain) - 1
    assert found.part_of(-1) == found.part_of(0) == 0
    assert isinstance(chain[found.parts[found.part_of(3)].first], Conv)


def test_norms_would_learn_a_scale_and_a_shift_for_each_channel() -> None:
    # 64 + 6·64 + 8·128 + 12·256 + 6·512 channels on the way, 128 + 256 + 512 on projections.
    assert depth("projection").norms == 2 * (7616 + 896)
    assert depth("plain").norms == 2 * 7616


def test_a_short_chain_stands_in_one_row() -> None:
    layers: tuple[AnyLayer, ...] = (
        Conv(4, (3, 3), padding=1), BatchNorm(), Relu(), MaxPool((2, 2), (2, 2)), GlobalAvgPool(), Flatten(), Linear(2),
    )  # fmt: skip
    found = depth_of(layers, (1, 6, 6))
    assert [part.number for part in found.parts] == [0, 1, 0, 0, 2]
    assert found.rows == ((0, 1, 2, 3, 4),)
    assert [part.shape for part in found.parts] == [(1, 6, 6), (4, 6, 6), (4, 3, 3), (4, 1, 1), (2, 1, 1)]

"""Channel maps: with the bias they add up to the feature map, whatever was edited before."""

import numpy as np
import pytest

from cnnviz.engine.geometry import PaddingMode
from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.channels import channel_maps, opened
from cnnviz.timeline.tensors import TrackTensors
from tests.helpers.twin import layer as naive_layer


def track(first: float, groups: int = 1) -> Track:
    random = np.random.default_rng(5)
    layers = Conv(4, (3, 3), padding=1), Relu(), Conv(2, (3, 2), (2, 1), groups=groups, padding="same")
    weights = random.normal(size=(4, 3, 3, 3)), random.normal(size=(2, 4 // groups, 3, 2))
    params = Params(first * weights[0]), None, Params(weights[1], np.array([0.5, -2.0]))
    return Track(Source(random.uniform(-1, 1, (3, 9, 8)), "input"), layers, params)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("groups", [1, 2])
def test_a_true_convolution_of_any_padding_and_stride_is_opened_as_it_is_computed(
    groups: int, mode: PaddingMode
) -> None:
    random = np.random.default_rng(7)
    weight = random.normal(size=(4, 4 // groups, 3, 2))
    spec = Conv(4, (3, 2), (2, 1), (1, 0, 1, 1), (1, 2), groups, mode, flipped=True)
    made = Track(Source(random.normal(size=(4, 7, 6))), (spec,), (Params(weight, np.arange(4.0)),))
    x, out = TrackTensors(made).arrays
    for kernel in range(4):
        maps = channel_maps(made, 0, kernel, x)
        np.testing.assert_allclose(maps.sum(axis=0) + kernel, out[kernel], atol=1e-12)
        # Each map is the answer to an input in which the other channels are dark.
        for n, alone in enumerate(maps):
            channel = kernel // (4 // groups) * (4 // groups) + n
            dark = np.zeros_like(x)
            dark[channel] = x[channel]
            np.testing.assert_allclose(naive_layer(spec, Params(weight), dark)[kernel], alone, atol=1e-12)


def test_what_cannot_be_opened() -> None:
    layers = Conv(2, (1, 1)), Relu(), Conv(2, (1, 1), groups=2)
    params = Params(np.ones((2, 1, 1, 1))), None, Params(np.ones((2, 1, 1, 1)))
    made = Track(Source(np.ones((1, 2, 2))), layers, params)
    assert [opened(made, n) for n in range(3)] == [False] * 3  # one channel each, and no sum


@pytest.mark.parametrize("groups", [1, 2])
def test_channels_and_bias_add_up_to_the_feature_map(groups: int) -> None:
    for first in (1.0, -2.0):  # another weight of an earlier layer is another input of this one
        made = track(first, groups)
        arrays = TrackTensors(made).arrays
        assert opened(made, 2)
        for kernel, bias in enumerate((0.5, -2.0)):
            maps = channel_maps(made, 2, kernel, arrays[2])
            assert len(maps) == 4 // groups
            assert not maps.flags.writeable
            np.testing.assert_allclose(maps.sum(axis=0) + bias, arrays[3][kernel], atol=1e-12)

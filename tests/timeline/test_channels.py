"""Channel maps: with the bias they add up to the feature map, whatever was edited before."""

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.channels import channel_maps, opened
from cnnviz.timeline.tensors import TrackTensors


def track(first: float, groups: int = 1) -> Track:
    random = np.random.default_rng(5)
    layers = Conv(4, (3, 3), padding=1), Relu(), Conv(2, (3, 2), (2, 1), groups=groups, padding="same")
    weights = random.normal(size=(4, 3, 3, 3)), random.normal(size=(2, 4 // groups, 3, 2))
    params = Params(first * weights[0]), None, Params(weights[1], np.array([0.5, -2.0]))
    return Track(Source(random.uniform(-1, 1, (3, 9, 8)), "input"), layers, params)


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

"""Weights as planes and back, and how they follow a kernel size, groups or channels."""

from typing import Any

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.layers import Conv, MaxPool, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, Linear
from cnnviz.lesson.edits import set_kernels, set_layer
from cnnviz.lesson.kernel_edits import set_size
from cnnviz.lesson.lesson import Lesson, Track, check
from cnnviz.lesson.planes import planes_of, refitted, weight_of
from cnnviz.lesson.source import Source


def numbers(*shape: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.arange(float(np.prod(shape))).reshape(shape)


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (Conv(4, (2, 3), groups=2), (4, 3, 2, 3)),
        (ConvTranspose(4, (2, 3), groups=2), (6, 2, 2, 3)),
        (Linear(5), (5, 7)),
    ],
)
def test_planes_lead_back_to_the_weights(spec: AnyLayer, shape: tuple[int, ...]) -> None:
    weight = numbers(*shape)
    assert weight_of(spec, planes_of(spec, weight)).tolist() == weight.tolist()


def test_planes_of_a_transposed_convolution_are_ordered_by_output() -> None:
    weight = numbers(2, 3, 1, 1)  # in, out
    assert planes_of(ConvTranspose(3, (1, 1)), weight)[..., 0, 0].tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
def test_fewer_groups_leave_the_map_as_it_was(kind: type[Conv] | type[ConvTranspose]) -> None:
    grouped, whole = kind(4, (2, 2), groups=2), kind(4, (2, 2))
    shape = (4, 2, 2, 2)
    params = Params(np.random.default_rng(1).normal(size=shape), np.arange(4.0))
    x = np.random.default_rng(2).normal(size=(4, 5, 5))
    wide = refitted(grouped, whole, params)
    assert wide is not None
    np.testing.assert_allclose(apply_layer(whole, wide, x), apply_layer(grouped, params, x), atol=1e-12)
    back = refitted(whole, grouped, wide)
    assert back == params


def test_another_kernel_added_is_followed_by_a_fully_connected_layer() -> None:
    layers: tuple[AnyLayer, ...] = (Conv(1, (3, 3)), MaxPool((2, 2), (2, 2)), Flatten(), Linear(2))
    params = (Params(np.ones((1, 1, 3, 3))), None, None, Params(numbers(2, 4)))
    old = Lesson("", (Track(Source(np.ones((1, 6, 6))), layers, params),))
    more = set_kernels(old, np.ones((2, 3, 3)))
    last = more.tracks[0].params[3]
    assert last is not None
    assert last.weight.tolist() == [[0, 1, 2, 3, 0, 1, 2, 3], [4, 5, 6, 7, 4, 5, 6, 7]]
    fewer = set_kernels(more, np.ones((1, 3, 3))).tracks[0].params[3]
    assert fewer == params[3]


def test_a_kernel_size_is_shared_only_with_the_same_weights() -> None:
    source, conv = Source(np.ones((1, 6, 6))), Conv(1, (3, 3))
    weights = [Params(np.full((1, 1, 3, 3), v)) for v in (1.0, 1.0, -1.0)]
    lesson = check(Lesson("", tuple(Track(source, (conv,), (p,)) for p in weights)))
    sizes = [t.layers[0].kernel_size for t in set_size(lesson, (5, 5)).tracks]  # type: ignore[union-attr]  # all are convolutions
    assert sizes == [(5, 5), (5, 5), (3, 3)]
    padded = set_layer(lesson, 0, Conv(1, (3, 3), padding="same"))
    assert [t.layers[0] for t in padded.tracks] == [Conv(1, (3, 3), padding="same")] * 3

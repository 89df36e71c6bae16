"""Numbers in steps of a logarithmic scale: how near they come back, and in how few bytes."""

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.files.octaves import from_octaves, to_octaves

Array = npt.NDArray[Any]


def test_every_positive_float32_comes_back_within_a_128th_of_an_octave() -> None:
    values = np.exp2(np.random.default_rng(0).uniform(-126, 127.99, (300, 7))).astype(np.float32)
    again = from_octaves(to_octaves(values))
    assert again.dtype == np.float32
    assert np.abs(np.log2(again.astype(float) / values)).max() <= 1 / 128 + 1e-6
    assert np.abs(again / values - 1).max() < 0.0055


def test_what_has_no_logarithm_comes_back_too() -> None:
    largest, least = np.finfo(np.float32).max, np.finfo(np.float32).smallest_subnormal
    values = np.array([[np.nan, 0.0, np.inf], [1.0, largest, least], [0.0, np.inf, np.nan]], np.float32)
    again = from_octaves(to_octaves(values))
    np.testing.assert_allclose(again, values, rtol=0.0055)


def test_coding_again_gives_the_same_bytes() -> None:
    coded = to_octaves(np.exp2(np.linspace(-20, 20, 1000)).astype(np.float32).reshape(100, 10))
    assert np.array_equal(to_octaves(from_octaves(coded)), coded)


def test_slow_changes_take_few_bytes() -> None:
    steps = np.random.default_rng(1).normal(0, 0.05, (1000, 20)).cumsum(axis=0)
    values = np.exp2(steps).astype(np.float32)
    assert len(zlib.compress(to_octaves(values).tobytes(), 9)) < len(zlib.compress(values.tobytes(), 9)) / 4


def test_nothing_is_coded_as_nothing() -> None:
    assert from_octaves(to_octaves(np.empty((0, 3), np.float32))).shape == (0, 3)

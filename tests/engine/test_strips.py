"""Strips: every row of output once, each with the padded rows it needs, in buffers of bounded size."""

import numpy as np
import pytest

from cnnviz.engine import pad2d
from cnnviz.engine.strips import input_size, strips, windows


@pytest.mark.parametrize("most", [1, 40, 200, 10_000])
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_strips_cover_every_row_of_every_sample_once(most: int, mode: str) -> None:
    x = np.random.default_rng(0).normal(size=(3, 2, 7, 5))
    walk = windows((7, 5), (3, 2), (2, 1), (1, 2, 1, 0), 1, "test")
    whole = pad2d(x, walk.pads, mode)  # type: ignore[arg-type]  # the ids of the test are the modes
    seen = np.zeros((3, walk.out[0]), int)
    for strip in strips(x, walk, mode, most=most):
        seen[strip.samples, strip.rows] += 1
        first = strip.rows.start * walk.stride[0]
        high, wide = input_size(walk, strip.rows.stop - strip.rows.start)
        expected = whole[strip.samples, :, first : first + high, :wide]
        np.testing.assert_array_equal(strip.padded.transpose(0, 2, 1, 3), expected)
    assert (seen == 1).all()


def test_small_samples_go_together_and_large_ones_in_parts() -> None:
    walk = windows((6, 6), 3, 1, 0, 1, "test")
    x = np.zeros((10, 1, 6, 6))
    assert [strip.samples for strip in strips(x, walk, most=100)] == [slice(n, n + 4) for n in (0, 4)] + [
        slice(8, 10)
    ]
    rows = [(strip.samples.start, strip.rows) for strip in strips(x[:2], walk, most=12)]
    assert rows == [(n, part) for n in (0, 1) for part in (slice(0, 2), slice(2, 4))]


def test_what_the_caller_keeps_beside_makes_strips_smaller() -> None:
    walk = windows((100, 10), 1, 1, 0, 1, "test")
    x = np.zeros((1, 1, 100, 10))
    alone = [strip.rows.stop - strip.rows.start for strip in strips(x, walk, most=200)]
    beside = [strip.rows.stop - strip.rows.start for strip in strips(x, walk, beside=40, most=200)]
    assert (alone, beside) == ([20] * 5, [4] * 25)


def test_an_empty_batch_has_no_strips() -> None:
    assert list(strips(np.zeros((0, 1, 6, 6)), windows((6, 6), 3, 1, 0, 1, "test"))) == []

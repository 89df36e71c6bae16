"""Dropout: chance that can be repeated, and means that stay."""

import numpy as np
import pytest

from cnnviz.engine import BadInput, dropout, dropout_backward


def test_what_is_kept_is_scaled_and_the_share_is_right() -> None:
    out = dropout(np.ones((100, 1000)), p=0.2, seed=1)
    assert sorted(set(out.ravel().tolist())) == [0, 1.25]
    assert abs((out == 0).mean() - 0.2) < 0.006  # some 5 standard deviations of 100,000 draws


def test_the_seed_decides_and_nothing_else() -> None:
    x = np.random.default_rng(0).normal(size=(20, 30))
    first = dropout(x, seed=5)
    np.testing.assert_array_equal(first, dropout(x, seed=5))
    np.testing.assert_array_equal(first, dropout(np.asfortranarray(x), seed=5))
    np.testing.assert_array_equal(first != 0, dropout(x.astype(np.float32), seed=5) != 0)
    assert (first != dropout(x, seed=6)).any()


def test_the_gradient_goes_where_the_numbers_went() -> None:
    x = np.random.default_rng(0).normal(size=(20, 30))
    kept = dropout(x, p=0.75, seed=7) != 0
    dx = dropout_backward(x, p=0.75, seed=7)
    np.testing.assert_array_equal(dx, np.where(kept, 4 * x, 0))


@pytest.mark.parametrize("options", [{"training": False}, {"p": 0}])
def test_without_training_or_chance_everything_stays(options: dict[str, bool]) -> None:
    x = np.array([1.5, np.nan, np.inf])
    x.setflags(write=False)
    for got in (dropout(x, seed=0, **options), dropout_backward(x, seed=0, **options)):
        np.testing.assert_array_equal(got, x)
        assert not np.shares_memory(got, x)


def test_everything_dropped_and_special_numbers() -> None:
    assert dropout([1.0, -2.0], p=1, seed=0).tolist() == [0, 0]
    np.testing.assert_array_equal(dropout([np.inf, np.nan], p=1, seed=0), [np.nan, np.nan])


def test_types_and_sizes() -> None:
    assert dropout(np.ones(3, np.float32), seed=0).dtype == np.float32
    assert dropout(np.ones(3, np.int8), seed=0).dtype == np.float64
    assert dropout(np.ones((0, 2)), seed=0).shape == (0, 2)
    assert dropout(1.0, seed=0).shape == ()


def test_what_is_wrong_is_named() -> None:
    for p in (-0.1, 1.1):
        with pytest.raises(BadInput, match=f"dropout: p is {p}: it must be from 0 to 1"):
            dropout([1.0], p, seed=0)
    with pytest.raises(BadInput, match="seed is -1"):
        dropout([1.0], seed=-1)
    with pytest.raises(TypeError, match="seed must be a whole number"):
        dropout([1.0], seed=0.5)  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(TypeError, match="dout must hold real numbers"):
        dropout_backward([1j], seed=0)

"""The error function against math.erf, which is another's."""

import math

import numpy as np
import pytest

from cnnviz.engine.erf import erf

RANDOM = np.random.default_rng(0)
PLACES = {
    "everywhere": RANDOM.uniform(-7, 7, 20_000),
    "near zero": RANDOM.normal(size=20_000) * 0.02,
    "tiny": 10 ** RANDOM.uniform(-300, -2, 20_000),
    "between the points of the table": (np.arange(-400, 400) + 0.5) / 64,
    "the end of the table": np.array([5.9, 6 - 1e-15, 6, 6 + 1e-15, 1e300]),
}


@pytest.mark.parametrize("where", PLACES)
def test_erf_is_exact_to_six_parts_in_ten_to_the_sixteen(where: str) -> None:
    x = PLACES[where]
    np.testing.assert_allclose(erf(x), [math.erf(number) for number in x], rtol=6e-16, atol=0)


def test_erf_of_special_numbers() -> None:
    got = erf(np.array([0.0, -0.0, np.inf, -np.inf, np.nan]))
    np.testing.assert_array_equal(got, [0, 0, 1, -1, np.nan])
    assert np.signbit(got).tolist()[:4] == [False, True, False, True]


def test_erf_of_float32_is_the_nearest_float32() -> None:
    x = RANDOM.normal(size=1000).astype(np.float32)
    got = erf(x)
    assert got.dtype == np.float32
    assert got.tolist() == [float(np.float32(math.erf(number))) for number in x]


def test_erf_goes_block_by_block_over_any_layout() -> None:
    x = RANDOM.normal(size=(100, 700)).T[::2]
    got = erf(x)
    assert got.shape == (350, 100)
    assert got[349, 99] == erf(x[349:, 99:]).item()
    assert erf(np.float64(0.5) * np.ones(())).shape == ()
    assert erf(np.empty((0, 3))).shape == (0, 3)

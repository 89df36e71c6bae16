"""The rules that every operation shares."""

import numpy as np
import pytest

from cnnviz.engine import BadInput, Pads, checks


def test_numbers_are_taken_as_they_come() -> None:
    x = np.ones(3, np.uint8)
    assert checks.numbers(x, "x") is x
    assert checks.numbers([1, 2.5], "x").dtype == np.float64


@pytest.mark.parametrize("value", ["a", b"a", 1j, None, [object()], np.array([1], "timedelta64[s]")])
def test_what_is_no_real_number_is_refused_by_name(value: object) -> None:
    with pytest.raises(TypeError, match="picture must hold real numbers"):
        checks.numbers(value, "picture")  # type: ignore[arg-type]  # the point of the test


def test_floats_are_not_copied_when_they_have_the_type() -> None:
    x = np.ones(3, np.float32)
    assert checks.floats(x)[0] is x


def test_the_widest_floating_point_type_decides() -> None:
    wide = checks.floats(np.ones(1, np.longdouble), np.ones(1, np.float32), np.ones(1, np.int8))
    assert {array.dtype for array in wide} == {np.dtype(np.float64)}
    narrow = checks.floats(np.ones(1, np.float16), np.ones(1, bool))
    assert {array.dtype for array in narrow} == {np.dtype(np.float32)}


def test_a_picture_becomes_a_batch_of_one_without_a_copy() -> None:
    x = np.ones((1, 2, 3))
    assert checks.batch(x, "test").shape == (1, 1, 2, 3)
    assert np.shares_memory(checks.batch(x, "test"), x)


def test_pooling_padding_up_to_the_reach_of_the_window() -> None:
    checks.pooling_pads(Pads(2, 2, 4, 0), (3, 5), "test")
    with pytest.raises(BadInput, match="test: padding of 5 columns is more than 4"):
        checks.pooling_pads(Pads(2, 2, 0, 5), (3, 5), "test")

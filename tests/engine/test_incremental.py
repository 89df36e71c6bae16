"""Incremental updates against their naive twin: computing everything again."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, conv2d, naive
from cnnviz.engine.incremental import update_pixel, update_weight
from cnnviz.engine.threads import thread_limit
from tests.engine.test_conv import Case, cases

Array = npt.NDArray[Any]


def how(case: Case) -> dict[str, Any]:
    """How the kernels slide."""
    return {name: getattr(case, name) for name in ("stride", "padding", "dilation", "groups", "padding_mode")}


def place_in(data: st.DataObject, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Any place of an array of this shape."""
    return tuple(data.draw(st.integers(0, n - 1)) for n in shape)


@given(cases(), st.integers(-9, 9), st.data())
def test_a_changed_weight_equals_a_new_computation(case: Case, delta: int, data: st.DataObject) -> None:
    weight = case.weight.astype(float)
    place = place_in(data, weight.shape)
    out = naive.conv2d(case.x, weight, None, **how(case)).astype(np.float32)
    update_weight(out, case.x, place, delta, weight.shape[2:], **how(case))  # type: ignore[arg-type]  # four numbers
    weight[place] += delta
    np.testing.assert_array_equal(out, naive.conv2d(case.x, weight, None, **how(case)))


@given(cases().filter(lambda case: len(case.x) > 0), st.integers(-9, 9), st.data())
def test_a_changed_pixel_equals_a_new_computation(case: Case, delta: int, data: st.DataObject) -> None:
    x = case.x.astype(float)
    place = place_in(data, x.shape)
    out = naive.conv2d(x, case.weight, None, **how(case))
    update_pixel(out, case.weight, place, delta, x.shape[2:], **how(case))  # type: ignore[arg-type]  # four numbers
    x[place] += delta
    np.testing.assert_array_equal(out, naive.conv2d(x, case.weight, None, **how(case)))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_thousand_changes_drift_by_the_last_digits_only(threads: int) -> None:
    random = np.random.default_rng(0)
    x = random.standard_normal((1, 70, 90), dtype=np.float32)
    weight = random.standard_normal((1, 1, 5, 5), dtype=np.float32)
    out = conv2d(x, weight, padding=2)
    with thread_limit(threads):
        for _ in range(1000):
            p, q = random.integers(0, 5, 2)
            delta = np.float32(random.normal())
            weight[0, 0, p, q] += delta
            update_weight(out, x, (0, 0, int(p), int(q)), float(delta), 5, padding=2)
    again = conv2d(x, weight, padding=2)
    assert np.abs(out - again).max() < 1e-5 * np.abs(again).max()


def test_strips_and_threads_change_no_byte() -> None:
    random = np.random.default_rng(1)
    x = random.standard_normal((1, 1500, 1600), dtype=np.float32)
    maps = []
    for threads in (1, 2):
        out = np.zeros((1, 1500, 1600), np.float32)
        with thread_limit(threads):
            update_weight(out, x, (0, 0, 0, 2), 0.1, 3, padding=1, padding_mode="replicate")
        maps.append(out)
    assert maps[0].tobytes() == maps[1].tobytes()
    expected = np.float32(0.1) * x[0][:, np.minimum(np.arange(1600) + 1, 1599)]
    np.testing.assert_array_equal(maps[0][0, 1:], expected[:-1])
    np.testing.assert_array_equal(maps[0][0, 0], expected[0])


def test_only_the_channels_of_the_group_change() -> None:
    x = np.arange(8.0).reshape(4, 1, 2)
    out = np.zeros((4, 1, 2))
    update_weight(out, x, (2, 1, 0, 0), 10, 1, groups=2)
    assert out.tolist() == [[[0, 0]], [[0, 0]], [[60, 70]], [[0, 0]]]
    out[:] = 0
    update_pixel(out, np.arange(8.0).reshape(4, 2, 1, 1), (0, 3, 0, 1), 10, (1, 2), groups=2)
    assert out.tolist() == [[[0, 0]], [[0, 0]], [[0, 50]], [[0, 70]]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"place": (0, 0, 3, 0)}, r"place \(0, 0, 3, 0\) is not in an array of shape \(2, 1, 3, 3\)"),
        ({"place": (0, 0, 0)}, r"place \(0, 0, 0\) is not in"),
        ({"place": (0, 0, -1, 0)}, "place is -1"),
        ({"delta": np.inf}, "delta is inf, it must be finite"),
        ({"padding": 1}, r"out has shape \(2, 4, 4\), but 1 samples give 6 rows and 6 columns"),
        ({"x": np.zeros((2, 2))}, "x has shape"),
        ({"groups": 2}, "groups 2 must divide both the 1 input channels"),
        ({"kernel_size": 7}, "update_weight: kernel 7x7 is larger than the picture 6x6"),
    ],
)
def test_what_does_not_fit_is_told(change: dict[str, Any], message: str) -> None:
    out = np.zeros((2, 4, 4))
    given: dict[str, Any] = {
        "x": np.zeros((1, 6, 6)),
        "place": (0, 0, 0, 0),
        "delta": 1.0,
        "kernel_size": 3,
    } | change
    with pytest.raises(BadInput, match=message):
        update_weight(out, **given)
    assert not out.any()


def test_a_map_that_cannot_be_changed_is_told() -> None:
    with pytest.raises(TypeError, match="out must be an array of floating-point numbers"):
        update_weight(np.zeros((1, 1, 1), int), np.zeros((1, 1, 1)), (0, 0, 0, 0), 1, 1)
    out = np.zeros((1, 1, 1))
    out.setflags(write=False)
    with pytest.raises(BadInput, match="out is read-only"):
        update_weight(out, np.zeros((1, 1, 1)), (0, 0, 0, 0), 1, 1)
    with pytest.raises(BadInput, match=r"update_pixel: weight \(2, 1, 1, 1\) gives 2 channels, out has 1"):
        update_pixel(np.zeros((1, 1, 1)), np.zeros((2, 1, 1, 1)), (0, 0, 0, 0), 1, (1, 1))
    with pytest.raises(BadInput, match=r"place \(0, 0, 1, 0\) is not in an array of shape \(1, 1, 1, 1\)"):
        update_pixel(np.zeros((1, 1, 1)), np.zeros((1, 1, 1, 1)), (0, 0, 1, 0), 1, (1, 1))

"""The arrays of a track: the engine's naive loops agree, padding shows what is read, nothing is computed twice."""

from typing import Any, Literal

import numpy as np
import pytest

from cnnviz.engine import naive
from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import AvgPool, MaxPool, Relu
from cnnviz.engine.windows import fill_of, source_indices
from cnnviz.lesson.edits import set_weight
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline import tensors
from cnnviz.timeline.cache import ByteCache
from cnnviz.timeline.tensors import TrackTensors, padded
from tests.lesson.examples import lesson, vertical_edge


@pytest.mark.parametrize(
    ("mode", "numpy_mode"),
    [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap"), ("zeros", "constant")],
)
def test_padding_is_what_numpy_pads(
    mode: str, numpy_mode: Literal["reflect", "edge", "wrap", "constant"]
) -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    want = np.pad(x, ((0, 0), (2, 1), (1, 2)), mode=numpy_mode)
    found = padded(x, Pads(2, 1, 1, 2), mode, 0.0)
    assert found.tolist() == want.tolist()
    assert not found.flags.writeable


def test_no_padding_is_the_array_itself() -> None:
    x = np.zeros((1, 2, 2))
    assert padded(x, Pads(0, 0, 0, 0), "zeros", 0.0) is x


def test_which_row_shows_which() -> None:
    assert source_indices(4, 2, 1, "replicate").tolist() == [0, 0, 0, 1, 2, 3, 3]
    assert source_indices(4, 2, 1, "circular").tolist() == [2, 3, 0, 1, 2, 3, 0]
    assert fill_of(MaxPool((2, 2), (1, 1))) == -np.inf
    assert fill_of(AvgPool((2, 2), (1, 1))) == 0


def test_every_array_is_what_the_loops_give() -> None:
    random = np.random.default_rng(1)
    x, w, b = (
        random.integers(-9, 9, (2, 7, 6)).astype(float),
        random.integers(-3, 4, (3, 2, 2, 3)),
        [1, -2, 3],
    )
    after = (Relu(), AvgPool((2, 2), (1, 1), (1, 1)), MaxPool((3, 3), (2, 2), (1, 0), True))
    made = TrackTensors(lesson(x, w, b, after, stride=(2, 1), padding=(1, 0, 2, 1)).tracks[0])
    conv = naive.conv2d(x[None], w, np.array(b), (2, 1), (1, 0, 2, 1))
    mean = naive.avg_pool2d(naive.relu(conv), (2, 2), (1, 1), (1, 1))
    top = naive.max_pool2d(mean, (3, 3), (2, 2), (1, 0), ceil_mode=True)[0]
    for found, want in zip(made.arrays, (x[None], conv, naive.relu(conv), mean, top), strict=True):
        assert found.shape == want.shape[1:]
        assert np.allclose(found, want[0], rtol=0, atol=1e-12)
        assert not found.flags.writeable
    assert made.padded_input(0).shape == (2, 8, 9)
    assert made.padded_input(0) is made.padded_input(0)
    assert made.extremes[0] == (x.min(), x.max())


def test_an_edit_and_its_undo_give_the_very_array_again() -> None:
    lesson = vertical_edge()
    before = TrackTensors(lesson.tracks[0]).arrays
    changed = set_weight(lesson, (0, 0, 0, 0), 5.0)
    after = TrackTensors(changed.tracks[0]).arrays
    undone = TrackTensors(set_weight(changed, (0, 0, 0, 0), 1.0).tracks[0]).arrays
    assert after[0] is before[0]
    assert after[1].tolist() != before[1].tolist()
    assert all(a is b for a, b in zip(undone, before, strict=True))


def test_an_edit_and_its_undo_give_the_same_bytes_when_nothing_was_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tensors, "_CACHE", ByteCache(0))
    pixels = np.random.default_rng(3).uniform(-1, 1, (2, 700, 500))
    weight = np.random.default_rng(4).uniform(-1, 1, (3, 2, 3, 3))
    one = lesson(pixels, weight, None, (Relu(), MaxPool((2, 2), (2, 2))), padding=1)

    def content(some: Lesson) -> list[bytes]:
        made = TrackTensors(some.tracks[0])
        return [array.tobytes() for array in (*made.arrays, made.padded_input(0))]

    before = content(one)
    changed = set_weight(one, (1, 0, 2, 2), 0.25)
    assert content(changed)[1] != before[1]
    # Memory of the arrays that are gone is used again by now.
    assert content(set_weight(changed, (1, 0, 2, 2), float(weight[1, 0, 2, 2]))) == before


def test_an_edit_keeps_what_comes_before_it() -> None:
    one = vertical_edge(padding=1)
    before = TrackTensors(one.tracks[0])
    after = TrackTensors(set_weight(one, (0, 0, 0, 0), 7.0).tracks[0])
    assert after.padded_input(0) is before.padded_input(0)
    assert after.extremes[0] == before.extremes[0]
    assert after.extremes[1] != before.extremes[1]


def test_a_change_of_geometry_is_another_array() -> None:
    arrays: list[Any] = [
        TrackTensors(vertical_edge(**g).tracks[0]).arrays[1] for g in ({}, {"padding": 1}, {"stride": (2, 2)})
    ]
    assert [a.shape for a in arrays] == [(1, 4, 4), (1, 6, 6), (1, 2, 2)]

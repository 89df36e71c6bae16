"""Kernels added, removed, taken over and put back, with weights written out by hand."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson import kernel_edits
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source


def _lesson(weight: list[list[list[list[float]]]], bias: list[float] | None = None) -> Lesson:
    array = np.array(weight, dtype=np.float64)
    conv = Conv(array.shape[0], (array.shape[2], array.shape[3]))
    params = Params(array, None if bias is None else np.array(bias))
    track = Track(Source(np.zeros((array.shape[1], 5, 5))), (conv,), (params,))
    return Lesson("", (track,))


def _weights(lesson: Lesson) -> list[object]:
    return kernel_edits.kernel_params(lesson).weight.tolist()  # type: ignore[no-any-return]


def _bias(lesson: Lesson) -> list[float] | None:
    bias = kernel_edits.kernel_params(lesson).bias
    return None if bias is None else bias.tolist()


TWO = [[[[1.0, 2.0]]], [[[3.0, 4.0]]]]


def test_add_copies_the_chosen_kernel_without_its_bias() -> None:
    changed = kernel_edits.add_kernel(_lesson(TWO, [5, 6]), 1)
    assert _weights(changed) == [[[[1, 2]]], [[[3, 4]]], [[[3, 4]]]]
    assert _bias(changed) == [5, 6, 0]
    assert changed.tracks[0].shapes()[-1] == (3, 5, 4)


def test_remove_takes_the_bias_along() -> None:
    changed = kernel_edits.remove_kernel(_lesson(TWO, [5, 6]), 0)
    assert (_weights(changed), _bias(changed)) == ([[[[3, 4]]]], [6])


def test_the_last_kernel_stays() -> None:
    with pytest.raises(BadInput, match="at least one kernel"):
        kernel_edits.remove_kernel(_lesson([[[[1.0]]]]), 0)


def test_take_with_and_without_bias() -> None:
    weight = np.array([[[7.0, 8, 9]]])
    assert _bias(kernel_edits.take_kernels(_lesson(TWO, [5, 5]), weight)) == [5]
    taken = kernel_edits.take_kernels(_lesson(TWO, [5, 5]), weight, np.array([2.0]))
    assert (_weights(taken), _bias(taken)) == ([[[[7, 8, 9]]]], [2])


def test_paste_of_one_matrix_replaces_one_plane_and_of_several_all() -> None:
    one = kernel_edits.paste_kernels(_lesson(TWO), np.array([[[9.0, 9]]]), 1, 0)
    assert _weights(one) == [[[[1, 2]]], [[[9, 9]]]]
    three = kernel_edits.paste_kernels(_lesson(TWO), np.array([[[1.0]], [[2.0]], [[3.0]]]), 1, 0)
    assert _weights(three) == [[[[1]]], [[[2]]], [[[3]]]]


def test_a_weight_in_one_channel_or_in_all() -> None:
    lesson = _lesson([[[[1.0, 2]], [[3.0, 4]]]])
    assert _weights(kernel_edits.set_weights(lesson, 0, 1, 0, 0, 9)) == [[[[1, 2]], [[9, 4]]]]
    assert _weights(kernel_edits.set_weights(lesson, 0, None, 0, 0, 9)) == [[[[9, 2]], [[9, 4]]]]


def test_a_named_kernel_in_one_plane_resizes_its_sisters() -> None:
    changed = kernel_edits.use_named(_lesson([[[[5.0]]], [[[6.0]]]]), "vertical-edge", 0, None)
    assert _weights(changed) == [[[[1, 0, -1]] * 3], [[[0, 0, 0], [0, 6, 0], [0, 0, 0]]]]


def test_reset_brings_back_kernels_and_bias() -> None:
    origin = _lesson(TWO, [5, 6])
    changed = kernel_edits.remove_kernel(kernel_edits.set_weights(origin, 1, 0, 0, 0, 9), 0)
    assert kernel_edits.reset_kernels(changed, origin) == origin


def test_reset_spreads_over_other_channels() -> None:
    other = _lesson([[[[0.0, 0]], [[0.0, 0]]]])
    assert _weights(kernel_edits.reset_kernels(other, _lesson(TWO))) == [
        [[[1, 2]], [[1, 2]]],
        [[[3, 4]], [[3, 4]]],
    ]

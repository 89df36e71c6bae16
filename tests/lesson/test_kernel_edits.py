"""Kernels added, removed, taken over and put back, with weights written out by hand."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, Linear
from cnnviz.lesson import kernel_edits
from cnnviz.lesson.edits import set_bias
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


def _deep() -> Lesson:
    """A transposed convolution from 2 channels to 1, flatten and two outputs of 4 numbers each."""
    layers: tuple[AnyLayer, ...] = (ConvTranspose(1, (2, 2)), Flatten(), Linear(2))
    up, full = Params(np.arange(8.0).reshape(2, 1, 2, 2)), Params(np.arange(8.0).reshape(2, 4))
    return Lesson("", (Track(Source(np.ones((2, 1, 1))), layers, (up, None, full)),))


def test_weights_of_a_transposed_convolution() -> None:
    changed = kernel_edits.set_weights(_deep(), 0, 1, 0, 1, 9.0, layer=0)
    assert kernel_edits.kernel_params(changed, 0, 0).weight.tolist() == [
        [[[0, 1], [2, 3]]],
        [[[4, 9], [6, 7]]],
    ]
    all_alike = kernel_edits.set_weights(_deep(), 0, None, 1, 1, 5.0, layer=0)
    assert kernel_edits.kernel_planes(all_alike, 0, 0)[0, :, 1, 1].tolist() == [5, 5]
    more = kernel_edits.add_kernel(_deep(), 0, layer=0)
    assert more.tracks[0].shapes()[1] == (2, 2, 2)
    assert kernel_edits.kernel_params(more, 0, 2).weight.shape == (2, 8)
    biased = set_bias(_deep(), 0, 3.0, layer=0)
    assert biased == kernel_edits.set_output_bias(_deep(), 0, 3.0, layer=0)


def test_weights_and_outputs_of_a_fully_connected_layer() -> None:
    changed = kernel_edits.set_weights(_deep(), 1, None, 1, 3, 9.0, layer=2)
    assert kernel_edits.kernel_params(changed, 0, 2).weight.tolist() == [[0, 1, 2, 3], [4, 5, 6, 9]]
    more = kernel_edits.add_kernel(_deep(), 1, layer=2)
    assert kernel_edits.kernel_params(more, 0, 2).weight.tolist()[2] == [4, 5, 6, 7]
    fewer = kernel_edits.remove_kernel(more, 0, layer=2)
    assert fewer.tracks[0].shapes()[-1] == (2, 1, 1)
    pasted = kernel_edits.paste_kernels(_deep(), np.ones((1, 3, 4)), 0, None, layer=2)
    assert pasted.tracks[0].shapes()[-1] == (3, 1, 1)
    with pytest.raises(BadInput, match="needs weights"):
        kernel_edits.paste_kernels(_deep(), np.ones((1, 3, 5)), 0, None, layer=2)
    with pytest.raises(BadInput, match="is not there"):
        kernel_edits.set_weights(_deep(), 0, None, 2, 0, 1.0, layer=2)
    with pytest.raises(BadInput, match="no weights"):
        kernel_edits.set_size(_deep(), (1, 1), layer=1)
    with pytest.raises(BadInput, match="kernel 2 of 2"):
        kernel_edits.set_output_bias(_deep(), 2, 1.0, layer=2)


def test_reset_puts_back_the_weights_of_any_layer() -> None:
    changed = kernel_edits.set_weights(_deep(), 0, None, 0, 0, 9.0, layer=2)
    assert kernel_edits.reset_kernels(changed, _deep(), layer=2) == _deep()
    with pytest.raises(BadInput, match="nothing to put back"):
        kernel_edits.reset_kernels(changed, _lesson(TWO), layer=2)

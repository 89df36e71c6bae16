"""What the kernel panel shows of layers with weights."""

from typing import Any

import numpy as np

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, Linear
from cnnviz.lesson import edits
from cnnviz.lesson.kernel_form import KernelForm, kernel_form, weighted
from cnnviz.lesson.lesson import Conventions, Lesson, Track
from cnnviz.lesson.source import Source
from tests.lesson.examples import lesson, vertical_edge


def shown(*args: Any, **named: Any) -> KernelForm:
    form = kernel_form(*args, **named)
    assert form is not None
    return form


def deep() -> Lesson:
    """Transposed convolution, ReLU, flatten and two outputs of 4 numbers each."""
    layers: tuple[AnyLayer, ...] = (ConvTranspose(1, (2, 2)), Relu(), Flatten(), Linear(2))
    weights = (
        Params(np.arange(8.0).reshape(2, 1, 2, 2)),
        Params(np.arange(8.0).reshape(2, 4), np.array([5.0, 6])),
    )
    return Lesson("", (Track(Source(np.ones((2, 1, 1))), layers, (weights[0], None, None, weights[1])),))


def test_the_form_of_a_kernel() -> None:
    form = shown(vertical_edge())
    assert form.cells == (("1", "0", "-1"),) * 3
    assert (form.kernels, form.channels, form.kernel, form.channel) == (1, 1, 0, 0)
    assert (form.bias, form.name, form.alike, form.layer) == ("0", "Vertical edge", True, "Convolution")
    assert form.size is not None
    assert (form.size.rows, form.size.columns, form.size.row_limit.most) == (3, 3, 5)


def test_a_kernel_beyond_the_last_is_the_last() -> None:
    weight = np.arange(16.0).reshape(2, 2, 2, 2)
    form = shown(lesson(np.zeros((2, 4, 4)), weight, [0.5, 1 / 3]), 5, 5)
    assert (form.kernel, form.channel) == (1, 1)
    assert form.cells == (("12", "13"), ("14", "15"))
    assert form.bias == "1/3"
    assert not form.alike


def test_a_transposed_convolution_shows_a_plane_for_each_channel_it_reads() -> None:
    form = shown(deep(), 0, 1, 0, 0)
    assert (form.kernels, form.channels, form.cells) == (1, 2, (("4", "5"), ("6", "7")))


def test_a_fully_connected_layer_is_one_table() -> None:
    form = shown(deep(), 1, 0, 0, 3)
    assert form.cells == (("0", "1", "2", "3"), ("4", "5", "6", "7"))
    assert (form.kernels, form.kernel, form.bias, form.matrix, form.size) == (2, 1, "6", True, None)


def test_a_large_table_is_shown_row_by_row() -> None:
    layers: tuple[AnyLayer, ...] = (Flatten(), Linear(3))
    weight = np.arange(3000.0).reshape(3, 1000)
    wide = Lesson("", (Track(Source(np.ones((10, 10, 10))), layers, (None, Params(weight))),))
    form = shown(wide, 2, 0, 0, 1)
    assert (len(form.cells), form.cells[0][:2], form.first) == (1, ("2000", "2001"), 2)


def test_a_decimal_comma() -> None:
    comma = edits.set_conventions(
        edits.set_weight(vertical_edge(), (0, 0, 0, 0), 0.5), Conventions(decimal="comma")
    )
    assert shown(comma).cells[0] == ("0,5", "0", "-1")


def test_the_nearest_layer_with_weights() -> None:
    track = deep().tracks[0]
    assert [weighted(track, n) for n in range(4)] == [0, 0, 0, 3]
    late = Track(track.source, (Relu(), Conv(1, (1, 1))), (None, Params(np.ones((1, 2, 1, 1)))))
    assert weighted(late, 0) == 1
    assert weighted(Track(track.source, (Relu(),), (None,)), 0) is None
    assert kernel_form(Lesson("", (Track(track.source, (Relu(),), (None,)),))) is None

"""Edits: each makes a new lesson that fits, and leaves the old one alone."""

from collections.abc import Callable

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson import edits, kernel_edits, layer_edits
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.sharing import alone
from cnnviz.lesson.source import Grey, Source, materialise
from tests.lesson.examples import lesson, vertical_edge


def layers(changed: Lesson) -> tuple[AnyLayer, ...]:
    return changed.tracks[0].layers


def params(changed: Lesson, layer: int = 0) -> Params:
    found = changed.tracks[0].params[layer]
    assert found is not None
    return found


def colour() -> Lesson:
    """Three channels and two kernels, one of them alike in all channels."""
    weight = np.ones((2, 3, 2, 2))
    weight[1] = np.arange(12).reshape(3, 2, 2)
    return lesson(np.zeros((3, 4, 4), dtype=np.uint8), weight, [1, 2])


def test_no_edit_changes_the_lesson_it_is_given() -> None:
    old = vertical_edge()
    edits.set_weight(old, (0, 0, 0, 0), 5)
    edits.set_cells(old, {(0, 0, 0): 5.0})
    edits.set_geometry(old, stride=(2, 2))
    kernel_edits.set_size(old, (5, 5))
    assert old == vertical_edge()


def test_title_and_pace() -> None:
    assert edits.set_title(vertical_edge(), "Other").title == "Other"
    assert edits.set_pace(vertical_edge(), "row").pace == "row"
    with pytest.raises(BadInput, match="pace 'slow' is unknown"):
        edits.set_pace(vertical_edge(), "slow")  # type: ignore[arg-type]


def test_cells_and_weights() -> None:
    changed = edits.set_cells(vertical_edge(), {(0, 1, 2): 4.0})
    assert materialise(changed.tracks[0].source)[0, 1].tolist() == [10, 10, 4, 0, 0, 0]
    assert params(edits.set_weight(vertical_edge(), (0, 0, 2, 1), 1 / 9)).weight[0, 0, 2].tolist() == [
        1,
        1 / 9,
        -1,
    ]


def test_a_bias_starts_from_zero_for_the_other_kernels() -> None:
    bare = edits.set_kernels(vertical_edge(), np.ones((3, 3, 3)))
    assert params(bare).bias is None
    bias = params(edits.set_bias(bare, 1, -4.0)).bias
    assert bias is not None
    assert bias.tolist() == [0, -4, 0]


def test_several_kernels_are_several_maps_and_channels_are_served_alike() -> None:
    two = edits.set_kernels(vertical_edge(), np.arange(8.0).reshape(2, 2, 2))
    assert layers(two)[0] == Conv(2, (2, 2))
    assert two.tracks[0].shapes()[1] == (2, 5, 5)
    served = params(edits.set_kernels(colour(), np.array([[[1.0, 2.0]]]))).weight
    assert served.tolist() == [[[[1, 2]], [[1, 2]], [[1, 2]]]]


def test_an_equal_bias_spreads_over_more_kernels_and_a_mixed_one_starts_anew() -> None:
    alike = lesson(np.zeros((1, 4, 4)), np.ones((2, 1, 2, 2)), [3, 3])
    more = params(edits.set_kernels(alike, np.ones((3, 2, 2)))).bias
    assert more is not None
    assert more.tolist() == [3, 3, 3]
    mixed = params(edits.set_kernels(colour(), np.ones((3, 2, 2)))).bias
    assert mixed is not None
    assert mixed.tolist() == [0, 0, 0]
    assert params(edits.set_kernels(colour(), np.ones((2, 2, 2)), keep_bias=False)).bias is None


def test_the_next_convolution_follows_the_number_of_maps() -> None:
    first, second = Params(np.ones((2, 1, 3, 3))), Params(np.arange(8.0).reshape(2, 2, 1, 2))
    track = Track(
        Source(np.zeros((1, 8, 8))), (Conv(2, (3, 3)), Relu(), Conv(2, (1, 2))), (first, None, second)
    )
    more = edits.set_kernels(Lesson("", (track,)), np.ones((3, 3, 3)))
    assert params(more, 2).weight[0].tolist() == [[[0, 1]], [[2, 3]], [[0, 1]]]
    one = edits.set_kernels(Lesson("", (track,)), np.ones((1, 3, 3)))
    assert params(one, 2).weight[:, :, 0].tolist() == [[[0, 1]], [[4, 5]]]


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        ((5, 5), [[0] * 5, [0, 1, 2, 3, 0], [0, 4, 5, 6, 0], [0, 7, 8, 9, 0], [0] * 5]),
        ((1, 1), [[5]]),
        ((1, 3), [[4, 5, 6]]),
        ((3, 1), [[2], [5], [8]]),
        ((4, 4), [[1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0], [0] * 4]),
        ((2, 2), [[1, 2], [4, 5]]),
    ],
)
def test_another_size_keeps_the_weights_about_the_middle(
    size: tuple[int, int], rows: list[list[float]]
) -> None:
    nine = lesson(np.zeros((1, 8, 8)), np.arange(1.0, 10).reshape(1, 1, 3, 3))
    assert params(kernel_edits.set_size(nine, size)).weight[0, 0].tolist() == rows


def test_going_to_a_larger_size_and_back_changes_nothing() -> None:
    nine = lesson(np.zeros((1, 40, 40)), np.arange(1.0, 10).reshape(1, 1, 3, 3))
    for size in ((4, 4), (5, 6), (31, 31)):
        assert kernel_edits.set_size(kernel_edits.set_size(nine, size), (3, 3)) == nine


def test_a_plane_in_one_channel_or_in_all() -> None:
    plane = np.full((2, 2), 7.0)
    assert params(kernel_edits.set_plane(colour(), 1, 2, plane)).weight[1].tolist() == [
        [[0, 1], [2, 3]],
        [[4, 5], [6, 7]],
        [[7, 7], [7, 7]],
    ]
    assert (
        params(kernel_edits.set_plane(colour(), 0, None, plane)).weight[0].tolist() == [[[7, 7], [7, 7]]] * 3
    )
    larger = params(kernel_edits.set_plane(colour(), 0, 0, np.ones((3, 3)))).weight
    assert larger.shape == (2, 3, 3, 3)
    assert larger[1, 0].tolist() == [[0, 1, 0], [2, 3, 0], [0, 0, 0]]


def test_geometry_changes_only_what_is_given() -> None:
    changed = edits.set_geometry(vertical_edge(), padding=2, padding_mode="replicate")
    changed = edits.set_geometry(changed, stride=(2, 1))
    assert layers(changed)[0] == Conv(1, (3, 3), (2, 1), 2, (1, 1), 1, "replicate")
    assert layers(edits.set_geometry(changed, padding=0))[0] == Conv(
        1, (3, 3), (2, 1), 0, (1, 1), 1, "replicate"
    )


def test_another_source_takes_the_kernels_along() -> None:
    changed = edits.set_source(vertical_edge(), Source(np.zeros((3, 6, 6))))
    assert params(changed).weight.tolist() == [[[[1, 0, -1]] * 3] * 3]
    back = edits.set_source(changed, Source(np.zeros((1, 6, 6))))
    assert params(back) == params(vertical_edge())


def test_groups_keep_their_channels_each() -> None:
    grouped = lesson(np.zeros((2, 4, 4)), np.ones((2, 1, 2, 2)), groups=2)
    changed = edits.set_source(grouped, Source(np.ones((2, 5, 5))))
    assert params(changed).weight.shape == (2, 1, 2, 2)
    assert changed.tracks[0].shapes()[1] == (2, 4, 4)


def test_grey_and_back() -> None:
    grey = edits.set_transforms(colour(), (Grey(),))
    assert grey.tracks[0].shapes() == ((1, 4, 4), (2, 3, 3))
    assert edits.set_transforms(grey, ()).tracks[0].source.shape == (3, 4, 4)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda old: edits.set_weight(old, (0, 0, 3, 0), 1), "weight (0, 0, 3, 0) lies outside"),
        (lambda old: edits.set_weight(old, (0, 0, 0, 0), float("nan")), "nan is not a finite number"),
        (lambda old: edits.set_weight(old, (0, 0, 0, 0), 1, layer=1), "layer 1 has no weights"),
        (lambda old: edits.set_bias(old, 1, 1), "kernel 1 of 1: choose one that is there"),
        (lambda old: edits.set_bias(old, 0, float("inf")), "bias inf is not a finite number"),
        (lambda old: edits.set_cells(old, {(0, 6, 0): 1}), "cell (0, 6, 0) lies outside the input 1×6×6"),
        (lambda old: edits.set_kernels(old, np.ones((1, 32, 1))), "1 kernels of 32×1: give 1 to 1024"),
        (lambda old: edits.set_kernels(old, np.ones((1025, 1, 1))), "1025 kernels"),
        (lambda old: edits.set_kernels(old, np.ones((0, 3, 3))), "0 kernels"),
        (lambda old: edits.set_kernels(old, np.ones((3, 3))), "kernels of shape (3, 3)"),
        (lambda old: edits.set_kernels(old, np.full((1, 2, 2), np.nan)), "not a finite number"),
        (lambda old: edits.set_kernels(old, np.ones((1, 2, 3, 3))), "kernels with 2 channels on an input with 1"),
        (lambda old: edits.set_kernels(old, np.ones((1, 7, 7))), "kernel 7x7 is larger than the picture 6x6"),
        (lambda old: kernel_edits.set_size(old, (0, 3)), "kernel size 0×3: give 1 to 31"),
        (lambda old: edits.set_geometry(old, stride=(0, 1)), "stride is 0: it must be at least 1"),
        (lambda old: edits.set_geometry(old, stride=(6, 6)), "kernel 2x2 is larger than the picture 1x1"),
        (lambda old: edits.set_layer(old, 2, MaxPool((9, 9), (2, 2))), "kernel 9x9 is larger than the picture 4x4"),
        (lambda old: edits.first_conv(Track(Source(np.ones((1, 2, 2))), (Relu(),), (None,))), "has no convolution"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_numbers(edit: Callable[[Lesson], object], line: str) -> None:
    with pytest.raises(BadInput) as caught:
        edit(vertical_edge())
    assert line in str(caught.value)


def test_what_tracks_share_stays_shared_and_what_differs_stays_apart() -> None:
    one = vertical_edge().tracks[0]
    other = edits.set_geometry(Lesson("One", (one,)), stride=(2, 2)).tracks[0]
    lesson = Lesson("Two", (one, other))
    weighed = edits.set_weight(lesson, (0, 0, 0, 0), 5.0, track=1)
    assert [t.params[0].weight[0, 0, 0, 0] for t in weighed.tracks if t.params[0]] == [5.0, 5.0]
    strided = edits.set_geometry(lesson, stride=(3, 3), track=1)
    assert strided.tracks[0] == one
    assert strided.tracks[1].shapes()[1] == (1, 2, 2)
    padded = edits.set_geometry(lesson, padding="same", track=1)
    assert [t.shapes()[1] for t in padded.tracks] == [(1, 6, 6), (1, 3, 3)]
    typed = edits.set_cells(lesson, {(0, 0, 0): 9.0})
    assert typed.tracks[0].source == typed.tracks[1].source != one.source
    bare = layer_edits.set_pooling_after(lesson, 0, "none")
    assert [len(t.layers) for t in bare.tracks] == [2, 3]


def test_an_edit_that_is_not_shared() -> None:
    one = vertical_edge().tracks[0]
    lesson = Lesson("Two", (one, one))
    changed = alone(lesson, edits.set_geometry(lesson, stride=(2, 2), track=1), 1)
    assert changed.tracks[0] == one
    assert changed.tracks[1].shapes()[1] == (1, 2, 2)

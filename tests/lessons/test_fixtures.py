"""The published numbers hold when lessons that ship are changed on the command line."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from cnnviz.cli import main
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.fields import set_field
from cnnviz.timeline.heat import uses
from cnnviz.timeline.timeline import make_timeline


def traced(capsys: pytest.CaptureFixture[str], lesson: str, *arguments: str) -> dict[str, Any]:
    """The facts of the first step."""

    def no_window(*_: object) -> int:
        raise AssertionError("a trace opens no window")

    assert main(["trace", lesson, "--step", "0", "--json", *arguments], no_window) == 0
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    return facts


def maps(facts: dict[str, Any], name: str) -> list[Any]:
    """The named tensor of every track."""
    # The track that sets the clock stands first in a trace.
    tracks = sorted([facts, *facts.get("tracks", [])], key=lambda track: int(track["section"]["track"]))
    found = [next(t for t in track["tensors"] if t["name"] == name) for track in tracks]
    return [np.reshape(t["values"], t["shape"]).tolist() for t in found]


KERNEL_ROWS = {
    "identity": [10, 10, 0, 0],
    "vertical-edge": [0, 30, 30, 0],
    "horizontal-edge": [0, 0, 0, 0],
    "prewitt-x": [0, -30, -30, 0],
    "prewitt-y": [0, 0, 0, 0],
    "sobel-x": [0, -40, -40, 0],
    "sobel-y": [0, 0, 0, 0],
    "scharr-x": [0, -160, -160, 0],
    "scharr-y": [0, 0, 0, 0],
    "laplacian-4": [0, -10, 10, 0],
    "laplacian-8": [0, 30, -30, 0],
    "sharpen": [10, 20, -10, 0],
    "sharpen-strong": [10, 40, -30, 0],
    "box-3": [10, 20 / 3, 10 / 3, 0],
    "gaussian-3": [10, 7.5, 2.5, 0],
    "emboss": [10, -20, -30, 0],
    "emboss-relief": [0, -20, -20, 0],
    "log-5": [-50, 50],
}


@pytest.mark.parametrize(("kernel", "row"), KERNEL_ROWS.items())
@pytest.mark.parametrize("lesson", ["vertical-edge", "edge-marked"])
def test_named_kernels_on_the_6x6_picture(
    capsys: pytest.CaptureFixture[str], lesson: str, kernel: str, row: list[float]
) -> None:
    (conv,) = maps(traced(capsys, lesson, "--kernel", kernel), "conv1")
    np.testing.assert_allclose(conv[0], [row] * len(row), rtol=0, atol=1e-12)


def test_the_gallery_has_every_named_kernel_of_3x3_and_its_sum() -> None:
    params = shipped_lesson("kernel-gallery").tracks[0].params[0]
    assert params is not None
    sums = params.weight.sum(axis=(1, 2, 3)).round(12).tolist()
    assert sums == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0]


def test_true_convolution_turns_the_signs(capsys: pytest.CaptureFixture[str]) -> None:
    (conv,) = maps(traced(capsys, "vertical-edge", "--set", "layers.0.flipped=true"), "conv1")
    assert conv == [[[0, -30, -30, 0]] * 4]


def test_paddings_of_the_6x6_picture(capsys: pytest.CaptureFixture[str]) -> None:
    valid, same, full = maps(traced(capsys, "padding"), "conv1")
    assert valid == [[[0, 30, 30, 0]] * 4]
    edge, middle = [-20, 0, 20, 20, 0, 0], [-30, 0, 30, 30, 0, 0]
    assert same == [[edge, *[middle] * 4, edge]]
    assert np.shape(full) == (1, 8, 8)


@pytest.mark.parametrize(
    ("fill", "row"), [("zeros", [-30, 0, 30, 30, 0, 0]), ("replicate", [0, 0, 30, 30, 0, 0])]
)
def test_fills_of_the_6x6_picture(capsys: pytest.CaptureFixture[str], fill: str, row: list[int]) -> None:
    how = ("--set", "layers.0.padding=same", "--set", f"layers.0.padding_mode={fill}")
    (conv,) = maps(traced(capsys, "vertical-edge", *how), "conv1")
    assert conv[0][1:5] == [row] * 4


@pytest.mark.parametrize(
    ("size", "kernel", "padding", "stride", "expected"),
    [
        (6, 3, 0, 1, 4),
        (6, 3, 0, 2, 2),
        (6, 3, 1, 2, 3),
        (7, 3, 0, 2, 3),
        (6, 5, 2, 1, 6),
        (6, 7, 3, 1, 6),
        (6, 2, 0, 2, 3),
    ],
)
def test_sizes(
    capsys: pytest.CaptureFixture[str], size: int, kernel: int, padding: int, stride: int, expected: int
) -> None:
    lesson = shipped_lesson("edge-marked")
    settings = [f"source.size={size}x{size}", f"layers.0.padding={padding}", f"layers.0.stride={stride}"]
    if kernel != 3:
        settings.append(f"layers.0.kernel_size={kernel}")
    for setting in (settings[1], *settings[3:], settings[0], settings[2]):
        lesson = set_field(lesson, *setting.split("=", 1))
    assert lesson.tracks[0].shapes()[1] == (1, expected, expected)
    # The command line gives the same, in whatever order its edits fit.
    options = [part for setting in settings for part in ("--set", setting)]
    (conv,) = maps(traced(capsys, "edge-marked", *options), "conv1")
    assert np.shape(conv) == (1, expected, expected)


def test_use_counts_without_and_with_padding() -> None:
    counts = []
    for track in shipped_lesson("use-counts").tracks:
        before, after = track.shapes()
        counts.append(uses(track.layers[0], before, after).counts.tolist())
    rows = [1, 2, 3, 3, 2, 1], [2, 4, 6, 6, 4, 2], [3, 6, 9, 9, 6, 3]
    assert counts[0] == [rows[0], rows[1], rows[2], rows[2], rows[1], rows[0]]
    outer, inner = [4, 6, 6, 6, 6, 4], [6, 9, 9, 9, 9, 6]
    assert counts[1] == [outer, *[inner] * 4, outer]


def test_stride_2_leaves_the_last_row_and_column_unused() -> None:
    track = shipped_lesson("strides").tracks[1]
    before, after = track.shapes()
    counts = uses(track.layers[0], before, after).counts
    assert not counts[5].any()
    assert not counts[:, 5].any()
    assert counts[:5, :5].all()


def test_strides_give_4x4_2x2_and_2x2() -> None:
    shapes = [track.shapes()[1] for track in shipped_lesson("strides").tracks]
    assert shapes == [(1, 4, 4), (1, 2, 2), (1, 2, 2)]


def test_correlation_writes_the_kernel_turned_and_convolution_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    correlated, convolved = maps(traced(capsys, "correlation-convolution"), "conv1")
    assert correlated == [[[9, 8, 7], [6, 5, 4], [3, 2, 1]]]
    assert convolved == [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]


def test_both_polarities_have_opposite_signs(capsys: pytest.CaptureFixture[str]) -> None:
    upright, lying = maps(traced(capsys, "both-polarities"), "conv1")
    row = [-30, -30, 0, 30, 30]
    assert upright == [[row] * 3]
    assert lying == [[[v] * 3 for v in row]]


def test_max_and_average_of_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    # A lesson without a convolution is traced as any other.
    largest, mean = maps(traced(capsys, "pooling"), "pool1")
    assert largest == [[[8, 2, 4], [3, 6, 9], [7, 4, 5]]]
    assert mean == [[[4, 1, 2], [1, 3, 4], [3, 2, 3]]]


def test_activations_of_the_numbers_from_minus_3_to_3() -> None:
    relu, leaky, elu, sigmoid, tanh, gelu = (
        t.arrays[-1].ravel()
        for name in ("activations", "activations-smooth")
        for t in make_timeline(shipped_lesson(name)).tensors
    )
    np.testing.assert_allclose(elu[:3], [-0.9502129316, -0.8646647168, -0.6321205588], rtol=0, atol=1e-9)
    # x times the share of normal numbers below x: 0.8413447461 at 1.
    np.testing.assert_allclose(gelu[3:5], [0, 0.8413447461], rtol=0, atol=1e-9)
    assert relu.tolist() == [0, 0, 0, 0, 1, 2, 3]
    np.testing.assert_allclose(leaky, [-0.3, -0.2, -0.1, 0, 1, 2, 3], rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        sigmoid[3:], [0.5, 0.7310585786, 0.8807970780, 0.9525741268], rtol=0, atol=1e-9
    )
    np.testing.assert_allclose(tanh[:3], [-0.9950547537, -0.9640275801, -0.7615941560], rtol=0, atol=1e-9)


def test_transposed_kernels_lie_side_by_side_or_overlap(capsys: pytest.CaptureFixture[str]) -> None:
    beside, over = maps(traced(capsys, "transposed"), "transposed1")
    assert (
        [row[::2] for row in beside[0][::2]]
        == [row[1::2] for row in beside[0][1::2]]
        == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    )
    # The middle of every kernel meets no other; between two they add up.
    assert [row[1::2] for row in over[0][1::2]] == [[4, 8, 12], [16, 20, 24], [28, 32, 36]]
    assert over[0][2][2] == 1 + 2 + 4 + 5


def test_two_linear_layers_are_one_until_relu_stands_between() -> None:
    tensors = make_timeline(shipped_lesson("linear-collapse")).tensors
    two, one, broken = (t.arrays[-1].tolist() for t in tensors)
    assert two == one == [[[-6, 0, 6], [0, 0, 0], [6, 0, -6]]]
    assert broken != one


def test_a_shift_by_one_column_leaves_the_pooled_map_and_one_by_two_does_not() -> None:
    pooled = [t.arrays[-1].ravel().tolist() for t in make_timeline(shipped_lesson("small-shift")).tensors]
    assert pooled == [[30, 0], [30, 0], [30, 30]]


def test_grey_by_a_kernel_is_grey_by_the_transform_up_to_rounding() -> None:
    colour, grey = (t.arrays[-1] for t in make_timeline(shipped_lesson("rgb-photo")).tensors)
    assert float(np.abs(colour - grey).max()) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("erased", "winner"),
    [((), 2), ([(4, k) for k in (1, 2, 4, 5, 6)], 0), ([(r, 3) for r in (1, 2, 3, 5, 6)], 1)],
    ids=["cross", "upright", "lying"],
)
def test_the_classifier_tells_a_cross_and_either_stroke(erased: list[tuple[int, int]], winner: int) -> None:
    lesson = shipped_lesson("classifier")
    for row, column in erased:
        lesson = set_field(lesson, f"source.cells.0.{row}.{column}", "0")
    shares = make_timeline(lesson).tensors[0].arrays[-1].ravel()
    assert int(shares.argmax()) == winner
    assert float(shares.sum()) == pytest.approx(1.0, abs=1e-12)
    assert float(shares.max()) > 0.6


def test_the_square_is_found_by_four_corners_in_their_places() -> None:
    strokes, _, corners, _, square = make_timeline(shipped_lesson("receptive-field")).tensors[0].arrays[1:]
    assert strokes.shape == (2, 5, 5)
    assert [np.argwhere(plane == plane.max()).tolist() for plane in corners] == [
        [[0, 0]],
        [[0, 2]],
        [[2, 0]],
        [[2, 2]],
    ]
    assert square.tolist() == [[[24.0]]]


def test_four_lights_are_quarter_turns_of_one_kernel() -> None:
    weights = [t.params[0].weight[0, 0] for t in shipped_lesson("emboss").tracks if t.params[0] is not None]
    assert len(weights) == 4
    for turned, kernel in zip(weights[1:], weights, strict=False):
        np.testing.assert_array_equal(turned, np.rot90(kernel))


def test_sixty_four_kernels_answer_nothing_to_a_flat_picture() -> None:
    params = shipped_lesson("sixty-four-kernels").tracks[0].params[0]
    assert params is not None
    assert params.weight.shape == (64, 3, 7, 7)
    # Rounded to three decimals, so not quite 0.
    assert float(np.abs(params.weight.sum(axis=(2, 3))).max()) < 0.02
    assert len({kernel.tobytes() for kernel in params.weight}) == 64

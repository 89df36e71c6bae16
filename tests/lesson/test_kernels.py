"""Named kernels: the matrices and sums that the teaching plan states."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.kernels import catalogue, name_of, named_kernel, search

SUMS = {"identity": 1, "sharpen": 1, "sharpen-strong": 1, "emboss": 1}


@pytest.mark.parametrize("kernel", catalogue(), ids=lambda kernel: kernel.id)
def test_the_sum_of_every_kernel(kernel: object) -> None:
    entry = named_kernel(kernel.id)  # type: ignore[attr-defined]
    blurs = entry.id.startswith(("box", "gaussian"))
    want = 1 if blurs else SUMS.get(entry.id, 0)
    assert entry.weights.sum() == pytest.approx(want, abs=1e-12)
    assert not entry.weights.flags.writeable


def test_every_kernel_of_the_teaching_plan_is_there() -> None:
    assert [k.id for k in catalogue()] == [
        "identity", "vertical-edge", "horizontal-edge", "prewitt-x", "prewitt-y", "sobel-x", "sobel-y", "scharr-x",
        "scharr-y", "laplacian-4", "laplacian-8", "sharpen", "sharpen-strong", "box-3", "box-5", "box-7", "gaussian-3",
        "gaussian-5", "gaussian-7", "emboss", "emboss-relief", "log-5", "sobel-x-5", "sobel-y-5", "sobel-x-7",
        "sobel-y-7", "gabor-7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kernel", "rows"),
    [
        ("vertical-edge", [[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
        ("horizontal-edge", [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
        ("prewitt-x", [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel-y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("scharr-x", [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
        ("laplacian-4", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("laplacian-8", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("emboss-relief", [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]),
        ("gaussian-3", [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]]),
    ],
)
def test_matrices(kernel: str, rows: list[list[float]]) -> None:
    assert named_kernel(kernel).weights.tolist() == rows


def test_larger_smoothing_and_derivatives() -> None:
    assert (named_kernel("gaussian-5").weights * 256)[2].tolist() == [6, 24, 36, 24, 6]
    assert (named_kernel("gaussian-7").weights * 4096)[0].tolist() == [1, 6, 15, 20, 15, 6, 1]
    assert named_kernel("box-7").weights.tolist() == [[1 / 49] * 7] * 7
    # the binomial 1 2 1 convolved with -1 0 1, beside the binomial 1 4 6 4 1
    assert named_kernel("sobel-x-5").weights[0].tolist() == [-1, -2, 0, 2, 1]
    assert named_kernel("sobel-x-5").weights[2].tolist() == [-6, -12, 0, 12, 6]
    assert np.array_equal(named_kernel("sobel-y-7").weights, named_kernel("sobel-x-7").weights.T)


def test_the_gabor_kernel_is_upright_and_alternates_every_half_wavelength() -> None:
    weights = named_kernel("gabor-7").weights
    assert weights.shape == (7, 7)
    assert np.allclose(weights, weights[::-1, ::-1])
    assert weights[3, 3] == weights.max()
    # cos(2π·2/4) = -1 two columns from the middle, exp(-4/8) of the height there
    offset = 1.0 - weights[3, 3]
    assert weights[3, 5] + offset == pytest.approx(-np.exp(-0.5), abs=1e-12)


def test_an_unknown_id_lists_those_there_are() -> None:
    with pytest.raises(
        BadInput, match="'sobel' is neither a file nor a known name: give a file or one of identity, "
    ):
        named_kernel("sobel")


def test_search_takes_words_in_any_case() -> None:
    assert [k.id for k in search("BLUR 5")] == ["box-5", "gaussian-5"]
    assert [k.id for k in search("edge")] == ["vertical-edge", "horizontal-edge"]
    assert search("nothing like it") == ()
    assert len(search("")) == len(catalogue())


def test_a_kernel_is_known_by_its_weights() -> None:
    assert name_of(np.array([[1.0, 0, -1]] * 3)) == "Vertical edge"
    assert name_of(np.array([[1.0, 0, -2]] * 3)) == ""

"""Matrices as text to paste elsewhere."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.matrices import format_matrix


def test_plain_has_tabs_between_cells() -> None:
    assert format_matrix(np.array([[1.0, -0.0], [0.1, 1e-7]])) == "1\t0\n0.1\t1e-07"


@pytest.mark.parametrize(
    ("rows", "kind", "text"),
    [
        ([[1, -2], [3, 4]], np.int64, "np.array([[1, -2],\n          [3, 4]])"),
        ([[1, -2]], np.float64, "np.array([[1, -2]], dtype=float)"),
        ([[0.1, 1 / 3]], np.float64, "np.array([[0.1, 0.3333333333333333]])"),
        ([[0.1, 2]], np.float32, "np.array([[0.1, 2]], dtype=np.float32)"),
    ],
)
def test_numpy_keeps_the_kind_of_the_numbers(
    rows: list[list[float]], kind: type[np.generic], text: str
) -> None:
    assert format_matrix(np.array(rows, dtype=kind), "numpy") == text


def test_latex_writes_powers_of_ten() -> None:
    text = format_matrix(np.array([[1.0, -1e-5], [0.5, 2.0]]), "latex")
    assert text == "\\begin{bmatrix}\n  1 & -1\\cdot 10^{-5} \\\\\n  0.5 & 2\n\\end{bmatrix}"


def test_what_is_not_finite_has_its_sign() -> None:
    array = np.array([[np.nan, np.inf, -np.inf]])
    assert format_matrix(array) == "nan\tinf\t-inf"
    assert format_matrix(array, "numpy") == "np.array([[np.nan, np.inf, -np.inf]])"
    assert r"\mathrm{NaN} & \infty & -\infty" in format_matrix(array, "latex")


def test_truth_values_are_written_as_0_and_1() -> None:
    assert format_matrix(np.array([[True, False]])) == "1\t0"


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((0, 2)), np.array([["a"]]), np.zeros((1, 1, 1))])
def test_only_a_plane_of_numbers_is_a_matrix(array: NDArray[Any]) -> None:
    with pytest.raises(BadInput, match="one plane of numbers"):
        format_matrix(array)

"""Matrices in the ways people write them, and the rules for what could mean two things."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.matrix_text import parse_matrices

EDGE = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0]]


@pytest.mark.parametrize(
    "text",
    [
        "1 0 -1\n2 0 -2",
        "1\t0\t-1\r\n2\t0\t-2\r\n",
        "1,0,-1\n2,0,-2\n",
        "1, 0, −1\n2, 0, −2",
        "1 0 -1; 2 0 -2",
        "1,0,-1;2,0,-2",
        "1 0 -1;\n2 0 -2;\n",
        "1;0;-1\n2;0;-2",
        "[1 0 -1; 2 0 -2]",
        "[1, 0, -1\n 2, 0, -2]",
        "K = [1 0 -1; ... % next\n 2 0 -2];",
        "[[1,0,-1],[2,0,-2]]",
        "[[1, 0, -1],\n [2, 0, -2],]",
        "((1,0,-1),(2,0,-2))",
        "[[ 1.  0. -1.]\n [ 2.  0. -2.]]",
        "array([[ 1.,  0., -1.],\n       [ 2.,  0., -2.]])",
        "kernel = np.array([[1, 0, -1], [2, 0, -2]], dtype=np.float32)",
        "torch.tensor([[1., 0., -1.], [2., 0., -2.]], device='cuda:0', requires_grad=True)",
        "const float k[2][3] = {{1, 0, -1},\n {2, 0, -2}};",
        "{{1,0,-1},{2,0,-2}}",
        "[1 0 -1]\n[2 0 -2]",
        "[1 0 -1] [2 0 -2]",
        "# an edge\n1 0 -1 # bright\n\t2 0 -2 % dark\n",
        r"\begin{bmatrix} 1 & 0 & -1 \\ 2 & 0 & -2 \end{bmatrix}",
        r"$\left(\begin{array}{ccc} 1 & 0 & -1 \\ 2 & 0 & -2 \\ \end{array}\right)$",
        "1e0 0e5 -10e-1\n4/2 0/7 -2",
    ],
)
def test_one_matrix_is_understood_in_every_notation(text: str) -> None:
    np.testing.assert_array_equal(parse_matrices(text), EDGE)


@pytest.mark.parametrize(
    "text",
    [
        "1/4 * [1 2; 3 4]",
        "1/4*[[1,2],[3,4]]",
        "1/4 [1 2; 3 4]",
        "(1/4)*[1 2; 3 4]",
        "0,25*[1 2; 3 4]",
        "[1 2; 3 4]/4",
        "[1 2; 3 4] * 0.25",
        "[1 2; 3 4] * 1/4",
        "[1 2\n3 4]\n/ 4",
        "np.array([[1, 2], [3, 4]]) / 4.0",
        "(1/2 * [1 2; 3 4]) / 2",
        "1/4 ×\n1 2\n3 4",
        "1 2\n3 4\n/ 4",
        "1 2\n3 4\n* 0.25",
        r"\frac{1}{4} \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
    ],
)
def test_a_common_factor_multiplies_every_number(text: str) -> None:
    np.testing.assert_array_equal(parse_matrices(text), [[0.25, 0.5], [0.75, 1.0]])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0,5 0,25\n1 2", [[0.5, 0.25], [1, 2]]),
        ("0,5 0,25; 1 2", [[0.5, 0.25], [1, 2]]),
        ("[0,5 0,25; 1,5 2]", [[0.5, 0.25], [1.5, 2]]),
        ("1,0\n0,1", [[1, 0], [0, 1]]),
        ("1,0;0,1", [[1, 0], [0, 1]]),
        ("[1,0;0,1]", [[1, 0], [0, 1]]),
        ("0,5;1\n1;0,25", [[0.5, 1], [1, 0.25]]),
        ("1;2\n3;4", [[1, 2], [3, 4]]),
        ("1;2;3", [[1], [2], [3]]),
        ("[1;2\n3;4]", [[1], [2], [3], [4]]),
        ("1 2;3 4\n5 6", [[1, 2], [3, 4], [5, 6]]),
        ("0,5\t0,25", [[0.5, 0.25]]),
        ("1 -1", [[1, -1]]),
        ("5", [[5]]),
    ],
)
def test_of_two_meanings_the_documented_one_holds(text: str, rows: list[list[float]]) -> None:
    np.testing.assert_array_equal(parse_matrices(text), rows)


@pytest.mark.parametrize(
    "text",
    [
        "1 2\n3 4\n\n5 6\n7 8",
        "1 2\n3 4\n \t\n\n5 6\n7 8\n",
        "[1 2; 3 4]\n[5 6; 7 8]",
        "[1 2; 3 4]\n\n[10 12; 14 16] / 2",
        "[[[1,2],[3,4]],[[5,6],[7,8]]]",
        "[[[1. 2.]\n  [3. 4.]]\n\n [[5. 6.]\n  [7. 8.]]]",
    ],
)
def test_several_matrices_get_an_axis_of_their_own(text: str) -> None:
    np.testing.assert_array_equal(parse_matrices(text), [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])


def test_a_row_that_a_print_out_broke_is_one_row() -> None:
    printed = np.array2string(np.arange(60.0).reshape(2, 30))
    assert printed.count("\n") > 2
    np.testing.assert_array_equal(parse_matrices(printed), np.arange(60.0).reshape(2, 30))


def test_four_axes_are_kept() -> None:
    assert parse_matrices("tensor([[[[1., 2.]], [[3., 4.]]]])").shape == (1, 2, 1, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no numbers"),
        ("[]", "there are no numbers"),
        (" , ", "there are no numbers"),
        ("1 2\n3 a", "the 2nd row: 'a' is not a number"),
        ("[1 2; 3 4; x 6]", "the 3rd row: 'x' is not a number"),
        ("[[1, 2],\n [3, y]]", "the 2nd row: 'y' is not a number"),
        ("np.ones((3,3))/9", "the 1st row: 'np.ones' is not a number"),
        ("1 2\n3", "the 2nd row has 1 number, the 1st has 2"),
        ("[[1,2],[3]]", "the 2nd row has 1 number, the 1st has 2"),
        ("1 2\n3 4\n\n5 6\n7", "the 2nd matrix: the 2nd row has 1 number"),
        ("1 2\n\n1 2\n3 4", "the 2nd matrix is 2×2, the 1st is 1×2"),
        ("1 nan", "the 1st row: nan is not a finite number"),
        ("1 2\n-Infinity 3", "the 2nd row: -Infinity is not a finite number"),
        ("1 ∞", "not a finite number"),
        ("1e999", "1e999 is not finite"),
        ("1e300 * [1e300]", "not finite"),
        ("[1 2] / 1e-320 * 1e300", "not finite"),
        ("1 2\n1/0 3", "the 2nd row: 1/0 divides by zero"),
        ("[1 2] / 0", "divided by zero"),
        ("[1 2", r"\[ is never closed"),
        ("1 2]", "closes none that is open"),
        ("[1 2)", "closes none that is open"),
        ("1,,2", "the 1st row has no 2nd number"),
        ("1 2\n,3 4", "the 2nd row has no 1st number"),
        ("1\t\t3", "empty cell between two tabs"),
        ("1-1", "'1-1' is not a number"),
        ("1.2.3", "'1.2.3' is not a number"),
        ("1_000", "is not a number"),
        ("- 1", "a - stands alone"),
        ("50% 20%", "percentages"),
        ("[1, 2, ..., 9]", "left out"),
        ("[1 2] * [3; 4]", "two matrices are multiplied"),
        ("2 / [1 2]", "a matrix stands after /"),
        ("1 * 2", "stands between numbers"),
        ("[1 2] *", "nothing to multiply"),
        ("* [1 2]", "nothing to multiply"),
        ("[[1, 2], 3]", "a number stands beside a matrix"),
        ("[" * 9 + "1" + "]" * 9, "more than 8 brackets"),
        ("1 " * 4_000_001, "has 8000002 characters"),
        ("1" * 101, "is not a number"),
        ("__import__('os').system('true')", "is not a number"),
    ],
)
def test_what_is_no_matrix_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        parse_matrices(text, "kernel")
    message = str(refused.value)
    assert message.startswith("kernel")
    assert "\n" not in message
    assert len(message) < 200


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[]" * 100_000, "(" * 50_000 + "1" + ")" * 50_000, "{" * 100_000]
)
def test_a_hundred_thousand_brackets_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_matrices(text)


@pytest.mark.parametrize(
    ("text", "size"), [("1/9 " * 100_000, 100_000), (";\n" * 200_000 + "1;1", 2), ("[1]" + "/1" * 20_000, 1)]
)
def test_long_texts_are_read_in_one_pass(text: str, size: int) -> None:
    # It took minutes when a part of the text was read again for every sign in it.
    assert parse_matrices(text).size == size

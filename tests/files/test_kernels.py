"""Kernels from text and from every kind of file, within the limits."""

from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.kernels import parse_kernels, read_kernels, read_weights
from cnnviz.files.matrices import STYLES, format_matrix

BOX = np.full((1, 3, 3), 1 / 9)


def test_a_kernel_is_one_of_n_and_cannot_be_written_to() -> None:
    kernels = parse_kernels("1/9 * [1 1 1; 1 1 1; 1 1 1]")
    np.testing.assert_array_equal(kernels, BOX)
    assert kernels.dtype == np.float64
    assert not kernels.flags.writeable


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 2), (2, 5), (31, 31), (1, 31), (4, 7)])
def test_even_and_non_square_kernels_up_to_31_are_read(rows: int, columns: int) -> None:
    values = np.arange(rows * columns, dtype=float).reshape(rows, columns) / 7
    assert parse_kernels(str(values.tolist()))[0].tolist() == values.tolist()


@pytest.mark.parametrize("style", STYLES)
def test_a_copied_matrix_is_read_back_exactly(style: str) -> None:
    values = np.random.default_rng(3).normal(size=(4, 5)) * 10.0 ** np.arange(-7, 13, 4)
    chosen = next(s for s in STYLES if s == style)
    assert parse_kernels(format_matrix(values, chosen))[0].tolist() == values.tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n".join(["1"] * 32), "is 32×1, the limit is 31×31"),
        (" ".join(["1"] * 32), "is 1×32, the limit is 31×31"),
        ("\n\n".join(["1"] * 1025), "the limit is 1024 kernels"),
        ("[[[[1]]]]", r"has the shape \(1, 1, 1, 1\)"),
        ("a b", "'a' is not a number"),
    ],
)
def test_text_beyond_the_limits_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        parse_kernels(text)


def test_a_pasted_json_object_is_read() -> None:
    assert parse_kernels(' {"kernel": [[1, "1/2"]]}').tolist() == [[[1.0, 0.5]]]


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("k.txt", "1 2\n3 4\n", [[[1, 2], [3, 4]]]),
        ("k.kernel", "[1 2; 3 4]", [[[1, 2], [3, 4]]]),
        ("k.csv", "1,2\n3,4\n", [[[1, 2], [3, 4]]]),
        ("k.csv", "\ufeff0,5;1\r\n1/4;2\r\n", [[[0.5, 1], [0.25, 2]]]),
        ("k.csv", "1;2;3\n", [[[1, 2, 3]]]),
        ("k.csv", "1,2\n3,4\n,\n5,6\n7,8\n", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
        ("k.csv", "[[1,2],[3,4]]", [[[1, 2], [3, 4]]]),
        ("k.tsv", "1\t2\n3\t4\n", [[[1, 2], [3, 4]]]),
        ("k.json", "[[1,2],[3,4]]", [[[1, 2], [3, 4]]]),
        ("k.JSON", '{"weight": [[[[1,2]],[[3,4]]]]}', [[[[1, 2]], [[3, 4]]]]),
    ],
)
def test_a_text_file_is_read(tmp_path: Path, name: str, text: str, values: object) -> None:
    (tmp_path / name).write_bytes(text.encode())
    np.testing.assert_array_equal(read_kernels(tmp_path / name), np.asarray(values))


def test_text_in_other_encodings_is_read(tmp_path: Path) -> None:
    path = tmp_path / "k.txt"
    path.write_bytes("1 −2".encode("utf-16"))
    assert read_kernels(path).tolist() == [[[1, -2]]]
    path.write_bytes("1 –2 # Schärfen".encode("cp1252"))
    assert read_kernels(path).tolist() == [[[1, -2]]]


@pytest.mark.parametrize("shape", [(5,), (2, 3), (4, 2, 3), (4, 3, 2, 2)])
def test_arrays_of_one_to_four_axes_are_read(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    np.save(tmp_path / "k.npy", values)
    kernels = read_kernels(str(tmp_path / "k.npy"))
    assert kernels.shape == {1: (1, 1, 5), 2: (1, 2, 3)}.get(len(shape), shape)
    assert kernels.ravel().tolist() == values.ravel().tolist()


def test_the_bias_of_a_json_file_comes_with_its_weights(tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    path.write_text('{"weight": [[[1]], [[2]]], "bias": [3, 4]}')
    weights, bias = read_weights(path)
    assert weights.shape == (2, 1, 1)
    assert bias is not None
    assert bias.tolist() == [3, 4]
    path.write_text('{"weight": [[[1]], [[2]]], "bias": [3]}')
    with pytest.raises(BadInput, match="one number for each of 2 kernels"):
        read_weights(path)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("k.txt", b"1 2\n3 x", "the 2nd row: 'x'"),
        ("k.csv", b"1,2\n3,x", "line 2, cell 2: 'x'"),
        ("k.csv", b"1,2\n\n3", r"kernel 2 has the shape \(1, 1\)"),
        ("k.csv", b"1\n\n" * 1025, "the limit is 1024"),
        ("k.txt", b"1 2\0", "is not text"),
        ("k.json", b"[[1,", "not well-formed JSON"),
        ("k.npy", b"\x93NUMPY", "is not a .npy file"),
        ("k.txt", b"", "is empty"),
    ],
)
def test_a_bad_kernel_file_is_one_line_that_names_it(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match=words) as refused:
        read_kernels(tmp_path / name)
    assert str(refused.value).startswith(str(tmp_path / name))
    assert "\n" not in str(refused.value)

"""Reads kernels: text in the ways people write matrices, tables, JSON and .npy files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.arrays import NPY_MAGIC, parse_table, read_npy
from cnnviz.files.matrix_json import JSON_BYTES, parse_json
from cnnviz.files.matrix_text import parse_matrices
from cnnviz.files.numbers import parse_number
from cnnviz.files.reading import PathLike, decode_text, plain_signs, read_bytes, read_head, shown
from cnnviz.lesson.planes import MAX_KERNEL, MAX_KERNELS

__all__ = ["parse_kernels", "parse_number", "read_kernels", "read_weights"]

_MAX_ITEMS = 16_000_000


def parse_kernels(text: str, where: str = "kernel") -> NDArray[np.float64]:
    """Read one or several kernels of the same size from text, as typed, pasted or kept in a file.

    `matrix_text.parse_matrices` says which ways of writing are understood; a JSON object with ``kernel`` or
    ``weight`` is as well. Nothing is evaluated.

    Parameters
    ----------
    text : str
    where : str
        What to call the text in an error: a file's name, or "kernel".

    Returns
    -------
    ndarray of float64, (N, rows, columns), read-only

    Raises
    ------
    BadInput
        No numbers, a word, ragged rows, NaN, infinity, a division by zero, more than 31 rows or columns,
        more than 1024 kernels.
    """
    weights = _parse(text, where)[0]
    if weights.ndim != 3:
        raise BadInput(f"{where}: has the shape {weights.shape}; give one matrix, or a list of matrices")
    return weights


def read_kernels(path: PathLike) -> NDArray[np.float64]:
    """Read the kernels of a .npy, .json, .csv, .tsv or text file; `read_weights` gives their bias too.

    Returns
    -------
    ndarray of float64, (N, rows, columns) or (N, channels, rows, columns), read-only

    Raises
    ------
    BadInput
        The file cannot be read, or as in `parse_kernels`.
    """
    return read_weights(path)[0]


def read_weights(path: PathLike) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Read kernels as `read_kernels` does, and the bias, (N,), that JSON may hold beside them, or None."""
    name = shown(path)
    if read_head(path).startswith(NPY_MAGIC):
        return _checked(read_npy(path, _MAX_ITEMS), name), None
    text = decode_text(read_bytes(path, JSON_BYTES), name)
    suffix = Path(path).suffix.lower()
    if suffix == ".json":
        return _with_bias(*parse_json(text, name), name)
    if suffix in (".csv", ".tsv"):
        return _checked(_tables(text, name), name), None
    return _parse(text, name)


def _parse(text: str, where: str) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    if text.lstrip("\ufeff \t\r\n").startswith("{") and '"' in text:
        return _with_bias(*parse_json(text, where), where)
    return _checked(parse_matrices(text, where), where), None


def _tables(text: str, where: str) -> NDArray[np.float64]:
    """A kernel for each table that blank lines part; a spreadsheet's blank line has separators in it."""
    tables: list[list[str]] = [[]]
    for line in plain_signs(text).split("\n"):
        if line.strip(' ;,\t"'):
            tables[-1].append(line)
        elif tables[-1]:
            tables.append([])
    texts = ["\n".join(lines) for lines in tables if lines]
    if len(texts) > MAX_KERNELS:
        raise BadInput(f"{where}: holds {len(texts)} kernels, the limit is {MAX_KERNELS}; give fewer")
    if any(mark in text for mark in "[({"):
        return parse_matrices(text, where)  # a .csv by name only
    if len(texts) < 2:
        return parse_table(text, where)
    parsed = [parse_table(part, f"{where}: kernel {k + 1}") for k, part in enumerate(texts)]
    for k, kernel in enumerate(parsed):
        if kernel.shape != parsed[0].shape:
            raise BadInput(
                f"{where}: kernel {k + 1} has the shape {kernel.shape}, kernel 1 has {parsed[0].shape}; "
                "make all of the same size"
            )
    return np.stack(parsed)


def _with_bias(
    weights: NDArray[np.float64], bias: NDArray[np.float64] | None, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    weights = _checked(weights, where)
    if bias is not None and bias.shape != (len(weights),):
        raise BadInput(
            f"{where}: bias has the shape {bias.shape}, give one number for each of {len(weights)} kernels"
        )
    return weights, bias


def _checked(array: NDArray[Any], where: str) -> NDArray[np.float64]:
    """Bring an array to (N, rows, columns) or (N, channels, rows, columns), within the limits."""
    if not 1 <= array.ndim <= 4:
        raise BadInput(f"{where}: has {array.ndim} axes; give (rows, columns), (N, rows, columns) or 4 axes")
    weights = np.array(array, dtype=np.float64, order="C", ndmin=2)
    if weights.ndim == 2:
        weights = weights[np.newaxis]
    rows, columns = weights.shape[-2:]
    if max(rows, columns) > MAX_KERNEL:
        raise BadInput(
            f"{where}: is {rows}×{columns}, the limit is {MAX_KERNEL}×{MAX_KERNEL}; give a smaller kernel"
        )
    if max(weights.shape[:-2]) > MAX_KERNELS:
        raise BadInput(
            f"{where}: has the shape {weights.shape}, the limit is {MAX_KERNELS} kernels; give fewer"
        )
    weights.setflags(write=False)
    return weights

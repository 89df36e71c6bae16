"""Writes a matrix as text, for "copy as matrix": for spreadsheets, for NumPy and for LaTeX."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput

Style = Literal["plain", "numpy", "latex"]
STYLES: tuple[Style, ...] = ("plain", "numpy", "latex")

_NUMPY = {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}
_LATEX = {"nan": r"\mathrm{NaN}", "inf": r"\infty", "-inf": r"-\infty"}


def format_matrix(array: NDArray[Any], style: Style = "plain") -> str:
    r"""Write a matrix exactly: each number has the fewest digits that tell it from its neighbours.

    Parameters
    ----------
    array : ndarray, (rows, columns)
        Whole, boolean or floating-point numbers; a negative zero is written as 0.
    style : {"plain", "numpy", "latex"}
        Lines with tabs between the cells, which spreadsheets take; an expression ``np.array([[...]])`` that
        keeps the kind of the numbers; or a ``bmatrix``, with :math:`1\cdot 10^{-5}` for powers of ten.

    Returns
    -------
    str
        Without a line end after the last row.
    """
    if array.ndim != 2 or array.size == 0 or array.dtype.kind not in "fiub":
        raise BadInput(
            f"cannot copy an array of shape {array.shape} as a matrix: choose one plane of numbers"
        )
    if array.dtype.kind == "b":
        array = array.astype(np.uint8)
    rows = [[_shortest(value) for value in row] for row in array]
    if style == "numpy":
        return _numpy(rows, array.dtype)
    if style == "latex":
        body = " \\\\\n".join("  " + " & ".join(_latex(cell) for cell in row) for row in rows)
        return f"\\begin{{bmatrix}}\n{body}\n\\end{{bmatrix}}"
    if style == "plain":
        return "\n".join("\t".join(row) for row in rows)
    raise BadInput(f"matrix style {style!r} is unknown: give {', '.join(STYLES)}")


def _shortest(value: Any) -> str:
    if value == 0:
        return "0"
    # NumPy's own str, not float's: 0.1 of float32 is 0.1 and not 0.10000000149011612.
    return str(value).removesuffix(".0")


def _numpy(rows: list[list[str]], dtype: np.dtype[Any]) -> str:
    lines = ["[" + ", ".join(_NUMPY.get(cell, cell) for cell in row) + "]" for row in rows]
    body = ",\n          ".join(lines)
    if dtype.kind != "f":
        return f"np.array([{body}])"
    # Whole numbers alone would become integers, and decimals alone float64.
    whole = all(cell.lstrip("-").isdigit() for row in rows for cell in row)
    if dtype.itemsize == 8:
        kind = ", dtype=float" if whole else ""
    else:
        kind = f", dtype=np.{dtype}"
    return f"np.array([{body}]{kind})"


def _latex(cell: str) -> str:
    if cell in _LATEX:
        return _LATEX[cell]
    mantissa, mark, power = cell.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(power)}}}" if mark else mantissa

"""Understands matrices in the ways people write them, without ever evaluating text as a program."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.matrix_tokens import Group, Item, tokenise
from cnnviz.files.reading import counted, nth

Array = NDArray[np.float64]

_SEPARATORS = (",", ";", "\n", "\n\n")


def parse_matrices(text: str, where: str = "matrix") -> Array:
    """Read one or several matrices of the same size, of any size.

    Rows are lines, or are parted by ``;``, or are in brackets of their own ([ ], ( ) or { }); cells are
    parted by blanks, tabs or commas. Several matrices are parted by a blank line or are nested in one more
    bracket. A matrix may have a common factor: ``1/9 * [...]``, ``1/9 [...]``, ``[...] / 16``; without
    brackets the factor stands in a line of its own, ``1/9 *`` before the rows or ``/ 16`` after them. Names
    of functions and variables around it (``np.array(..., dtype=float)``, ``K = ...``), comments after # or
    %, and LaTeX's ``bmatrix`` are understood.

    Of two possible meanings, this one holds: a comma is a decimal comma by the rule of
    `numbers.decimal_commas`; a semicolon parts rows, but it parts cells where there are no brackets, at
    least two lines, and one number between any two marks, as in a spreadsheet's ``0,5;1``.

    Returns
    -------
    ndarray of float64
        (rows, columns) for one matrix, with an axis for each further nesting or for several matrices.

    Raises
    ------
    BadInput
        The text is no such thing; the line names the row.
    """
    outermost = tokenise(text, where)
    blocks = [
        block for block in _split(outermost.items, "\n\n") if any(item not in _SEPARATORS for item in block)
    ]
    if not blocks:
        raise BadInput(f"{where}: there are no numbers; give rows such as 1 0 -1")
    several = len(blocks) > 1
    found: list[Array] = []
    for k, block in enumerate(blocks):
        found += _block(block, f"{where}: the {nth(k + 1)} matrix" if several else where)
    if len(found) == 1:
        return found[0]
    if any(array.ndim > 2 for array in found):
        raise BadInput(f"{where}: lists of matrices stand side by side; put all matrices in one list")
    return _stack(found, where)


def _block(items: list[Item], where: str) -> list[Array]:
    """The matrices between two blank lines; rows that are each in brackets are one matrix."""
    if not _groups(items):
        return [_bare(items, where)]
    parts = _parts(items, where, wrapped=False)
    if all(part.ndim == 1 for part in parts):
        return [_stack(parts, where)]
    return [np.atleast_2d(part) for part in parts]


def _evaluate(group: Group, where: str, wrapped: bool) -> Array:
    """The array in one pair of brackets; `wrapped` says that its lines are one row broken by a print-out."""
    if not _groups(group.items):
        _refuse_signs(group.items, where)
        rows = _rows(group.items, where, wrapped)
        return np.array(rows[0]) if len(rows) == 1 else _stack([np.array(row) for row in rows], where)
    parts = _parts(group.items, where, wrapped=len(_groups(group.items)) > 1)
    # Round brackets of a call or of arithmetic only enclose; all others are one level of nesting.
    return parts[0] if len(parts) == 1 and group.bracket == "(" else _stack(parts, where)


def _parts(items: list[Item], where: str, wrapped: bool) -> list[Array]:
    """The arrays that stand side by side, each with its factors applied."""
    parts: list[list[Item]] = []
    current: list[Item] = []
    for item in items:
        if isinstance(item, str) and item in _SEPARATORS:
            if current and current[-1] not in ("*", "/"):
                parts.append(current)
                current = []
        elif isinstance(item, str):
            # A sign at the start of a line goes on with what stood before it.
            if parts and not current:
                current = parts.pop()
            current.append(item)
        elif current and current[-1] not in ("*", "/"):
            if isinstance(item, Group) and isinstance(current[-1], float):
                current += ["*", item]  # 1/9 [...]
            else:
                parts.append(current)
                current = [item]
        else:
            current.append(item)
    if current:
        parts.append(current)
    return [_product(part, where, wrapped) for part in parts]


def _product(items: list[Item], where: str, wrapped: bool) -> Array:
    if not _groups(items):
        raise BadInput(
            f"{where}: a number stands beside a matrix in brackets; write factor * [...], or remove it"
        )
    operands, signs = items[0::2], items[1::2]
    if len(operands) == len(signs) or any(isinstance(operand, str) for operand in operands):
        raise BadInput(
            f"{where}: a * or / has nothing to multiply or divide; write factor * [...] or [...] / number"
        )
    values = [_evaluate(o, where, wrapped) if isinstance(o, Group) else np.array(o) for o in operands]
    result = values[0]
    for sign, value in zip(signs, values[1:], strict=True):
        result = _times(result, value, where) if sign == "*" else _divided(result, value, where)
    return result


def _times(a: Array, b: Array, where: str) -> Array:
    if a.size > 1 and b.size > 1:
        raise BadInput(
            f"{where}: two matrices are multiplied; give the product itself, or one factor and one matrix"
        )
    # The one that is just a number must not lend its brackets to the other.
    if a.size > 1:
        b = b.ravel()[0]
    elif b.size > 1:
        a = a.ravel()[0]
    with np.errstate(over="ignore"):
        return _finite(a * b, where)


def _divided(a: Array, b: Array, where: str) -> Array:
    if b.size > 1:
        raise BadInput(f"{where}: a matrix stands after /; divide by a number")
    divisor = float(b.ravel()[0])
    if divisor == 0.0:
        raise BadInput(f"{where}: a matrix is divided by zero; give another denominator")
    with np.errstate(over="ignore"):
        return _finite(a / divisor, where)


def _finite(array: Array, where: str) -> Array:
    if not np.isfinite(array).all():
        raise BadInput(f"{where}: with its factor a number is not finite; give a smaller factor")
    return array


def _bare(items: list[Item], where: str) -> Array:
    """Rows without brackets, with a factor in a line of its own before or after them."""
    filled = [i for i, item in enumerate(items) if item not in _SEPARATORS]
    items = items[filled[0] : filled[-1] + 1]
    factor, divisor = 1.0, 1.0
    if len(items) > 3 and isinstance(items[0], float) and items[1] == "*" and items[2] == "\n":
        factor, items = items[0], items[3:]
    if len(items) > 3 and items[-3] == "\n" and items[-2] in ("*", "/") and isinstance(items[-1], float):
        if items[-2] == "*":
            factor *= items[-1]
        else:
            divisor = items[-1]
        items = items[:-3]
    _refuse_signs(items, where)
    matrix = _stack([np.array(row) for row in _rows(items, where, wrapped=False)], where)
    return _divided(_times(matrix, np.array(factor), where), np.array(divisor), where)


def _rows(items: list[Item], where: str, wrapped: bool) -> list[list[float]]:
    rows: list[list[float]] = [[]]
    comma = True  # at the start of a row, and after a comma: another comma would leave an empty cell
    for item in items:
        if isinstance(item, float):
            rows[-1].append(item)
            comma = False
        elif item == ",":
            if comma:
                raise BadInput(
                    f"{where}: the {nth(len(rows))} row has no {nth(len(rows[-1]) + 1)} number; write 0 for nothing"
                )
            comma = True
        elif item == ";" or not wrapped:
            if rows[-1]:
                rows.append([])
            comma = True
    if not rows[-1]:
        rows.pop()
    if not rows:
        raise BadInput(f"{where}: there are no numbers; give rows such as 1 0 -1")
    return rows


def _stack(parts: Sequence[Array], where: str) -> Array:
    for i, part in enumerate(parts):
        if part.shape == parts[0].shape:
            continue
        if part.ndim == 1 and parts[0].ndim == 1:
            raise BadInput(
                f"{where}: the {nth(i + 1)} row has {counted(len(part), 'number')}, the 1st has {len(parts[0])}; "
                "make all rows equally long"
            )
        raise BadInput(
            f"{where}: the {nth(i + 1)} matrix is {_by(part)}, the 1st is {_by(parts[0])}; make all of the same size"
        )
    return np.stack(parts)


def _by(array: Array) -> str:
    return "×".join(str(n) for n in array.shape) or "a number"


def _refuse_signs(items: list[Item], where: str) -> None:
    sign = next((item for item in items if item in ("*", "/")), None)
    if sign is not None:
        raise BadInput(
            f"{where}: {sign} stands between numbers; put the matrix in brackets: 1/9 * [1 1; 1 1]"
        )


def _groups(items: list[Item]) -> list[Group]:
    return [item for item in items if isinstance(item, Group)]


def _split(items: list[Item], mark: str) -> list[list[Item]]:
    blocks: list[list[Item]] = [[]]
    for item in items:
        if item == mark:
            blocks.append([])
        else:
            blocks[-1].append(item)
    return blocks

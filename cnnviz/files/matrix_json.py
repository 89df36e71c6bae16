"""Reads numbers from JSON, where a file may hold millions of brackets, NaN, or numbers beyond all bounds."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.matrix_tokens import MAX_DEPTH
from cnnviz.files.numbers import parse_number
from cnnviz.files.reading import shown

JSON_BYTES = 32_000_000
"""So large a JSON file of numbers may be; more belongs into a .npy file."""

NAMES = ("kernel", "kernels", "weight", "weights")
"""The names under which an object may hold its weights, the first that is there."""

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


def load_json(text: str, where: str) -> Any:
    """Parse JSON; BadInput when it is malformed, too long, nested too deep, or holds NaN or infinity."""
    if len(text) > JSON_BYTES:
        raise BadInput(
            f"{where}: has {len(text)} characters, the limit is {JSON_BYTES}; save the numbers as .npy"
        )
    _check_depth(text, where)

    def constant(name: str) -> NoReturn:
        raise BadInput(f"{where}: {name} is not a finite number; give finite ones")

    def number(digits: str) -> float:
        return parse_number(digits, where)

    try:
        return json.loads(text, parse_int=number, parse_float=number, parse_constant=constant)
    except BadInput:
        raise
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{where}: is not well-formed JSON, line {error.lineno}, column {error.colno}: {shown(error.msg)}; "
            "give a list of rows such as [[1, 0, -1], [1, 0, -1]]"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadInput(
            f"{where}: is not JSON that can be read here; give a list of rows of numbers"
        ) from error


def parse_json(text: str, where: str) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Read nested lists of numbers, or an object with ``kernel`` or ``weight`` and perhaps a ``bias``.

    Numbers may also be strings such as ``"1/9"``.

    Returns
    -------
    weights : ndarray of float64
        With one axis for each nesting, at least (rows, columns).
    bias : ndarray of float64, (N,), or None
    """
    value = load_json(text, where)
    bias = None
    if isinstance(value, dict):
        name = next((name for name in NAMES if name in value), None)
        if name is None:
            raise BadInput(f'{where}: has no "kernel" and no "weight"; give {{"kernel": [[1, 0, -1], ...]}}')
        if value.get("bias") is not None:
            bias = np.atleast_1d(nested_array(value["bias"], f"{where}: bias"))
        value = value[name]
    return np.atleast_2d(nested_array(value, where)), bias


def nested_array(value: object, where: str) -> NDArray[np.float64]:
    """Make an array of nested lists of numbers; BadInput when ragged, empty, or with anything else in them."""
    if isinstance(value, float):
        return np.array(value)
    if isinstance(value, str):
        return np.array(parse_number(value, where))
    if not isinstance(value, list):
        what = {bool: "true or false", dict: "an object"}.get(type(value), "null")
        raise BadInput(f"{where}: holds {what} where a number or a list belongs; give numbers only")
    if not value:
        raise BadInput(f"{where}: has an empty list; give at least one number")
    if all(isinstance(item, float) for item in value):
        return np.array(value)
    parts = [nested_array(item, f"{where}, item {i + 1}") for i, item in enumerate(value)]
    for i, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise BadInput(
                f"{where}: item {i + 1} has the shape {part.shape}, item 1 has {parts[0].shape}; "
                "make all rows equally long"
            )
    return np.stack(parts)


def _check_depth(text: str, where: str) -> None:
    # Before parsing: a hundred thousand open brackets exhaust the parser's stack, not only its patience.
    depth = 0
    for match in _BRACKET.finditer(text):
        mark = match[0]
        depth += 1 if mark in "[{" else -1 if mark in "]}" else 0
        if depth > MAX_DEPTH:
            raise BadInput(
                f"{where}: more than {MAX_DEPTH} brackets are nested; give a list of rows of numbers"
            )

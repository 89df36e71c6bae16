"""Works out a formula as it is printed, so that what the stage says can be checked against what is true."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

SIGNS = {
    "−": "-", "·": "*", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "√": "sqrt", "½": "0.5", "³": "**3",
    "π": "pi", "Φ": "normal",
}  # fmt: skip

FUNCTIONS: dict[str, Callable[..., float]] = {
    "floor": math.floor, "ceil": math.ceil, "sqrt": math.sqrt, "max": max, "min": min, "exp": math.exp,
    "tanh": math.tanh, "normal": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
}  # fmt: skip

OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def value_of(text: str, names: Mapping[str, float] | None = None) -> float:
    """What a printed formula comes to, with numbers for the letters in it.

    Examples
    --------
    >>> value_of("⌊(6 + 2·0 − 1·(3 − 1) − 1)/2⌋ + 1"), value_of("2·3+m−1", {"m": 2})
    (2, 7)
    """
    for sign, code in SIGNS.items():
        text = text.replace(sign, code)
    return _value(ast.parse(text.strip(), mode="eval").body, {"pi": math.pi, **(names or {})})


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return names[name]
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, names)
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*(_value(arg, names) for arg in args))
    raise ValueError(ast.dump(node))

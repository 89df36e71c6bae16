"""Reads the arithmetic that a stage prints, as a pupil with a pencil would: only the digits that are shown count."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TypeAlias

Value: TypeAlias = Fraction | float

_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[a-z]+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[-+−·×/(),⌊⌋])")
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_FUNCTIONS = {"exp": math.exp, "tanh": math.tanh}


def sides(text: str) -> tuple[str, str, str]:
    """What stands left of the last ``=`` or ``≈``, the sign, and what stands right of it."""
    at = max(text.rfind("="), text.rfind("≈"))
    left = text[:at].strip(" =")
    # What stands before an earlier sign may name the same: X · δ = 1 × 2 = 2.
    last = left.rpartition("=")[2].strip()
    return left if "," in last else last, text[at], text[at + 1 :].strip()


def value_of(text: str) -> Value | None:
    """The value of an expression; exact unless a transcendental function is in it. None where it is not written out."""
    text = text.replace("bias", "").strip()
    tokens: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        tokens.append(found[1])
        at = found.end()
        while at < len(text) and text[at] == " ":
            at += 1
    if not tokens or any(t.isalpha() and t not in (*_FUNCTIONS, "max") for t in tokens):
        return None
    reader = _Reader(tokens)
    value = reader.sum()
    assert not reader.tokens, f"{text!r} goes on behind an expression"
    return value


class _Reader:
    """Reads an expression from its tokens, one rule of the grammar a method."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def sum(self) -> Value:
        value = self.product()
        while self.tokens and self.tokens[0] in "+-−":
            sign = self.tokens.pop(0)
            value = value + self.product() if sign == "+" else value - self.product()
        return value

    def product(self) -> Value:
        value = self.power()
        while self.tokens and self.tokens[0] in "·×/":
            value = value / self.power() if self.tokens.pop(0) == "/" else value * self.power()
        return value

    def power(self) -> Value:
        value = self.factor()
        if self.tokens and self.tokens[0][0] in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹":
            value = value ** int(self.tokens.pop(0).translate(_RAISED))
        return value

    def factor(self) -> Value:
        token = self.tokens.pop(0)
        if token in "-−":
            return -self.factor()
        if token in "(⌊":
            inside = self.arguments()
            assert len(inside) == 1
            return Fraction(math.floor(inside[0])) if token == "⌊" else inside[0]
        if token == "max":
            self.tokens.pop(0)
            return max(self.arguments())
        if token in _FUNCTIONS:
            self.tokens.pop(0)
            (argument,) = self.arguments()
            # Of 0 these are whole numbers, of all others they have no end of digits.
            return _FUNCTIONS[token](argument) if argument else Fraction(round(_FUNCTIONS[token](0.0)))
        return Fraction(token)

    def arguments(self) -> list[Value]:
        values = [self.sum()]
        while (token := self.tokens.pop(0)) == ",":
            values.append(self.sum())
        assert token in ")⌋"
        return values

"""Cuts a matrix that people wrote, in whatever language, into numbers, brackets and separators."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

from cnnviz.engine.errors import BadInput
from cnnviz.files.numbers import DECIMAL, LONGEST, decimal_commas, is_number, quotient
from cnnviz.files.reading import nth, plain_signs, shown

MAX_TEXT = 8_000_000
"""So many characters a text of matrices may have: 1024 kernels of 31 × 31 with seven characters a number."""

MAX_DEPTH = 8
"""So deep brackets may nest; (out channels, channels, rows, columns) in a call take five."""

PAIRS = {"[": "]", "(": ")", "{": "}"}


@dataclass(slots=True, eq=False)
class Group:
    """What stands between two brackets: numbers, groups, and the signs , ; * / line end and blank line."""

    bracket: str
    items: list[Item] = field(default_factory=list)


Item: TypeAlias = float | Group | str

_CONTINUED = re.compile(r"\.\.\.[ \t]*(?:[%#][^\n]*)?\n")
_GLUED_PERCENT = re.compile(r"[0-9.]%")
_COMMENT = re.compile(r"[#%][^\n]*")
_CALL = re.compile(
    r"(?<![\w.])(?:(?:np|numpy|jnp|cp|tf|torch|mx|sp|sympy)\.)?"
    r"(?:array|asarray|matrix|mat|Matrix|tensor|Tensor|FloatTensor|DoubleTensor|constant)[ \t]*(?=\()"
)
_OPTION = re.compile(r",\s*(?:dtype|device|requires_grad|order|copy|ndmin)[ \t]*=[ \t]*[\w.'\":]+")
_ASSIGNED = re.compile(
    r"^[ \t]*(?:[A-Za-z_]\w*[ \t]+){0,3}[A-Za-z_]\w*(?:\[[0-9]{0,4}\]){0,4}[ \t]*=(?!=)", re.MULTILINE
)
_LATEX = (
    (re.compile(r"\\begin\{array\}\{[clr| ]*\}|\\begin\{[a-zA-Z]*matrix\*?\}|\\begin\{array\}"), "["),
    (re.compile(r"\\end\{(?:array|[a-zA-Z]*matrix\*?)\}"), "]"),
    (re.compile(r"\\[dt]?frac\{([^{}]{1,100})\}\{([^{}]{1,100})\}"), r" \1/\2 "),
    (re.compile(r"[ ]?(?:\\cdot|\\times)[ ]?10\^\{?([+-]?[0-9]{1,3})\}?"), r"e\1"),
    (re.compile(r"\\cdot|\\times"), "*"),
    (re.compile(r"\\left|\\right|\\[,;:!]|\$"), " "),
    (re.compile(r"\\\\"), ";"),
    (re.compile(r"&"), ","),
)
_TOKEN = re.compile(
    rf"(?P<number>(?P<top>[+-]?{DECIMAL})(?:[ \t]*/[ \t]*(?P<bottom>[+-]?{DECIMAL}))?)"
    r"|(?P<open>[\[({])|(?P<close>[\])}])|(?P<sign>[,;*/])|(?P<blank>\n\s*\n)|(?P<line>\n)|(?P<space>[ \t]+)"
)
_WORD_LEFT = re.compile(r"[^\s,;\[\](){}]*\Z")
_WORD = re.compile(r"[^\s,;\[\](){}]*")


def tokenise(text: str, where: str) -> Group:
    """Read a text into one outermost group; its meaning is left to `matrix_text`.

    Raises
    ------
    BadInput
        The text is too long, holds a word or a sign that has no place in a matrix, a division by zero,
        brackets that do not match, or more than eight of them nested.
    """
    if len(text) > MAX_TEXT:
        raise BadInput(f"{where}: has {len(text)} characters, the limit is {MAX_TEXT}; give fewer numbers")
    text = _one_notation(text, where)
    outermost = Group("")
    stack = [outermost]
    position, after_number = 0, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (match["number"] and (after_number or len(match["number"]) > LONGEST)):
            _refuse_word(text, position, where)
        if match["space"] and after_number and match[0].count("\t") > 1:
            raise BadInput(
                f"{_at(text, position, where)} has an empty cell between two tabs; write 0 for nothing"
            )
        after_number = match["number"] is not None
        if after_number:
            stack[-1].items.append(_value(match, text, where))
        elif match["open"] or match["close"]:
            _bracket(stack, match[0], text, position, where)
        elif not match["space"]:
            stack[-1].items.append("\n\n" if match["blank"] else match[0])
        position = match.end()
    if len(stack) > 1:
        raise BadInput(
            f"{where}: the bracket {stack[-1].bracket} is never closed; write its {PAIRS[stack[-1].bracket]}"
        )
    return outermost


def _one_notation(text: str, where: str) -> str:
    """Bring comments, calls, assignments, LaTeX and both meanings of the comma and the semicolon into one."""
    text = _CONTINUED.sub(" ", plain_signs(text))
    if _GLUED_PERCENT.search(text):
        raise BadInput(f"{where}: percentages are not read; write 0.5 for 50%")
    text = _COMMENT.sub("", text)
    if "\\" in text:
        for pattern, replacement in _LATEX:
            text = pattern.sub(replacement, text)
    text = _OPTION.sub("", _CALL.sub("", _ASSIGNED.sub("", text)))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    if _semicolons_part_cells(text):
        return re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text).replace(";", ",")
    if decimal_commas(re.split(r"[;\n\[\](){}]", text)):
        return re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text)
    return text


def _semicolons_part_cells(text: str) -> bool:
    """Whether this is a spreadsheet's ``0,5;1``: lines, no brackets, one number between any two marks."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or re.search(r"[\[({]", text) or not any(";" in line.rstrip(" ;") for line in lines):
        return False
    pieces = [piece for line in lines for piece in line.rstrip(" ;").split(";")]
    return all(is_number(piece) for piece in pieces)


def _value(match: re.Match[str], text: str, where: str) -> float:
    top, bottom = float(match["top"]), float(match["bottom"] or 1)
    if bottom != 0.0 and math.isfinite(value := top / bottom):
        return value
    # Only now, because finding the row reads the whole text before it.
    return quotient(match["top"], match["bottom"], _at(text, match.start(), where))


def _bracket(stack: list[Group], bracket: str, text: str, position: int, where: str) -> None:
    """Open or close a group; the depth is bounded here, so that reading the groups may recurse."""
    if bracket not in PAIRS:
        if len(stack) == 1 or PAIRS[stack[-1].bracket] != bracket:
            row = _at(text, position, where)
            raise BadInput(f"{row}: the bracket {bracket} closes none that is open; remove or match it")
        stack.pop()
        return
    if len(stack) > MAX_DEPTH:
        row = _at(text, position, where)
        raise BadInput(
            f"{row}: more than {MAX_DEPTH} brackets are nested; give a matrix or a list of matrices"
        )
    group = Group(bracket)
    stack[-1].items.append(group)
    stack.append(group)


def _at(text: str, position: int, where: str) -> str:
    """Name the row of a place by the lines, semicolons and closed brackets with numbers before it."""
    block = text[:position].rpartition("\n\n")[2]
    before = re.split(r"[;\n\]}]", block)[:-1]
    return f"{where}: the {nth(1 + sum(any(c.isdigit() for c in piece) for piece in before))} row"


def _refuse_word(text: str, position: int, where: str) -> NoReturn:
    left = _WORD_LEFT.search(text[max(0, position - 40) : position])
    right = _WORD.match(text[position : position + 80])
    word = (left[0] if left else "") + (right[0] if right else "")
    row = _at(text, position, where)
    if word.lstrip("+-").lower() in ("nan", "inf", "infinity", "∞", "np.nan", "np.inf"):
        raise BadInput(f"{row}: {shown(word)} is not a finite number; give a finite one")
    if word.startswith("..."):
        raise BadInput(f"{row}: '...' stands for numbers that were left out; give all of them")
    if word in ("-", "+"):
        raise BadInput(f"{row}: a {word} stands alone; write it directly before its number")
    raise BadInput(f"{row}: {shown(word, 24)!r} is not a number; write it as 0.5, 0,5, 1e-3 or 1/9")

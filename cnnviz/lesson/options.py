"""Conventions and views as plain values, for files and commands: each field is one of a few words."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TypeVar

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.lesson import DECIMALS, HEATS, LETTERS, LEVELS, PLOTS, RANGES, Conventions, View
from cnnviz.lesson.plain import Plain, checked_keys, plain_from_text, shown

Options = TypeVar("Options", Conventions, View)

CHOICES: dict[str, tuple[Plain, ...]] = {
    "letters": LETTERS,
    "base": (0, 1),
    "decimal": DECIMALS,
    "heat": HEATS,
    "curves": (False, True),
    "channels": (False, True),
    "formula": (False, True),
    "marks": (False, True),
    "range": RANGES,
    "plots": PLOTS,
    "level": LEVELS,
}
"""What each field may hold."""

LEFT_OUT: dict[str, Plain] = {"plots": "auto", "level": "cell"}
"""A field is not written at this value: most lessons have nothing to say about it."""


def options_to_plain(options: Conventions | View) -> dict[str, Plain]:
    """Every field by its name, but for those of `LEFT_OUT`."""
    return {n: v for n, v in asdict(options).items() if n not in LEFT_OUT or v != LEFT_OUT[n]}


def options_from_plain(kind: type[Options], value: Plain, where: str) -> Options:
    """The options that `options_to_plain` wrote; what is left out has its default.

    Raises
    ------
    BadInput
        For an unknown field or value.
    """
    names = [f.name for f in fields(kind)]
    given = checked_keys(value, where, (), names)
    return kind(**{name: _chosen(name, item, f"{where}.{name}") for name, item in given.items()})


def field_set(options: Options, name: str, text: str, where: str) -> Options:
    """The options with one field read from a text."""
    names = [f.name for f in fields(options)]
    if name not in names:
        raise BadInput(f"field {shown(where)} is unknown; the keys here are {', '.join(names)}")
    return replace(options, **{name: _chosen(name, plain_from_text(text), where)})


def _chosen(name: str, value: Plain, where: str) -> Plain:
    for choice in CHOICES[name]:
        if type(choice) is type(value) and choice == value:
            return choice
    known = ", ".join(str(c).lower() if isinstance(c, bool) else str(c) for c in CHOICES[name])
    raise BadInput(f"{where}: is {shown(value)}; give one of {known}")

"""Layers and transforms as plain values (numbers, words, lists) as files and commands give them and back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeAlias, get_args

from cnnviz.engine.apply import NARRATED, OF_BLOCKS
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PADDING_MODES, PADDING_WORDS, pair, whole
from cnnviz.engine.smooth_activations import APPROXIMATIONS
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.centring import SetName
from cnnviz.lesson.source import Grey, Like, Noise, Resize, Rotate, Shift, Transform

Plain: TypeAlias = Any
"""None, bool, int, float, str, or a list or dict of these: what JSON can hold."""

LARGEST = 1_000_000
"""No size, stride, padding or count of a layer is larger: what is, is a mistake."""

_NUMBERS = re.compile(r"[+-]?[0-9]{1,12}(\s*[,x×]\s*[+-]?[0-9]{1,12})*")

_DECIMAL = r"[+-]?(?:[0-9]{0,12}\.[0-9]{1,12}|[0-9]{1,12}\.?)(?:e[+-]?[0-9]{1,2})?"
_DECIMALS = re.compile(rf"(?=.*[.e]){_DECIMAL}(?:\s*,\s*{_DECIMAL})*")

LAYERS: dict[str, type[AnyLayer]] = {kind.op: kind for kind in (*NARRATED, *OF_BLOCKS)}
TRANSFORMS: dict[str, type[Transform]] = {
    "grey": Grey,
    "resize": Resize,
    "noise": Noise,
    "shift": Shift,
    "rotate": Rotate,
    "like": Like,
}


def layer_to_plain(spec: AnyLayer) -> dict[str, Plain]:
    """The layer's operation and every field.

    Examples
    --------
    >>> from cnnviz.engine.layers import MaxPool
    >>> layer_to_plain(MaxPool((2, 2), (1, 2)))["stride"]
    [1, 2]
    """
    return {"op": spec.op, **_fields_to_plain(spec)}


def layer_from_plain(value: Plain, where: str) -> AnyLayer:
    """The layer that `layer_to_plain` wrote; fields that have a default may be left out.

    Raises
    ------
    BadInput
        For an unknown operation or field, a missing one or a value that does not fit, with `where` in front.
    """
    spec: AnyLayer = _made(LAYERS, "op", value, where)
    return spec


def transform_to_plain(transform: Transform) -> dict[str, Plain]:
    """The transform's name and every field."""
    name = next(name for name, kind in TRANSFORMS.items() if isinstance(transform, kind))
    return {"kind": name, **_fields_to_plain(transform)}


def transform_from_plain(value: Plain, where: str) -> Transform:
    """The transform that `transform_to_plain` wrote; errors as in `layer_from_plain`."""
    transform: Transform = _made(TRANSFORMS, "kind", value, where)
    return transform


def checked_keys(
    value: Plain, where: str, required: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, Plain]:
    """The value as a dict that holds all required keys and no unknown ones."""
    if not isinstance(value, dict):
        raise BadInput(f"{where}: is {shown(value)}; give an object with {', '.join(required) or 'fields'}")
    known = (*required, *optional)
    for key in value:
        if key not in known:
            raise BadInput(f"{where}: unknown field {shown(key)}; the fields are {', '.join(known)}")
    for key in required:
        if key not in value:
            raise BadInput(f"{where}: the field {key!r} is missing; add it")
    return value


def field_from_plain(kind: type[AnyLayer] | type[Transform], name: str, value: Plain, where: str) -> Plain:
    """The value of a layer's or transform's field from a plain one, by the field's type and name."""
    for known in fields(kind):
        if known.name == name:
            return _READERS[str(known.type)](value, name, where)
    names = ", ".join(f.name for f in fields(kind))
    raise BadInput(f"{where}: unknown field {shown(name)}; the fields are {names or 'none'}")


def plain_from_text(text: str) -> Plain:
    """A text as whole number, list of whole numbers, truth value or word, whichever it looks like.

    Examples
    --------
    >>> plain_from_text("2"), plain_from_text("1,2"), plain_from_text("true"), plain_from_text("same")
    (2, [1, 2], True, 'same')
    >>> plain_from_text("0.25"), plain_from_text("0.5,0.5")
    (0.25, [0.5, 0.5])
    """
    stripped = text.strip()
    if _DECIMALS.fullmatch(stripped):
        values = [float(part) for part in stripped.split(",")]
        return values if len(values) > 1 else values[0]
    if _NUMBERS.fullmatch(stripped):
        numbers = [int(part) for part in re.split("[,x×]", stripped)]
        return numbers if len(numbers) > 1 else numbers[0]
    return {"true": True, "false": False}.get(stripped.lower(), stripped)


def text_from_plain(value: Plain, where: str) -> str:
    """The value when it is text that every program can write."""
    if not isinstance(value, str):
        raise BadInput(f"{where}: is {shown(value)}; give a text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"{where}: holds half a character; type the text anew") from error
    return value


def float_from_plain(value: Plain, where: str) -> float:
    """The value when it is a finite number."""
    return _float(value, "", where)


def whole_from_plain(value: Plain, where: str, least: int, most: int) -> int:
    """The value when it is a whole number from the least to the most."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadInput(f"{where}: is {shown(value)}; give a whole number from {least} to {most}")
    return value


def items_from_plain(value: Plain, where: str, most: int = 10_000) -> list[Plain]:
    """The value when it is a list of at most so many entries."""
    if not isinstance(value, list):
        raise BadInput(f"{where}: is {shown(value)}; give a list")
    if len(value) > most:
        raise BadInput(f"{where}: has {len(value)} entries; give at most {most}")
    return value


def shown(value: object) -> str:
    """A refused value in one line of at most 60 characters."""
    line = " ".join(repr(value)[:400].split())
    return line if len(line) <= 60 else line[:59] + "…"


def _fields_to_plain(value: AnyLayer | Transform) -> dict[str, Plain]:
    raw = {f.name: getattr(value, f.name) for f in fields(value)}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in raw.items()}


def _made(kinds: Mapping[str, type[Any]], key: str, value: Plain, where: str) -> Any:
    if not isinstance(value, dict):
        raise BadInput(f"{where}: is {shown(value)}; give an object with the field {key!r}")
    name = value.get(key)
    if not isinstance(name, str) or name not in kinds:
        raise BadInput(f"{where}.{key}: is {shown(name)}; give one of {', '.join(kinds)}")
    kind = kinds[name]
    required = [f.name for f in fields(kind) if f.default is MISSING]
    optional = [f.name for f in fields(kind) if f.default is not MISSING]
    given = checked_keys(value, where, (key, *required), optional)
    values = {k: field_from_plain(kind, k, v, f"{where}.{k}") for k, v in given.items() if k != key}
    try:
        return kind(**values)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None


def _least(name: str) -> int:
    """The smallest whole number a field may hold, by its name."""
    return 0 if name in ("padding", "output_padding", "seed", "start", "other") else 1


def _int(value: Plain, name: str, where: str) -> int:
    number: int = _bounded(whole, value, name, where)
    return number


def _offset(value: Plain, name: str, where: str) -> int:
    return whole_from_plain(value, where, -LARGEST, LARGEST)


def _pair(value: Plain, name: str, where: str) -> tuple[int, int]:
    numbers: tuple[int, int] = _bounded(pair, value, name, where)
    return numbers


def _bounded(read: Callable[[object, str, int], Any], value: Plain, name: str, where: str) -> Any:
    try:
        numbers = read(value, name, _least(name))
    except TypeError:
        raise BadInput(f"{where}: is {shown(value)}; give whole numbers") from None
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    if max(numbers if isinstance(numbers, tuple) else (numbers,)) > LARGEST:
        raise BadInput(f"{where}: is {shown(value)}; give at most {LARGEST}")
    return numbers


def _padding(value: Plain, name: str, where: str) -> Plain:
    if isinstance(value, str):
        return _one_of(PADDING_WORDS, value, where, "or one, two (rows, columns) or four whole numbers")
    if not isinstance(value, list | tuple):
        return _int(value, name, where)
    if len(value) not in (2, 4):
        raise BadInput(
            f"{where}: has {len(value)} amounts; give 1, 2 (rows, columns) or 4 (top, bottom, left, right)"
        )
    return tuple(_int(amount, name, where) for amount in value)


def _mode(value: Plain, name: str, where: str) -> Plain:
    return _one_of(PADDING_MODES, value, where)


def _bool(value: Plain, name: str, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(f"{where}: is {shown(value)}; give true or false")
    return value


def _float(value: Plain, name: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{where}: is {shown(value)}; give a number")
    return float(value)


def _floats(value: Plain, name: str, where: str) -> tuple[float, ...]:
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(_float(item, name, f"{where}.{i}") for i, item in enumerate(items))


def _approximate(value: Plain, name: str, where: str) -> Plain:
    return _one_of(APPROXIMATIONS, value, where)


def _one_of(words: Sequence[str], value: Plain, where: str, more: str = "") -> Plain:
    if value not in words:
        known = ", ".join(words)
        raise BadInput(f"{where}: is {shown(value)}; give one of {known} {more}".rstrip())
    return value


def _set_name(value: Plain, name: str, where: str) -> Plain:
    return _one_of(get_args(SetName), value, where)


_READERS: dict[str, Callable[[Plain, str, str], Plain]] = {
    "int": _int,
    "Offset": _offset,
    "Pair": _pair,
    "PaddingArg": _padding,
    "PaddingMode": _mode,
    "bool": _bool,
    "float": _float,
    "tuple[float, ...]": _floats,
    "Approximate": _approximate,
    "SetName": _set_name,
}
"""How a field is read, by the type it is declared with; a new type of field needs a line here."""

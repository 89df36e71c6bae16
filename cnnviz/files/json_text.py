"""JSON: strict when read (no NaN, no doubled keys, no bottomless nesting), pleasant to read when written."""

from __future__ import annotations

import json
import math

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plain import Plain

WIDTH = 110
"""An object that fits into such a line is written on one, a row of numbers always."""


def parse_json(data: bytes) -> Plain:
    """Parse UTF-8 JSON.

    Raises
    ------
    BadInput
        It is no JSON, holds NaN, infinity or a number as large, holds a key twice, or is nested too deep.
    """
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            parse_constant=_no_constant,
            parse_float=_finite,
            object_pairs_hook=_object,
        )
    except BadInput:
        raise
    except RecursionError:
        raise BadInput("is nested too deep; give an ordinary file") from None
    except json.JSONDecodeError as error:
        raise BadInput(
            f"is not JSON (line {error.lineno}, column {error.colno}: {error.msg}); correct it there"
        ) from None
    except UnicodeDecodeError:
        raise BadInput("is neither a zip nor text in UTF-8; give a file that cnnviz has saved") from None
    except ValueError:  # a whole number of thousands of digits
        raise BadInput("holds a number that is too long; give ordinary numbers") from None


def json_text(value: Plain) -> str:
    """Write JSON so that a row of numbers stands on one line; BadInput for a number that is not finite."""
    try:
        return _pretty(value, "") + "\n"
    except ValueError:
        raise BadInput("a value is not a finite number; correct it before saving") from None


def json_line(value: Plain) -> str:
    """Write JSON without a blank, for files that hold more than text; BadInput for a number that is not finite."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise BadInput("a value is not a finite number; correct it before saving") from None


def _pretty(value: Plain, indent: str) -> str:
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if (
        not isinstance(value, dict | list)
        or _flat_list(value)
        or (len(indent + line) <= WIDTH and not _nested(value))
    ):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_pretty(item, inner)}" for key, item in value.items()
        ]
    else:
        parts = [_pretty(item, inner) for item in value]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"


def _flat_list(value: Plain) -> bool:
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


def _nested(value: Plain) -> bool:
    """Whether a list holds lists or an object holds objects or lists of lists, which read better on lines."""
    if isinstance(value, list):
        return not _flat_list(value)
    return any(isinstance(item, dict | list) and not _flat_list(item) for item in value.values())


def _no_constant(word: str) -> Plain:
    raise BadInput(f"holds {word}, which is not a finite number; give numbers only")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BadInput(f"holds {digits[:40]}, which is not a finite number; give smaller numbers")
    return value


def _object(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    out = dict(pairs)
    if len(out) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add gives None on purpose
        raise BadInput(f"holds the field {twice[:40]!r} twice; remove one")
    return out

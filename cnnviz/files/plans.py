"""Plans of exports as documents, in lesson files and as files of their own."""

from __future__ import annotations

from dataclasses import MISSING, asdict, fields

from cnnviz.engine.errors import BadInput
from cnnviz.files.atomic import write_atomic
from cnnviz.files.json_text import json_text, parse_json
from cnnviz.files.reading import PathLike, naming, read_bytes, shown
from cnnviz.lesson.lesson import PACES
from cnnviz.lesson.plain import Plain, checked_keys, float_from_plain, items_from_plain, text_from_plain
from cnnviz.lesson.plans import Plan

FORMAT, VERSION = "cnnviz-plan", 1
LIMIT = 1 << 20
"""Bytes of a file that holds a plan."""


def plan_to_document(plan: Plan) -> dict[str, Plain]:
    """Every field that is not at its default; tuples become lists."""
    default = {f.name: f.default for f in fields(Plan) if f.default is not MISSING}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(plan).items()
        if value != default[name]
    }


def plan_from_document(value: Plain, where: str) -> Plan:
    """The plan that `plan_to_document` wrote; what is left out has its default.

    Raises
    ------
    BadInput
        For an unknown field or a value that does not fit.
    """
    given = checked_keys(value, where, (), [f.name for f in fields(Plan)])
    read = {name: _read(name, item, f"{where}.{name}") for name, item in given.items()}
    try:
        return Plan(**read)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error


def write_plan(path: PathLike, plan: Plan) -> None:
    """Write a plan as JSON, whole or not at all."""
    document = {"format": FORMAT, "version": VERSION, "plan": plan_to_document(plan)}
    write_atomic(path, json_text(document).encode())


def read_plan(path: PathLike) -> Plan:
    """Read what `write_plan` wrote; `BadInput` names the file and the field that is wrong."""
    with naming(path):
        fields_of = checked_keys(
            parse_json(read_bytes(path, LIMIT)), "the plan", ("format", "version", "plan")
        )
        if fields_of["format"] != FORMAT:
            raise BadInput(f'is no plan of cnnviz ("format" is not "{FORMAT}"); give a plan')
        if fields_of["version"] != VERSION:
            raise BadInput(
                f"version: is {shown(fields_of['version'])}, this cnnviz reads {VERSION}; update cnnviz"
            )
        return plan_from_document(fields_of["plan"], "plan")


def _read(name: str, value: Plain, where: str) -> Plain:
    match name:
        case "keys" | "include" | "hide":
            return tuple(
                text_from_plain(item, f"{where}.{i}")
                for i, item in enumerate(items_from_plain(value, where, 20))
            )
        case "size":
            return _size(value, where)
        case "scale" | "margin" | "smallest" | "fps" | "hold":
            return float_from_plain(value, where)
        case "pairs" | "moves":
            if not isinstance(value, bool):
                raise BadInput(f"{where}: is {shown(value)}; give true or false")
            return value
        case "pace":
            if value is not None and value not in PACES:
                raise BadInput(f"{where}: is {shown(value)}; give null or one of {', '.join(PACES)}")
            return value
        case _:
            return text_from_plain(value, where)


def _size(value: Plain, where: str) -> tuple[int, int]:
    items = items_from_plain(value, where, 2)
    if len(items) != 2 or any(isinstance(i, bool) or not isinstance(i, int) for i in items):
        raise BadInput(f"{where}: is {shown(value)}; give [width, height] in whole pixels")
    return items[0], items[1]

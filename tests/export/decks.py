"""Decks made for tests, and the rules of Office Open XML that a program checks when it opens one."""

import posixpath
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cnnviz.export.job import run_export
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.files.lessons import find_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.plans import Plan
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
P159 = "{http://schemas.microsoft.com/office/powerpoint/2015/09/main}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

FILLS = ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill")
# In which order ECMA-376 wants the children of what our slides are made of.
ORDERS = {
    "p:presentation": (
        "p:sldMasterIdLst", "p:notesMasterIdLst", "p:handoutMasterIdLst", "p:sldIdLst", "p:sldSz", "p:notesSz",
        "p:defaultTextStyle", "p:extLst",
    ),
    "p:sld": ("p:cSld", "p:clrMapOvr", "mc:AlternateContent"),
    "p:notes": ("p:cSld", "p:clrMapOvr"),
    "p:cSld": ("p:bg", "p:spTree", "p:extLst"),
    "p:sp": ("p:nvSpPr", "p:spPr", "p:style", "p:txBody"),
    "p:pic": ("p:nvPicPr", "p:blipFill", "p:spPr"),
    "p:cxnSp": ("p:nvCxnSpPr", "p:spPr"),
    "p:graphicFrame": ("p:nvGraphicFramePr", "p:xfrm", "a:graphic"),
    "p:spPr": ("a:xfrm", "a:custGeom", "a:prstGeom", *FILLS, "a:ln"),
    "p:grpSpPr": ("a:xfrm",),
    "p:txBody": ("a:bodyPr", "a:lstStyle", "a:p"),
    "a:txBody": ("a:bodyPr", "a:lstStyle", "a:p"),
    "a:p": ("a:pPr", "a:r", "a:endParaRPr"),
    "a:rPr": ("a:ln", *FILLS, "a:latin"),
    "a:ln": (*FILLS, "a:prstDash", "a:custDash", "a:round", "a:miter", "a:headEnd", "a:tailEnd"),
    "a:custGeom": ("a:avLst", "a:gdLst", "a:ahLst", "a:cxnLst", "a:rect", "a:pathLst"),
    "a:tbl": ("a:tblPr", "a:tblGrid", "a:tr"),
    "a:tc": ("a:txBody", "a:tcPr"),
    "a:tcPr": ("a:lnL", "a:lnR", "a:lnT", "a:lnB", *FILLS),
    "a:gradFill": ("a:gsLst", "a:lin", "a:path"),
}  # fmt: skip
_PREFIXES = {A: "a:", P: "p:", R: "r:", MC: "mc:"}


def deck_task(lesson: Lesson | str, out: Path, **fields: Any) -> Task:
    """The task of a deck of a lesson."""
    chosen = find_lesson(lesson) if isinstance(lesson, str) else lesson
    return task_of(make_timeline(chosen), Viewpoint(), Plan(**fields), out)


def write_deck(lesson: Lesson | str, out: Path, **fields: Any) -> Task:
    """Write a deck; its task, which knows the facts of every slide."""
    task = deck_task(lesson, out, **fields)
    run_export(task)
    return task


def part(path: Path, name: str) -> ET.Element:
    """A part of a package, read."""
    with ZipFile(path) as archive:
        return ET.fromstring(archive.read(name))


def problems(path: Path) -> list[str]:
    """What a program that opens the package would have to repair."""
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
        if len(parts) != len(archive.namelist()):
            return ["a part stands twice"]
    out = [*_untyped(parts), *_dangling(parts)]
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            out += [f"{name}: {line}" for line in _misplaced(ET.fromstring(data))]
        if name.startswith(("ppt/slides/slide", "ppt/notesSlides/notes")):
            out += [f"{name}: {line}" for line in _numbered_twice(ET.fromstring(data))]
    return out


def _untyped(parts: dict[str, bytes]) -> Iterator[str]:
    """Each part has a type, and each type that is named has its part."""
    types = ET.fromstring(parts["[Content_Types].xml"])
    defaults = {d.get("Extension") for d in types.iter(f"{_TYPES}Default")}
    named = {str(o.get("PartName")).removeprefix("/") for o in types.iter(f"{_TYPES}Override")}
    for name in parts:
        if name not in named and name.rpartition(".")[2] not in defaults:
            yield f"{name} has no type"
    yield from (f"{name} has a type and is not there" for name in named - set(parts))


def _dangling(parts: dict[str, bytes]) -> Iterator[str]:
    """Each relationship leads to a part, each part but the first is led to, each name used is a relationship."""
    reached = {"[Content_Types].xml"}
    for name, data in parts.items():
        if not name.endswith(".rels"):
            continue
        folder, _, own = name.rpartition("/_rels/") if "/_rels/" in name else ("", "", "")
        source = posixpath.join(folder, own.removesuffix(".rels"))
        reached.add(name)
        relations = {r.get("Id"): str(r.get("Target")) for r in ET.fromstring(data)}
        for target in relations.values():
            place = posixpath.normpath(posixpath.join(folder, target))
            reached.add(place)
            if place not in parts:
                yield f"{name} leads to {place}, which is not there"
        if source in parts:
            used = {
                value
                for e in ET.fromstring(parts[source]).iter()
                for k, value in e.items()
                if k.startswith(R)
            }
            yield from (f"{source} names {missing}" for missing in used - set(relations))
    yield from (f"{name} is not reached" for name in set(parts) - reached)


def _misplaced(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        order = ORDERS.get(_short(element.tag))
        if order is None:
            continue
        tags = ["a:r" if _short(child.tag) in ("a:br", "a:fld") else _short(child.tag) for child in element]
        unknown = [tag for tag in tags if tag not in order]
        if unknown:
            yield f"{_short(element.tag)} holds {unknown}"
        elif [order.index(tag) for tag in tags] != sorted(order.index(tag) for tag in tags):
            yield f"{_short(element.tag)} holds {tags} in that order"


def _numbered_twice(root: ET.Element) -> Iterator[str]:
    ids = [e.get("id") for e in root.iter(f"{P}cNvPr")]
    if len(set(ids)) != len(ids):
        yield "two shapes have one number"


def _short(tag: str) -> str:
    for space, prefix in _PREFIXES.items():
        if tag.startswith(space):
            return prefix + tag.removeprefix(space)
    return tag

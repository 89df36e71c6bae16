"""The options of ``cnnviz export``, and the plan that they make: of a file, of the lesson, or of nothing but them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from cnnviz.export.formats import ENDINGS
from cnnviz.export.plan import parse_size, with_step
from cnnviz.files.plans import read_plan
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.plan_edits import plan_named
from cnnviz.lesson.plans import ANSWERS, KEYS, PARTS, THEMES, Letterforms, Numbering, Plan, Slides

SIZES: dict[str, tuple[int, int]] = {
    "720p": (1280, 720), "1080p": (1920, 1080), "4K": (3840, 2160), "4:3": (1600, 1200), "square": (1080, 1080),
}  # fmt: skip
"""Sizes that have a name."""


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """Add where to write, the plan, and an option for every field of it; what is not given is None."""
    add = parser.add_argument
    add("out", metavar="OUT", help=f"a folder, or a name that ends in .{', .'.join(ENDINGS)}")
    add("--plan", metavar="FILE|NAME", help="a plan saved as a file or kept in the lesson; options change it")
    add("--format", choices=ENDINGS, metavar="ENDING", help="where the name of OUT has none")
    add("--frames", metavar="A:B:S", help="steps as a Python slice, or one")
    add("--every", type=int, metavar="N", help="only every N-th of them")
    add("--key-frames", nargs="?", const=",".join(KEYS), metavar="KIND,…", dest="keys",
        help=f"only key steps: {', '.join(KEYS)}, or all of these")  # fmt: skip
    add("--keys", metavar="KIND,…", help="the same, with the kinds")
    add("--size", metavar="WxH", help=f"size of the stage, or {', '.join(SIZES)}; by default 1080p")
    add("--scale", type=float, help="pixels for each of the stage's")
    add("--theme", choices=THEMES)
    add("--margin", type=float, metavar="PART", help="left free around, as a part of the height, 0 to 0.25")
    add("--smallest", type=float, metavar="PX", help="refuse type that is smaller in the picture")
    add("--include", action="append", metavar="PART,…", help=f"only these parts: {', '.join(PARTS)}")
    add("--exclude", action="append", metavar="PART,…", help="all but these parts")
    add("--hide", action="append", metavar="ANSWER,…", help=f"an answer to leave out: {', '.join(ANSWERS)}")
    yes_no = argparse.BooleanOptionalAction
    add("--pairs", action=yes_no, default=None, help="each step twice, with hidden answers and in full")
    add("--fps", type=float, help="steps a second of an animation")
    add("--hold", type=float, metavar="SECONDS", help="how long its last picture stays longer")
    add("--moves", action=yes_no, default=None, help="let windows and links glide in it")
    add("--numbering", choices=get_args(Numbering), help="of files: by step, or counted from 0 for LaTeX")
    add("--text", choices=get_args(Letterforms), help="letters of .svg as text or as paths")
    add("--slides", choices=get_args(Slides), help="what grids become in .pptx")


def plan_from(args: argparse.Namespace, lesson: Lesson) -> Plan:
    """The plan that the options name, changed by them.

    Raises
    ------
    BadInput
        There is no such plan, or a value makes no sense.
    """
    plan = Plan() if args.plan is None else _saved(args.plan, lesson)
    changes: dict[str, Any] = {
        name: value
        for name in ("format", "frames", "scale", "theme", "margin", "smallest", "pairs", "fps", "hold", "moves",
                     "numbering", "text", "slides")
        if (value := getattr(args, name)) is not None
    }  # fmt: skip
    if args.pace is not None:
        changes["pace"] = None  # the lesson has been cut already
    if args.size is not None:
        changes["size"] = SIZES.get(args.size) or parse_size(args.size)
    if args.keys is not None:
        changes["keys"] = _words([args.keys])
    if args.hide is not None:
        changes["hide"] = _words(args.hide)
    if args.include is not None or args.exclude is not None:
        shown: tuple[str, ...] = plan.include if args.include is None else _words(args.include)
        hidden: Any = _words(args.exclude or ())
        replace(plan, include=hidden)  # refuses what is no part
        changes["include"] = tuple(part for part in shown if part not in hidden)
    if args.format is None and args.plan is not None and Path(args.out).suffix:
        changes["format"] = ""  # a name with an ending says what is written
    plan = replace(plan, **changes)
    return plan if args.every is None else replace(plan, frames=with_step(plan.frames, args.every))


def joined(argv: Sequence[str]) -> list[str]:
    """Make one argument of options and values that argparse would part wrongly.

    A slice may begin with a minus, which it takes for an option; and behind ``--key-frames`` it would take any name
    for a kind.
    """
    out: list[str] = []
    for argument in argv:
        if out and (out[-1] == "--frames" or (out[-1] == "--key-frames" and _all_keys(argument))):
            out[-1] += f"={argument}"
            continue
        if out and out[-1] == "--key-frames":
            out[-1] += f"={','.join(KEYS)}"
        out.append(argument)
    return out


def _all_keys(argument: str) -> bool:
    return all(word.strip() in KEYS for word in argument.split(","))


def _saved(name: str, lesson: Lesson) -> Plan:
    """A plan that the lesson keeps, else one of a file."""
    if any(plan.name == name for plan in lesson.plans):
        return plan_named(lesson, name)
    if Path(name).exists() or Path(name).suffix or "/" in name:
        return read_plan(name)
    return plan_named(lesson, name)


def _words(given: Sequence[str]) -> tuple[str, ...]:
    """Words parted by commas, each once."""
    words = (word.strip() for part in given for word in part.split(","))
    return tuple(dict.fromkeys(word for word in words if word))

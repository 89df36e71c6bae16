"""The options that trace, export and train share: which lesson, and what is changed about it before it is followed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PADDING_MODES
from cnnviz.lesson.lesson import PACES, Lesson

# All else is imported by the functions that need it: every command has this module, to know its options.

Edit = Callable[[Lesson], Lesson]


def add_lesson_options(parser: argparse.ArgumentParser) -> None:
    """Let a command take a lesson, and what is changed about it."""
    add = parser.add_argument
    add("lesson", metavar="LESSON", help="the id of one that ships, or a file")
    add(
        "--data",
        metavar="FILE",
        help="a .npz file of labelled pictures to learn from, in place of the lesson's set",
    )
    add(
        "--image",
        metavar="FILE",
        help="another input; the network stays (colour becomes grey where it takes grey)",
    )
    add(
        "--kernel",
        metavar="FILE|ID",
        action="append",
        default=[],
        help="a kernel, again for another feature map",
    )
    add("--padding", metavar="P", help="P, ROWS,COLUMNS or TOP,BOTTOM,LEFT,RIGHT, or valid, same, full")
    add("--padding-mode", choices=PADDING_MODES, help="what the padding holds")
    add("--stride", metavar="S", help="S or ROWS,COLUMNS")
    add("--dilation", metavar="D", help="D or ROWS,COLUMNS")
    add("--pace", choices=PACES, help="how finely the lesson is cut into steps")
    add("--set", metavar="KEY=VALUE", action="append", default=[], help="any field, as layers.2.stride=2")


def lesson_from(args: argparse.Namespace) -> Lesson:
    """The lesson that the arguments name, changed in this order: data, image, kernels, geometry, pace, fields."""
    from cnnviz.files.lessons import find_lesson
    from cnnviz.lesson.edits import set_geometry, set_pace

    lesson = find_lesson(args.lesson)
    edits: list[Edit] = []
    if args.data is not None:
        edits.append(_data_edit(args.data))
    if args.image is not None:
        edits.append(_image_edit(args.image))
    if args.kernel:
        edits.append(_kernel_edit(args.kernel))
    geometry = _geometry(args)
    if geometry:  # a lesson of poolings alone has none to change
        edits.append(lambda old: set_geometry(old, **geometry))
    if args.pace is not None:
        edits.append(lambda old: set_pace(old, args.pace))
    made = _edited(lesson, edits + [_field_edit(setting) for setting in args.set])
    if args.image is not None:
        _tell_likeness(made, args.image)
    return made


def _tell_likeness(lesson: Lesson, path: str) -> None:
    """Say what was done to a picture so that it looks like those that the network was trained on."""
    from cnnviz.lesson.likeness import likeness

    done = likeness(lesson.tracks[0].source)
    if done:
        print(f"cnnviz: {path}: {done} (--set source.like=false leaves it raw)", file=sys.stderr)


def _edited(lesson: Lesson, edits: list[Edit]) -> Lesson:
    """Make all edits; one that does not fit yet (a 7×7 kernel before its padding) waits for the others."""
    while edits:
        waiting: list[Edit] = []
        refusals: list[BadInput] = []
        for edit in edits:
            try:
                lesson = edit(lesson)
            except BadInput as refusal:
                waiting.append(edit)
                refusals.append(refusal)
        if len(waiting) == len(edits):
            raise refusals[0]
        edits = waiting
    return lesson


def _data_edit(path: str) -> Edit:
    from cnnviz.timeline.samples import own_data, with_pictures

    return lambda lesson: with_pictures(lesson, own_data(lesson.tracks[0], path))


def _image_edit(path: str) -> Edit:
    from cnnviz.files.pictures import read_input
    from cnnviz.lesson.inputs import set_picture

    picture = read_input(path)
    for note in picture.notes:
        print(f"cnnviz: {path}: {note}", file=sys.stderr)
    return lambda lesson: set_picture(lesson, picture.array, Path(path).name)


def _kernel_edit(names: list[str]) -> Edit:
    import numpy as np

    from cnnviz.files.kernels import read_weights
    from cnnviz.lesson.edits import set_bias, set_kernels
    from cnnviz.lesson.kernels import catalogue, named_kernel

    ids = [kernel.id for kernel in catalogue()]
    planes, bias = [], None
    for name in names:
        is_path = any(mark in name for mark in "/\\.") or Path(name).exists()
        weights, bias = (
            read_weights(name) if name not in ids and is_path else (named_kernel(name).weights[None], None)
        )
        planes.append(weights)
        if planes[0].shape[1:] != weights.shape[1:]:
            sizes = " and ".join("×".join(map(str, p.shape[1:])) for p in (planes[0], weights))
            raise BadInput(f"kernels of {sizes} cannot share a layer; give kernels of one size")
    # The bias of a single file goes with its kernels; that of one file among several would not fit the others.
    biases = bias.tolist() if bias is not None and len(names) == 1 else None

    def edit(lesson: Lesson) -> Lesson:
        lesson = set_kernels(lesson, np.concatenate(planes), keep_bias=biases is None)
        for kernel, value in enumerate(biases or ()):
            lesson = set_bias(lesson, kernel, value)
        return lesson

    return edit


def _geometry(args: argparse.Namespace) -> dict[str, Any]:
    from cnnviz.engine.layers import Conv
    from cnnviz.lesson.plain import field_from_plain, plain_from_text

    given = {
        name: getattr(args, name)
        for name in ("padding", "stride", "dilation")
        if getattr(args, name) is not None
    }
    values = {
        name: field_from_plain(Conv, name, plain_from_text(text), f"--{name}") for name, text in given.items()
    }
    return values if args.padding_mode is None else values | {"padding_mode": args.padding_mode}


def _field_edit(setting: str) -> Edit:
    from cnnviz.lesson.fields import set_field

    key, equals, value = setting.partition("=")
    if not equals:
        raise BadInput(f"--set {setting}: there is no value; write KEY=VALUE")
    return lambda lesson: set_field(lesson, key.strip(), value)

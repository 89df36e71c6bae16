"""The commands that need no window, and how every command ends: 0 done, 2 with one line, 130 interrupted."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from cnnviz import __version__
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PADDING_MODES
from cnnviz.lesson.lesson import PACES, Lesson

if TYPE_CHECKING:  # commands that export nothing start without it
    from cnnviz.export.writing import Task

Window = Callable[[list[str], str | None], int]
"""Opens the window with files, or saves its picture under a name; gives the exit status."""

Edit = Callable[[Lesson], Lesson]

DONE, BAD, INTERRUPTED = 0, 2, 130

COMMANDS = ("lessons", "trace", "export", "train", "actions")

_EPILOG = """commands (COMMAND --help tells more):
  lessons [--json]                    the lessons that ship
  trace LESSON [--step I] [--json]    every number of a step, or of all
  export LESSON OUT [options]         pictures, slides or an animation of the steps: OUT's ending tells the format
  train LESSON [--out FILE]           gradient descent as the lesson's recipe says; FILE is the trained lesson
  actions [--json]                    every action of the window with its shortcut
LESSON is the id of one that ships or a file; a FILE is a lesson, a picture or a kernel."""


def main(argv: Sequence[str], window: Window) -> int:
    """Run one command line and give its exit status; never raises for what a user did.

    Parameters
    ----------
    argv : sequence of str
        The arguments behind the program's name.
    window : callable
        What opens the window when no command is given.
    """
    try:
        # A lesson of huge weights overflows to infinity, which is shown as such.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            status = _run(list(argv), window)
        sys.stdout.flush()
    except BadInput as error:
        return _refuse(str(error))
    except BrokenPipeError:  # who read our output had enough
        _drop_output()
        return DONE
    except OSError as error:
        _drop_output()
        return _refuse(f"{error.filename or 'output'}: {error.strerror or error}; choose another place")
    except MemoryError:
        return _refuse("not enough memory for this lesson; choose a smaller picture or fewer kernels")
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _run(argv: list[str], window: Window) -> int:
    try:
        if argv and argv[0] in COMMANDS:
            # Here and below, because the window starts from this module and needs nothing of an export.
            from cnnviz.export.options import joined

            args = _headless_parser().parse_args(joined(argv))
            command: Callable[[argparse.Namespace], None] = args.command
            command(args)
            return DONE
        args = _window_parser().parse_args(argv)
    except SystemExit as end:  # argparse leaves so after --help and --version
        return int(end.code or 0)
    return window(args.files, args.screenshot)


def _refuse(line: str) -> int:
    print("cnnviz: " + " ".join(line.split()), file=sys.stderr)
    return BAD


def _drop_output() -> None:
    """Let the interpreter flush what is left into nothing when it ends, instead of failing once more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class _Parser(argparse.ArgumentParser):
    """Refuses in one line instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}; {self.prog} --help tells more")


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "cnnviz",
        description="Shows, step by step and with its real numbers, how a convolutional neural network computes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"cnnviz {__version__}")
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of the window and exit")
    parser.add_argument("files", nargs="*", metavar="FILE", help="lessons, pictures or kernels to open")
    return parser


def _headless_parser() -> argparse.ArgumentParser:
    from cnnviz.export.options import add_export_options

    parser = _Parser("cnnviz", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, parser_class=_Parser)

    def add(name: str, words: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, description=words, allow_abbrev=False)
        command.set_defaults(command=run)
        return command

    as_json = {"action": "store_true", "help": "print JSON"}
    add("lessons", "List the lessons that ship.", _lessons).add_argument("--json", **as_json)  # type: ignore[arg-type]  # one dict for three options
    add("actions", "List the actions of the window.", _actions).add_argument("--json", **as_json)  # type: ignore[arg-type]
    trace = add("trace", "Print every number of a step, or of all steps.", _trace)
    _add_lesson_options(trace)
    trace.add_argument("--step", type=int, metavar="I", help="one step, from 0")
    trace.add_argument("--json", **as_json)  # type: ignore[arg-type]
    export = add("export", "Export the steps as pictures.", _export)
    _add_lesson_options(export)
    add_export_options(export)
    train = add("train", "Follow the recipe of a lesson; Ctrl+C keeps what is done in FILE.part.", _train)
    _add_lesson_options(train)
    train.add_argument("--out", metavar="FILE", help="write the lesson with the trained weights")
    return parser


def _add_lesson_options(parser: argparse.ArgumentParser) -> None:
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


def _lesson(args: argparse.Namespace) -> Lesson:
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


def _lessons(args: argparse.Namespace) -> None:
    from cnnviz.files.lessons import shipped

    entries = [
        {"id": s.id, "title": s.title, "group": s.group, "systems": list(s.systems)} for s in shipped()
    ]
    if args.json:
        print(json.dumps(entries, indent=1))
    else:
        _print_table((s.id, s.title, s.group) for s in shipped())


def _actions(args: argparse.Namespace) -> None:
    from cnnviz.controllers.actions import ACTIONS

    if args.json:
        fields = [
            {"id": a.id, "text": a.plain, "shortcut": a.shortcut, "shortcuts": list(a.shortcuts)}
            for a in ACTIONS
        ]
        print(json.dumps(fields, indent=1))
    else:
        _print_table((a.id, a.plain, ", ".join(a.shortcuts)) for a in ACTIONS)


def _trace(args: argparse.Namespace) -> None:
    from cnnviz.timeline.mistakes import facts_at, text_at
    from cnnviz.timeline.timeline import make_timeline

    timeline = make_timeline(_lesson(args))
    for index in range(timeline.count) if args.step is None else (args.step,):
        if args.json:
            print(json.dumps(facts_at(timeline, index), allow_nan=False))
        else:
            _print(text_at(timeline, index, whole=args.step is not None))


def _export(args: argparse.Namespace) -> None:
    gc.disable()  # while all is loaded: thousands of objects are made, and hardly any of them is garbage
    try:
        task = _task(args)
    finally:
        gc.enable()
    from cnnviz.export.job import Progress, run_export
    from cnnviz.export.reporting import latex_lines, progress_words

    lively = sys.stderr.isatty()

    def show(now: Progress) -> None:
        if lively:
            print(f"\r{progress_words(now):<50}", end="", file=sys.stderr, flush=True)

    try:
        report = run_export(task, show)
    finally:
        if lively:
            print(file=sys.stderr)
    _print(
        f"{report.files} file{'s' if report.files != 1 else ''}, {report.bytes_written:,} bytes: {report.place}"
    )
    if lines := latex_lines(task):
        _print(lines)


def _task(args: argparse.Namespace) -> Task:
    from cnnviz.export.options import plan_from
    from cnnviz.timeline.timeline import make_timeline

    lesson = _lesson(args)
    plan = plan_from(args, lesson)
    timeline = make_timeline(lesson)
    # Loaded only now, so that a wrong lesson or option costs no start of Qt.
    from cnnviz.export import job  # noqa: F401 - with the rest
    from cnnviz.export.task import task_of
    from cnnviz.scene.viewpoint import Viewpoint

    return task_of(timeline, Viewpoint(), plan, args.out)


def _train(args: argparse.Namespace) -> None:
    from cnnviz.train_command import as_text, train_lesson

    _, outcomes = train_lesson(_lesson(args), args.out)
    for outcome in outcomes:
        _print(as_text(outcome))
    if args.out is not None:
        _print(f"written: {args.out}")


def _print_table(rows: Iterable[tuple[str, ...]]) -> None:
    table = list(rows)
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        _print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print(text: str) -> None:
    """Print with signs that the terminal cannot show replaced, so that an old code page is no error."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))

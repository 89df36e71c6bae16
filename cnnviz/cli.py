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
from typing import TYPE_CHECKING, NoReturn

from cnnviz import __version__
from cnnviz.engine.errors import BadInput

if TYPE_CHECKING:  # commands that export nothing start without it
    from cnnviz.export.writing import Task

Window = Callable[[list[str], str | None], int]
"""Opens the window with files, or saves its picture under a name; gives the exit status."""

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
    from cnnviz.lesson_options import add_lesson_options

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
    add_lesson_options(trace)
    trace.add_argument("--step", type=int, metavar="I", help="one step, from 0")
    trace.add_argument("--json", **as_json)  # type: ignore[arg-type]
    export = add("export", "Export the steps as pictures.", _export)
    add_lesson_options(export)
    add_export_options(export)
    train = add("train", "Follow the recipe of a lesson; Ctrl+C keeps what is done in FILE.part.", _train)
    add_lesson_options(train)
    train.add_argument("--out", metavar="FILE", help="write the lesson with the trained weights")
    return parser


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
    from cnnviz.lesson_options import lesson_from
    from cnnviz.timeline.mistakes import facts_at, text_at
    from cnnviz.timeline.timeline import make_timeline

    timeline = make_timeline(lesson_from(args))
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
    from cnnviz.lesson_options import lesson_from
    from cnnviz.timeline.timeline import make_timeline

    lesson = lesson_from(args)
    plan = plan_from(args, lesson)
    timeline = make_timeline(lesson)
    # Loaded only now, so that a wrong lesson or option costs no start of Qt.
    from cnnviz.export import job  # noqa: F401 - with the rest
    from cnnviz.export.task import task_of
    from cnnviz.scene.viewpoint import Viewpoint

    return task_of(timeline, Viewpoint(), plan, args.out)


def _train(args: argparse.Namespace) -> None:
    from cnnviz.lesson_options import lesson_from
    from cnnviz.train_command import as_text, train_lesson

    _, outcomes = train_lesson(lesson_from(args), args.out)
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

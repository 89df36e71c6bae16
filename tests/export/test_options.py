"""The options of the command, and the plan they make."""

import argparse
from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.export.options import add_export_options, joined, plan_from
from cnnviz.files.plans import write_plan
from cnnviz.lesson.plan_edits import keep_plan
from cnnviz.lesson.plans import KEYS, PARTS, Plan
from tests.lesson.examples import vertical_edge

LESSON = keep_plan(vertical_edge(), Plan("deck", format="pptx", theme="dark", moves=True, pace="row"))


def _plan(*options: str, out: str = "out", pace: str | None = None) -> Plan:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_export_options(parser)
    return plan_from(parser.parse_args(joined([out, *options]), argparse.Namespace(pace=pace)), LESSON)


def test_without_options_it_is_the_plain_plan() -> None:
    assert _plan() == Plan()


@pytest.mark.parametrize(
    ("options", "plan"),
    [
        ("--frames -5:", Plan(frames="-5:")),
        ("--frames 2:20 --every 3", Plan(frames="2:20:3")),
        ("--frames=-1::-1 --every 2", Plan(frames="-1::-2")),
        ("--key-frames", Plan(keys=KEYS)),
        ("--key-frames first-cell,row-ends --fps 2", Plan(keys=("first-cell", "row-ends"), fps=2)),
        ("--keys first-edge", Plan(keys=("first-edge",))),
        ("--size 4K --scale 0.5", Plan(size=(3840, 2160), scale=0.5)),
        ("--size 4:3", Plan(size=(1600, 1200))),
        ("--size 640x480", Plan(size=(640, 480))),
        ("--theme transparent --margin 0.05 --smallest 18", Plan(theme="transparent", margin=0.05, smallest=18)),
        ("--include title,caption", Plan(include=("title", "caption"))),
        ("--exclude formula --exclude plot,legend", Plan(include=("title", "section", "caption", "arithmetic"))),
        ("--hide total --hide products,cell", Plan(hide=("total", "products", "cell"))),
        ("--pairs --moves --hold 0", Plan(pairs=True, moves=True, hold=0)),
        ("--numbering count --text paths --slides tables", Plan(numbering="count", text="paths", slides="tables")),
        ("--format svg", Plan(format="svg")),
    ],
)  # fmt: skip
def test_every_field_has_an_option(options: str, plan: Plan) -> None:
    assert _plan(*options.split()) == plan


def test_a_name_behind_key_frames_is_no_kind() -> None:
    assert joined(["--key-frames", "slides"]) == [f"--key-frames={','.join(KEYS)}", "slides"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ("--keys first-row", "keys 'first-row': there is none of that name; use first-cell"),
        ("--include captions", "include 'captions'"),
        ("--exclude menu", "include 'menu'"),
        ("--hide all", "hide 'all'"),
        ("--every 0", "every 0: choose 1 or more"),
        ("--margin 1", "margin 1: choose 0 to 0.25"),
        ("--smallest -2", "smallest -2: choose"),
        ("--size 5K", "size '5K': write width x height"),
        ("--plan desk", "plan 'desk': the lesson keeps none of that name; use deck"),
        ("--plan desk.json", "desk.json: there is no such file"),
    ],
)
def test_what_makes_no_sense_is_one_line(options: str, word: str) -> None:
    with pytest.raises(BadInput) as caught:
        _plan(*options.split())
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_options_change_a_plan_that_the_lesson_keeps() -> None:
    assert _plan("--plan", "deck") == LESSON.plans[0]
    changed = _plan("--plan", "deck", "--theme", "light", "--no-moves")
    assert (changed.theme, changed.moves, changed.pace, changed.format) == ("light", False, "row", "pptx")
    assert _plan("--plan", "deck", pace="cell").pace is None  # the lesson is cut by it already
    assert _plan("--plan", "deck", out="a.pdf").format == ""  # the ending that was typed counts


def test_a_plan_of_a_file(tmp_path: Path) -> None:
    write_plan(tmp_path / "talk.json", Plan("talk", include=PARTS[:2], pairs=True))
    assert _plan("--plan", str(tmp_path / "talk.json")) == Plan("talk", include=PARTS[:2], pairs=True)
    assert not _plan("--plan", str(tmp_path / "talk.json"), "--no-pairs").pairs

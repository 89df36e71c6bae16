"""Plans as documents: in lesson files and as files of their own, refused in one line where they make no sense."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import read_lesson, write_lesson
from cnnviz.files.plans import plan_from_document, plan_to_document, read_plan, write_plan
from cnnviz.lesson.plan_edits import keep_plan
from cnnviz.lesson.plans import ANSWERS, KEYS, PARTS, THEMES, Plan
from tests.lesson.examples import vertical_edge

FULL = Plan(
    "deck", "pptx", "4:20:2", ("row-ends",), "row", (1600, 1200), 1.5, "dark", 0.05, 18.0, ("title", "caption"),
    ("total",), True, 2.5, 1.25, True, "count", "paths", "tables",
)  # fmt: skip


def test_a_document_holds_what_is_not_at_its_default() -> None:
    assert plan_to_document(Plan()) == {}
    assert plan_to_document(Plan(theme="dark", size=(640, 480))) == {"theme": "dark", "size": [640, 480]}
    assert set(plan_to_document(FULL)) == {field.name for field in fields(Plan)}


@given(
    st.builds(
        Plan,
        name=st.text(max_size=9),
        keys=st.lists(st.sampled_from(KEYS), unique=True).map(tuple),
        include=st.lists(st.sampled_from(PARTS), unique=True).map(tuple),
        hide=st.lists(st.sampled_from(ANSWERS), unique=True).map(tuple),
        theme=st.sampled_from(THEMES),
        scale=st.floats(0.5, 4),
        fps=st.floats(0.1, 50),
        size=st.tuples(st.integers(32, 2000), st.integers(32, 2000)),
        pairs=st.booleans(),
    )
)
def test_documents_give_the_plan_back(plan: Plan) -> None:
    assert plan_from_document(plan_to_document(plan), "plan") == plan


def test_a_file_gives_the_plan_back_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write_plan(tmp_path / name, FULL)
    assert read_plan(tmp_path / "a.json") == FULL
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.parametrize("name", ["mine.cnnviz", "mine.json"])
def test_a_lesson_keeps_its_plans_in_their_order(tmp_path: Path, name: str) -> None:
    lesson = keep_plan(keep_plan(vertical_edge(), FULL), replace(FULL, name="another", theme="light"))
    write_lesson(tmp_path / name, lesson)
    assert read_lesson(tmp_path / name).plans == lesson.plans


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "plan"), ({"zoom": 1}, "unknown field 'zoom'"), ({"fps": "5"}, "plan.fps"), ({"fps": True}, "plan.fps"),
        ({"fps": 0}, "plan: fps 0"), ({"size": [640]}, "plan.size"), ({"size": [640, True]}, "plan.size"),
        ({"size": [640.5, 480]}, "plan.size"), ({"size": [9, 9]}, "size 9x9"), ({"size": [32000, 32000]}, "megapixels"),
        ({"keys": "row-ends"}, "plan.keys"), ({"keys": ["rows"]}, "keys 'rows'"), ({"keys": [1]}, "plan.keys.0"),
        ({"hide": ["total"] * 21}, "plan.hide"), ({"pairs": 1}, "true or false"), ({"pace": "slow"}, "plan.pace"),
        ({"pace": ["row"]}, "plan.pace"), ({"theme": None}, "plan.theme"), ({"theme": "pink"}, "theme 'pink'"),
        ({"name": 3}, "plan.name"), ({"frames": None}, "plan.frames"), ({"slides": {}}, "plan.slides"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_line(document: Any, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        plan_from_document(document, "plan")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([field.name for field in fields(Plan)]), PLAIN, max_size=4))
def test_no_document_does_more_than_be_refused(document: dict[str, Any]) -> None:
    try:
        plan = plan_from_document(document, "plan")
    except BadInput:
        return
    assert plan_from_document(plan_to_document(plan), "plan") == plan

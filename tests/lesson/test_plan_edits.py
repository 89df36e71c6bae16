"""Plans that a lesson keeps: pure edits by name."""

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plan_edits import keep_plan, plan_named, remove_plan, rename_plan
from cnnviz.lesson.plans import MOST_PLANS, Plan
from tests.lesson.examples import vertical_edge


def test_a_plan_is_kept_found_and_replaced_in_its_place() -> None:
    bare = vertical_edge()
    two = keep_plan(keep_plan(bare, Plan("a")), Plan("b", theme="dark"))
    assert bare.plans == ()
    assert plan_named(two, "b") == Plan("b", theme="dark")
    again = keep_plan(two, Plan("a", fps=9))
    assert again.plans == (Plan("a", fps=9), Plan("b", theme="dark"))


def test_names_lose_blanks_around_them() -> None:
    assert keep_plan(vertical_edge(), Plan("  my \n deck ")).plans[0].name == "my deck"


@pytest.mark.parametrize("name", ["", "  \n", "x" * 81, "a\x00b", "a\ud800"])
def test_names_that_cannot_be_shown_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        keep_plan(vertical_edge(), Plan(name))


def test_renaming_keeps_the_place_and_takes_no_name_that_is_taken() -> None:
    two = keep_plan(keep_plan(vertical_edge(), Plan("a", fps=3)), Plan("b"))
    assert rename_plan(two, "a", "c").plans == (Plan("c", fps=3), Plan("b"))
    assert rename_plan(two, "a", "a") == two
    with pytest.raises(BadInput, match="another plan has this name"):
        rename_plan(two, "a", "b")


def test_what_is_not_there_is_named_with_what_is() -> None:
    one = keep_plan(vertical_edge(), Plan("deck"))
    assert remove_plan(one, "deck").plans == ()
    with pytest.raises(BadInput, match="'desk': the lesson keeps none of that name; use deck"):
        remove_plan(one, "desk")
    with pytest.raises(BadInput, match="give the file of a plan"):
        plan_named(vertical_edge(), "deck")


def test_a_lesson_keeps_a_hundred() -> None:
    full = vertical_edge()
    for number in range(MOST_PLANS):
        full = keep_plan(full, Plan(f"p{number}"))
    with pytest.raises(BadInput, match="100 plans already"):
        keep_plan(full, Plan("one more"))
    assert keep_plan(full, Plan("p7", fps=2)).plans[7].fps == 2

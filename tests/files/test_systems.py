"""The teaching plan has a name for everything that a lesson says it shows."""

from __future__ import annotations

from cnnviz.files.lessons import shipped
from cnnviz.files.systems import system_names, systems_in_short, systems_in_words


def test_the_plan_is_whole_and_in_order() -> None:
    numbers = [f"S{n:02}" for n in range(1, 71)]
    numbers.insert(numbers.index("S60") + 1, "S60b")
    assert list(system_names()) == numbers
    assert all(name.strip() for name in system_names().values())
    assert len(set(system_names().values())) == len(numbers)


def test_every_lesson_shows_systems_of_the_plan() -> None:
    for lesson in shipped():
        assert set(lesson.systems) <= set(system_names()), lesson.id


def test_systems_in_words() -> None:
    assert systems_in_words(("S23", "S40")) == "S23 Vertical edge · S40 Strided convolution"
    assert systems_in_words(("S99",), ", ") == "S99"


def test_systems_in_short() -> None:
    assert systems_in_short(("S12", "S13", "S14", "S15", "S18", "S23", "S24")) == "S12–S15 S18 S23 S24"
    assert systems_in_short(("S60", "S60b", "S61")) == "S60–S61"
    assert systems_in_short(("S02", "S01")) == "S02 S01"
    assert systems_in_short(("S70", "S99", "S01")) == "S70 S99 S01"
    assert systems_in_short(()) == ""

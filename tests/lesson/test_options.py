"""Conventions and views: every choice comes back, and what is none is named."""

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.lesson import Conventions, View
from cnnviz.lesson.options import CHOICES, field_set, options_from_plain, options_to_plain
from tests.helpers.random_chains import CONVENTIONS, VIEWS
from tests.lesson.examples import vertical_edge


@given(view=VIEWS)
def test_a_view_there_and_back(view: View) -> None:
    assert options_from_plain(View, options_to_plain(view), "view") == view


@given(conventions=CONVENTIONS)
def test_conventions_there_and_back(conventions: Conventions) -> None:
    assert options_from_plain(Conventions, options_to_plain(conventions), "conventions") == conventions


def test_what_is_left_out_has_its_default() -> None:
    assert options_from_plain(View, {}, "view") == View()
    assert options_from_plain(View, {"heat": "field"}, "view") == View(heat="field")
    assert options_from_plain(Conventions, {"base": 1}, "conventions") == Conventions(base=1)


def test_every_field_has_its_choices_and_its_default_is_one() -> None:
    for options in (View(), Conventions()):
        for known in fields(options):
            assert getattr(options, known.name) in CHOICES[known.name]


@pytest.mark.parametrize(
    ("name", "choice"),
    [(n, c) for n in ("letters", "base", "decimal") for c in CHOICES[n]],
)
def test_every_convention_is_set_by_its_text(name: str, choice: object) -> None:
    changed = set_field(vertical_edge(), f"conventions.{name}", str(choice))
    assert changed.conventions == replace(Conventions(), **{name: choice})  # type: ignore[arg-type]  # any choice
    assert changed.view == View()


@pytest.mark.parametrize(("name", "choice"), [(f.name, c) for f in fields(View) for c in CHOICES[f.name]])
def test_every_part_of_the_view_is_set_by_its_text(name: str, choice: object) -> None:
    for start, text in product((View(), View("field", True, True, False, True, "map")), (str(choice),)):
        assert field_set(start, name, text, "view") == replace(start, **{name: choice})  # type: ignore[arg-type]  # any choice


@pytest.mark.parametrize(
    ("kind", "plain", "line"),
    [
        (View, {"heat": "hot"}, "here.heat: is 'hot'; give one of none, uses, fan-out, field"),
        (View, {"curves": 1}, "here.curves: is 1; give one of false, true"),
        (View, {"curves": None}, "here.curves: is None; give one of false, true"),
        (View, {"colour": 1}, "here: unknown field 'colour'; the fields are "
         "heat, curves, channels, formula, marks, range, plots, level"),
        (View, [], "here: is []; give an object with fields"),
        (Conventions, {"base": True}, "here.base: is True; give one of 0, 1"),
        (Conventions, {"base": 1.0}, "here.base: is 1.0; give one of 0, 1"),
        (Conventions, {"letters": ["IK"]}, "here.letters: is ['IK']; give one of IK, xw"),
    ],
)  # fmt: skip
def test_what_is_no_choice_is_named(kind: type[View], plain: object, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        options_from_plain(kind, plain, "here")
    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("conventions.base", "2", "conventions.base: is 2; give one of 0, 1"),
        ("conventions.colour", "x", "field 'conventions.colour' is unknown; the keys here are letters, base, decimal"),
        ("view.heat", "", "view.heat: is ''; give one of none, uses, fan-out, field"),
        ("conventions", "IK", "the keys here are conventions.letters, conventions.base, conventions.decimal"),
        ("view", "uses", "the keys here are view.heat, view.curves"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_named(path: str, text: str, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        set_field(vertical_edge(), path, text)
    assert line in str(caught.value)

"""Recipes in lesson files: exactly what was written comes back, and whatever is wrong is one line with its field."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import read_lesson, write_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe import LARGEST_SEED, Example, Recipe
from tests.files.lesson_strategy import finite, texts
from tests.lesson.examples import vertical_edge
from tests.lesson.learning import scores, two_weights

Json = Any

examples = st.builds(
    Example,
    arrays(np.float64, (1, 1, 1), elements=finite),
    st.none() | arrays(np.float64, (1, 1, 2), elements=finite),
    texts,
)

recipes = st.builds(
    Recipe,
    st.lists(examples, min_size=1, max_size=3).map(tuple),
    st.just("squared_error"),
    st.floats(0, 1e6, exclude_min=True),
    st.integers(1, 1_000_000),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["sum", "mean"]),
    st.integers(0, LARGEST_SEED),
    st.sampled_from([(), (0,)]),
)


def with_recipe(recipe: Recipe) -> Lesson:
    lesson = two_weights()
    return replace(lesson, tracks=(replace(lesson.tracks[0], recipe=recipe),))


@settings(max_examples=60)
@given(recipe=recipes)
def test_every_recipe_comes_back_exactly_from_both_forms(
    tmp_path_factory: pytest.TempPathFactory, recipe: Recipe
) -> None:
    folder = tmp_path_factory.mktemp("lesson")
    for name in ("a.cnnviz", "a.json"):
        write_lesson(folder / name, with_recipe(recipe))
        (track,) = read_lesson(folder / name).tracks
        assert track.recipe == recipe
        for a, b in zip(track.recipe.examples, recipe.examples, strict=True):
            assert a.target.tobytes() == b.target.tobytes()
            assert (a.source is None) == (b.source is None)


def test_a_track_that_learns_comes_back_whole(tmp_path: Path) -> None:
    lesson = replace(scores(), tracks=(scores().tracks[0], replace(scores().tracks[0], recipe=None)))
    write_lesson(tmp_path / "a.cnnviz", lesson)
    assert read_lesson(tmp_path / "a.cnnviz") == lesson


def test_a_lesson_that_does_not_learn_is_written_as_before(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a.json", vertical_edge())
    assert list(json.loads((tmp_path / "a.json").read_text())["tracks"][0]) == [
        "name",
        "source",
        "layers",
        "params",
    ]


def document(tmp_path: Path, lesson: Lesson) -> Json:
    write_lesson(tmp_path / "plain.json", lesson)
    return json.loads((tmp_path / "plain.json").read_text(encoding="utf-8"))


def test_what_has_a_default_may_be_left_out(tmp_path: Path) -> None:
    changed = document(tmp_path, two_weights())
    target = {"dtype": "float64", "values": [[[4]]]}
    changed["tracks"][0]["recipe"] = {"examples": [{"target": target}]}
    (tmp_path / "a.json").write_text(json.dumps(changed), encoding="utf-8")
    assert read_lesson(tmp_path / "a.json").tracks[0].recipe == Recipe((Example(np.full((1, 1, 1), 4.0)),))
    changed["tracks"][0]["recipe"] = None
    (tmp_path / "a.json").write_text(json.dumps(changed), encoding="utf-8")
    assert read_lesson(tmp_path / "a.json").tracks[0].recipe is None


def put(name: str, value: Json) -> Callable[[Json], None]:
    return lambda recipe: recipe.__setitem__(name, value)


def put_in_example(name: str, value: Json) -> Callable[[Json], None]:
    return lambda recipe: recipe["examples"][0].__setitem__(name, value)


def numbers(values: Json, dtype: str = "float64") -> Json:
    return {"dtype": dtype, "values": values}


AT = "tracks.0.recipe"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (put("batch", 4), f"{AT}: unknown field 'batch'; the fields are examples, loss, rate"),
        (lambda recipe: recipe.pop("examples"), f"{AT}: the field 'examples' is missing"),
        (put("examples", {}), f"{AT}.examples: is {{}}; give a list"),
        (put("examples", []), "recipe: 0 examples: give 1 to 10000"),
        (put("examples", [1] * 10_001), f"{AT}.examples: has 10001 entries; give at most 10000"),
        (put("loss", "hinge"), f"{AT}.loss: is 'hinge'; give one of squared_error, cross_entropy"),
        (put("loss", "cross_entropy"), "recipe: cross-entropy needs a label from 0 to 0"),
        (put("reduction", 1), f"{AT}.reduction: is 1; give one of sum, mean"),
        (put("rate", 0), "recipe: rate 0.0: give a number above 0"),
        (put("rate", "fast"), f"{AT}.rate: is 'fast'; give a number"),
        (put("rate", True), f"{AT}.rate: is True; give a number"),
        (put("momentum", 1), "recipe: momentum 1.0: give a number from 0 to below 1"),
        (put("iterations", 0), f"{AT}.iterations: is 0; give a whole number from 1 to 1000000"),
        (put("iterations", 2.5), f"{AT}.iterations: is 2.5; give a whole number"),
        (put("seed", -1), f"{AT}.seed: is -1; give a whole number from 0 to 4294967295"),
        (put("random", 0), f"{AT}.random: is 0; give a list"),
        (put("random", [0, 0]), "recipe: random names a layer twice: [0, 0]"),
        (put("random", [1]), "recipe: random names layer 1: give numbers from 0 to 0"),
        (put("random", [-1]), f"{AT}.random.0: is -1; give a whole number from 0"),
        (put_in_example("weight", 1), f"{AT}.examples.0: unknown field 'weight'"),
        (
            lambda recipe: recipe["examples"][0].pop("target"),
            f"{AT}.examples.0: the field 'target' is missing",
        ),
        (put_in_example("target", numbers([[[6, 6]]])), "the target of example 0 has the shape (1, 1, 2)"),
        (
            put_in_example("target", numbers([[6]])),
            f"{AT}.examples.0.target.values: needs lists nested 3 deep",
        ),
        (
            put_in_example("target", numbers([[[6]]], "uint8")),
            f"{AT}.examples.0.target: is uint8; give float64",
        ),
        (put_in_example("source", numbers([[[6]]])), "the input of example 0 has the shape (1, 1, 1)"),
        (put_in_example("name", 6), f"{AT}.examples.0.name: is 6; give a text"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_field(
    tmp_path: Path, change: Callable[[Json], None], line: str
) -> None:
    changed = document(tmp_path, two_weights())
    change(changed["tracks"][0]["recipe"])
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_lesson(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_recipe_counts_to_the_values_that_a_text_may_hold(tmp_path: Path) -> None:
    wide = tuple(Example(np.array([[[6.0]]]), np.ones((1, 1, 2))) for _ in range(9_000))
    assert (wide[0].values, Example(wide[0].target).values) == (3, 1)
    many = replace(two_weights(), tracks=tuple(two_weights().tracks[0] for _ in range(3)))
    large = replace(many, tracks=tuple(replace(t, recipe=Recipe(wide)) for t in many.tracks))
    with pytest.raises(BadInput, match=r"values are too many for \.json"):
        write_lesson(tmp_path / "a.json", large)


def test_a_damaged_lesson_that_learns_raises_nothing_but_bad_input(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a.json", scores())
    write_lesson(tmp_path / "a.cnnviz", scores())
    rng = np.random.default_rng(1)
    for name in ("a.json", "a.cnnviz"):
        whole = (tmp_path / name).read_bytes()
        for _ in range(150):
            damaged = bytearray(whole)
            damaged[int(rng.integers(len(whole)))] = int(rng.integers(256))
            (tmp_path / "b").write_bytes(damaged)
            try:
                read = read_lesson(tmp_path / "b")
            except BadInput as error:
                assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right, each with its own look
            else:
                assert read.tracks

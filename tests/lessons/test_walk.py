"""Every lesson that ships, step by step: each number is right, and the digits shown add up or carry ≈."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.lesson.findings import told_words
from cnnviz.scene.numbers import number
from cnnviz.scene.primitives import Grid, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import TrackFrame
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.learning_twin import LearningTwin
from tests.helpers.printed import sides, value_of
from tests.helpers.twin import Twin

SIZE = (1280, 800)
MOST_STEPS = 500

ALL = [lesson.id for lesson in shipped()]
TRAINED = "Trained networks"
RUNS = "twins"
DEEP = ("resnet-34", "plain-34", "resnet-34-and-plain")
IDS = [
    lesson.id
    for lesson in shipped()
    if (lesson.group != TRAINED or lesson.id == "digits-network") and lesson.id not in (RUNS, *DEEP)
]
"""Those that plain loops can follow; tests/lessons/test_trained.py looks at the other networks, test_deep.py at those
of 34 layers, and tests/timeline/test_twins.py at runs, which have no arithmetic of cells."""


@cache
def timeline_of(name: str) -> Timeline:
    lesson = shipped_lesson(name)
    # The arithmetic is read where it is shown, also of a lesson that looks at a whole network first.
    return make_timeline(replace(lesson, view=replace(lesson.view, level="cell")))


@cache
def twins_of(name: str) -> tuple[Twin, ...]:
    return tuple(Twin(track) for track in timeline_of(name).lesson.tracks)


@cache
def learning_twins_of(name: str) -> tuple[LearningTwin | None, ...]:
    tracks = timeline_of(name).lesson.tracks
    return tuple(None if track.recipe is None else LearningTwin(track) for track in tracks)


def expected_total(name: str, track: TrackFrame) -> float:
    """What the naive twin makes of the cell at work."""
    learning, step = learning_twins_of(name)[track.track], track.step
    if learning is not None:
        return learning.value(step.iteration, step.section, track.focus.cell)
    return twins_of(name)[track.track].value(track.focus.layer + 1, track.focus.cell)


def spread(count: int, most: int) -> list[int]:
    """Every step, or so many of them from the first to the last."""
    return sorted({round(i * (count - 1) / (min(count, most) - 1)) for i in range(min(count, most))})


@pytest.mark.parametrize("name", IDS)
def test_every_total_is_that_of_the_naive_twin(name: str) -> None:
    timeline = timeline_of(name)
    for index in spread(timeline.count, MOST_STEPS):
        for track in timeline.frame(index).tracks:
            focus, expected = track.focus, expected_total(name, track)
            assert focus.terms.total == pytest.approx(expected, rel=1e-12, abs=1e-9), (index, focus.cell)


@pytest.mark.parametrize("name", IDS)
def test_the_maps_are_those_of_the_naive_twin(name: str) -> None:
    timeline = timeline_of(name)
    rng = np.random.default_rng(1)
    for tensors, twin in zip(timeline.tensors, twins_of(name), strict=True):
        for number_, array in enumerate(tensors.arrays):
            if twin.whole:
                np.testing.assert_allclose(array, twin.arrays[number_], rtol=1e-12, atol=1e-9)
                continue
            for _ in range(40):
                c, i, j = (int(rng.integers(n)) for n in array.shape)
                assert float(array[c, i, j]) == pytest.approx(
                    twin.value(number_, (c, i, j)), rel=1e-12, abs=1e-9
                )


@pytest.mark.parametrize("name", IDS)
def test_digits_add_up_or_carry_the_sign_for_about_and_totals_are_those_of_the_naive_twin(name: str) -> None:
    timeline = timeline_of(name)
    checked = read = 0
    for index in spread(timeline.count, MOST_STEPS):
        scene = build_scene(timeline, index, Viewpoint(), SIZE, LIGHT)
        for text in lines_of(scene):
            checked += adds_up(text, f"{name}, step {index}")
        checked += products_add_up(scene, f"{name}, step {index}")
        read += totals_are_right(scene, name, index)
    assert checked, "no arithmetic was read"
    assert read, "no total was read"


def totals_are_right(scene: Scene, name: str, index: int) -> int:
    """Compare the totals printed with the naive twin's, and count them."""
    timeline, read = timeline_of(name), 0
    texts = {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}
    for track in timeline.frame(index).tracks:
        key = "sum/total" if len(timeline.lesson.tracks) == 1 else f"sum{track.track}/total"
        printed = sides(texts[key])[2]
        if printed == "?":
            continue
        value = value_of(printed)
        assert value is not None
        # At most three decimals are printed.
        near = [
            abs(float(value) - expected) <= 0.0005 + 1e-9 + 1e-12 * abs(expected)
            for expected in totals_to_choose(name, track)
        ]
        assert any(near), (index, key)
        read += 1
    return read


def totals_to_choose(name: str, track: TrackFrame) -> list[float]:
    """The total of the cell at work; of an iteration told in one step the stage chooses which weight it tells."""
    timeline, step = timeline_of(name), track.step
    learning = learning_twins_of(name)[track.track]
    if learning is None or step.iteration < timeline.repeats(track.track).fine:
        return [expected_total(name, track)]
    updates = (s for s in timeline.sections[track.track] if s.kind in ("update", "update-bias"))
    cells = (
        (section, (int(c), int(i), int(j))) for section in updates for c, i, j in np.ndindex(section.shape)
    )
    return [learning.value(step.iteration, section, cell) for section, cell in cells]


def lines_of(scene: Scene) -> Iterable[str]:
    """Every equation that the stage prints: sums, totals and the formula's lines with numbers."""
    texts = {p.key: p for p in scene.primitives() if isinstance(p, Text)}
    for key, text in texts.items():
        if key.startswith("formula/size"):
            # A track's name may stand before it, what is left over behind it.
            yield re.split(r", (?:remainder|\d+ row|\d+ column)", text.text.rpartition("  ")[2])[0]
        elif key.startswith("formula/live") or key.endswith("/total"):
            # The arithmetic of a single track puts its sum in a line of its own, above the total.
            line = texts.get(f"{key.removesuffix('total')}line") if key.endswith("/total") else None
            yield f"{line.text if line is not None else ''} {text.text}".strip()


def adds_up(text: str, where: str) -> bool:
    """Check one line; False where it has no sign, is not finished or not written out."""
    if "=" not in text and "≈" not in text:
        return False
    left, sign, right = sides(text)
    if right.startswith("?"):
        return False
    total = value_of(right)
    assert total is not None, f"{where}: no total in {text!r}"
    parts = value_of(left)
    if parts is None:
        return False
    if sign == "=":
        assert isinstance(parts, Fraction), f"{where}: {text!r} is not exact"
        assert parts == total, f"{where}: {text!r} does not add up"
    else:
        assert abs(float(parts) - float(total)) <= 0.02 * max(1.0, abs(float(total))), f"{where}: {text!r}"
    return True


def products_add_up(scene: Scene, where: str) -> bool:
    """The products printed and the bias give the total printed, and so do the row sums; False where none are."""
    texts = {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}
    grids = [
        p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith("sum/p/") and p.text_size
    ]
    total = texts.get("sum/total", "")
    if not grids or not total.startswith("=") or "?" in total or "exp(z − max z)" in texts.values():
        return False
    wanted = value_of(total[1:].strip())
    assert wanted is not None
    bias = re.search(r"([+−]) ([0-9.]+) (?:bias|by the shortcut|through f)", texts["sum/line"])
    extra = Fraction((bias[1] + bias[2]).replace("−", "-")) if bias else Fraction(0)
    shown = [value_of(number(float(v), g.decimals)) for g in grids for v in np.ravel(g.values)]  # type: ignore[arg-type]  # a grid with text has values
    assert sum((v for v in shown if v is not None), Fraction(0)) + extra == wanted, where
    rows = [text for key, text in texts.items() if key.startswith("sum/row/") and key != "sum/row/label"]
    if rows and all(rows):
        assert sum((value_of(row) or Fraction(0) for row in rows), Fraction(0)) + extra == wanted, where
    return True


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ALL)
def test_every_lesson_can_be_shown_in_both_themes(name: str, theme: Theme) -> None:
    timeline = make_timeline(shipped_lesson(name))
    # To the last iteration of a network on photographs it would be trained first: that takes long.
    far = 8 if name.startswith("learn-") and timeline.lesson.group == TRAINED else timeline.count
    for index in spread(far, 7):
        scene = build_scene(timeline, index, Viewpoint(), SIZE, theme)
        story = [p.text for p in scene.primitives() if isinstance(p, Text) and p.key == "story"]
        words = {w.section: w.caption for w in told_words(timeline.lesson)}
        assert story == [words[timeline.step(index).section.number]]
        assert scene.caption

"""Decimal commas: every number of the stage, and no text that a teacher wrote."""

import re
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson.lesson import Conventions, Lesson, Track, Words
from cnnviz.lesson.source import Source
from cnnviz.scene.comma import comma
from cnnviz.scene.primitives import Grid, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline


@pytest.mark.parametrize(
    ("point", "with_comma"),
    [
        ("0.5", "0,5"),
        ("−1.25 × 2 = −2.5.", "−1,25 × 2 = −2,5."),
        ("row 1, column 2", "row 1, column 2"),
        ("max(1, 2, 3)", "max(1, 2, 3)"),
        ("max(1.5, 2, −3)", "max(1,5; 2; −3)"),
        ("step 1,024 of 12,345,678", "step 1\u202f024 of 12\u202f345\u202f678"),
        ("2,500 cells; the last is 0.25.", "2\u202f500 cells; the last is 0,25."),
        ("Nothing to change.", "Nothing to change."),
        ("", ""),
    ],
)
def test_a_text_with_commas(point: str, with_comma: str) -> None:
    assert comma(point) == with_comma


def scenes() -> tuple[Scene, Scene]:
    params = Params(np.array([[[[0.5, 0.25], [0.125, -1.5]]]]), np.array([0.75]))
    tracks = tuple(
        Track(Source(np.full((1, 3, 3), v)), (Conv(1, (2, 2)),), (params,), f"No. {v}") for v in (1.5, 2.5)
    )
    words = (Words(0, "Part 1.1", "See figure 2.3."),)
    plain = Lesson("Chapter 3.1", tracks, "multiply", words)
    other = replace(plain, conventions=Conventions(decimal="comma"))
    made = [build_scene(make_timeline(one), 3, Viewpoint(), (1280, 720), LIGHT) for one in (plain, other)]
    return made[0], made[1]


def test_every_number_of_the_stage_has_a_comma_and_nothing_else_changes() -> None:
    point, with_comma = scenes()
    own = {"title", "story", "0/name", "1/name"}
    texts = [p for p in with_comma.primitives() if isinstance(p, Text)]
    said = "\n".join(t.text for t in texts if t.key not in own | {"section"})
    assert not re.search(r"\d\.\d", said)
    assert re.search(r"\d,\d", said)
    assert len(point.primitives()) == len(with_comma.primitives())
    for a, b in zip(point.primitives(), with_comma.primitives(), strict=True):
        assert a.key == b.key
        if isinstance(a, Grid) and isinstance(b, Grid):
            assert (a.comma, b.comma) == (False, True)
        elif isinstance(a, Text) and isinstance(b, Text):
            assert b.text == (a.text if a.key in own or a.key == "section" else comma(a.text))
        else:
            assert a == b
    assert with_comma.caption == comma(point.caption)


def test_what_a_teacher_wrote_stays_as_it_is() -> None:
    texts = {p.key: p.text for p in scenes()[1].primitives() if isinstance(p, Text)}
    assert texts["title"] == "Chapter 3.1"
    assert texts["story"] == "See figure 2.3."
    assert texts["0/name"] == "No. 1.5"
    assert texts["section"].startswith("Part 1.1")

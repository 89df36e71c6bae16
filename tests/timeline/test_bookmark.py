"""Bookmarks: places that stay right when the pace or the lesson changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.bookmark_edits import keep_bookmark
from cnnviz.lesson.bookmarks import Place
from cnnviz.lesson.edits import set_pace
from cnnviz.lesson.recipe_edits import set_iterations
from cnnviz.timeline.bookmark import index_of, marked, place_marked, place_of, suggested_name
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.learning_lessons import learning


@pytest.mark.parametrize("pace", ["multiply", "cell", "row", "auto"])
@pytest.mark.parametrize("name", ["vertical-edge", "tiny-network", "rgb"])
def test_every_step_is_found_again_by_its_place(name: str, pace: str) -> None:
    timeline = make_timeline(replace(shipped_lesson(name), pace=pace))  # type: ignore[arg-type]  # of PACES
    steps = range(min(timeline.count, 400))
    assert [index_of(timeline, place_of(timeline, index)) for index in steps] == list(steps)


def test_a_place_stays_where_it_is_at_another_pace() -> None:
    by_cells = make_timeline(shipped_lesson("vertical-edge"))
    # Cell (1, 2) of the 4×4 map is the seventh that is written.
    place = place_of(by_cells, 6)
    assert place == Place(0, "conv1", (0, 1, 2))
    by_products = make_timeline(set_pace(by_cells.lesson, "multiply"))
    # A cell takes twelve steps: placed, nine products, the sum, written.
    assert index_of(by_products, place) == 7 * 12 - 1
    by_rows = make_timeline(set_pace(by_cells.lesson, "row"))
    assert index_of(by_rows, place) == 1


def test_a_place_in_an_iteration_stays_in_it() -> None:
    timeline = make_timeline(learning(iterations=20, pace="cell"))
    length = timeline.sections[0][-1].stop
    place = place_of(timeline, 3 * length + 1)
    assert place.iteration == 3
    each = make_timeline(replace(timeline.lesson, pace="iteration"))
    assert index_of(each, place) == 3
    shorter = make_timeline(set_iterations(timeline.lesson, 2))
    assert index_of(shorter, place) == length + 1


def test_what_is_not_there_any_more_leads_to_what_is_nearest() -> None:
    timeline = make_timeline(learning(iterations=20, pace="cell"))
    assert index_of(timeline, Place(4, "conv9", (0, 0, 0))) == timeline.index_at(4)
    edge = make_timeline(shipped_lesson("vertical-edge"))
    assert index_of(edge, Place(0, "conv1", (7, 7, 7))) == index_of(edge, Place(0, "conv1", (0, 3, 3)))


def kept(timeline: Timeline, *marks: tuple[int, str]) -> Timeline:
    lesson = timeline.lesson
    for index, name in marks:
        lesson = keep_bookmark(lesson, place_of(timeline, index), name)
    return replace(timeline, lesson=lesson)


def test_they_are_listed_in_the_order_of_their_steps() -> None:
    timeline = kept(make_timeline(learning(iterations=20, pace="iteration")), (9, "late"), (3, "early"))
    assert [(mark.index, mark.name) for mark in marked(timeline)] == [(3, "early"), (9, "late")]
    assert place_marked(timeline, 9) == place_of(timeline, 9)
    assert place_marked(timeline, 4) is None


def test_a_suggested_name_tells_section_and_iteration_or_the_name_there_is() -> None:
    timeline = kept(make_timeline(learning(iterations=20, pace="iteration")), (9, "late"))
    assert suggested_name(timeline, 9) == "late"
    assert suggested_name(timeline, 3) == f"{timeline.step(3).section.name}, iteration 4"
    edge = make_timeline(shipped_lesson("vertical-edge"))
    assert suggested_name(edge, 0) == edge.step(0).section.name

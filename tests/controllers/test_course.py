"""Where playing goes next, at the ends and around them, worked out by hand."""

import pytest

from cnnviz.controllers.course import page_after, page_before, played_on, position
from cnnviz.timeline.timeline import make_timeline
from tests.controllers.lessons import timeline_of
from tests.lesson.learning import two_weights


@pytest.mark.parametrize(
    ("start", "steps", "loop", "expected"),
    [
        (3, 1, "off", (4, False)),
        (3, 2, "off", (5, True)),
        (3, 99, "off", (5, True)),
        (2, -1, "off", (1, False)),
        (2, -2, "off", (0, True)),
        (5, 1, "loop", (0, False)),
        (0, -1, "loop", (5, False)),
        (4, 3, "ping-pong", (3, False)),
        (1, -3, "ping-pong", (2, False)),
    ],
)
def test_position_of_six_steps(start: int, steps: int, loop: str, expected: tuple[int, bool]) -> None:
    assert position(start, steps, 6, loop) == expected  # type: ignore[arg-type]  # a plain str from the table


def test_one_step_is_always_where_it_was() -> None:
    assert [position(0, 5, 1, loop)[0] for loop in ("off", "loop", "ping-pong")] == [0, 0, 0]


def test_indices_beyond_64_bits_are_exact() -> None:
    assert position(10**30, 7, 10**31, "ping-pong") == (10**30 + 7, False)


def test_within_marks_and_from_outside_of_them() -> None:
    timeline = timeline_of()  # 36 steps
    assert played_on(timeline, range(4, 8), 6, 1, "off") == (7, True)
    assert played_on(timeline, range(4, 8), 7, 1, "loop") == (4, False)
    assert played_on(timeline, range(4, 8), 20, 3, "off") == (23, False)


def test_pages_are_sections() -> None:
    timeline = timeline_of()  # convolution from 0, ReLU from 16, pooling from 32 to 35
    assert [page_after(timeline, index) for index in (0, 15, 16, 31, 32, 35)] == [16, 16, 32, 32, 35, 35]
    assert [page_before(timeline, index) for index in (0, 1, 16, 17, 35)] == [0, 0, 0, 16, 32]


def test_pages_go_on_in_every_iteration() -> None:
    timeline = make_timeline(two_weights(iterations=3))
    sections = [s.start for s in timeline.sections[0]]
    length = timeline.sections[0][-1].stop
    starts = [n * length + start for n in range(3) for start in sections]
    forward, index = [0], 0
    while index < timeline.count - 1:
        forward.append(index := page_after(timeline, index))
    assert forward == [*starts, timeline.count - 1]
    backward = [index]
    while index:
        backward.append(index := page_before(timeline, index))
    assert backward == [timeline.count - 1, *reversed(starts)]

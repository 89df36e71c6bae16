"""Every way a shipped lesson is looked at, and what is wrong with it; ``python -m tests.helpers.looks [LESSON …]``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.lesson.lesson import Level
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.depth import is_deep
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.crowding import crowding
from tests.scene.ink import problems

SIZES = ((1280.0, 720.0), (1366.0, 768.0), (1920.0, 1080.0))
LEVELS: tuple[Level, ...] = ("cell", "layer", "network")
COMPOSITIONS = {
    "window": WHOLE,
    "hall": Composition(WHOLE.parts - {"formula"}, type=1.2),
    "hall with formulas": Composition(WHOLE.parts - {"formula"}, type=1.2, formula_instead=True),
}
"""As in the window, and as it is presented."""

MOST_SECTIONS = 14
"""Of a lesson with more sections some are looked at."""

BEATS = 16
"""So many first steps show every beat of a cell."""


class Look(NamedTuple):
    """One way of looking at a step."""

    step: int
    level: Level
    composition: str
    size: tuple[float, float]

    def scene(self, timeline: Timeline) -> Scene:
        """What is seen."""
        composition = COMPOSITIONS[self.composition]
        return build_scene(
            timeline, self.step, Viewpoint(level=self.level), self.size, LIGHT, None, composition
        )


def looks(timeline: Timeline) -> Iterator[Look]:
    """All ways: every level, size and composition at the steps that differ."""
    for index, level, name, size in product(steps_of(timeline), LEVELS, COMPOSITIONS, SIZES):
        yield Look(index, level, name, size)


def some_looks(timeline: Timeline) -> Iterator[Look]:
    """A few of them, in which every level, size and composition comes and none is always with the same other."""
    steps = steps_of(timeline)
    chosen = sorted({steps[0], steps[len(steps) // 2], steps[-1]})
    for n, (index, level) in enumerate(product(chosen, LEVELS)):
        yield Look(index, level, list(COMPOSITIONS)[(n + n // 3) % 3], SIZES[(n + n // 9) % 3])


def steps_of(timeline: Timeline) -> list[int]:
    """The first steps, begin and end of each section, the middle and the end; of long trainings the first alone."""
    count = timeline.count
    if timeline.pace == "iteration" and timeline.lesson.group == "Trained networks":
        return [0, 1, 3]
    starts = [start for start, _ in timeline.section_starts()]
    if len(starts) > MOST_SECTIONS:
        starts = starts[: MOST_SECTIONS // 2] + starts[MOST_SECTIONS // 2 :: -(-len(starts) // MOST_SECTIONS)]
    first = range(BEATS if timeline.pace == "multiply" else 4)
    wanted = {*first, count // 2, count - 1, *(s + by for s in starts for by in (-1, 0, 2))}
    return sorted(n for n in wanted if 0 <= n < count)


def faults(scene: Scene) -> list[str]:
    """Everything that overlaps, is cut, or crowds words."""
    return [*problems(scene), *crowding(scene)]


def timelines_of(lesson_id: str) -> Iterator[Timeline]:
    """The lesson as it ships, and told product by product where that takes no longer than it."""
    lesson = shipped_lesson(lesson_id)
    timeline = make_timeline(lesson)
    yield timeline
    if timeline.pace == "cell" and not is_deep(lesson.tracks[0]):
        yield make_timeline(replace(lesson, pace="multiply"))


def main(names: list[str]) -> int:
    """Print each kind of fault once, with how often it came and where it came first."""
    wrong = 0
    for name in names or [entry.id for entry in shipped()]:
        found: dict[str, tuple[int, str]] = {}
        for timeline in timelines_of(name):
            for look in looks(timeline):
                for fault in faults(look.scene(timeline)):
                    kind = re.sub(r"'[^']*'|\[[^]]*\]|\d+(\.\d+)?", "…", fault)
                    times, first = found.get(kind, (0, f"{timeline.pace} {tuple(look)} {fault}"))
                    found[kind] = times + 1, first
        for times, first in found.values():
            print(f"{name}: {times} times, first {first}", flush=True)
        wrong += len(found)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

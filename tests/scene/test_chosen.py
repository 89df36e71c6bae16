"""A layer that is chosen in place of the one at work: it has the stage, its words and its formula, at every level."""

from functools import lru_cache

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.findings import told_words
from cnnviz.lesson.lesson import Level
from cnnviz.scene.primitives import Panel, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline

SIZE = (1280.0, 800.0)
POOL = CellRef(0, "pool1", 2, 5, 5)
LEVELS: tuple[Level, ...] = ("network", "layer", "cell")


@lru_cache(maxsize=1)
def network() -> Timeline:
    """16 maps of 24×24 through a maximum, another convolution, and ten scores; the picture's way back as well."""
    return make_timeline(shipped_lesson("mnist-network"))


def start(kind: str, name: str = "") -> int:
    """The first step of a section."""
    return next(s.start for s in network().sections[0] if s.kind == kind and name in s.name)


def stage(index: int, level: Level, pinned: CellRef | None = None, hover: CellRef | None = None) -> Scene:
    return build_scene(network(), index, Viewpoint(level=level, pinned=pinned), SIZE, LIGHT, hover)


def texts(scene: Scene) -> dict[str, str]:
    return {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}


def maps(scene: Scene) -> list[str]:
    """What is drawn, without what is told about it."""
    told = ("formula", "sum", "words", "links", "loupe", "numbers")
    return [p.key for p in scene.panels if isinstance(p, Panel) and not p.key.endswith(told)]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("at", ["forward", "loss", "weight", "update"])
def test_its_words_are_told_and_where_the_step_is(level: Level, at: str) -> None:
    index = start(at)
    told, own = texts(stage(index, level, POOL)), texts(stage(index, level))
    section = next(s for s in network().sections[0] if s.tensor == "pool1")
    words = next(w for w in told_words(network().lesson) if w.section == section.number)
    assert told["story"] == words.caption
    assert told["section"] == f"FORWARD  {words.title or section.name}"
    assert told["section/iteration"].startswith(own["section/iteration"])
    assert own["section"].endswith(told["section/iteration"].rpartition(": ")[2])
    assert told["caption"].startswith("Map 2, row 5, column 5")


@pytest.mark.parametrize("level", ["layer", "cell"])
@pytest.mark.parametrize("at", ["forward", "loss", "weight", "input", "update"])
def test_it_has_the_stage_whatever_the_step_is_about(level: Level, at: str) -> None:
    found = stage(start(at), level, POOL)
    assert "0/relu1" in maps(found)  # what it reads, and what it makes
    assert "0/pool1" in maps(found)
    assert maps(found) == maps(stage(start("forward", "Max pooling 1"), level, POOL))


def test_the_formula_is_its_own() -> None:
    told = {p.key: p for p in stage(start("weight"), "cell", POOL).panels}
    own = {p.key: p for p in stage(start("forward", "Max pooling 1"), "cell", POOL).panels}
    assert told["formula"].primitives
    assert told["formula"].primitives == own["formula"].primitives
    sums = [[p.text for p in ones["sum"].primitives if isinstance(p, Text)] for ones in (told, own)]
    assert sums[0] == sums[1] != []


def test_what_is_only_pointed_at_moves_nothing() -> None:
    index = start("forward", "ReLU 1")
    still = stage(index, "cell")
    pointed = stage(index, "cell", hover=CellRef(0, "conv1", 3, 4, 4))
    assert maps(pointed) == maps(still)
    assert texts(pointed)["story"] == texts(still)["story"]
    assert texts(pointed)["section"] == texts(still)["section"]


def test_the_layer_of_the_step_is_told_as_ever() -> None:
    index = start("forward", "Max pooling 1")
    chosen, still = texts(stage(index, "layer", POOL)), texts(stage(index, "layer"))
    assert chosen["story"] == still["story"]
    assert chosen["section/iteration"] == still["section/iteration"]

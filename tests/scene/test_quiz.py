"""While an audience is asked, nothing on the stage tells which class a network answers, or which is right."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from cnnviz.engine.run import run_chain
from cnnviz.engine.specs import Linear
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.edits import set_source
from cnnviz.lesson.labels import set_label
from cnnviz.lesson.lesson import Level
from cnnviz.lesson.source import Source, materialise
from cnnviz.scene.primitives import Grid, Rect, Run, Scene, Text
from cnnviz.scene.saying import said_of
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Hidden, Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline

SIZE = (1280.0, 800.0)


@lru_cache(maxsize=4)
def network(label: int) -> Timeline:
    """The network for digits, shown its own picture turned by a half, of which somebody says what it is."""
    lesson = shipped_lesson("mnist-network")
    picture = lesson.tracks[0].source.array
    turned = picture if label == 4 else picture[:, ::-1, ::-1]
    lesson = set_source(lesson, Source(np.ascontiguousarray(turned, np.uint8), f"a {label}"), 0)
    return make_timeline(set_label(lesson, label))


def at(kind: str, name: str = "") -> int:
    """The last step of a section."""
    return next(s.stop - 1 for s in network(4).sections[0] if s.kind == kind and name in s.name)


def stage(
    timeline: Timeline, index: int, level: Level, *hidden: Hidden, pinned: CellRef | None = None
) -> Scene:
    return build_scene(
        timeline, index, Viewpoint(level=level, pinned=pinned, hidden=frozenset(hidden)), SIZE, LIGHT
    )


def classes(scene: Scene) -> list[tuple[object, ...]]:
    """All that is drawn of the bars of classes."""
    panel = next(p for p in scene.panels if p.key == "0/classes")
    return [(type(p), p.key, p.box, p.runs if isinstance(p, Text) else None) for p in panel.primitives
            if isinstance(p, Text | Rect)]  # fmt: skip


def written(scene: Scene, tensor: str) -> set[bool]:
    """Whether the maps of a tensor are drawn."""
    grids = [p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == f"0/{tensor}"]
    return {grid.written != 0 for grid in grids}


@pytest.mark.parametrize("step", ["forward", "loss", "weight", "update"])
def test_the_overview_tells_nothing_of_the_class(step: str) -> None:
    index = at(step, "Fully connected" if step == "forward" else "")
    asked, other = (stage(network(label), index, "network", "total") for label in (4, 7))
    assert classes(asked) == classes(other)
    assert not any("✓" in text.text for text in asked.primitives() if isinstance(text, Text))
    assert written(asked, "linear1") | written(asked, "linear1.grad") == {False}
    told, another = (stage(network(label), index, "network") for label in (4, 7))
    assert classes(told) != classes(another)
    assert any("✓" in text.text for text in told.primitives() if isinstance(text, Text))
    assert written(told, "linear1") | written(told, "linear1.grad") == {True}


@pytest.mark.parametrize("level", ["layer", "cell"])
def test_near_the_scores_none_is_drawn(level: Level) -> None:
    index = at("forward", "Fully connected")
    assert written(stage(network(4), index, level, "total"), "linear1") == {False}
    assert written(stage(network(4), index, level, "cell"), "linear1") == {False}
    assert written(stage(network(4), index, level, "products"), "linear1") == {True}
    assert written(stage(network(4), index, level), "linear1") == {True}
    # What is chosen while the loss is asked for is no exception.
    chosen = CellRef(0, "linear1", 4, 0, 0)
    scene = stage(network(4), at("loss"), level, "total", pinned=chosen)
    assert written(scene, "linear1") == {False}
    assert scene.caption == "Map 4, row 0, column 0: what do 512 products add up to, with the bias −0.007?"


def test_a_loss_is_asked_for_with_the_scores_that_it_reads() -> None:
    assert written(stage(network(4), at("loss"), "cell", "total"), "linear1") == {True}


def test_a_softmax_keeps_its_scores_and_hides_all_shares() -> None:
    timeline = make_timeline(shipped_lesson("classifier"))
    names = timeline.tensor_names(0)
    for level in ("cell", "network"):
        scene = stage(timeline, timeline.count - 1, level, "total")
        assert written(scene, names[-1]) == {False}
        assert written(scene, names[-2]) == {level == "cell"}
    table = stage(timeline, timeline.count - 1, "layer", "total")
    texts = {
        p.key.rpartition("/")[2]: p.text for p in table.primitives() if isinstance(p, Text) and "/2/" in p.key
    }
    assert texts["1"] == "2"  # the score
    assert texts["4"].startswith("÷ ")
    assert texts["5"] == "?"


def test_a_layer_without_a_bias_does_not_add_up_for_the_audience() -> None:
    timeline = make_timeline(shipped_lesson("vertical-edge"))
    for hidden, told in (((), "9 products: Σ = 30"), (("total",), "9 products: Σ = ?")):
        scene = stage(timeline, 5, "layer", *hidden)
        texts = {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}
        assert texts["0/numbers"] == told


def test_the_answer_to_an_example_names_neither_its_class_nor_the_likeliest() -> None:
    timeline = make_timeline(shipped_lesson("learn-edge-labels"))
    for index in (4, 6):
        asked = stage(timeline, index, "cell", "total")
        runs = {
            p.key: p.runs for p in asked.primitives() if isinstance(p, Text) and p.key.startswith("answer/")
        }
        assert runs["answer/example"] == (
            Run(f"Example {index + 1} of 8", LIGHT.text, runs["answer/example"][0].weight),
        )
        assert runs["answer/p0"] == runs["answer/p1"]
        assert asked.caption.startswith(f"Iteration {index + 1}: the loss is ?")
    told = stage(timeline, 6, "cell")
    assert any("label y" in p.text for p in told.primitives() if isinstance(p, Text))


def test_a_screen_reader_is_asked_too() -> None:
    view = Viewpoint(level="cell", pinned=CellRef(0, "linear1", 4, 0, 0), hidden=frozenset({"total"}))
    index = at("forward", "Fully connected")
    asked = said_of(network(4), index, view).sentence
    assert asked.endswith("what do 512 products add up to, with the bias −0.007?")
    track = network(4).lesson.tracks[0]
    last = max(n for n, layer in enumerate(track.layers) if isinstance(layer, Linear))
    scores = run_chain(track.layers, track.params, materialise(track.source))[last + 1].ravel()
    told = said_of(network(4), index, replace(view, hidden=frozenset())).sentence
    assert f"Scores, number 4 = {scores[4]:.3f}" in told

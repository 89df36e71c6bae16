"""The chain rule as a graph: nodes with their numbers, derivatives on the edges, the product along the path."""

import pytest

from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.chain_graph import chain_graph
from cnnviz.scene.primitives import Box, Link, Primitive, Rect, Ring, Text
from cnnviz.scene.theme import DARK, LIGHT, TRANSPARENT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.chain_rule import chain_of
from cnnviz.timeline.plots import Chain
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import two_weights
from tests.scene.ink import ink

BOX = Box(800, 100, 440, 320)


def chain(kind: str, cell: tuple[int, int, int] = (0, 0, 0)) -> Chain:
    timeline = make_timeline(two_weights())
    section = next(s for s in timeline.sections[0] if s.kind == kind)
    return chain_of(timeline.iteration(0, 0), section, cell)


def drawn(facts: Chain, box: Box = BOX, view: Viewpoint | None = None) -> dict[str, Primitive]:
    look = Look(view or Viewpoint(), LIGHT, Metrics.of(1280, 720), two_weights())
    return {p.key: p for p in chain_graph("c", box, facts, look)}


def said(found: dict[str, Primitive], part: str) -> list[str]:
    return [p.text for p in found.values() if isinstance(p, Text) and part in p.key]


def test_numbers_stand_in_the_nodes_and_each_input_above_its_weight() -> None:
    found = drawn(chain("weight"))
    assert sorted(said(found, "/node")) == sorted(["x₁ = 1", "w₁ = 3", "x₂ = 2", "w₂ = 1", "ŷ = 5", "L = 1"])
    rings = [found[f"c/node{n}"] for n in (0, 2, 1, 3)]
    heights = [ring.box.cy for ring in rings if isinstance(ring, Ring)]
    assert heights == sorted(heights)
    assert len(heights) == 4


def test_the_product_along_the_path() -> None:
    found = drawn(chain("weight", (0, 0, 1)))
    assert said(found, "/product") == ["∂L/∂w₂ = ∂L/∂ŷ · ∂ŷ/∂w₂", "= −2 · 2 = −4"]
    assert [text.rsplit(" ", 1)[-1] for text in said(found, "/edge")] == ["1", "2", "−2"]


def test_rounded_factors_that_do_not_give_the_product_say_so() -> None:
    timeline = make_timeline(two_weights(iterations=20))
    section = next(s for s in timeline.sections[0] if s.kind == "weight")
    signs = set()
    for n in range(20):
        (_, line) = said(drawn(chain_of(timeline.iteration(0, n), section, (0, 0, 1))), "/product")
        factors, total = line.removeprefix("= ").replace("−", "-").split(" ≈ " if "≈" in line else " = ")
        first, second = map(float, factors.split(" · "))
        assert ("≈" in line) == (abs(first * second - float(total)) > 1e-9)
        signs.add("≈" in line)
    assert signs == {True, False}


def test_the_prediction_must_increase() -> None:
    found = drawn(chain("error"))
    assert said(found, "/product") == ["∂L/∂ŷ = 2(ŷ − y) = −2", "ŷ must increase so that L falls"]


@pytest.mark.parametrize(
    ("kind", "cell", "path"),
    [("error", (0, 0, 0), {4}), ("weight", (0, 0, 0), {4, 2}), ("weight", (0, 0, 1), {4, 3})],
)
def test_only_the_path_at_work_has_the_accent(kind: str, cell: tuple[int, int, int], path: set[int]) -> None:
    found = drawn(chain(kind, cell))
    for n in range(5):
        line = found[f"c/edge{n}"]
        assert isinstance(line, Link)
        assert (line.stroke == LIGHT.accent) == (n in path)
        assert line.arrow


def test_edges_run_from_node_to_node() -> None:
    found = drawn(chain("weight"))
    line, start, end = found["c/edge2"], found["c/node2"], found["c/node4"]
    assert isinstance(line, Link)
    assert isinstance(start, Ring)
    assert isinstance(end, Ring)
    assert line.points[0] == pytest.approx((start.box.right, start.box.cy), abs=4)
    assert line.points[1] == pytest.approx((end.box.x, end.box.cy), abs=4)


@pytest.mark.parametrize(
    "box", [BOX, Box(800, 100, 330, 260), Box(1200, 150, 660, 480), Box(900, 400, 330, 180)]
)
@pytest.mark.parametrize("kind", ["error", "weight", "update"])
def test_texts_stay_inside_and_apart(box: Box, kind: str) -> None:
    found = drawn(chain(kind), box)
    inks = [ink(p) for p in found.values() if isinstance(p, Text)]
    for n, a in enumerate(inks):
        assert box.x - 1 <= a.x
        assert a.right <= box.right + 1
        assert a.bottom <= box.bottom + 1
        for b in inks[:n]:
            common = a.meets(b)
            assert min(common.w, common.h) <= 0.5


def test_where_there_is_little_room_inputs_are_left_out() -> None:
    assert "c/node0" not in drawn(chain("weight"), Box(900, 400, 330, 180))


def test_hidden_answers_and_a_dark_stage() -> None:
    found = drawn(chain("weight"), view=Viewpoint(hidden=frozenset({"total"})))
    assert "L = ?" in said(found, "/node")
    assert said(found, "/product")[1].endswith("= ?")
    dark = Look(Viewpoint(), DARK, Metrics.of(1280, 720), two_weights())
    rings = [p for p in chain_graph("c", BOX, chain("loss"), dark) if isinstance(p, Ring)]
    assert {ring.inner for ring in rings} == {DARK.line}


def test_without_a_background_labels_still_cover_their_lines() -> None:
    look = Look(Viewpoint(), TRANSPARENT, Metrics.of(1280, 720), two_weights())
    found = {p.key: p for p in chain_graph("c", BOX, chain("weight"), look)}
    for n in (2, 3, 4):
        ground, text = found[f"c/edge{n}/ground"], found[f"c/edge{n}/text"]
        assert isinstance(ground, Rect)
        assert isinstance(text, Text)
        assert ground.box == text.box
        assert ground.fill == TRANSPARENT.surface

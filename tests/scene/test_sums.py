"""The arithmetic as an audience reads it: the digits shown give the digits shown, or a ≈ says that they do not."""

import re
from decimal import Decimal

import numpy as np
import pytest

from cnnviz.engine.layers import AvgPool, Conv, LayerSpec, MaxPool, Params
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.source import Source
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import cell_texts
from tests.scene.lessons import POOL, chain
from tests.scene.scenes import scene_of, texts

SIZE = (1920, 1080)
NUMBER = re.compile(r"[−+]? ?\d+(?:\.\d+)?")


def read(text: str) -> list[Decimal]:
    """The numbers of a line; a minus may stand apart from its digits."""
    return [Decimal(n.replace(" ", "").replace("−", "-")) for n in NUMBER.findall(text)]


def shown(scene: Scene, block: str) -> list[Decimal]:
    """The numbers printed in a block of the arithmetic, all channels one after the other."""
    grids = [p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith(f"sum/{block}/")]
    assert all(g.values is not None for g in grids)
    return [n for g in grids for t in cell_texts(g.values, g.decimals) for n in read(t)]  # type: ignore[arg-type]


def lesson(values: np.ndarray, weight: np.ndarray, bias: float | None, pool: LayerSpec | None) -> Lesson:
    conv = Conv(1, weight.shape[-2:])
    params = Params(weight, None if bias is None else np.array([bias]))
    return Lesson("Random", (chain(Source(values), conv, params, pool),))


def check_sum(scene: Scene) -> str:
    """Hold the sum of one convolution cell to its words; gives the sign that it carries."""
    said = texts(scene)
    sign, total = said["sum/total"][0], read(said["sum/total"])
    assert len(total) == 1
    line, bias = said["sum/line"], Decimal(0)
    if line.endswith(" bias"):
        bias = read(line)[-1]
    parts = read(line) if not line.startswith("sum of") else None
    products = shown(scene, "p")
    rows = [n for key, text in said.items() if re.fullmatch(r"sum/row/\d", key) for n in read(text)]
    fits = sum(products) + bias == total[0]
    fits &= parts is None or sum(parts) == total[0]
    fits &= not rows or sum(rows) + bias == total[0]
    assert sign == ("=" if fits else "≈"), (line, said["sum/total"], products)
    multiplied = [x * w == p for x, w, p in zip(shown(scene, "x"), shown(scene, "w"), products, strict=True)]
    assert said["sum/sign/1"] == ("=" if all(multiplied) else "≈")
    return sign


@pytest.mark.parametrize("size", [(3, 3), (2, 2), (1, 5), (5, 1), (9, 9)])
@pytest.mark.parametrize(
    ("decimals", "bias"), [(0, None), (0, 0.5), (1, None), (2, -0.25), (3, 0.125), (9, None), (9, 0.123456)]
)
def test_the_digits_of_every_step_add_up_or_carry_a_sign(
    size: tuple[int, int], decimals: int, bias: float | None
) -> None:
    random = np.random.default_rng(decimals)
    values = np.round(random.uniform(0, 20, (1, 10, 11)), decimals)
    weight = np.round(random.uniform(-3, 3, (1, 1, *size)), min(decimals, 2))
    timeline = make_timeline(lesson(values, weight, bias, None))
    signs = {
        check_sum(build_scene(timeline, index, Viewpoint(), SIZE, LIGHT))
        for index in range(0, timeline.sections[0][0].stop, 3)
    }
    if decimals == 0:
        assert signs == {"="}
    if decimals == 9:
        assert "≈" in signs


def test_thirds_do_not_add_up_to_one() -> None:
    thirds = np.full((1, 1, 1, 3), 1 / 3)
    timeline = make_timeline(lesson(np.ones((1, 1, 3)), thirds, None, None))
    scene = build_scene(timeline, 0, Viewpoint(), SIZE, LIGHT)
    # One row sum of exactly 1, but 0.333 + 0.333 + 0.333 on the screen.
    assert shown(scene, "p") == [Decimal("0.333")] * 3
    assert texts(scene)["sum/total"] == "≈ 1"


def test_channels_add_up_too() -> None:
    for index in range(0, 20, 3):
        assert check_sum(scene_of("rgb", index, size=SIZE)) == "="


@pytest.mark.parametrize("decimals", [0, 2, 9])
def test_a_mean_is_that_of_the_digits_shown_or_carries_a_sign(decimals: int) -> None:
    random = np.random.default_rng(decimals)
    values = np.round(random.uniform(0, 20, (1, 7, 7)), decimals)
    made = lesson(values, np.ones((1, 1, 1, 1)), None, AvgPool((2, 2), (2, 2)))
    timeline = make_timeline(made)
    pool = timeline.sections[0][2]
    for index in range(pool.start, pool.stop):
        said = texts(build_scene(timeline, index, Viewpoint(), SIZE, LIGHT))
        *parts, count = read(said["sum/line"])
        (total,) = read(said["sum/total"])
        assert count == len(parts) == 4
        assert said["sum/total"][0] == ("=" if sum(parts) / count == total else "≈")


def test_a_maximum_is_one_of_the_digits_shown() -> None:
    values = np.random.default_rng(1).uniform(0, 20, (1, 7, 7))
    timeline = make_timeline(lesson(values, np.ones((1, 1, 1, 1)), None, MaxPool((2, 2), (2, 2))))
    pool = timeline.sections[0][2]
    for index in range(pool.start, pool.stop):
        said = texts(build_scene(timeline, index, Viewpoint(), SIZE, LIGHT))
        parts = read(said["sum/line"])
        assert read(said["sum/total"]) == [max(parts)]


def test_products_appear_one_by_one_and_the_total_after_them() -> None:
    scenes = [scene_of("multiply", index) for index in range(12)]
    written = [
        next(p for p in s.primitives() if p.key == "sum/p/0").cells_written()  # type: ignore[union-attr]
        for s in scenes
    ]
    assert written == [*range(10), 9, 9]
    assert [texts(s)["sum/total"] for s in scenes] == ["= ?"] * 10 + ["= 0"] * 2
    assert texts(scenes[4])["sum/line"] == "4 of 9 products"


def test_a_total_is_told_in_a_line_whose_products_are_hidden() -> None:
    said = texts(scene_of("two tracks", 0, viewpoint=Viewpoint(hidden=frozenset({"products"}))))
    assert said["sum0/total"] == "9 of 9 products = 0"


def test_a_window_too_large_to_be_drawn_is_told_in_words() -> None:
    scene = scene_of("31x31", size=(860, 520))
    assert not [p for p in scene.primitives() if p.key.startswith("sum/x")]
    assert texts(scene)["sum/total"] == "0 of 961 products = ?"


def test_the_winner_of_a_pool_is_marked() -> None:
    timeline = make_timeline(lesson(np.arange(36.0).reshape(1, 6, 6), np.ones((1, 1, 1, 1)), None, POOL))
    scene = build_scene(timeline, timeline.sections[0][2].start, Viewpoint(), SIZE, LIGHT)
    patch = next(p for p in scene.primitives() if p.key == "sum/x/0")
    ring = next(p for p in scene.primitives() if p.key == "sum/winner")
    # 0 1 over 6 7: the largest stands at the bottom right.
    assert isinstance(patch, Grid)
    assert (ring.box.x, ring.box.y) == (patch.box.x + patch.cell, patch.box.y + patch.cell)  # type: ignore[union-attr]

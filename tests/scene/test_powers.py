"""Small numbers on the stage: a power of ten that they share, said in the title, and sums that still add up."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.scene.powers import decimals_in, in_unit, power_text, shared_power
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import cell_texts
from tests.scene.learning_lessons import recover
from tests.scene.scenes import texts


@pytest.mark.parametrize(
    ("values", "power", "written"),
    [
        ([0.012, 0.5], 0, ["0.012", "0.500"]),
        ([0.01], 0, ["0.01"]),
        ([0.0021, -0.00021], -3, ["2.1", "−0.21"]),
        ([0.00999], -3, ["9.99"]),
        ([0.00021, 0.0000349], -6, ["210", "35"]),
        ([1.2345e-8], -9, ["12.3"]),
        ([0.0, 3e-17], 0, ["0", "0"]),
    ],
)
def test_the_largest_has_at_least_two_of_its_digits(
    values: list[float], power: int, written: list[str]
) -> None:
    assert shared_power(values) == power
    decimals = decimals_in(values, power)
    shown = cell_texts(np.array(values) / 10.0**power, decimals)
    assert [t.rstrip("0").rstrip(".") if "." in t and power else t for t in shown] == written


def test_the_power_is_written_with_raised_digits() -> None:
    assert (power_text(-12), power_text(-3), power_text(0)) == ("·10⁻¹²", "·10⁻³", "")


def faint(scale: float) -> Lesson:
    """1·2 + 2·3 + 3·1 + 4·1 = 15, in units of the scale."""
    weight = np.array([[[[2.0, 3], [1, 1]]]]) * scale
    track = Track(Source(np.array([[[1.0, 2], [3, 4]]])), (Conv(1, (2, 2)),), (Params(weight),))
    return Lesson("Faint", (track,))


def last(lesson: Lesson) -> Scene:
    timeline = make_timeline(lesson)
    return build_scene(timeline, timeline.count - 1, Viewpoint(), (1280, 720), LIGHT)


def printed(scene: Scene, key: str) -> list[str]:
    grid = next(p for p in scene.primitives() if isinstance(p, Grid) and p.key == key)
    assert grid.values is not None
    return cell_texts(grid.values, grid.decimals)


def test_a_faint_sum_adds_up_in_its_own_power_of_ten() -> None:
    scene = last(faint(1e-4))
    said = texts(scene)
    assert printed(scene, "sum/w/0") == ["200", "300", "100", "100"]
    assert said["sum/w/label"] == "kernel ·10⁻⁶"
    assert printed(scene, "sum/p/0") == ["200", "600", "300", "400"]
    assert (said["sum/line"], said["sum/total"]) == ("(800 + 700)·10⁻⁶", "= 1500·10⁻⁶")
    assert said["sum/row/label"] == "row sums ·10⁻⁶"
    assert said["sum/sign/1"] == "="
    assert said["0/conv1/shape"] == "1×1 ·10⁻³"  # 0.0015
    assert printed(scene, "0/conv1/0") == ["1.5"]


def test_numbers_of_usual_size_have_no_power() -> None:
    said = texts(last(faint(1.0)))
    assert said["sum/total"] == "= 15"
    assert not [text for text in said.values() if "·10" in text]


def test_a_total_that_is_left_over_from_rounding_is_0() -> None:
    track = Track(
        Source(np.array([[[0.1, 0.2, 0.3]]])), (Conv(1, (1, 3)),), (Params(np.array([[[[1.0, 1, -1]]]])),)
    )
    assert texts(last(Lesson("Rest", (track,))))["sum/total"] in ("= 0", "≈ 0")


def test_parts_and_bias_have_one_unit() -> None:
    lesson = faint(1e-4)
    params = replace(lesson.tracks[0].params[0] or Params(np.zeros(1)), bias=np.array([0.0005]))
    track = replace(lesson.tracks[0], params=(params,))
    focus, unit = in_unit(make_timeline(replace(lesson, tracks=(track,))).frame(0).lead.focus)
    assert unit == "·10⁻⁶"
    assert (focus.terms.bias, focus.terms.total) == pytest.approx((500, 2000))
    assert focus.terms.products == pytest.approx([200, 600, 300, 400])


def test_a_gradient_near_its_end_is_no_row_of_zeros() -> None:
    lesson = recover()
    recipe = replace(lesson.tracks[0].recipe or pytest.fail("it learns"), iterations=200)
    timeline = make_timeline(replace(lesson, tracks=(replace(lesson.tracks[0], recipe=recipe),)))
    index = timeline.count - 1
    scene = build_scene(timeline, index, Viewpoint(), (1280, 720), LIGHT)
    grads = timeline.frame(index).lead.tensor("conv1.weight.grad").values
    power = shared_power(grads)
    assert power < 0
    assert texts(scene)["0/conv1.weight.grad/shape"] == f"3×3 {power_text(power)}"
    shown = [float(t.replace("−", "-")) for t in printed(scene, "0/conv1.weight.grad/0")]
    assert np.array(shown) * 10.0**power == pytest.approx(grads.ravel(), abs=0.51 * 10.0**power)

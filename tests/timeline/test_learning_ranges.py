"""Colours that are compared have one range: prediction and target, a weight before its update and after it."""

import numpy as np

from cnnviz.timeline.frame import Tensor
from cnnviz.timeline.learning_ranges import both_ways
from cnnviz.timeline.timeline import make_timeline
from tests.scene.learning_lessons import small, tiny, two_convolutions


def tensors(timeline_step: int, name: str = "two") -> dict[str, Tensor]:
    timeline = make_timeline(two_convolutions() if name == "two" else small("squared_error"))
    track = timeline.frame(timeline_step % timeline.count).lead
    return {t.name: t for t in track.tensors}


def test_ranges_are_rounded_up_so_that_they_stay() -> None:
    assert both_ways(np.array([0.3, -1.9])) == (-2.0, 2.0)
    assert both_ways(np.array([2.0]), np.array([-2.1])) == (-5.0, 5.0)
    assert both_ways(np.array([np.inf, np.nan, 7.0])) == (-10.0, 10.0)
    low, high = both_ways(np.array([1.5e308]))
    assert (low, high) == (-1.5e308, 1.5e308)  # 2e308 is no number any more


def test_a_prediction_and_its_target_have_the_same_colours() -> None:
    for step in (0, 60, -1):
        found = tensors(step)
        top, target = found["conv2"], found["target"]
        assert (top.span, top.group, top.colors) == (target.span, target.group, "signed")
        assert target.colors == "signed"
        assert top.span[1] >= max(np.abs(top.values).max(), np.abs(target.values).max())


def test_a_kernel_that_keeps_brightness_now_will_not_do_so_later() -> None:
    # w = [3, 1] on [1, 2]; with [0.5, 0.5] the map would be a picture in greys, and signed after the first update.
    lesson = tiny()
    timeline = make_timeline(lesson)
    assert timeline.frame(0).lead.tensor("conv1").colors == "signed"


def test_weights_their_step_and_what_they_become_share_a_range() -> None:
    timeline = make_timeline(small("squared_error"))
    track = timeline.frame(timeline.count - 1).lead
    for name in ("conv1.weight", "linear1.weight", "conv1.bias"):
        before, after = track.tensor(name), track.tensor(f"{name}.next")
        assert before.span == after.span
        assert after.span[1] >= max(np.abs(before.values).max(), np.abs(after.values).max())

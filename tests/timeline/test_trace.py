"""Facts: what a trace says of a frame, ready for JSON."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.layers import MaxPool
from cnnviz.lesson import edits
from cnnviz.lesson.lesson import View
from cnnviz.lesson.source import Source
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import as_text, facts
from tests.lesson.examples import lesson, vertical_edge
from tests.lesson.learning import two_weights


def test_the_facts_of_the_second_cell() -> None:
    found = facts(make_timeline(vertical_edge()).frame(1))
    tensors = found.pop("tensors")
    assert found == {
        "step": 1,
        "section": {"track": 0, "phase": "FORWARD", "op": "conv2d", "layer": 0, "name": "Convolution"},
        "iteration": 0,
        "cell": [0, 0, 1],
        "beat": "write",
        "window": [0, 1, 3, 3],
        "terms": {
            "x": [10, 10, 0] * 3,
            "w": [1, 0, -1] * 3,
            "products": [10, 0, 0] * 3,
            "bias": None,
            "total": 30,
        },
        "losses": [],
    }
    assert [(t["name"], t["shape"], t["written"]) for t in tensors] == [
        ("input", [1, 6, 6], 36),
        ("conv1.weight", [1, 1, 3, 3], 9),
        ("conv1", [1, 4, 4], 2),
        ("relu1", [1, 4, 4], 0),
        ("pool1", [1, 2, 2], 0),
    ]
    assert tensors[2]["values"] == [0, 30, 30, 0] * 4


def test_no_minus_zero_is_traced() -> None:
    # 0 · -1 is -0.0
    found = facts(make_timeline(vertical_edge()).frame(3))
    assert "-0.0" not in json.dumps(found)


def test_what_json_has_no_number_for_is_a_word() -> None:
    padded = lesson([[[1.0, 2.0], [3.0, 4.0]]], [[[[1.0]]]], after=(MaxPool((2, 2), (1, 1), (1, 1)),))
    timeline = make_timeline(padded)
    first = facts(timeline.frame(4))
    assert first["section"]["op"] == "max_pool2d"
    assert first["window"] == [-1, -1, 2, 2]
    assert first["terms"]["x"] == ["-inf", "-inf", "-inf", 1]
    json.dumps(first, allow_nan=False)


def test_a_large_tensor_is_traced_by_its_shape() -> None:
    large = edits.set_source(vertical_edge(), Source(np.zeros((1, 501, 500), dtype=np.uint8)))
    tensors = facts(make_timeline(large).frame(0))["tensors"]
    assert (tensors[0]["shape"], tensors[0]["values"]) == ([1, 501, 500], None)
    assert len(tensors[2]["values"]) == 499 * 498


def test_further_tracks_are_traced_beside() -> None:
    one = vertical_edge()
    found = facts(make_timeline(replace(one, tracks=one.tracks * 2)).frame(1))
    assert found["section"]["track"] == 0
    assert [track["section"]["track"] for track in found["tracks"]] == [1]
    assert found["tracks"][0]["terms"]["total"] == 30


def test_text_names_the_sum_with_its_bias_and_the_maximum() -> None:
    biased = edits.set_bias(vertical_edge(), 0, -2.5)
    timeline = make_timeline(biased)
    assert as_text(timeline.frame(1), whole=False).endswith("+ bias -2.5 = 27.5")
    assert as_text(timeline.frame(32), whole=False).endswith("0, 27.5, 0, 27.5 → 27.5")
    assert "conv1 1×4×4, 2 of 16 written\n      -2.5 27.5    .    ." in as_text(timeline.frame(1))


def test_a_heat_map_is_traced_with_its_counts() -> None:
    shown = replace(vertical_edge(), view=View(heat="uses"))
    found = facts(make_timeline(shown).frame(0))["heat"]
    assert (found["kind"], found["tensor"], found["shape"], found["pixel"]) == ("uses", "input", [6, 6], None)
    assert found["counts"][:6] == [1, 2, 3, 3, 2, 1]
    fan = facts(make_timeline(replace(shown, view=View(heat="fan-out"))).frame(5))["heat"]
    # The window of cell (1, 1) has its middle at pixel (2, 2), which feeds 9 of 16 cells.
    assert (fan["tensor"], fan["shape"], fan["pixel"]) == ("conv1", [4, 4], [2, 2])
    assert fan["counts"] == [1, 1, 1, 0] * 3 + [0] * 4
    field = facts(make_timeline(replace(shown, view=View(heat="field"))).frame(5))["heat"]
    assert sum(field["counts"]) == 9
    assert "heat" not in facts(make_timeline(vertical_edge()).frame(0))


def test_a_curve_is_traced_with_the_point_at_work() -> None:
    timeline = make_timeline(replace(vertical_edge(), view=View(curves=True)))
    curve = facts(timeline.frame(17))["curve"]  # ReLU of 30 in cell (0, 1)
    assert curve["point"] == [30, 30]
    assert (curve["x"][0], curve["x"][-1], curve["y"][0], curve["y"][-1]) == (-30, 30, 0, 30)
    assert "curve" not in facts(timeline.frame(0))


def test_a_bias_of_minus_zero_is_traced_as_zero() -> None:
    found = facts(make_timeline(lesson([[[1.0]]], [[[[1.0]]]], [-0.0])).frame(0))
    assert str(found["terms"]["bias"]) == "0.0"


def test_opened_channels_are_traced_as_a_tensor() -> None:
    opened = replace(lesson(np.ones((2, 3, 3)), np.ones((1, 2, 2, 2))), view=View(channels=True))
    tensors = facts(make_timeline(opened).frame(0))["tensors"]
    assert [(t["name"], t["shape"], t["written"]) for t in tensors] == [
        ("input", [2, 3, 3], 18),
        ("conv1.weight", [1, 2, 2, 2], 8),
        ("conv1.channels", [2, 2, 2], 1),
        ("conv1", [1, 2, 2], 1),
    ]
    assert tensors[2]["values"] == [4] * 8


def sections(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last step of each section of the first iteration."""
    ends = {f["section"]["op"] + str(f["section"]["layer"]): f for f in found if not f["iteration"]}
    return list(ends.values())


def test_a_track_that_learns_is_traced_with_both_tensors_of_each_gradient() -> None:
    timeline = make_timeline(two_weights(rate=0.1, iterations=2))
    found = [facts(timeline.frame(i)) for i in range(timeline.count)]
    # x = [1, 2], w = [3, 1], ŷ = 5, y = 6: L = 1, dL/dŷ = -2, dL/dw = [-2, -4], w' = [3.2, 1.4]
    forward, loss, error, weight, update = sections(found)
    assert [f["section"]["phase"] for f in sections(found)] == [
        "FORWARD", "LOSS", "BACKWARD", "BACKWARD", "UPDATE",
    ]  # fmt: skip
    assert "partner" not in forward
    assert (loss["terms"]["total"], loss["source"], loss["partner"]["tensor"]) == (1, "conv1", "target")
    assert (error["terms"]["x"], error["terms"]["w"], error["terms"]["total"]) == ([5, 6], [2, -2], -2)
    assert (weight["section"]["op"], weight["cell"]) == ("conv2d_backward_weight", [0, 0, 1])
    assert (weight["source"], weight["window"]) == ("input", [0, 1, 1, 1])
    assert weight["partner"] == {"tensor": "conv1.grad", "window": [0, 0, 1, 1]}
    assert (weight["terms"]["x"], weight["terms"]["w"], weight["terms"]["total"]) == ([2], [-2], -4)
    assert update["section"]["op"] == "sgd"
    assert update["partner"]["tensor"] == "conv1.weight.grad"
    assert update["terms"]["total"] == pytest.approx(1.4)
    assert update["learning"] == {
        "loss": 1, "rate": 0.1, "momentum": 0, "iterations": 2, "stopped": "", "pending": False,
    }  # fmt: skip
    # ŷ' = 3.2 + 2·1.4 = 6: this rate is exact for ‖x‖² = 5
    assert [f["losses"] for f in (found[0], found[-1])] == [[1], [1, pytest.approx(0, abs=1e-12)]]
    assert [f["iteration"] for f in found] == [0] * (len(found) // 2) + [1] * (len(found) // 2)


def test_losses_are_those_up_to_the_step_and_the_last_thousand() -> None:
    lesson = replace(two_weights(rate=0.001, iterations=1_500), pace="iteration")
    timeline = make_timeline(lesson)
    last = facts(timeline.frame(1_499))["losses"]
    assert len(last) == 1_000
    # L(1 − 2η‖x‖²)² each iteration
    assert last[0] == pytest.approx((1 - 2 * 0.001 * 5) ** (2 * 500), rel=1e-9)
    assert last[-1] == pytest.approx((1 - 2 * 0.001 * 5) ** (2 * 1_499), rel=1e-6)
    assert len(facts(timeline.frame(3))["losses"]) == 4
    assert facts(timeline.frame(3)) == facts(make_timeline(lesson).frame(3))


def test_a_descent_that_diverged_is_traced_with_the_reason() -> None:
    lesson = replace(two_weights(rate=1e200, iterations=9), pace="iteration")
    found = facts(make_timeline(lesson).frame(8))
    json.dumps(found, allow_nan=False)
    assert "is too large a rate" in found["learning"]["stopped"]
    assert "stopped: " in as_text(make_timeline(lesson).frame(8))


def test_text_of_a_gradient_names_iteration_phase_and_partner() -> None:
    timeline = make_timeline(two_weights())
    text = as_text(timeline.frame(4))
    assert (
        "iteration 0  BACKWARD  Gradient of the weights, Convolution  cell [0, 0, 1]  write  2·-2 = -4"
        in text
    )
    assert "      window at row 0, column 1, 1×1, on input\n      loss 1, rate 0.01" in text
    assert "      met by conv1.grad at row 0, column 0, 1×1\n" in text

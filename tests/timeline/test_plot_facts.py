"""The plots in a trace: plain facts that JSON holds, with the numbers of the tiny network."""

import json
from dataclasses import replace
from typing import Any

import numpy as np

from cnnviz.lesson.lesson import Plots, View
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import facts
from tests.lesson.learning import scores, two_weights


def traced(kind: str, asked: Plots = "auto", **recipe: Any) -> dict[str, Any]:
    """The plot that is traced at the last step of a section of the first iteration."""
    timeline = make_timeline(replace(two_weights(**recipe), view=View(plots=asked)))
    section = next(s for s in timeline.sections[0] if s.kind == kind)
    (plot,) = json.loads(json.dumps(facts(timeline.frame(section.stop - 1)), allow_nan=False))["plots"]
    found: dict[str, Any] = plot
    return found


def test_the_loss_says_where_it_is() -> None:
    assert traced("forward") == {"kind": "loss", "point": [0, 1.0]}


def test_the_parabola() -> None:
    plot = traced("loss")
    assert (plot["kind"], plot["point"], plot["target"], plot["slope"]) == ("parabola", [5.0, 1.0], 6.0, -2.0)
    assert all(abs(y - (x - 6) ** 2) < 1e-9 for x, y in zip(plot["x"], plot["y"], strict=True))


def test_the_chain() -> None:
    plot = traced("weight")
    assert plot["nodes"][3] == {"name": "w₂", "value": 1.0, "role": "weight"}
    path = [plot["edges"][n] for n in plot["path"]]
    assert path == [
        {"from": "ŷ", "to": "L", "derivative": -2.0},
        {"from": "w₂", "to": "ŷ", "derivative": 2.0},
    ]
    assert plot["product"] == -4.0
    assert traced("forward", "chain")["product"] is None


def test_the_surface() -> None:
    plot = traced("update")
    assert (plot["names"], plot["point"], plot["gradient"], plot["path"]) == (
        ["w₁", "w₂"], [3.0, 1.0], [-2.0, -4.0], [[3.0, 1.0]],
    )  # fmt: skip
    values = np.reshape(plot["values"], (len(plot["y"]), len(plot["x"])))
    row, column = 4, 7
    expected = (plot["x"][column] + 2 * plot["y"][row] - 6) ** 2
    assert abs(values[row, column] - expected) < 1e-9


def test_the_check() -> None:
    plot = traced("weight", "check")
    assert (plot["tensor"], plot["index"], plot["analytic"], plot["point"]) == (
        "conv1.weight", [0, 0, 0, 1], -4.0, [1.0, 1.0],
    )  # fmt: skip
    assert abs(plot["numeric"] + 4.0) < 1e-8
    secant = plot["secant"]
    assert abs((secant["above"] - secant["below"]) / (2 * secant["h"]) - secant["slope"]) < 1e-12
    assert plot["relative"] < 1e-9


def test_a_real_network_is_traced_at_every_step() -> None:
    timeline = make_timeline(scores())
    for section in timeline.sections[0]:
        (plot,) = facts(timeline.frame(section.start))["plots"]
        assert plot["kind"] == "loss"
